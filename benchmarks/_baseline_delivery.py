"""The baseline of `bench delivery`: one Celery task for each message.

The same session to the peer, the same journal, and the same rows as the engine writes; only the
queue differs. Run as a Celery application: `celery -A benchmarks._baseline_delivery worker`.
"""

import asyncio
import threading
from functools import cache
from typing import TYPE_CHECKING, Any

from celery import signals
from django.conf import settings
from django.utils import timezone

from smsconsole.celery import app

if TYPE_CHECKING:
    from sending.delivery.attempt import SegmentAnswer
    from sending.gateways.base import GatewayClient, ReceiptIn, SubmitRequest
    from sending.models import Message, SendTask

QUEUE = "baseline"
THREADS = 20
_received = threading.Event()
# Celery closes the database connection after every task otherwise, which costs it most of its time.
app.conf["CELERY_DB_REUSE_MAX"] = 1_000_000_000


class Line:
    """The one connection of this worker, on a loop in a thread of its own."""

    def __init__(self) -> None:
        from sending.delivery.gateway_config import config_of
        from sending.delivery.sender.journal import Journal
        from sending.gateways import registry
        from sending.models import Gateway

        self.row: Gateway = Gateway.objects.get()
        self.journal: Journal = Journal.create(settings.JOURNAL_DIR, gateway_id=self.row.pk, slot=1)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._wire: GatewayClient = registry.build(self.row.kind, config_of(self.row))
        self._run(self._wire.open(self._store))
        threading.Thread(target=_apply, daemon=True).start()

    def submit(self, request: "SubmitRequest") -> "SegmentAnswer":
        """Submit one segment and wait for its answer."""
        return self._run(self._submit(request))

    async def _submit(self, request: "SubmitRequest") -> "SegmentAnswer":
        from sending.delivery.attempt import Answer, AttemptKey, SegmentAnswer

        key = AttemptKey(request.message_id, request.attempt)

        def record() -> None:
            self.journal.sent(key, 1, 1)

        result = await self._wire.submit(request, record)
        answered = SegmentAnswer(1, Answer.ACCEPTED, result.gateway_message_id)
        self.journal.answered(key, answered)
        return answered

    async def _store(self, received: "list[ReceiptIn]") -> None:
        from sending.delivery.receipts import inbox

        await self._loop.run_in_executor(None, inbox.store, self.row, received)
        _received.set()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


@cache
def line() -> Line:
    """Return the connection; the worker opens it when it is ready."""
    return Line()


def _apply() -> None:
    from sending.delivery.receipts import inbox

    while True:
        # One that overtook its answer is due again after a moment.
        _received.wait(0.3)
        _received.clear()
        while inbox.apply_due():
            pass


@signals.worker_ready.connect
def open_line(**_later: object) -> None:
    """Bind before the first task comes."""
    line()


@app.task(name="baseline.send_one", ignore_result=True)
def send_one(message_id: int) -> None:
    """Claim, submit and write down one message."""
    from sending.delivery.attempt import Attempt, AttemptKey
    from sending.delivery.database import durably
    from sending.delivery.sender import results
    from sending.delivery.sender.results import Finished
    from sending.lifecycle import MessageState
    from sending.models import Message
    from sending.models.stepping import step

    with durably():
        if not step(MessageState.SUBMITTING, [message_id]):
            return
    message = Message.objects.get(pk=message_id)
    on = line()
    attempt = Attempt(
        key=AttemptKey(message.pk, message.attempt),
        segments=1,
        before=0,
        answers=(on.submit(_request(message)),),
    )
    finished = Finished(
        organization_id=message.organization_id,
        task_id=message.task_id,
        lane=message.lane,
        batch_id=0,
        attempt=attempt,
        at=timezone.now(),
    )
    results.write(on.row, [finished])


def _request(message: "Message") -> "SubmitRequest":
    from sending.delivery.queue import rendering
    from sending.gateways.base import SubmitRequest

    octets = rendering.octets_of(message.pk, rendering.text_of(message))
    sender = rendering.source_address_of(_task(message.task_id or 0), message.application_id, "SMS")
    return SubmitRequest(
        message_id=message.pk,
        segment=1,
        segments=1,
        attempt=message.attempt,
        destination=message.msisdn,
        source_addr=sender.source_addr,
        source_ton=sender.source_ton,
        source_npi=sender.source_npi,
        data_coding=octets.data_coding,
        esm_class=octets.esm_class,
        short_message=octets.short_messages[0],
        validity_seconds=3600,
    )


@cache
def _task(task_id: int) -> "SendTask":
    from sending.models import SendTask

    return SendTask.objects.get(pk=task_id)
