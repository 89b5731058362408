"""The declarations of the API as tables that people read."""

from collections.abc import Sequence
from dataclasses import dataclass

from sending.dialects.tencent.actions import ACTIONS, Action
from sending.dialects.tencent.declaring import COMMON_CODES
from sending.dialects.tencent.error_codes import ERROR_CODES, ErrorCode
from sending.dialects.tencent.field_rows import FieldRow, field_rows
from sending.dialects.tencent.legacy_numbers import LEGACY_NUMBERS


@dataclass(frozen=True, slots=True)
class ActionTables:
    """One action; `codes` are its own, beside those of every action."""

    action: Action
    parameters: Sequence[FieldRow]
    answer: Sequence[FieldRow]
    codes: Sequence[ErrorCode]


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code; `actions` are those that may answer it, empty for every action."""

    code: ErrorCode
    legacy: int | None
    actions: Sequence[str]

    @property
    def words(self) -> str:
        """Return all that a search may find."""
        code = self.code
        return f"{code.code} {self.legacy or ''} {code.cause} {code.fix}".casefold()


def action_tables() -> list[ActionTables]:
    """Return every action in the order of its declaration."""
    return [
        ActionTables(
            action=action,
            parameters=list(field_rows(action.parameters)),
            answer=list(field_rows(action.answer)),
            codes=[ERROR_CODES[code] for code in action.codes if code in ERROR_CODES],
        )
        for action in ACTIONS.values()
    ]


def common_codes() -> list[ErrorCode]:
    """Return the codes that any action may answer."""
    return [ERROR_CODES[code] for code in COMMON_CODES if code in ERROR_CODES]


def code_rows(looked_for: str = "") -> list[CodeRow]:
    """Return every code in whose words all words that are looked for stand."""
    answered: dict[str, list[str]] = {}
    for action in ACTIONS.values():
        for code in action.codes:
            answered.setdefault(code, []).append(action.name)
    rows = [
        CodeRow(
            code,
            LEGACY_NUMBERS.get(code.code),
            [] if code.code in COMMON_CODES else answered.get(code.code, []),
        )
        for code in ERROR_CODES.values()
    ]
    wanted = looked_for.casefold().split()
    return [row for row in rows if all(word in row.words for word in wanted)]


def meaning_of(code: str) -> ErrorCode | None:
    """Return what a code means; None for one that is answered no longer."""
    return ERROR_CODES.get(code)
