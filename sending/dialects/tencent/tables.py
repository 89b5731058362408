"""The tables of docs/api.md, made from the declarations."""

from collections.abc import Iterator

from sending.dialects.tencent.actions import ACTIONS, Action
from sending.dialects.tencent.declaring import COMMON_CODES
from sending.dialects.tencent.error_codes import ERROR_CODES
from sending.dialects.tencent.field_rows import FieldRow, field_rows

BEGIN = "<!-- From here on: ./console manage write_api_docs -->"


def markdown() -> str:
    """Return everything that follows BEGIN in the page."""
    return "\n".join([BEGIN, "", *_actions(), *_codes()]) + "\n"


def _actions() -> Iterator[str]:
    yield "## Actions"
    for action in ACTIONS.values():
        yield from ("", f"### {action.name}", "", str(action.doc), "")
        yield f"At most {action.per_second} times a second for each API key.{_options(action)}"
        yield from ("", "| parameter | type | needed | bounds | meaning |", "|---|---|---|---|---|")
        yield from map(_parameter, field_rows(action.parameters))
        yield from ("", "| answer | type | meaning |", "|---|---|---|")
        for row in field_rows(action.answer):
            yield _row((f"`{row.name}`", row.kind, str(row.doc)))
        own = [f"`{code}`" for code in action.codes if code not in COMMON_CODES]
        yield from ("", f"Codes beside the common ones: {', '.join(own) or 'none'}.")


def _options(action: Action) -> str:
    headers = ["`Idempotency-Key`"] if action.is_repeatable else []
    headers += ["`X-Dry-Run`"] if action.has_dry_run else []
    return f" Takes {' and '.join(headers)}." if headers else ""


def _parameter(row: FieldRow) -> str:
    needed = "yes" if row.is_required else ""
    return _row((f"`{row.name}`", row.kind, needed, row.bounds, str(row.doc)))


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _codes() -> Iterator[str]:
    yield from ("", "## Codes", "")
    yield "“Again” says that the same request may succeed later, unchanged."
    yield from ("", "| code | cause | what to do | again |", "|---|---|---|---|")
    for line in ERROR_CODES.values():
        again = "yes" if line.is_retryable else ""
        yield _row((f"`{line.code}`", str(line.cause), str(line.fix), again))
