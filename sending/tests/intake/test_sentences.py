"""Every code of the check has a sentence for people, whatever its params."""

import pytest

from sending.intake import sentences
from sending.intake.child.program import CHECK_FAILED
from sending.intake.job_builder import UPLOAD_GONE
from sending.sms import msisdn
from sending.spreadsheets.problems import FileCode, NoteCode, RowCode
from templates_app.lint.findings import VALUE_RULES


def _codes(cls: type) -> list[str]:
    return [value for name, value in vars(cls).items() if name.isupper()]


@pytest.mark.parametrize("code", [*_codes(FileCode), CHECK_FAILED, UPLOAD_GONE])
def test_every_reason_to_refuse_a_file_has_a_sentence_and_a_way_out(code: str) -> None:
    assert code in sentences.FILES
    said = sentences.file_sentence(code, {})
    assert said.what.endswith(".")
    assert said.to_do


@pytest.mark.parametrize("code", [*_codes(RowCode), *msisdn.CODES, *VALUE_RULES])
def test_every_reason_to_refuse_a_row_has_a_label_and_a_sentence(code: str) -> None:
    assert sentences.problem_label(code) != code
    assert sentences.row_sentence(code, {}).what.endswith(".")


@pytest.mark.parametrize("code", _codes(NoteCode))
def test_every_note_has_a_sentence(code: str) -> None:
    assert sentences.note_sentence(code, {}) != code


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 hidden row was"), (12_000, "12,000 hidden rows were")]
)
def test_notes_speak_of_one_and_of_many(count: int, said: str) -> None:
    assert sentences.note_sentence("ROWS_HIDDEN", {"count": count}).startswith(said)


def test_params_are_shown_as_people_read_them() -> None:
    said = sentences.file_sentence("FILE_TOO_LARGE", {"size": 32505856, "size_limit": 31457280})
    assert "31.0" in said.what
    assert "30.0" in said.what
    said = sentences.file_sentence("TOO_MANY_ROWS", {"limit": 1_000_000})
    assert "1,000,000" in said.what
    said = sentences.file_sentence("NO_NUMBER_COLUMN", {"headings": ["Name", "Age"]})
    assert "Name, Age" in said.what


def test_a_suggested_spelling_comes_first() -> None:
    said = sentences.row_sentence("MSISDN_INVALID", {}, "852 5123 O147", "85251230147")
    assert "85251230147" in said.to_do
