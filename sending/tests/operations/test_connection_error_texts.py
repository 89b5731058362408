"""Every way in which a connection fails has a sentence, and keeps its code."""

import pytest

from sending.gateways import connection_errors, tls
from sending.gateways.base import BindRefused, Unreachable
from sending.operations.connection_error_texts import connection_error_text
from sending.operations.forms.tls import TLS_ERROR_TEXTS
from sending.smpp.command_status import STATUSES


@pytest.mark.parametrize("code", connection_errors.CODES)
def test_every_code_has_a_sentence_of_its_own(code):
    shown = connection_error_text(str(Unreachable(code, "as TLS said")))
    assert shown.endswith("(as TLS said)")
    assert not shown.startswith(code)
    assert code in connection_error_text(str(Unreachable(code)))


@pytest.mark.parametrize("status", STATUSES.values(), ids=lambda status: status.name)
def test_every_refusal_of_a_bind_names_its_status(status):
    shown = connection_error_text(str(BindRefused(status.name)))
    assert status.name in shown
    assert "bind" in shown or "carrier" in shown


def test_words_of_older_releases_are_shown_as_they_are():
    assert connection_error_text("no connection in time") == "no connection in time"
    assert connection_error_text("") == ""


@pytest.mark.parametrize("code", tls.CODES)
def test_every_fault_of_a_pem_text_has_a_sentence(code):
    assert str(TLS_ERROR_TEXTS[code]).endswith(".")
