"""The table of codes: every code a message can get has a sentence that says what to do."""

import pytest

from sending.delivery.errors import Source, explain, table
from sending.delivery.verdict import Reason
from sending.lifecycle import MessageState
from sending.smpp.command_status import STATUSES
from sending.sms import originator

# What gateways of ours say when nothing was answered (sending/smpp).
OF_CONNECTIONS = [
    "BEFORE_WRITE",
    "CLOSING",
    "CONNECTION_LOST",
    "NOT_BOUND",
    "NOT_CONNECTED",
    "PDU_INVALID",
    "RESPONSE_TIMEOUT",
    "RESPONSE_UNREADABLE",
]


@pytest.mark.parametrize("code", [*Reason, *originator.CODES, *OF_CONNECTIONS])
def test_our_own_codes_are_our_own_words(code):
    meaning = explain(str(code))
    assert meaning.source is Source.US
    assert str(meaning.what).endswith(".")
    assert str(meaning.to_do).endswith(".")


def test_every_command_status_is_in_the_table_once():
    codes = [meaning.code for meaning in table()]
    assert len(codes) == len(set(codes))
    assert {status.name for status in STATUSES.values() if status.value} <= set(codes)


def test_a_temporary_refusal_waits_and_a_permanent_one_ends():
    assert explain("ESME_RTHROTTLED").state is MessageState.QUEUED
    assert explain("ESME_RTHROTTLED").temporary
    assert explain("ESME_RINVDSTADR").state is MessageState.REJECTED
    assert not explain("ESME_RINVDSTADR").temporary


@pytest.mark.parametrize("code", ["VENDOR_0x00000410", "RESERVED_0x00000099", "77", "Ünknown"])
def test_a_code_nobody_knows_is_explained_as_far_as_it_goes(code):
    meaning = explain(code)
    assert meaning.code == code
    assert str(meaning.what)
