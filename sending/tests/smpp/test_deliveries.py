"""Stored first, answered after."""

import asyncio

import pytest

from sending.smpp.command_status import ESME_ROK, ESME_RX_T_APPN
from sending.smpp.deliveries import (
    BACKLOG_MOST,
    BATCH_MOST,
    BATCH_WITHIN,
    COMPLAIN_EVERY,
    Deliveries,
)
from sending.tests.smpp.wire import ManualClock, on_loop, turns


class Store:
    """A sink that finishes when told to."""

    def __init__(self):
        self.batches = []
        self.answers = []
        self.clock = ManualClock()
        self.may_finish = asyncio.Event()
        self.error = None
        self.deliveries = Deliveries(self.sink, self.answer, self.clock)

    async def sink(self, batch):
        self.batches.append(batch)
        await self.may_finish.wait()
        if self.error is not None:
            raise self.error

    def answer(self, sequence_number, command_status):
        self.answers.append((sequence_number, command_status))

    def add(self, *numbers):
        for number in numbers:
            self.deliveries.add(number, f"receipt {number}")


@on_loop
async def test_nothing_is_answered_before_the_sink_returned():
    store = Store()
    store.add(1, 2)
    await turns()
    assert store.batches == []
    store.clock.advance(BATCH_WITHIN)
    await turns()
    assert store.batches == [["receipt 1", "receipt 2"]]
    assert store.answers == []
    store.may_finish.set()
    await turns()
    assert store.answers == [(1, ESME_ROK), (2, ESME_ROK)]


@pytest.mark.parametrize("error", [RuntimeError("no database"), OSError(), ValueError()])
@on_loop
async def test_what_was_not_stored_is_refused_temporarily(error):
    store = Store()
    store.error = error
    store.may_finish.set()
    store.add(1, 2)
    await store.deliveries.drain()
    assert store.answers == [(1, ESME_RX_T_APPN), (2, ESME_RX_T_APPN)]
    store.error = None
    store.add(3)
    await store.deliveries.drain()
    assert store.answers[-1] == (3, ESME_ROK)


@on_loop
async def test_an_outage_is_told_in_a_line_now_and_then(caplog):
    store = Store()
    store.error = OSError("no database\nat all")
    store.may_finish.set()
    for number in range(5):
        store.add(number)
        await store.deliveries.drain()
    [first] = caplog.records
    assert (
        first.getMessage()
        == "1 deliveries not stored, refused temporarily: OSError: no database at all"
    )
    assert first.exc_info is None
    store.clock.advance(COMPLAIN_EVERY)
    store.add(5)
    await store.deliveries.drain()
    assert caplog.records[-1].getMessage().startswith("5 deliveries not stored")
    assert len(caplog.records) == 2


@on_loop
async def test_a_full_batch_does_not_wait_for_the_clock():
    store = Store()
    store.may_finish.set()
    store.add(*range(BATCH_MOST + 1))
    await turns()
    assert [len(batch) for batch in store.batches] == [BATCH_MOST]
    store.clock.advance(BATCH_WITHIN)
    await turns()
    assert [len(batch) for batch in store.batches] == [BATCH_MOST, 1]


@on_loop
async def test_one_batch_at_a_time_and_a_slow_sink_makes_larger_ones():
    store = Store()
    store.add(1)
    store.clock.advance(BATCH_WITHIN)
    await turns()
    store.add(2, 3, 4)
    store.clock.advance(1)
    await turns()
    assert len(store.batches) == 1
    store.may_finish.set()
    await turns()
    store.clock.advance(BATCH_WITHIN)
    await turns()
    assert [len(batch) for batch in store.batches] == [1, 3]


@on_loop
async def test_draining_stores_without_waiting_for_the_clock():
    store = Store()
    store.may_finish.set()
    store.add(1, 2, 3)
    await store.deliveries.drain()
    assert store.answers == [(1, ESME_ROK), (2, ESME_ROK), (3, ESME_ROK)]


@on_loop
async def test_an_endless_backlog_is_refused_temporarily():
    store = Store()
    store.add(*range(BATCH_MOST))
    await turns()
    store.add(*range(BACKLOG_MOST))
    assert store.answers == []
    store.add(999_999)
    assert store.answers == [(999_999, ESME_RX_T_APPN)]
    store.may_finish.set()
    await store.deliveries.drain()
    assert len(store.answers) == BATCH_MOST + BACKLOG_MOST + 1
