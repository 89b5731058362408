"""Delivery receipts as different SMSCs write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms import receipt
from sending.sms.receipt import Receipt, ReceiptError, ReceiptState, parse

APPENDIX_B = (
    "id:0123456789 sub:001 dlvrd:001 submit date:2611201700 done date:2611201701 "
    "stat:DELIVRD err:000 text:Your code is 1234 id"
)
HALF_PAST = datetime(2026, 11, 20, 17, 1, 30, tzinfo=UTC)


def test_the_receipt_of_appendix_b():
    done_at = datetime(2026, 11, 20, 17, 1, tzinfo=UTC)
    assert parse(APPENDIX_B) == Receipt("0123456789", "DELIVERED", "", done_at)
    assert parse(APPENDIX_B.encode()) == parse(APPENDIX_B)


@pytest.mark.parametrize(
    ("stat", "state"),
    [
        ("DELIVRD", "DELIVERED"),
        ("EXPIRED", "EXPIRED"),
        ("DELETED", "DELETED"),
        ("UNDELIV", "UNDELIVERABLE"),
        ("ACCEPTD", "ACCEPTED"),
        ("UNKNOWN", "UNKNOWN"),
        ("REJECTD", "REJECTED"),
        ("ENROUTE", "ENROUTE"),
        ("Delivered", "DELIVERED"),
        ("UNDELIVERABLE", "UNDELIVERABLE"),
        ("REJECTED", "REJECTED"),
        ("FAILED", "UNDELIVERABLE"),
        ("BUFFRED", "ENROUTE"),
        ("BUFFERD", "ENROUTE"),
        ("EN_ROUTE", "ENROUTE"),
        ("QUEUED", "ENROUTE"),
        ("SENT", "ENROUTE"),
        ("EXPIRD", "EXPIRED"),
        ("DELIVERD", "DELIVERED"),
        ("<DELIVRD>", "DELIVERED"),
        ("DELIVRD-", "DELIVERED"),
        ("DELIVERED_TO_HANDSET", "DELIVERED"),
        ("DeliveredToNetwork", "ENROUTE"),
        ("DELIVERED_TO_NETWORK", "ENROUTE"),
        ("DELIVERED_NOT", "UNKNOWN"),
        ("NOT_DELIVERED", "UNDELIVERABLE"),
        ("UNDLVRD", "UNDELIVERABLE"),
        ("FAILURE", "UNDELIVERABLE"),
        ("REJD", "REJECTED"),
        ("ACCEPT", "ACCEPTED"),
        ("ACKED", "ACCEPTED"),
        ("DELETD", "DELETED"),
        ("CANCELLED", "DELETED"),
    ],
)
def test_words_for_states(stat, state):
    assert parse(f"id:1 stat:{stat} err:000").message_state == state


def test_a_state_nobody_knows_is_never_called_delivered():
    assert parse("id:1 stat:ELIVRD") == Receipt("1", "UNKNOWN", "ELIVRD", None)
    assert parse("id:1 stat:NO_ROUTE") == Receipt("1", "UNKNOWN", "NO_ROUTE", None)
    assert parse("id:1 stat:BLOCKED err:34") == Receipt("1", "UNKNOWN", "34", None)
    assert parse("id:1 stat:EXPIRED", message_state=77) == Receipt("1", "EXPIRED", "", None)
    assert parse("id:1 text:", message_state=77) == Receipt("1", "UNKNOWN", "77", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Other case, other order, no text, full dates, hexadecimal errors, other separators.
        (
            "ID:a-b_c STAT:UNDELIV ERR:0x22 DONE_DATE:20261120170130",
            Receipt(
                "a-b_c", "UNDELIVERABLE", "0x22", datetime(2026, 11, 20, 17, 1, 30, tzinfo=UTC)
            ),
        ),
        (
            "stat:DELIVRD, id:7, donedate:261120170130",
            Receipt("7", "DELIVERED", "", HALF_PAST),
        ),
        ("id: 7 sub:001 stat: EXPIRED err: 27 text:", Receipt("7", "EXPIRED", "27", None)),
        ("id:7\nstat:DELIVRD\nerr:0\n", Receipt("7", "DELIVERED", "", None)),
        ("id:7 stat:DELIVRD done date:2613991700", Receipt("7", "DELIVERED", "", None)),
        # What the message itself says is no receipt.
        ("id:7 stat:UNDELIV text:id:9 stat:DELIVRD", Receipt("7", "UNDELIVERABLE", "", None)),
        ("id:7 status:DELIVRD error:0", Receipt("7", "DELIVERED", "", None)),
        ("MessageId: 7 State: EXPIRED Err code: 5A7", Receipt("7", "EXPIRED", "5A7", None)),
        ("msg_id=7&stat=UNDELIV&errcode=12", Receipt("7", "UNDELIVERABLE", "12", None)),
        ('{"id":"7","stat":"DELIVRD","err":"000"}', Receipt("7", "DELIVERED", "", None)),
        ("id:7 stat:DELIVRDerr:000", Receipt("7", "DELIVERED", "", None)),
        # A text without a key, which repeats one of the receipt's.
        ("id:7 err: 482913 err:000 stat:DELIVRD", Receipt("7", "DELIVERED", "", None)),
        ("id:7 stat:UNDELIV err:001\0", Receipt("7", "UNDELIVERABLE", "001", None)),
    ],
)
def test_variants_of_vendors(text, expected):
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("180711070000012+", datetime(2018, 7, 11, 4, 0, tzinfo=UTC)),
        ("180711070000012-", datetime(2018, 7, 11, 10, 0, tzinfo=UTC)),
        ("202611201701", datetime(2026, 11, 20, 17, 1, tzinfo=UTC)),
        ("2026-11-20 17:01:30", HALF_PAST),
        ("2026-11-20T18:01:30+01:00", HALF_PAST),
        ("2026-11-20T17:01:30Z", HALF_PAST),
        ("2026-11-20T17:01:30.123Z", HALF_PAST.replace(microsecond=123000)),
        ("2026-11-20 18:01:30 +0100", HALF_PAST),
        ("2026-11-20 17:01:30 UTC", HALF_PAST),
        ("000000000000000R", None),
        ("999999999999948+", None),
    ],
)
def test_dates_in_every_form(written, expected):
    assert parse(f"id:7 done date:{written} stat:DELIVRD").done_at == expected


def test_dates_are_of_the_zone_of_the_smsc():
    zone = timezone(timedelta(hours=8))
    assert parse(APPENDIX_B, zone=zone).done_at == datetime(2026, 11, 20, 9, 1, tzinfo=UTC)


def test_tlvs_count_more_than_the_text():
    assert parse(
        "id:255 stat:DELIVRD err:000",
        receipted_message_id="FF\0",
        message_state=ReceiptState.UNDELIVERABLE,
        network_error_code=b"\x03\x00\x1b",
    ) == Receipt("FF", "UNDELIVERABLE", "027", None)


def test_tlvs_alone_are_a_receipt():
    assert parse(b"", receipted_message_id="FF", message_state=2) == Receipt(
        "FF", "DELIVERED", "", None
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", receipt.RECEIPT_WITHOUT_ID),
        ("STOP", receipt.RECEIPT_WITHOUT_ID),
        ("id: stat:DELIVRD", receipt.RECEIPT_WITHOUT_ID),
        (f"id:{'9' * 66} stat:DELIVRD", receipt.RECEIPT_WITHOUT_ID),
        ("stat:DELIVRD", receipt.RECEIPT_WITHOUT_ID),
        ("id:7", receipt.RECEIPT_WITHOUT_STATE),
        ("id:7 stat: text:stat:DELIVRD", receipt.RECEIPT_WITHOUT_STATE),
    ],
)
def test_what_is_no_receipt_is_refused(text, code):
    with pytest.raises(ReceiptError) as refused:
        parse(text)
    assert refused.value.code == code


def answer_to(text, **tlvs):
    try:
        return parse(text, **tlvs)
    except ReceiptError as error:
        return error


@given(
    st.one_of(
        st.text(),
        st.binary(),
        st.lists(
            st.sampled_from(
                ["id:", "stat:", "err:", "done date:", "text:", " ", "7", "DELIVRD", "9912312359"]
            )
        ).map("".join),
    ),
    st.one_of(st.none(), st.text(max_size=70)),
    st.one_of(st.none(), st.integers(0, 255)),
    st.one_of(st.none(), st.binary(max_size=4)),
)
def test_nothing_a_network_sends_breaks_it(text, message_id, state, error):
    answer = answer_to(
        text, receipted_message_id=message_id, message_state=state, network_error_code=error
    )
    if isinstance(answer, ReceiptError):
        assert answer.code in receipt.CODES
    else:
        assert answer.gateway_message_id
        assert answer.message_state in ReceiptState.__members__


@pytest.mark.parametrize("identifier", ["7", "a-b.c", "0x1F", "b8d(7)"])
@pytest.mark.parametrize("stat", ["DELIVRD", "UNDELIV", "Nonsense"])
@pytest.mark.parametrize("end", ["", " text:", " text:stat:EXPIRED id:8"])
def test_the_usual_layout_says_the_same_as_any_other(identifier, stat, end):
    usual = (
        f"id:{identifier} sub:001 dlvrd:001 submit date:2611201700 done date:2611201701 "
        f"stat:{stat} err:0a1{end}"
    )
    assert parse(usual) == parse(usual.replace(" sub:", "  sub:", 1))
