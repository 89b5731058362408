"""The tables of docs/api.md, made from the declarations."""

from collections.abc import Iterator

from sending.dialects.tencent.actions import ACTIONS, Action
from sending.dialects.tencent.declaring import COMMON_CODES
from sending.dialects.tencent.error_codes import ERROR_CODES
from sending.dialects.tencent.fields import INTEGER_MAX, ApiField, JsonKind

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
        yield from _parameters(action.parameters)
        yield from ("", "| answer | type | meaning |", "|---|---|---|")
        yield from _answers(action.answer)
        own = [f"`{code}`" for code in action.codes if code not in COMMON_CODES]
        yield from ("", f"Codes beside the common ones: {', '.join(own) or 'none'}.")


def _options(action: Action) -> str:
    headers = ["`Idempotency-Key`"] if action.is_repeatable else []
    headers += ["`X-Dry-Run`"] if action.has_dry_run else []
    return f" Takes {' and '.join(headers)}." if headers else ""


def _parameters(fields: tuple[ApiField, ...], path: str = "") -> Iterator[str]:
    for field in fields:
        needed = "yes" if field.is_required else ""
        cells = (f"`{path}{field.name}`", _type(field), needed, _bounds(field), str(field.doc))
        yield _row(cells)
        if field.kind is JsonKind.OBJECT:
            yield from _parameters(field.fields, f"{path}{field.name}[].")


def _answers(fields: tuple[ApiField, ...], path: str = "") -> Iterator[str]:
    for field in fields:
        yield _row((f"`{path}{field.name}`", _type(field), str(field.doc)))
        if field.kind is JsonKind.OBJECT:
            mark = "[]." if field.is_list else "."
            yield from _answers(field.fields, f"{path}{field.name}{mark}")


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _type(field: ApiField) -> str:
    kind = f"list of {field.kind}s" if field.is_list else str(field.kind)
    return f"{kind} or null" if field.is_null else kind


def _bounds(field: ApiField) -> str:
    bounds = [f"at most {field.most_items} items"] if field.most_items else []
    if field.kind is JsonKind.STRING:
        most = f"{field.most_bytes} bytes" if field.most_bytes else f"{field.most:,} characters"
        bounds.append(f"at most {most}")
    elif field.choices:
        bounds.append(", ".join(map(str, field.choices)))
    elif field.kind is JsonKind.INTEGER and (field.least or field.most < INTEGER_MAX):
        bounds.append(f"{field.least} to {field.most}")
    return ", ".join(bounds)


def _codes() -> Iterator[str]:
    yield from ("", "## Codes", "")
    yield "“Again” says that the same request may succeed later, unchanged."
    yield from ("", "| code | cause | what to do | again |", "|---|---|---|---|")
    for line in ERROR_CODES.values():
        again = "yes" if line.is_retryable else ""
        yield _row((f"`{line.code}`", str(line.cause), str(line.fix), again))
