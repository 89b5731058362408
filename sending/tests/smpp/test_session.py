"""One connection: window, order, timeouts, cuts, unbind; no network, a clock set by hand."""

import asyncio

import pytest

from sending.smpp.codec import assemble, encode
from sending.smpp.command_status import (
    ESME_RINVCMDID,
    ESME_RINVCMDLEN,
    ESME_RINVDSTADR,
    ESME_RINVMSGLEN,
    ESME_RX_T_APPN,
)
from sending.smpp.commands import CommandId
from sending.smpp.errors import EncodeError, RequestNotWritten, RequestUnanswered
from sending.smpp.outstanding import SEQUENCE_MAX
from sending.smpp.pdu import BindResp, DeliverSm, DeliverSmResp, Empty, SubmitSm, SubmitSmResp
from sending.tests.smpp.end import BIND, End, end
from sending.tests.smpp.wire import on_loop, turns


@on_loop
async def test_an_answer_finds_its_request_in_any_order():
    it = await end()
    answers = [it.submit(b"1"), it.submit(b"2")]
    await turns()
    first, second = it.wire.pdus()
    it.answer(second, "two")
    it.answer(first, "one")
    assert [(await answer).body.message_id for answer in answers] == ["one", "two"]
    assert it.session.in_window == 0


@on_loop
async def test_the_window_admits_first_come_first_served():
    it = await end(window=2)
    for number in range(5):
        it.submit(b"%d" % number)
    await turns()
    written = it.wire.pdus()
    assert [pdu.body.short_message for pdu in written] == [b"0", b"1"]
    assert it.session.in_window == 2
    it.answer(written[0])
    await turns()
    written += it.wire.pdus()
    assert [pdu.body.short_message for pdu in written] == [b"0", b"1", b"2"]
    it.wire.close()
    await it.session.closed()


@on_loop
async def test_one_turn_of_the_loop_is_one_write():
    it = await end(window=10)
    writes = len(it.wire.writes)
    for _ in range(10):
        it.submit()
    await turns()
    assert len(it.wire.writes) == writes + 1
    assert len(it.wire.pdus()) == 10
    it.wire.close()
    await it.session.closed()


@on_loop
async def test_before_write_runs_once_each_while_nothing_is_written_yet():
    it = await end(window=2)
    order = []
    for number in range(3):
        it.submit(before_write=lambda number=number: order.append((number, len(it.wire.writes))))
    assert order == []
    before = len(it.wire.writes)
    await turns()
    assert order == [(0, before), (1, before)]
    it.wire.close()
    await it.session.closed()
    assert len(order) == 2


@on_loop
async def test_before_write_that_raises_keeps_its_pdu_off_the_wire_and_frees_its_place():
    it = await end(window=1)

    def too_late():
        raise TimeoutError("the lease is over")

    refused, sent = it.submit(b"no", too_late), it.submit(b"yes")
    await turns()
    with pytest.raises(RequestNotWritten) as raised:
        await refused
    assert raised.value.code == "BEFORE_WRITE"
    assert isinstance(raised.value.__cause__, TimeoutError)
    [pdu] = it.wire.pdus()
    assert pdu.body.short_message == b"yes"
    it.answer(pdu)
    await sent


@on_loop
async def test_before_flush_runs_once_for_all_that_is_written_together():
    it = await end(window=2)
    order = []
    it.session.before_flush = lambda: order.append(("flush", len(it.wire.writes)))
    for number in range(3):
        it.submit(before_write=lambda number=number: order.append((number, len(it.wire.writes))))
    before = len(it.wire.writes)
    await turns()
    assert order == [(0, before), (1, before), ("flush", before)]
    assert len(it.wire.writes) == before + 1
    it.wire.close()
    await it.session.closed()


@on_loop
async def test_what_before_flush_stops_is_not_written_and_frees_its_places():
    it = await end(window=2)

    def no_room():
        raise OSError("no room on the disk")

    it.session.before_flush = no_room
    refused = [it.submit(b"1"), it.submit(b"2")]
    await turns()
    for answer in refused:
        with pytest.raises(RequestNotWritten):
            await answer
    assert it.wire.pdus() == []
    assert it.session.in_window == 0
    it.session.before_flush = None
    sent = it.submit(b"3")
    await turns()
    [pdu] = it.wire.pdus()
    assert pdu.body.short_message == b"3"
    it.answer(pdu)
    await sent


