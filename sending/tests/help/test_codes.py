"""The page of codes, and the table behind it."""

import pytest
from django.test import Client

from accounts.roles import Role
from accounts.tests.factories import log_in, make_member
from sending.error_codes.reasons import Reason
from sending.error_codes.table import Source, explain, table
from sending.lifecycle import MessageState
from sending.smpp.command_status import STATUSES, RetryAdvice


def test_every_code_of_ours_and_of_the_specification_is_explained() -> None:
    known = {meaning.code for meaning in table()}
    assert {str(reason) for reason in Reason} <= known
    assert {status.name for status in STATUSES.values() if status.value} <= known
    assert all(meaning.what and meaning.to_do for meaning in table())


@pytest.mark.parametrize("status", [s for s in STATUSES.values() if s.value], ids=lambda s: s.name)
def test_the_table_agrees_with_what_the_engine_tries_again(status: object) -> None:
    meaning = explain(status.name)
    assert meaning.temporary == (status.retry is not RetryAdvice.PERMANENT)
    expected = MessageState.QUEUED if meaning.temporary else MessageState.REJECTED
    assert meaning.state is expected


@pytest.mark.parametrize(
    ("code", "source", "what"),
    [
        ("027", Source.NETWORK, "Absent subscriber"),
        ("27", Source.NETWORK, "Absent subscriber"),
        ("VENDOR_0x00000410", Source.GATEWAY, "a code of its own"),
        ("GENERIC_NACK", Source.GATEWAY, "could not read"),
        ("088", Source.NETWORK, "Only the network"),
        ("NO_ANSWER", Source.US, "no answer came"),
    ],
)
def test_codes_are_told_apart(code: str, source: Source, what: str) -> None:
    meaning = explain(code)
    assert meaning.source is source
    assert what in str(meaning.what)


def test_members_can_read_it(client: Client, db: None) -> None:
    page = log_in(client, make_member(Role.VIEWER)).get("/help/codes/").content.decode()
    for piece in ("ESME_RTHROTTLED", "NO_RECEIPT", "027", "Temporary", "Permanent"):
        assert piece in page
