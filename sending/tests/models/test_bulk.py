"""Rows inserted without model instances are the rows that instances would have made."""

from datetime import UTC, datetime

import pytest

from sending.models import Submission
from sending.models.bulk import insert_rows

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