@on_loop
async def test_a_request_cancelled_in_the_queue_is_never_written():
    it = await end(window=1)
    marks = []
    first, second = it.submit(b"1"), it.submit(b"2", lambda: marks.append(2))
    await turns()
    second.cancel()
    [pdu] = it.wire.pdus()
    it.answer(pdu)
    await first
    await turns()
    assert it.wire.pdus() == []
    assert marks == []


@on_loop
async def test_a_request_cancelled_on_the_wire_keeps_its_place_until_answered():
    it = await end(window=1)
    answer = it.submit()
    await turns()
    answer.cancel()
    assert it.session.in_window == 1
    [pdu] = it.wire.pdus()
    it.answer(pdu)
    assert it.session.in_window == 0


@on_loop
async def test_an_unanswered_request_is_in_doubt_after_the_timeout_and_not_before():
    it = await end(window=1, response_timeout=30, enquire_interval=1000)
    first, second = it.submit(b"1"), it.submit(b"2")
    await turns()
    it.clock.advance(29)
    assert not first.done()
    it.clock.advance(3)
    with pytest.raises(RequestUnanswered, match="RESPONSE_TIMEOUT"):
        await first
    await turns()
    late, pdu = it.wire.pdus()
    it.answer(late)
    assert not second.done()
    it.answer(pdu)
    assert (await second).body.message_id == "id"


@on_loop
async def test_a_cut_leaves_the_written_in_doubt_and_the_waiting_unsent():
    it = await end(window=1)
    marks = []
    written, waiting = it.submit(), it.submit(before_write=lambda: marks.append("written"))
    await turns()
    it.session.connection_lost(ConnectionResetError("cut"))
    with pytest.raises(RequestUnanswered, match="CONNECTION_LOST"):
        await written
    with pytest.raises(RequestNotWritten, match="CONNECTION_LOST"):
        await waiting
    with pytest.raises(RequestNotWritten, match="NOT_BOUND"):
        await it.submit()
    assert marks == []
    assert not it.session.bound
    await it.session.closed()


@on_loop
async def test_nothing_is_written_between_a_closing_transport_and_its_end():
    it = await end()
    marks = []
    answer = it.submit(before_write=lambda: marks.append("written"))
    it.wire.close()
    with pytest.raises(RequestNotWritten):
        await answer
    assert marks == []


@on_loop
async def test_a_congested_wire_keeps_requests_in_the_queue():
    it = await end()
    it.session.pause_writing()
    answer = it.submit()
    await turns()
    assert it.wire.pdus() == []
    it.session.resume_writing()
    await turns()
    [pdu] = it.wire.pdus()
    it.answer(pdu)
    await answer


@on_loop
async def test_what_cannot_be_encoded_is_said_at_once():
    it = await end()
    with pytest.raises(EncodeError):
        it.session.request(SubmitSm("x" * 30, "1", b""))


@on_loop
async def test_sequence_numbers_wrap_on_the_wire():
    it = await end(first_sequence=SEQUENCE_MAX - 1)
    answers = [it.submit(), it.submit()]
    await turns()
    pdus = it.wire.pdus()
    assert [pdu.sequence_number for pdu in pdus] == [SEQUENCE_MAX, 1]
    for pdu in pdus:
        it.answer(pdu)
    await asyncio.gather(*answers)


@pytest.mark.parametrize("status", [ESME_RINVDSTADR, 0x410])
@on_loop
async def test_a_generic_nack_answers_the_request_it_names(status):
    it = await end()
    answer = it.submit()
    await turns()
    [pdu] = it.wire.pdus()
    it.wire.receive(Empty(CommandId.generic_nack), pdu.sequence_number, status)
    assert (await answer).command_status == status


@on_loop
async def test_answers_that_belong_to_nothing_are_ignored():
    it = await end()
    answer = it.submit()
    await turns()
    [pdu] = it.wire.pdus()
    it.wire.receive(SubmitSmResp("stranger"), pdu.sequence_number + 5)
    it.wire.receive(Empty(CommandId.enquire_link_resp), pdu.sequence_number)
    it.wire.receive(Empty(CommandId.generic_nack), 0, ESME_RINVCMDLEN)
    assert not answer.done()
    it.answer(pdu)
    await answer


