"""The tables are complete: every refusal has a code, every code is declared, documents are new."""

from pathlib import Path

import pytest
from django.core.management import call_command

from accounts import queries
from sending.acceptance.refusals import sentence
from sending.acceptance.request import RefusalCode
from sending.api.tencent.handlers import HANDLERS
from sending.dialects.tencent import openapi
from sending.dialects.tencent.actions import ACTIONS, ELSEWHERE
from sending.dialects.tencent.declaring import COMMON_CODES
from sending.dialects.tencent.error_codes import ERROR_CODES
from sending.dialects.tencent.fields import TencentError, read
from sending.dialects.tencent.refusals import (
    ANY_OTHER_FINDING,
    CODE_OF_FINDING,
    CODE_OF_REFUSAL,
    CODE_OF_STOP,
)
from sending.management.commands import write_api_docs
from sending.sms import msisdn, originator
from sending.spreadsheets.problems import FileCode, RowCode
from templates_app.lint.findings import RULES, VALUE_RULES

OF_ROWS = {
    RowCode.VARIABLE_MISSING,
    RowCode.MESSAGE_TOO_LONG,
    RowCode.NO_PRICE,
    RowCode.NO_ROUTE,
    RowCode.SUPPRESSED,
    RowCode.COUNTRY_NOT_ALLOWED,
    FileCode.COUNTRY_CODE_UNCLEAR,
}


def test_every_refusal_of_acceptance_has_a_code() -> None:
    known = {*RefusalCode, *msisdn.CODES, *originator.CODES, *VALUE_RULES, *OF_ROWS}
    assert set(CODE_OF_REFUSAL) == {str(code) for code in known}
    assert set(CODE_OF_REFUSAL.values()) <= set(ERROR_CODES)


@pytest.mark.parametrize("code", sorted({*CODE_OF_REFUSAL} - {"ORIGINATOR_MISSING"}))
def test_acceptance_knows_each_of_them(code: str) -> None:
    class Any(dict):
        def __missing__(self, key):
            return "1"

    assert sentence(code, Any())


def test_every_stop_has_a_code() -> None:
    written = Path(queries.__file__).read_text()
    for code in set(CODE_OF_STOP) - {"LIMITS_CONTENDED"}:
        assert f'"{code}"' in written
    assert set(CODE_OF_STOP.values()) <= set(ERROR_CODES)


def test_every_rule_of_wordings_has_a_code() -> None:
    assert set(CODE_OF_FINDING) <= set(RULES)
    assert {ANY_OTHER_FINDING, *CODE_OF_FINDING.values()} <= set(ERROR_CODES)


def test_every_action_is_done_by_something() -> None:
    assert set(HANDLERS) == set(ACTIONS)
    assert not ELSEWHERE & set(ACTIONS)


def test_every_code_is_declared_and_used() -> None:
    used = {*COMMON_CODES, *(code for action in ACTIONS.values() for code in action.codes)}
    assert used == set(ERROR_CODES)


@pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda action: action.name)
def test_the_example_of_an_action_is_right(action) -> None:
    read(action.parameters, openapi.example(action))


@pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda action: action.name)
def test_no_action_takes_what_it_does_not_name(action) -> None:
    with pytest.raises(TencentError, match="Nobody"):
        read(action.parameters, openapi.example(action) | {"Nobody": 1})


def test_slugs_are_addresses_of_one_code_each() -> None:
    assert len({line.slug for line in ERROR_CODES.values()}) == len(ERROR_CODES)


def test_the_written_documents_are_current() -> None:
    """Run `./console manage write_api_docs` where this fails."""
    docs = write_api_docs.DOCS
    page = (docs / "api.md").read_text(encoding="utf-8")
    assert (docs / "openapi.json").read_text(encoding="utf-8") == write_api_docs.openapi_text()
    assert page == write_api_docs.page_text(page)


def test_the_command_writes_both(tmp_path, monkeypatch) -> None:
    (tmp_path / "api.md").write_text("Words of ours.\n")
    monkeypatch.setattr(write_api_docs, "DOCS", tmp_path)
    call_command("write_api_docs")
    assert (tmp_path / "api.md").read_text().startswith("Words of ours.\n<!-- From here on")
    assert "### SendSms" in (tmp_path / "api.md").read_text()
    assert (tmp_path / "openapi.json").read_text() == write_api_docs.openapi_text()
