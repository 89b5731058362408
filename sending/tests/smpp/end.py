"""Our end of one connection, bound: its wire, its clock, and what it was delivered."""

import asyncio

from sending.smpp.client import ClientSession
from sending.smpp.commands import CommandId
from sending.smpp.pdu import Bind, BindResp, SubmitSm, SubmitSmResp
from sending.smpp.session import SessionLimits
from sending.tests.smpp.wire import ManualClock, Wire, turns

BIND = Bind(CommandId.bind_transceiver, "me", "secret")


class End:
    """A bound client session, its wire, its clock and what it was delivered."""

    def __init__(self, **limits):
        self.clock = ManualClock()
        self.delivered = []
        self.session = ClientSession(
            SessionLimits(**limits),
            lambda number, sm: self.delivered.append((number, sm)),
            self.clock,
        )
        self.wire = Wire(self.session)

    async def bound(self):
        binding = asyncio.ensure_future(self.session.bind(BIND))
        await turns()
        [pdu] = self.wire.pdus()
        self.wire.receive(BindResp(CommandId.bind_transceiver_resp, "smsc"), pdu.sequence_number)
        assert await binding == 0
        return self

    def submit(self, text=b"hello", before_write=None):
        return self.session.request(SubmitSm("a", "1", text), before_write)

    def answer(self, pdu, message_id="id", status=0):
        self.wire.receive(SubmitSmResp(message_id), pdu.sequence_number, status)


async def end(**limits):
    return await End(**limits).bound()
