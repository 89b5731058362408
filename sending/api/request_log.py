"""The request log: one line for each request that was proved, written after its answer.

Lines of one second are written together by whichever request ends then; where none does, by a timer
of one second. So a line costs a request hardly anything, and a process that dies loses the lines
of its last second. Nothing else depends on them.
"""

import json
import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts import shared_time
from accounts.models import ApiKey
from accounts.statements import run_together
from sending.api.callers import Caller
from sending.models import ApiRequest
from sending.models.bulk import insertion

log = logging.getLogger(__name__)

_MOST_KEPT = 2_000
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
    request_id: str
    action: str
    # The error of the whole request, or the first refusal in it; empty when all went well.
    code: str
    address: str
    client: str
    milliseconds: int
    items: int = 0
    refused: int = 0
    is_dry_run: bool = False
    # What was asked, without what people wrote.
    summary: dict[str, Any] = field(default_factory=dict)


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
    return (
        line.caller.organization_id,
        line.caller.application_id,
        line.caller.api_key_id,
        line.request_id,
        _printable(line.action, 40),
        line.code,
        min(line.items, 32_767),
        min(line.refused, 32_767),
        line.is_dry_run,
        line.address or None,
        _printable(line.client, _SHOWN_CHARS),
        json.dumps(line.summary),
        line.milliseconds,
        str(connection.ops.adapt_datetimefield_value(shared_time.now())),
    )


def _printable(text: str, most: int) -> str:
    return "".join(one for one in text[:most] if one.isprintable())
