"""A gateway in memory that keeps the contract of `gateways.base`, and tasks that are being sent."""

import asyncio
import threading
from collections.abc import Callable
from itertools import count
from typing import Any

from django.db import transaction

from sending.acceptance.send_task import accept
from sending.gateways.base import (
    GatewayConfig,
    NotWritten,
    ReceiptIn,
    ReceiptSink,
    SubmitRefused,
    SubmitRequest,
    SubmitResult,
    Unanswered,
)
from sending.lifecycle import SaidBy, TaskState
from sending.models import Batch, Gateway, SendTask
from sending.models.stepping import step_task
from sending.tests.factories import a_number, make_gateway, make_sender, make_task

# What a fake answers to a request: an id, or an error to raise; None is silence until the cut.
Behaviour = Callable[[SubmitRequest], str | Exception | None]


class FakeCarrier:
    """The far end: counts what arrives, over all connections to it. Used from several threads."""

    def __init__(self, behaviour: Behaviour | None = None, *, receipts: bool = False) -> None:
        self.ids = count(1)
        self.behaviour = behaviour or (lambda request: f"id-{next(self.ids)}")
        self.receipts = receipts
        self.arrived: list[SubmitRequest] = []
        self.opened = 0
        self.refuse_open: Exception | None = None
        self.hold = threading.Event()
        self.hold.set()
        self.gateways: list[FakeGateway] = []

    def build(self, kind: str, config: GatewayConfig) -> "FakeGateway":
        gateway = FakeGateway(self, config)
        self.gateways.append(gateway)
        return gateway

    def numbers(self) -> list[str]:
        return [request.destination for request in list(self.arrived)]

    def cut(self) -> None:
        """Cut every connection, from any thread."""
        for gateway in self.gateways:
            gateway.cut()


class FakeGateway:
    """One connection to a FakeCarrier."""

    def __init__(self, carrier: FakeCarrier, config: GatewayConfig) -> None:
        self.carrier = carrier
        self.config = config
        self.bound = False
        self.in_window = 0
        self.most_in_window = 0
        self.receipts: ReceiptSink | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self, receipts: ReceiptSink) -> None:
        if self.carrier.refuse_open:
            raise self.carrier.refuse_open
        self._loop = asyncio.get_running_loop()
        self._gone = asyncio.Event()
        self._empty = asyncio.Event()
        self.receipts = receipts
        self.bound = True
        self.carrier.opened += 1

    async def submit(self, request: SubmitRequest, before_write: Callable[[], None]) -> Any:
        if not self.bound:
            raise NotWritten("NOT_BOUND")
        try:
            before_write()
        except Exception as error:
            raise NotWritten("BEFORE_WRITE") from error
        self.in_window += 1
        self._empty.clear()
        self.most_in_window = max(self.most_in_window, self.in_window)
        self.carrier.arrived.append(request)
        try:
            return await self._answer(request)
        finally:
            self.in_window -= 1
            if not self.in_window:
                self._empty.set()

    async def _answer(self, request: SubmitRequest) -> SubmitResult:
        answer = self.carrier.behaviour(request)
        while not self.carrier.hold.is_set() or answer is None:
            # The far end thinks; a cut ends it.
            if self._gone.is_set():
                raise Unanswered("CONNECTION_LOST")
            await asyncio.wait([asyncio.ensure_future(self._gone.wait())], timeout=0.005)
        await asyncio.sleep(0)
        if isinstance(answer, Exception):
            raise answer
        if self.carrier.receipts:
            assert self.receipts is not None
            await self.receipts([receipt(answer, request.destination)])
        return SubmitResult(answer)

    async def close(self) -> None:
        if self.in_window:
            gone = asyncio.ensure_future(self._gone.wait())
            empty = asyncio.ensure_future(self._empty.wait())
            await asyncio.wait([gone, empty], return_when=asyncio.FIRST_COMPLETED)
        self.bound = False
        self._gone.set()

    async def closed(self) -> None:
        await self._gone.wait()

    def cut(self) -> None:
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._break)

    def _break(self) -> None:
        self.bound = False
        self._gone.set()


def receipt(
    identifier: str, number: str | None = None, state: str = "DELIVERED", error: str = "000"
) -> ReceiptIn:
    """What a gateway passes on."""
    return ReceiptIn(
        gateway_message_id=identifier,
        msisdn=number,
        source="Harbourline",
        message_state=state,
        error=error,
        said_by=SaidBy.HANDSET if state == "DELIVERED" else SaidBy.NETWORK,
        raw=f"id:{identifier} stat:{state[:7]} err:{error}",
    )


def refused(code: str = "ESME_RINVDSTADR", **kind: bool) -> SubmitRefused:
    return SubmitRefused(code, **kind)


def press_send(task: SendTask) -> SendTask:
    """Do what the button does."""
    with transaction.atomic():
        assert step_task(TaskState.SENDING, task.pk, sent_at=task.checked_at)
        task.refresh_from_db()
        accept(task, task.sent_at)
    return task


def a_sending_task(
    messages: int = 3, *, gateway: Gateway | None = None, first: int = 0, **fields: Any
) -> SendTask:
    """A task with so many messages, all due."""
    gateway = gateway or Gateway.objects.first() or make_gateway(rate=100_000)
    numbers = [a_number(first + index) for index in range(messages)]
    member = fields.pop("member", None) or make_sender(daily_segment_limit=1_000_000)
    return press_send(
        make_task(member, TaskState.READY, numbers=numbers, gateway=gateway, **fields)
    )


def due_ids() -> list[int]:
    """The messages in batches that nobody owns."""
    rows = Batch.objects.filter(owner="").exclude(due_at=None).values_list("ids", flat=True)
    return sorted(pk for ids in rows for pk in ids)
