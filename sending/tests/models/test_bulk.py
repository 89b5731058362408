"""Rows inserted without model instances are the rows that instances would have made."""

from datetime import UTC, datetime

import pytest

from accounts.statements import run_together
from sending.models import ReceiptInbox, Submission
from sending.models.bulk import Seconds, insert_rows, insertion

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 19, 30, 0, 123456, tzinfo=UTC)
COLUMNS = (
    *("organization_id", "message_id", "gateway_id", "segment", "attempt"),
    *("gateway_message_id", "command_status", "submitted_at"),
)


def a_row(message_id, said="a-1"):
    return (1, message_id, 2, 1, 1, said, "ESME_ROK", AT)


def test_what_was_given_is_what_is_read():
    said = "quote ' \" back \\ brace { } 验证码"
    insert_rows(Submission, COLUMNS, [a_row(1 << 60, said)])
    row = Submission.objects.get()
    assert tuple(getattr(row, name) for name in COLUMNS) == a_row(1 << 60, said)


def test_a_row_that_is_there_stays_as_it_is():
    assert insert_rows(Submission, COLUMNS, [a_row(7, "first")]) == 1
    rows = [a_row(7, "second"), a_row(8, "third")]
    assert insert_rows(Submission, COLUMNS, rows, ignore_conflicts=True) == 1
    rows = Submission.objects.order_by("message_id")
    assert list(rows.values_list("gateway_message_id", flat=True)) == ["first", "third"]


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_rows(Submission, COLUMNS, [])


SHARED = {"gateway_id": 2}
NOT_SHARED = tuple(name for name in COLUMNS if name != "gateway_id")


def inserted(*rows):
    """Insert rows of one gateway; those that are there stay."""
    unlike = [row[:2] + row[3:] for row in rows]
    run_together([insertion(Submission, SHARED, NOT_SHARED, unlike, ignore_conflicts=True)])


def test_an_insertion_shares_what_rows_have_in_common():
    said = "quote ' \" back \\ brace { } NULL 验证码"
    inserted(a_row(1 << 60, said), a_row(7, "NULL"))
    rows = Submission.objects.order_by("message_id").values_list(*COLUMNS)
    assert list(rows) == [a_row(7, "NULL"), a_row(1 << 60, said)]


def test_an_insertion_leaves_what_is_there():
    inserted(a_row(7, "first"))
    inserted(a_row(7, "second"), a_row(8, "third"))
    rows = Submission.objects.order_by("message_id")
    assert list(rows.values_list("gateway_message_id", flat=True)) == ["first", "third"]


def test_an_insertion_takes_rows_without_a_moment():
    columns = ("gateway_message_id", "message_state", "said_by", "msisdn", "error", "raw")
    shared = {"gateway_id": 2, "received_at": AT, "next_try_at": AT, "tries": 0}
    alike = ("DELIVERED", "NETWORK", "", "", "")
    rows = [("a", *alike, AT), ("b", *alike, None)]
    run_together([insertion(ReceiptInbox, shared, (*columns, "done_at"), rows)])
    stored = ReceiptInbox.objects.order_by("gateway_message_id")
    assert list(stored.values_list("gateway_message_id", "done_at")) == [("a", AT), ("b", None)]


@pytest.mark.parametrize("microseconds", [0, 1, 123456, 999999])
def test_seconds_of_a_moment_are_its_timestamp(microseconds):
    moment = AT.replace(microsecond=microseconds)
    insert_rows(Submission, COLUMNS, [(*a_row(7)[:-1], moment)])
    assert list(Submission.objects.values_list(Seconds("submitted_at"), flat=True)) == [
        moment.timestamp()
    ]
