"""Log lines: JSON for programs or plain for people; numbers masked, never a text.

Every line carries what it belongs to: the ids that were bound (`context.py`), and those that its
own words name (`message %s` becomes `message_id`). What a line quotes is masked and cut, and of an
exception only the first line of its words is kept: databases quote whole rows below it.
"""

import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType

import structlog
from structlog.typing import EventDict, ExcInfo, WrappedLogger

from accounts.masking import mask_numbers

LONGEST_QUOTE = 200
"""Characters of anything that is quoted."""
# What Celery would quote of a task that failed; which it was, and where, is said all the same.
_OF_CELERY = frozenset({"args", "kwargs", "exc", "traceback", "return_value"})
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_PLACEHOLDER = re.compile(r"%%|%(?:[-#0 +]*\d*(?:\.\d+)?)([a-zA-Z])")
_NOUNS = "task|message|organization|gateway|batch|export|import|notice|receipt|endpoint|user|change"
_NOUN_BEFORE = re.compile(rf"\b({_NOUNS}) $")


def quoted(value: object) -> object:
    """Return what a line may say of a value: numbers stay, all else is text, masked and cut."""
    if value is None or isinstance(value, int | float):
        return value
    words = (str(value).strip().splitlines() or [""])[0][:LONGEST_QUOTE]
    return words if _UUID.match(words) else mask_numbers(words)


def named_ids(template: object, arguments: object) -> Iterator[tuple[str, int]]:
    """Yield ("message_id", 12) for `message %s` with 12; only whole numbers are ids."""
    if not isinstance(template, str) or not isinstance(arguments, tuple):
        return
    found = [match for match in _PLACEHOLDER.finditer(template) if match[0] != "%%"]
    for match, value in zip(found, arguments, strict=False):
        noun = _NOUN_BEFORE.search(template[: match.start()])
        if noun and isinstance(value, int):
            yield f"{noun[1]}_id", value


def exception_text(info: ExcInfo | tuple[None, None, None]) -> str:
    """Return where it happened, frame by frame, and the first line of what it says."""
    kind, error, trace = info
    if kind is None or error is None:
        return ""
    lines = [f"{one} (its cause)" for one in _causes(error)]
    lines += [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in _frames(trace)]
    return "\n".join([*lines, _said(error)])


def _frames(trace: TracebackType | None) -> list[traceback.FrameSummary]:
    return list(traceback.extract_tb(trace))


def _causes(error: BaseException) -> Iterator[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _causes(cause)
        last = _frames(cause.__traceback__)[-1:]
        where = f"{last[0].filename}:{last[0].lineno} " if last else ""
        yield f"{where}{_said(cause)}"


def _said(error: BaseException) -> str:
    said = quoted(error)
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


class LineFormatter(structlog.stdlib.ProcessorFormatter):
    """Formats every record of logging, ours and those of libraries, as a line."""

    def __init__(self, *, json: bool) -> None:
        """Write JSON, or what a person reads at a terminal."""
        ending = [_json_line] if json else [_plain_line]
        super().__init__(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            ],
        )

    def format(self, record: logging.LogRecord) -> str:
        """Mask what the record quotes before anything makes words of it; the record stays."""
        own = logging.makeLogRecord(record.__dict__)
        ids = dict(named_ids(record.msg, record.args))
        if isinstance(record.args, tuple):
            own.args = tuple(map(quoted, record.args))
        elif isinstance(record.args, Mapping):
            own.args = {
                name: "…" if name in _OF_CELERY else quoted(value)
                for name, value in record.args.items()
            }
        if not record.args:
            own.msg = quoted(record.msg)
        own.exc_text = exception_text(record.exc_info) if record.exc_info else None
        own.exc_info = own.stack_info = None
        with structlog.contextvars.bound_contextvars(
            **ids, **({"exception": own.exc_text} if own.exc_text else {})
        ):
            own.exc_text = None
            return super().format(own)


def _json_line(logger: WrappedLogger, name: str, event: EventDict) -> str:
    """Return one object a line, in this order; ASCII, so that no value can end the line."""
    first = {key: event.pop(key) for key in ("at", "level", "logger", "event") if key in event}
    return str(structlog.processors.JSONRenderer(sort_keys=False)(logger, name, {**first, **event}))


def _plain_line(_logger: WrappedLogger, _name: str, event: EventDict) -> str:
    """Return what stands in the terminal of one machine."""
    exception = event.pop("exception", "")
    head = [event.pop(key, "") for key in ("at", "level", "logger", "event")]
    ids = " ".join(f"{key}={value}" for key, value in event.items())
    line = f"{head[0][:23]} {head[1].upper()} {head[2]} {head[3]}" + (f" [{ids}]" if ids else "")
    return f"{line}\n{exception}" if exception else line
