"""The end of a connection: unbind from either side; no network, a clock set by hand."""

import asyncio

import pytest

from sending.smpp.commands import CommandId
from sending.smpp.errors import RequestNotWritten, RequestUnanswered
from sending.smpp.pdu import Empty
from sending.tests.smpp.end import end
from sending.tests.smpp.wire import on_loop, turns


@on_loop
async def test_unbind_waits_for_answers_sends_nothing_new_and_says_goodbye():
    it = await end(window=1)
    written, waiting = it.submit(b"1"), it.submit(b"2")
    await turns()
    leaving = asyncio.ensure_future(it.session.unbind())
    with pytest.raises(RequestNotWritten, match="CLOSING"):
        await waiting
    [pdu] = it.wire.pdus()
    assert not leaving.done()
    it.answer(pdu, "kept")
    assert (await written).body.message_id == "kept"
    await turns()
    [goodbye] = it.wire.pdus()
    assert goodbye.command_id is CommandId.unbind
    it.wire.receive(Empty(CommandId.unbind_resp), goodbye.sequence_number)
    await leaving
    assert it.wire.is_closing()


@on_loop
async def test_unbind_does_not_wait_longer_than_the_response_timeout():
    it = await end(response_timeout=10, enquire_interval=1000)
    written = it.submit()
    await turns()
    leaving = asyncio.ensure_future(it.session.unbind())
    await turns()
    it.clock.advance(11)
    with pytest.raises(RequestUnanswered):
        await written
    await turns()
    it.clock.advance(11)
    await leaving


@on_loop
async def test_an_unbind_of_the_peer_is_answered_and_nothing_follows_it():
    it = await end()
    written = it.submit(b"1")
    await turns()
    it.wire.pdus()
    waiting = it.submit(b"2")
    it.wire.receive(Empty(CommandId.unbind), 3)
    with pytest.raises(RequestUnanswered):
        await written
    with pytest.raises(RequestNotWritten):
        await waiting
    [goodbye] = it.wire.pdus()
    assert (goodbye.command_id, goodbye.sequence_number) == (CommandId.unbind_resp, 3)
    await it.session.closed()
