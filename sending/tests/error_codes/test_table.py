"""The table of codes: every code a message can get has a sentence that says what to do."""

import pytest

from sending.error_codes.command_statuses import COMMAND_STATUS_SENTENCES
from sending.error_codes.network_codes import NETWORK_CODE_SENTENCES
from sending.error_codes.reasons import Reason
from sending.error_codes.table import Source, explain, table
from sending.lifecycle import MessageState
from sending.smpp.command_status import STATUSES
from sending.sms import originator, receipt

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


@pytest.mark.parametrize("code", [*Reason, *originator.CODES, *receipt.CODES, *OF_CONNECTIONS])
def test_our_own_codes_are_our_own_words(code):
    meaning = explain(str(code))
    assert meaning.source is Source.US
    assert str(meaning.what).endswith(".")
    assert str(meaning.to_do).endswith(".")


def test_every_command_status_is_in_the_table_once():
    codes = [meaning.code for meaning in table()]
    assert len(codes) == len(set(codes))
    assert {status.name for status in STATUSES.values() if status.value} <= set(codes)


def test_every_command_status_has_words_of_its_own():
    refusals = {status.name for status in STATUSES.values() if status.value}
    assert COMMAND_STATUS_SENTENCES.keys() == refusals | {"GENERIC_NACK"}
    for name in COMMAND_STATUS_SENTENCES:
        meaning = explain(name)
        assert meaning.source is Source.GATEWAY
        assert str(meaning.what).endswith(".")
        assert str(meaning.to_do).endswith(".")


@pytest.mark.parametrize("code", NETWORK_CODE_SENTENCES)
def test_a_network_error_is_explained_however_many_zeros_it_has(code):
    for written in (code, code.lstrip("0"), f"0{code}"):
        meaning = explain(written)
        assert (meaning.code, meaning.source) == (written, Source.NETWORK)
        assert (meaning.what, meaning.temporary) == (explain(code).what, explain(code).temporary)
        assert meaning.state is MessageState.UNDELIVERABLE
        assert "only its operator" not in str(meaning.what)


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
