"""Octets that are no SMPP, or half of it: no exception, and no memory that grows.

SMPP_NOISE names how many PDUs; a run by hand takes a million.
"""

import asyncio
import gc
import logging
import os
import random
import tracemalloc

import pytest

from sending.models import SmppAccount, SmppBind
from sending.smpp.codec import encode
from sending.smpp.commands import CommandId
from sending.smpp.multi import DistributionList, SmeAddress, SubmitMulti
from sending.smpp.operations import CancelSm, DataSm, QuerySm, ReplaceSm
from sending.smpp.pdu import Bind, DeliverSmResp, Empty, SubmitSm, SubmitSmResp
from sending.smpp.session import SessionLimits
from sending.smpp_server.connection import ClientConnection
from sending.smpp_server.reading import read
from sending.smpp_server.reading_others import as_submit_sm, each_submit_sm
from sending.smpp_server.statuses import PduRefused
from sending.tests.smpp.wire import ManualClock
from sending.tests.smpp_server.test_rules import NOW

PDUS = int(os.environ.get("SMPP_NOISE", "20000"))
MOST_GROWTH = 1_000_000

GOOD = [
    encode(body, 7)
    for body in (
        SubmitSm("ACME", "85261234567", b"Hello", esm_class=0x40, registered_delivery=1),
        SubmitSm("", "85261234567", b"", tlvs={0x0424: b"Hello", 0x0204: b"\0\1"}),
        SubmitSm("1", "2", b"\5\0\3\7\2\1abc", esm_class=0x40, validity_period="000000010000000R"),
        SubmitSm("1", "2", b"x", tlvs={0x020C: b"\0\7", 0x020E: b"\3", 0x020F: b"\1"}),
        DataSm("1", "2", tlvs={0x0424: b"Hello"}),
        SubmitMulti("1", [SmeAddress("2"), DistributionList("all")], b"Hello"),
        SubmitSm("1", "2", b"{tpl:7} x", tlvs={0x1401: b"7"}),
        QuerySm("123456789012345678", "1"),
        CancelSm("123456789012345678", "1", "2", "ALERT"),
        ReplaceSm("123456789012345678", "1", b"Hello"),
        Bind(CommandId.bind_transceiver, "acme", "password"),
        Empty(CommandId.enquire_link),
        DeliverSmResp(),
    )
]


class Reading:
    """A server that reads everything, decides nothing and answers at once."""

    def connected(self, connection):
        pass

    def disconnected(self, connection):
        pass

    def bind_asked(self, connection, sequence, bind):
        pass

    def submitted(self, connection, sequence, submit, *, broken):
        if isinstance(submit, SubmitMulti):
            bodies = [body for _to, body in each_submit_sm(submit) if body is not None]
        else:
            bodies = [as_submit_sm(submit) if isinstance(submit, DataSm) else submit]
        status = 0
        for body in bodies:
            try:
                read(body, default_coding=0, now=NOW, broken_tlvs=broken, names_templates=True)
            except PduRefused as refused:
                status = refused.refusal.status
        connection.answered(sequence, SubmitSmResp("123456789012345678"), status)

    def asked(self, connection, sequence, question):
        connection.answered(sequence, Empty(CommandId.cancel_sm_resp), 0x11)


class Hole(asyncio.Transport):
    """A wire behind which nothing is kept."""

    def __init__(self):
        super().__init__()
        self.closing = False

    def write(self, data):
        pass

    def is_closing(self):
        return self.closing

    def close(self):
        self.closing = True

    abort = close

    def pause_reading(self):
        pass

    resume_reading = pause_reading


def bound(server=None):
    """A connection that is bound, with a window of ten."""
    connection = ClientConnection(
        server or Reading(), SessionLimits(), is_tls=False, clock=ManualClock()
    )
    connection.connection_made(Hole())
    connection.bind = SmppBind(bind_type="TRX")
    connection.account = SmppAccount(window=10)
    connection.bound = connection._asked_to_bind = True
    return connection


def noisy(chance):
    """A PDU with a right length and something wrong, or one with a wrong length, or none at all."""
    frame = bytearray(chance.choice(GOOD))
    kind = chance.random()
    if kind < 0.55:
        for _nth in range(chance.randint(1, 6)):
            frame[chance.randrange(4, len(frame))] = chance.randrange(256)
    elif kind < 0.9:
        frame = frame[: chance.randrange(16, len(frame) + 1)]
        frame[:4] = len(frame).to_bytes(4, "big")
    elif kind < 0.99:
        frame[16:] = chance.randbytes(chance.randrange(200))
        frame[:4] = len(frame).to_bytes(4, "big")
    else:
        frame = bytearray(chance.randbytes(chance.randrange(40)))
    return bytes(frame)


@pytest.fixture(autouse=True)
def no_log(monkeypatch):
    """pytest keeps every record."""
    for name in ("sending.smpp.session", "sending.smpp_server.connection"):
        monkeypatch.setattr(logging.getLogger(name), "disabled", True)


async def taken():
    """Octets of memory, when everything is written that can be."""
    await asyncio.sleep(0)
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


@pytest.mark.slow
def test_noise_raises_nothing_and_leaves_nothing_behind():
    # Not `on_loop`: a million take minutes.
    assert asyncio.run(grown_by_noise()) < MOST_GROWTH


async def grown_by_noise():
    """Octets that are left in memory after so many PDUs."""
    chance = random.Random(2775)
    connection = bound()
    begun = 0
    for nth in range(PDUS):
        if nth == PDUS // 10:
            tracemalloc.start()
            begun = await taken()
        connection.data_received(noisy(chance))
        # One that gave up, and now and then any, gives way to a new one.
        if connection._transport.is_closing() or nth % 1_000 == 0:
            connection.connection_lost(None)
            connection = bound()
        if nth % 100 == 0:
            await asyncio.sleep(0)
    grown = await taken() - begun
    tracemalloc.stop()
    return grown
