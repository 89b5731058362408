"""The request log: one line for each request that was proved, written after its answer.

Lines of one second are written together by whichever request ends then; where none does, by a timer
of one second. So a line costs a request hardly anything, and a process that dies loses the lines
of its last second. Nothing else depends on them.
"""

import json
import logging
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts import shared_time
from accounts.masking import masked
from accounts.models import ApiKey
from accounts.statements import run_together
from sending.api.tencent.call import ApiCall, Caller
from sending.dialects.tencent.fields import ApiField, JsonKind, ShownAs
from sending.models import ApiRequest
from sending.models.bulk import insertion

log = logging.getLogger(__name__)

_MOST_KEPT = 2_000
_SHOWN_ITEMS = 5
_SHOWN_CHARS = 60
_KEY_USED_EVERY = timedelta(minutes=1)
_COLUMNS = (
    *("organization_id", "application_id", "api_key_id", "request_id", "action", "code"),
    *("items", "refused", "is_dry_run", "address", "client", "summary", "milliseconds", "at"),
)


@dataclass(frozen=True, slots=True)
class RequestLine:
    """What is to be written of one request."""

    caller: Caller
    call: ApiCall | None
    request_id: str
    action: str
    code: str
    address: str
    client: str
    milliseconds: int


class RequestLog:
    """The lines of this process that are not written yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: list[tuple[Any, ...]] = []
        self._used: dict[int, RequestLine] = {}
        self._written_at = 0.0
        self._timer: threading.Timer | None = None

    def write(self, line: RequestLine) -> None:
        """Note a line, and write all that are noted if the last time is a second ago."""
        row, seconds = _row(line), settings.API_REQUEST_LOG_SECONDS
        with self._lock:
            if len(self._lines) < _MOST_KEPT:
                self._lines.append(row)
            self._used[line.caller.api_key_id] = line
            is_due = time.monotonic() - self._written_at >= seconds
            if not is_due and self._timer is None:
                self._timer = threading.Timer(seconds, self._write_in_thread)
                self._timer.daemon = True
                self._timer.start()
        if is_due:
            self.flush()

    def flush(self) -> None:
        """Write all lines that are noted, in this thread."""
        with self._lock:
            lines, used = self._lines, self._used
            self._lines, self._used, self._written_at = [], {}, time.monotonic()
        if lines:
            with transaction.atomic(savepoint=False):
                run_together([insertion(ApiRequest, {}, _COLUMNS, lines)])
        now = shared_time.now()
        for key_id, line in used.items():
            # Any organization: the key is the one that signed.
            key = ApiKey.objects.filter(pk=key_id)
            unused = key.exclude(last_used_at__gt=now - _KEY_USED_EVERY)
            unused.update(last_used_at=now, last_used_address=line.address or None)

    def _write_in_thread(self) -> None:
        with self._lock:
            self._timer = None
        try:
            self.flush()
        except Exception:
            log.exception("lines of the request log are lost")
        finally:
            connection.close()


REQUEST_LOG = RequestLog()


def _row(line: RequestLine) -> tuple[Any, ...]:
    call = line.call
    return (
        line.caller.organization_id,
        line.caller.application_id,
        line.caller.api_key_id,
        line.request_id,
        _printable(line.action, 40),
        line.code or (call.first_refusal if call else ""),
        min(call.items, 32_767) if call else 0,
        min(call.refused, 32_767) if call else 0,
        call.is_dry_run if call else False,
        line.address or None,
        _printable(line.client, _SHOWN_CHARS),
        json.dumps(summary(call) if call else {}),
        line.milliseconds,
        str(connection.ops.adapt_datetimefield_value(shared_time.now())),
    )


def _printable(text: str, most: int) -> str:
    return "".join(one for one in text[:most] if one.isprintable())


def summary(call: ApiCall) -> dict[str, Any]:
    """Return what was asked without what people wrote: ids, lengths, masked numbers."""
    return _shown(call.action.parameters, call.values)


def _shown(fields: tuple[ApiField, ...], values: Any) -> dict[str, Any]:
    return {
        field.name: _shown_value(field, values[field.name])
        for field in fields
        if field.name in values
    }


def _shown_value(field: ApiField, value: Any) -> Any:
    if isinstance(value, list):
        shown = [_shown_value(field, one) for one in value[:_SHOWN_ITEMS]]
        more = len(value) - _SHOWN_ITEMS
        return [*shown, f"… {more} more"] if more > 0 else shown
    if field.kind is JsonKind.OBJECT:
        return _shown(field.fields, value)
    is_number = not any(map(str.isalpha, value)) if isinstance(value, str) else False
    if field.shown is ShownAs.MASKED and is_number:
        return masked(value)[:_SHOWN_CHARS]
    if field.shown is not ShownAs.PLAIN and isinstance(value, str):
        return f"{len(value)} character{'' if len(value) == 1 else 's'}"
    return value[:_SHOWN_CHARS] if isinstance(value, str) else value
