"""The message centre's end: who may bind, who may submit, who receives."""

import pytest

from sending.smpp.command_status import (
    ESME_RALYBND,
    ESME_RINVBNDSTS,
    ESME_RINVPASWD,
    ESME_ROK,
)
from sending.smpp.commands import CommandId
from sending.smpp.pdu import Bind, Empty, SubmitSm
from sending.smpp.server import ServerSession
from sending.smpp.session import SessionLimits
from sending.tests.smpp.wire import ManualClock, Wire, on_loop, turns


class Centre:
    """Accepts everything but a wrong password, and remembers."""

    system_id = "centre"

    def __init__(self):
        self.log = []

    def connected(self, session):
        self.log.append("connected")

    def check_bind(self, bind):
        return ESME_ROK if bind.password == "right" else ESME_RINVPASWD

    def bound(self, session):
        self.log.append("bound")

    def submitted(self, session, sequence_number, submit_sm):
        session.accept(sequence_number, f"id-{sequence_number}")

    def disconnected(self, session):
        self.log.append("disconnected")


class End:
    def __init__(self):
        self.centre = Centre()
        self.session = ServerSession(self.centre, SessionLimits(), ManualClock())
        self.wire = Wire(self.session)

    async def ask(self, body, number=1):
        self.wire.receive(body, number)
        await turns()
        [pdu] = self.wire.pdus()
        return pdu


@pytest.mark.parametrize(
    ("bind", "submits", "receives"),
    [
        (CommandId.bind_transceiver, True, True),
        (CommandId.bind_transmitter, True, False),
        (CommandId.bind_receiver, False, True),
    ],
)
@on_loop
async def test_each_bind_allows_what_the_specification_says(bind, submits, receives):
    end = End()
    answer = await end.ask(Bind(bind, "me", "right"))
    assert (answer.command_id, answer.command_status) == (bind | 0x80000000, ESME_ROK)
    answer = await end.ask(SubmitSm("a", "1", b"hi"), 2)
    assert answer.command_status == (ESME_ROK if submits else ESME_RINVBNDSTS)
    assert end.session.receives is receives


@on_loop
async def test_a_wrong_password_is_refused_and_may_be_corrected():
    end = End()
    answer = await end.ask(Bind(CommandId.bind_transceiver, "me", "wrong"))
    assert answer.command_status == ESME_RINVPASWD
    assert (await end.ask(SubmitSm("a", "1", b"hi"), 2)).command_status == ESME_RINVBNDSTS
    answer = await end.ask(Bind(CommandId.bind_transceiver, "me", "right"), 3)
    assert answer.command_status == ESME_ROK


@on_loop
async def test_binding_twice_is_refused():
    end = End()
    await end.ask(Bind(CommandId.bind_transceiver, "me", "right"))
    answer = await end.ask(Bind(CommandId.bind_transceiver, "me", "right"), 2)
    assert answer.command_status == ESME_RALYBND


@on_loop
async def test_the_centre_hears_of_coming_binding_and_going():
    end = End()
    await end.ask(Bind(CommandId.bind_transceiver, "me", "right"))
    answer = await end.ask(Empty(CommandId.unbind), 2)
    assert answer.command_id is CommandId.unbind_resp
    await end.session.closed()
    assert end.centre.log == ["connected", "bound", "disconnected"]