@pytest.mark.parametrize(
    ("status", "octets"),
    [
        (0x58, bytes.fromhex("0425000101")),
        (0x58, b"\x14"),
        (0x0B, b"Invalid destination"),
        (0, b"no closing NUL"),
    ],
)
@on_loop
async def test_the_status_answers_a_request_whatever_follows(status, octets, caplog):
    it = await end()
    answers = [it.submit(), it.submit()]
    await turns()
    for pdu in it.wire.pdus():
        it.session.data_received(
            assemble(CommandId.submit_sm_resp, status, pdu.sequence_number, octets)
        )
    assert [(await answer).command_status for answer in answers] == [status, status]
    assert it.session.in_window == 0
    assert caplog.text.count("broken end") == 1


@on_loop
async def test_an_answer_of_an_unknown_kind_leaves_its_request_in_doubt():
    it = await end()
    answer = it.submit()
    await turns()
    [pdu] = it.wire.pdus()
    it.session.data_received(assemble(0x80000999, 0, pdu.sequence_number, b""))
    with pytest.raises(RequestUnanswered, match="RESPONSE_UNREADABLE"):
        await answer
    assert it.session.in_window == 0


@on_loop
async def test_an_enquire_link_is_answered():
    it = await end()
    it.wire.receive(Empty(CommandId.enquire_link), 77)
    await turns()
    [pdu] = it.wire.pdus()
    assert (pdu.command_id, pdu.sequence_number) == (CommandId.enquire_link_resp, 77)


@on_loop
async def test_silence_is_probed_and_a_dead_connection_dropped():
    it = await end(response_timeout=10, enquire_interval=30)
    it.clock.advance(29)
    await turns()
    assert it.wire.pdus() == []
    it.clock.advance(2)
    await turns()
    [probe] = it.wire.pdus()
    assert probe.command_id is CommandId.enquire_link
    it.wire.receive(Empty(CommandId.enquire_link_resp), probe.sequence_number)
    it.clock.advance(31)
    await turns()
    [probe] = it.wire.pdus()
    assert probe.command_id is CommandId.enquire_link
    it.clock.advance(12)
    await it.session.closed()
    assert not it.session.bound


@on_loop
async def test_a_delivery_behind_the_bind_answer_in_one_read_is_handed_on():
    it = End()
    binding = asyncio.ensure_future(it.session.bind(BIND))
    await turns()
    [pdu] = it.wire.pdus()
    receipt = DeliverSm("1", "me", b"id:1", esm_class=4)
    it.session.data_received(
        encode(BindResp(CommandId.bind_transceiver_resp), pdu.sequence_number) + encode(receipt, 9)
    )
    assert await binding == 0
    assert it.delivered == [(9, receipt)]
    it.session.answer_delivery(9, ESME_RX_T_APPN)
    await turns()
    [answer] = it.wire.pdus()
    assert (answer.body, answer.command_status) == (DeliverSmResp(), ESME_RX_T_APPN)


@pytest.mark.parametrize(
    ("octets", "command_id", "status"),
    [
        (assemble(0x999, 0, 5, b""), CommandId.generic_nack, ESME_RINVCMDID),
        (encode(SubmitSm("a", "1", b""), 5), CommandId.generic_nack, ESME_RINVCMDID),
        (assemble(CommandId.deliver_sm, 0, 5, b"\1"), CommandId.deliver_sm_resp, ESME_RINVMSGLEN),
    ],
)
@on_loop
async def test_requests_it_cannot_serve_are_refused_and_the_session_lives(
    octets, command_id, status
):
    it = await end()
    it.session.data_received(octets)
    await turns()
    [pdu] = it.wire.pdus()
    assert (pdu.command_id, pdu.command_status, pdu.sequence_number) == (command_id, status, 5)
    assert it.session.bound


@on_loop
async def test_a_lost_stream_is_refused_and_closed_after_what_was_still_readable():
    it = await end()
    answer = it.submit()
    await turns()
    [pdu] = it.wire.pdus()
    it.session.data_received(encode(SubmitSmResp("ok"), pdu.sequence_number) + b"\0\0\0\1junk")
    assert (await answer).body.message_id == "ok"
    await it.session.closed()
    [nack] = it.wire.pdus()
    assert (nack.command_id, nack.command_status) == (CommandId.generic_nack, ESME_RINVCMDLEN)
