"""What `bench delivery` cannot be faster than: the codec alone, and the rows alone."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import _sending
from benchmarks._peer import Peer
from benchmarks._programs import cpu_seconds

if TYPE_CHECKING:
    from sending.models import SendTask
    from sending.smpp.client import ClientSession

WINDOW = 100
_LIMIT_SECONDS = 300.0
# As many as the engine writes together at most.
_ROWS = 1000
_TEXT = b"Your parcel 12345 is on its way and comes between 2 and 4 pm today."


def codec(messages: int, folder: Path) -> dict[str, Any]:
    """Submit through a bare session and answer every receipt at once; nothing is kept."""
    with Peer(folder / "codec.jsonl", receipts=1) as peer:
        before = time.process_time(), cpu_seconds(peer.pid)
        seconds = asyncio.run(_submit_all(messages, peer.port))
        return {
            "per_second": round(messages / seconds, 1),
            "seconds": round(seconds, 2),
            "cpu_seconds": {
                "codec": round(time.process_time() - before[0], 2),
                "message centre": round(cpu_seconds(peer.pid) - before[1], 2),
            },
            "peer_accepted": peer.counts()["accepted"],
        }


async def _submit_all(messages: int, port: int) -> float:
    """Return the seconds until the last receipt of so many messages."""
    from sending.smpp.client import connect
    from sending.smpp.commands import CommandId
    from sending.smpp.pdu import Bind, DeliverSm, SubmitSm
    from sending.smpp.session import SessionLimits

    received = 0
    over = asyncio.Event()

    def deliver(sequence_number: int, _receipt: DeliverSm) -> None:
        nonlocal received
        session.answer_delivery(sequence_number, 0)
        received += 1
        if received == messages:
            over.set()

    limits = SessionLimits(window=WINDOW)
    session: ClientSession = await connect("127.0.0.1", port, limits=limits, on_deliver=deliver)
    await session.bind(Bind(CommandId.bind_transceiver, "bench", "bench"))
    began = time.monotonic()
    for index in range(messages):
        to = _sending.number(index).removeprefix("+")
        session.request(SubmitSm("447700900000", to, _TEXT, registered_delivery=1))
    await asyncio.wait_for(over.wait(), _LIMIT_SECONDS)
    seconds = time.monotonic() - began
    await session.unbind()
    return seconds


def rows(task: "SendTask") -> dict[str, Any]:
    """Write for each message of a task what the engine writes, in as few statements as there are.

    Each piece has the four commits that its promises need: claimed before the wire, answered,
    receipts stored before they are acknowledged, applied.
    """
    from django.db import connection, transaction

    from sending.models import Message

    ids = list(Message.objects.filter(task_id=task.pk).order_by("pk").values_list("pk", flat=True))
    backends = _sending.backends()
    before = time.process_time(), sum(map(cpu_seconds, backends))
    began = time.monotonic()
    for piece in _pieces(ids):
        for statements in _STATEMENTS[connection.vendor]:
            with transaction.atomic(), connection.cursor() as cursor:
                for sql in statements:
                    cursor.execute(sql, [json.dumps(piece)])
    seconds = time.monotonic() - began
    used = {"rows": time.process_time() - before[0]}
    if backends:
        used["postgresql"] = sum(map(cpu_seconds, backends)) - before[1]
    return {
        "per_second": round(len(ids) / seconds, 1),
        "seconds": round(seconds, 2),
        "cpu_seconds": {name: round(value, 2) for name, value in used.items()},
        "states_by_messages": _sending.recount([task]),
    }


def _pieces(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for at in range(0, len(ids), _ROWS):
        yield ids[at : at + _ROWS]


def _steps(among: str, now: str, number: str) -> list[list[str]]:
    """Return the statements of each transaction; `among` stands for the ids of the piece."""

    def step(to: str, attempt: str = "") -> str:
        return (
            f"UPDATE sending_message SET from_state = state, state = '{to}',"
            f" state_at = {now}{attempt} WHERE id IN {among}"
        )

    submission = (
        "INSERT INTO sending_submission (organization_id, message_id, gateway_id, segment,"
        " attempt, gateway_message_id, command_status, submitted_at)"
        f" SELECT organization_id, id, 1, 1, 1, 'bench-' || {number}, 'ESME_ROK', {now}"
        f" FROM sending_message WHERE id IN {among}"
    )
    inbox = (
        "INSERT INTO sending_receiptinbox (gateway_id, gateway_message_id, msisdn, message_state,"
        " error, said_by, raw, done_at, received_at, tries, next_try_at)"
        f" SELECT 1, 'bench-' || {number}, msisdn, 'DELIVERED', '', 'NETWORK',"
        " 'id:17f6d1c2f3a-1 sub:001 dlvrd:001 submit date:2601010000 done date:2601010000"
        f" stat:DELIVRD err:000 text:', {now}, {now}, 0, {now}"
        f" FROM sending_message WHERE id IN {among}"
    )
    applied = (
        "INSERT INTO sending_deliveryreceipt (organization_id, message_id, segment, gateway_id,"
        " gateway_message_id, message_state, error, said_by, raw, done_at, received_at)"
        " SELECT s.organization_id, s.message_id, 1, i.gateway_id, i.gateway_message_id,"
        " i.message_state, i.error, i.said_by, i.raw, i.done_at, i.received_at"
        " FROM sending_receiptinbox AS i JOIN sending_submission AS s"
        " ON s.gateway_id = 1 AND s.gateway_message_id = i.gateway_message_id"
        f" WHERE s.message_id IN {among}"
    )
    return [
        [step("SUBMITTING", ", attempt = attempt + 1")],
        [submission, step("SUBMITTED")],
        [inbox],
        # The whole inbox is this piece's; the parameter is not needed.
        [applied, step("DELIVERED"), f"DELETE FROM sending_receiptinbox WHERE 0 NOT IN {among}"],
    ]


_STATEMENTS = {
    "postgresql": _steps(
        "(SELECT value::bigint FROM json_array_elements_text(%s::json))", "now()", "id"
    ),
    "sqlite": _steps("(SELECT value FROM json_each(%s))", "datetime('now')", "id"),
}


def measure(messages: int, folder: Path) -> dict[str, Any]:
    """Return both, and what they come to when one follows the other."""
    from sending.tests import factories

    found = {"codec": codec(messages, folder)}
    gateway = factories.make_gateway()
    found["rows"] = rows(_sending.make_task(_sending.make_member(), gateway, 0, messages))
    seconds = sum(part["seconds"] for part in found.values())
    used: dict[str, float] = {}
    for part in found.values():
        for name, value in part["cpu_seconds"].items():
            used[name] = used.get(name, 0.0) + value
    return {
        "messages": messages,
        "seconds": round(seconds, 2),
        "per_second": round(messages / seconds, 1),
        "cpu_seconds": used,
        **found,
    }
