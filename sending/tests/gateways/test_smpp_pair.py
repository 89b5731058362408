"""A transmitter and a receiver on one slot: receipts come in, and half a pair is none."""

import asyncio

import pytest

from sending.gateways.base import BindRefused, NotWritten, Unanswered
from sending.smpp.command_status import ESME_RALYBND, ESME_ROK
from sending.smpp.commands import CommandId
from sending.tests.gateways.test_smpp_gateway import (
    RECEIPT,
    Centre,
    Inbox,
    nothing,
    opened,
    request,
)
from sending.tests.smpp.wire import on_loop

RECEIVER, TRANSMITTER = CommandId.bind_receiver, CommandId.bind_transmitter


class PairCentre(Centre):
    """Knows no transceiver; `refuses` is a bind that it does not take."""

    def __init__(self, *, refuses=CommandId.bind_transceiver, **settings):
        super().__init__(**settings)
        self.refuses = refuses

    def check_bind(self, bind):
        return ESME_RALYBND if bind.command_id is self.refuses else super().check_bind(bind)

    def half(self, command_id):
        """The newest session of this kind."""
        kinds = {session.client.command_id: session for session in self.sessions if session.client}
        return kinds[command_id]


@on_loop
async def test_it_submits_over_one_connection_and_hears_over_the_other():
    async with PairCentre() as centre:
        inbox = Inbox()
        gateway = await opened(centre, inbox, bind="pair")
        assert gateway.bound
        assert [session.client.command_id for session in centre.sessions] == [RECEIVER, TRANSMITTER]
        result = await gateway.submit(request(), nothing)
        assert result.gateway_message_id == "id-1"
        answer = await centre.half(RECEIVER).request(RECEIPT)
        assert answer.command_status == ESME_ROK
        assert inbox.receipts.get_nowait().gateway_message_id == "7"
        assert not centre.half(TRANSMITTER).receives
        await gateway.close()
        for session in centre.sessions:
            await session.closed()


@pytest.mark.parametrize("refused", [RECEIVER, TRANSMITTER])
@on_loop
async def test_both_are_bound_or_neither(refused):
    async with PairCentre(refuses=refused) as centre:
        with pytest.raises(BindRefused, match="ESME_RALYBND"):
            await opened(centre, bind="pair")
        for session in centre.sessions:
            await session.closed()


@on_loop
async def test_without_its_receiver_it_takes_no_more_and_still_gets_the_answers_of_its_window():
    async with PairCentre(answers=False) as centre:
        gateway = await opened(centre, bind="pair", window=3)
        submits = [asyncio.ensure_future(gateway.submit(request(n), nothing)) for n in range(3)]
        taken = [await centre.submits.get() for _ in submits]
        centre.half(RECEIVER).abort()
        await gateway.closed()
        assert not gateway.bound
        with pytest.raises(NotWritten):
            await gateway.submit(request(9), pytest.fail)
        closing = asyncio.ensure_future(gateway.close())
        for session, number in taken:
            session.accept(number, f"late-{number}")
        answers = await asyncio.gather(*submits)
        await closing
    assert len({answer.gateway_message_id for answer in answers}) == 3
    assert len(centre.seen) == 3


@on_loop
async def test_without_its_transmitter_receipts_that_are_under_way_are_still_stored():
    async with PairCentre(answers=False) as centre:
        inbox = Inbox()
        inbox.open.clear()
        gateway = await opened(centre, inbox, bind="pair")
        submit = asyncio.ensure_future(gateway.submit(request(), nothing))
        session, _ = await centre.submits.get()
        receipt = centre.half(RECEIVER).request(RECEIPT)
        await inbox.receipts.get()
        session.abort()
        await gateway.closed()
        with pytest.raises(Unanswered):
            await submit
        closing = asyncio.ensure_future(gateway.close())
        inbox.open.set()
        assert (await receipt).command_status == ESME_ROK
        await closing


@on_loop
async def test_a_goodbye_that_is_given_up_leaves_no_connection_behind():
    async with PairCentre(answers=False) as centre:
        gateway = await opened(centre, bind="pair")
        submit = asyncio.ensure_future(gateway.submit(request(), nothing))
        await centre.submits.get()
        closing = asyncio.ensure_future(gateway.close())
        await asyncio.sleep(0)
        closing.cancel()
        for session in centre.sessions:
            await session.closed()
        with pytest.raises(Unanswered):
            await submit
