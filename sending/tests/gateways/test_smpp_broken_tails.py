"""PDUs that end otherwise than the specification has it: what was said legibly counts."""

import asyncio

import pytest

from sending.gateways.base import SubmitRefused
from sending.smpp.codec import assemble, decode, encode
from sending.smpp.command_status import ESME_RINVDSTADR, ESME_ROK, ESME_RTHROTTLED
from sending.smpp.commands import CommandId
from sending.smpp.framing import Framer
from sending.smpp.pdu import DeliverSm
from sending.tests.gateways.test_smpp_gateway import Centre, Inbox, nothing, opened, request
from sending.tests.smpp.wire import on_loop

TAILS = [b"", b"\0", b"\x04\x25\0\1\1", b"\x04\x25\0\x09\1", b"Invalid destination", b"\xff" * 40]


def write(session, command_id, status, number, octets):
    """Put octets on the wire that no encoder of ours would make."""
    session._transport.write(assemble(command_id, status, number, octets))


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize(
    ("status", "code"),
    [
        (ESME_RTHROTTLED, "ESME_RTHROTTLED"),
        (ESME_RINVDSTADR, "ESME_RINVDSTADR"),
        (0x4FE, "VENDOR_0x000004FE"),
    ],
)
@on_loop
async def test_a_refusal_counts_whatever_follows_it(status, code, tail):
    async with Centre(answers=False) as centre:
        gateway = await opened(centre)
        submit = asyncio.ensure_future(gateway.submit(request(), nothing))
        session, number = await centre.submits.get()
        write(session, CommandId.submit_sm_resp, status, number, tail)
        with pytest.raises(SubmitRefused) as raised:
            await submit
        assert raised.value.code == code
        assert gateway.bound
        await gateway.close()


@pytest.mark.parametrize("tail", [b"\0", b"\0\0", b"\x04\x25\0\x09\1", b"\xff" * 40])
@on_loop
async def test_an_id_counts_whatever_follows_it(tail):
    async with Centre(answers=False) as centre:
        gateway = await opened(centre)
        submit = asyncio.ensure_future(gateway.submit(request(), nothing))
        session, number = await centre.submits.get()
        write(session, CommandId.submit_sm_resp, ESME_ROK, number, b"m-7\0" + tail)
        assert (await submit).gateway_message_id == "m-7"
        await gateway.close()


@pytest.mark.parametrize("tail", [b"\0", b"\x14", b"\x04\x27\0", b"\x04\x27\0\x09\1"])
@on_loop
async def test_a_receipt_is_stored_and_taken_whatever_follows_it(tail):
    async with Centre() as centre:
        inbox = Inbox()
        gateway = await opened(centre, inbox)
        receipt = DeliverSm("85266661234", "Brand", b"id:7 stat:DELIVRD err:000", esm_class=4)
        answers = answers_to(centre.sessions[0])
        write(centre.sessions[0], CommandId.deliver_sm, 0, 77, encode(receipt, 77)[16:] + tail)
        stored = await inbox.receipts.get()
        assert (stored.gateway_message_id, stored.message_state) == ("7", "DELIVERED")
        answer = await answers.get()
        assert (answer.sequence_number, answer.command_status) == (77, ESME_ROK)
        await gateway.close()


def answers_to(session):
    """Return the queue of deliver_sm_resp that come from now on."""
    answers, framer, read = asyncio.Queue(), Framer(), session.data_received

    def data_received(octets):
        for frame in framer.feed(octets):
            pdu = decode(frame)
            if pdu.command_id == CommandId.deliver_sm_resp:
                answers.put_nowait(pdu)
        read(octets)

    session.data_received = data_received
    return answers
