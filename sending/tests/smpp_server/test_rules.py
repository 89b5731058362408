"""Times, statuses, receipts and rates: rules that need no server."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.acceptance.request import RefusalCode
from sending.lifecycle import OVER_STATES, MessageState
from sending.models import SmppPart, SmppReceipt
from sending.smpp.codec import decode, encode
from sending.smpp.pdu import SubmitSm
from sending.smpp_server.rate import RateBucket
from sending.smpp_server.reading import read, text_of
from sending.smpp_server.receipt_text import deliver_sm, error_number, message_state, shown_of
from sending.smpp_server.replies import reply_deliver_sm
from sending.smpp_server.statuses import PduRefused, shown, status_of
from sending.smpp_server.times import BadTime, absolute, moment
from sending.sms import data_coding
from sending.tests.smpp.wire import ManualClock

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
# Hypothesis wants them without a zone.
BOUNDS = (datetime(2020, 1, 1), datetime(2079, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", None),
        ("261130040000000+", NOW + timedelta(hours=1)),
        ("261130120000032+", NOW + timedelta(hours=1)),
        ("261129200000032-", NOW + timedelta(hours=1)),
        ("261130040000500+", NOW + timedelta(hours=1, milliseconds=500)),
        ("000000010000000R", NOW + timedelta(hours=1)),
        ("000001020304000R", NOW + timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("010100000000000R", NOW + timedelta(days=395)),
    ],
)
def test_times(written, meant):
    assert moment(written, NOW) == meant


@pytest.mark.parametrize(
    "written",
    [
        "261130040000",
        "261330040000000+",
        "261130040000049+",
        "261130040000000x",
        "x" * 16,
        "0" * 17,
    ],
)
def test_no_times(written):
    with pytest.raises(BadTime):
        moment(written, NOW)


@given(st.datetimes(*BOUNDS))
def test_a_moment_written_is_read_again(at):
    at = at.replace(tzinfo=UTC, microsecond=at.microsecond // 100_000 * 100_000)
    assert moment(absolute(at), NOW) == at


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"schedule_delivery_time": "000036000000000R"}, 0x61),
        ({"validity_period": "261130020000000+"}, 0x62),
        ({"destination_addr": "1" * 21}, 0x0B),
    ],
)
def test_times_and_addresses_out_of_bounds(fields, status):
    body = SubmitSm(**{"source_addr": "", "destination_addr": "1", "short_message": b"x"} | fields)
    with pytest.raises(PduRefused) as caught:
        read(body, default_coding=0, now=NOW)
    assert caught.value.refusal.status == status


def test_broken_tlvs():
    body = SubmitSm(source_addr="", destination_addr="1", short_message=b"x")
    with pytest.raises(PduRefused) as caught:
        read(body, default_coding=0, now=NOW, broken_tlvs=True)
    assert caught.value.refusal.status == 0xC0


def test_a_past_schedule_is_now_and_a_long_validity_is_the_longest():
    body = SubmitSm(
        source_addr="",
        destination_addr="1",
        short_message=b"x",
        schedule_delivery_time="261130020000000+",
        validity_period="000010000000000R",
    )
    submission = read(body, default_coding=0, now=NOW)
    assert submission.due_at is None
    assert submission.valid_until == NOW + timedelta(hours=72)


@pytest.mark.parametrize(
    ("destination", "number"),
    [
        ("85261234567", "+85261234567"),
        ("+85261234567", "+85261234567"),
        ("0085261234567", "+85261234567"),
    ],
)
def test_destinations(destination, number):
    body = SubmitSm(source_addr="", destination_addr=destination, short_message=b"x")
    assert read(body, default_coding=0, now=NOW).number == number


@given(st.text(min_size=1, max_size=40), st.integers(1, 39))
def test_a_text_cut_anywhere_is_read_whole(text, at):
    text = text.encode("utf-16-be", "replace").decode("utf-16-be").removeprefix("\ufeff")
    octets = text.encode("utf-16-be")
    pieces = [(8, octets[: 2 * at]), (8, octets[2 * at :])]
    assert text_of(pieces) == data_coding.decode(octets, 8)


@pytest.mark.parametrize("code", list(RefusalCode))
def test_each_refusal_has_a_status(code):
    status = status_of(code)
    assert status in {0x01, 0x0A, 0x0B, *range(0x401, 0x407)}
    assert shown(status, plain=True) < 0x100


@pytest.mark.parametrize("state", sorted(OVER_STATES))
def test_each_end_has_a_receipt_that_fits(state):
    part = SmppPart(
        pk=2**62,
        source_addr="S" * 20,
        destination_addr="8" * 20,
        user_message_reference=0xFFFF,
        shown=shown_of("t" * 99),
        at=NOW,
    )
    pdu = deliver_sm(part, SmppReceipt(state=state, code="X", at=NOW), UTC)
    assert decode(encode(pdu, 1)).body == pdu
    assert pdu.tlvs[0x0427][0] == message_state(state)


def test_numbers_of_errors_have_three_digits():
    failed = MessageState.UNDELIVERABLE.value
    assert error_number(failed, "27") == 27
    assert error_number(failed, "1234") == 999
    assert error_number(MessageState.DELIVERED.value, "5") == 0


@given(st.text(max_size=200))
def test_what_a_receipt_repeats_is_ascii(text):
    repeated = shown_of(text)
    assert repeated.isascii()
    assert len(repeated) <= 20
    assert "\n" not in repeated


@pytest.mark.parametrize("text", ["Yes", "好" * 400, "a" * 255, "x€" * 10])
def test_replies_are_whole(text):
    pdu = reply_deliver_sm("+85261234567", "Harbourline", text)
    octets = pdu.short_message or pdu.tlvs[0x0424]
    assert data_coding.decode(octets, pdu.data_coding) == text
    assert decode(encode(pdu, 1)).body.source_addr == "85261234567"


def test_a_bucket_holds_what_a_second_brings():
    clock = ManualClock()
    bucket = RateBucket(3, clock)
    assert [bucket.take() for _nth in range(4)] == [True, True, True, False]
    clock.advance(0.5)
    assert [bucket.take() for _nth in range(2)] == [True, False]
    clock.advance(60)
    assert [bucket.take() for _nth in range(4)] == [True, True, True, False]
    clock.advance(1)
    bucket.set_rate(1)
    assert [bucket.take() for _nth in range(2)] == [True, False]
