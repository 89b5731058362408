"""sequence_numbers and the requests that wait for an answer."""

import asyncio

from sending.smpp.commands import CommandId
from sending.smpp.errors import RequestUnanswered
from sending.smpp.outstanding import SEQUENCE_MAX, Outstanding, Written
from sending.tests.smpp.wire import on_loop


def written(at=0.0, *, windowed=True):
    answer = asyncio.get_running_loop().create_future()
    return Written(CommandId.submit_sm, answer, at, windowed)


@on_loop
async def test_numbers_wrap_to_one_and_pass_over_those_in_use():
    outstanding = Outstanding(first_sequence=SEQUENCE_MAX - 1)
    numbers = [outstanding.add(written()) for _ in range(3)]
    assert numbers == [SEQUENCE_MAX - 1, SEQUENCE_MAX, 1]
    again = Outstanding(first_sequence=SEQUENCE_MAX)
    again.add(written())
    again._next = SEQUENCE_MAX
    assert again.add(written()) == 1


@on_loop
async def test_only_windowed_requests_fill_the_window():
    outstanding = Outstanding()
    number = outstanding.add(written())
    outstanding.add(written(windowed=False))
    assert (outstanding.windowed, len(outstanding)) == (1, 2)
    outstanding.take(number)
    outstanding.take(number)
    assert (outstanding.windowed, len(outstanding)) == (0, 1)


@on_loop
async def test_overdue_takes_the_old_ones_only():
    outstanding = Outstanding()
    requests = [written(at) for at in (1.0, 2.0, 3.0)]
    for request in requests:
        outstanding.add(request)
    assert list(outstanding.overdue(2.0)) == requests[:2]
    assert (outstanding.windowed, len(outstanding)) == (1, 1)


@on_loop
async def test_giving_up_leaves_every_caller_in_doubt():
    outstanding = Outstanding()
    requests = [written(), written()]
    requests[0].answer.cancel()
    for request in requests:
        outstanding.add(request)
    outstanding.give_up("CONNECTION_LOST")
    assert isinstance(requests[1].answer.exception(), RequestUnanswered)
    assert len(outstanding) == 0
