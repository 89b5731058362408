"""A connection by itself: what it does with octets that come late, on a clock of the test."""

import asyncio

import pytest

from sending.smpp.codec import encode
from sending.smpp.pdu import SubmitSm, SubmitSmResp
from sending.smpp_server.connection import PDU_WITHIN
from sending.tests.smpp_server.test_noise import Reading, bound

PDU = encode(SubmitSm("ACME", "85261234567", b"Hello"), 7)


class Slow(Reading):
    """A server whose answers are still to come."""

    def submitted(self, connection, sequence, submit, *, broken):
        pass


async def is_closed(*moments, server=None):
    """Tell whether a connection is closed after so many times half a PDU's time, fed in between."""
    connection = bound(server)
    for octets in moments:
        connection.data_received(octets)
        connection._clock.advance(PDU_WITHIN * 0.6)
    return connection._transport.closing


@pytest.mark.parametrize(
    ("moments", "closes"),
    [
        ([PDU[:20], b""], True),
        ([PDU[:20], PDU[20:30], PDU[30:]], True),
        ([PDU[:20], PDU[20:], b""], False),
        # Chunks never end where PDUs do, and each PDU is finished in time.
        ([PDU[:20], PDU[20:] + PDU[:20], PDU[20:] + PDU[:20]], False),
    ],
)
def test_a_pdu_is_to_be_finished_in_time(moments, closes):
    assert asyncio.run(is_closed(*moments)) is closes


def test_while_we_do_not_read_nobody_is_late():
    # Ten answers are owed, so the rest of the eleventh is not read.
    assert asyncio.run(is_closed(PDU * 10 + PDU[:20], b"", b"", server=Slow())) is False


async def late_after_all():
    connection = bound(Slow())
    connection.data_received(PDU * 10 + PDU[:20])
    connection._clock.advance(2 * PDU_WITHIN)
    for _nth in range(10):
        connection.answered(7, SubmitSmResp("1"))
    connection._clock.advance(PDU_WITHIN * 0.6)
    before = connection._transport.closing
    connection._clock.advance(PDU_WITHIN * 0.6)
    return before, connection._transport.closing


def test_when_we_read_again_it_has_its_time_anew():
    assert asyncio.run(late_after_all()) == (False, True)
