"""PDUs that end otherwise than the specification has it: what was said legibly counts."""

import asyncio
import random

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


ID = b"m-7\0"


@pytest.mark.parametrize(
    "before",
    [
        lambda n: assemble(CommandId.submit_sm_resp, ESME_ROK, n + 5, b"other\0"),
        lambda n: assemble(CommandId.submit_sm_resp, ESME_ROK, 0, b"other\0"),
        lambda n: assemble(CommandId.submit_sm_resp, ESME_ROK, 0xFFFFFFFF, b"other\0"),
        lambda n: assemble(CommandId.generic_nack, ESME_RTHROTTLED, 0, b""),
        lambda n: assemble(CommandId.enquire_link_resp, ESME_ROK, n, b"junk\0"),
        lambda n: assemble(CommandId.enquire_link, ESME_ROK, 99, b"junk\0"),
        lambda n: assemble(CommandId.bind_transceiver_resp, ESME_ROK, n, b"other"),
        lambda n: assemble(CommandId.unbind_resp, ESME_ROK, n, b""),
        lambda n: assemble(0x80000999, ESME_ROK, n + 5, b"junk"),
        lambda n: assemble(0x999, ESME_ROK, 99, b"junk"),
        lambda n: assemble(CommandId.deliver_sm, ESME_ROK, 99, b"\0\1"),
    ],
)
@on_loop
async def test_what_comes_before_an_answer_does_not_change_it(before):
    async with Centre(answers=False) as centre:
        gateway = await opened(centre)
        submit = asyncio.ensure_future(gateway.submit(request(), nothing))
        session, number = await centre.submits.get()
        answer = assemble(CommandId.submit_sm_resp, ESME_ROK, number, ID)
        # In pieces, and twice.
        octets = before(number) + answer * 2
        for start in range(0, len(octets), 7):
            session._transport.write(octets[start : start + 7])
            await asyncio.sleep(0)
        assert (await submit).gateway_message_id == "m-7"
        assert gateway.bound
        await gateway.close()


RECEIPTS = [
    b"id:7 stat:DELIVRD err:000",
    b"id:7 sub:001 stat:UNDELIV text:abc",
    "id:7 stat:DELIVRD".encode("utf-16-be"),
    b"\5\0\3\1\2\1id:7 stat:DELIVRD",
    b"hello",
    b"\xff",
    b"",
]
TAGS = [0x1E, 0x427, 0x423, 0x424, 0x20C, 0x20E, 0x20F, 0x204, 0x1400]


def odd_delivery(dice):
    """Return the body of a deliver_sm of any class, alphabet and TLVs, perhaps cut off."""
    tlvs = {tag: dice.randbytes(dice.choice([0, 1, 2, 5, 70])) for tag in dice.sample(TAGS, 3)}
    body = DeliverSm(
        dice.choice(["85266661234", "", "Brand", "\xff" * 10]),
        dice.choice(["Brand", ""]),
        dice.choice([*RECEIPTS, dice.randbytes(40)]),
        esm_class=dice.randrange(256),
        data_coding=dice.choice([0, 1, 3, 4, 8, 0xF0, 0xFF]),
        registered_delivery=dice.randrange(256),
        tlvs=tlvs,
    )
    octets = encode(body, 1)[16:]
    return octets[: dice.choice([len(octets), dice.randrange(len(octets))])]


@on_loop
async def test_every_delivery_is_answered_once_whatever_it_holds():
    dice = random.Random(20261129)
    async with Centre() as centre:
        inbox = Inbox()
        gateway = await opened(centre, inbox)
        answers = answers_to(centre.sessions[0])
        for number in range(1, 301):
            octets = odd_delivery(dice)
            write(centre.sessions[0], CommandId.deliver_sm, dice.choice([0, 5]), number, octets)
        given = [await answers.get() for _ in range(300)]
        assert sorted(answer.sequence_number for answer in given) == [*range(1, 301)]
        taken = sum(answer.command_status == ESME_ROK for answer in given)
        assert inbox.receipts.qsize() == taken > 150
        assert gateway.bound
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
