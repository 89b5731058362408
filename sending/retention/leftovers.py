"""What belongs to no message any more: messages from handsets, logs, files."""

import email
import email.policy
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from accounts import shared_time
from accounts.models import Organization
from sending.delivery.receipts.inbox import NEVER
from sending.intake import row_storage
from sending.models import (
    ApiRequest,
    CallbackEvent,
    Draft,
    IdempotentRequest,
    InboundMessage,
    InboundSegment,
    NumberUse,
    ReceiptInbox,
    UnmatchedText,
    Upload,
)
from sending.retention import periods
from sending.sms.number_pattern import NumberPattern

_A_DAY = timedelta(days=1)
# A local day, and the change of a zone.
_LIMITS_ASK = timedelta(days=2)
# The log of callbacks; neither numbers nor texts are in it.
_CALLBACKS_DELIVERED = timedelta(days=7)
_CALLBACKS_OTHERS = timedelta(days=30)
_DATE = re.compile(rb"\d{4}-\d\d-\d\d")
_HEAD_BYTES = 4096


def delete_due() -> int:
    """Delete rows that nobody needs any more; return how many."""
    before = periods.inbound_before()
    waiting = ReceiptInbox.objects.filter(next_try_at__gte=NEVER, received_at__lt=before)
    return (
        _delete(Draft.objects.filter(saved_at__lt=periods.drafts_before()))
        + _delete(InboundSegment.objects.filter(received_at__lt=before))
        + _delete(waiting)
        + _delete(ApiRequest.objects.filter(at__lt=periods.api_requests_before()))
        + _delete(IdempotentRequest.objects.filter(created_at__lt=shared_time.now() - _A_DAY))
        + _forget_numbers_used()
        + _delete_replies()
        + _delete_unmatched()
        + _delete(_old_callbacks(shared_time.now()))
    )


def _forget_numbers_used() -> int:
    """Delete what frequency limits ask no more; rows that a program counts in just now stay."""
    old = NumberUse.objects.filter(last_at__lt=shared_time.now() - _LIMITS_ASK)
    if connection.features.has_select_for_update_skip_locked:
        old = old.select_for_update(skip_locked=True)
    size, deleted = row_storage.block_rows(scattered=True), 0
    while True:
        with transaction.atomic():
            ids = list(old.order_by("last_at").values_list("pk", flat=True)[:size])
            NumberUse.objects.filter(pk__among=ids).delete()
        deleted += len(ids)
        if len(ids) < size:
            return deleted
        row_storage.pause()


def _delete_replies() -> int:
    """Delete replies that their organization no longer keeps."""
    deleted = _delete(InboundMessage.objects.filter(received_at__lt=periods.inbound_before()))
    for organization in Organization.objects.exclude(keep_messages_days=None):
        replies = InboundMessage.objects.for_organization(organization)
        deleted += _delete(replies.filter(received_at__lt=periods.replies_before(organization)))
    return deleted


def _delete_unmatched() -> int:
    """Delete texts that matched nothing and did not come again: names may be in them."""
    gone = UnmatchedText.objects.filter(last_at__lt=periods.api_requests_before())
    deleted = _delete(gone)
    for organization in Organization.objects.exclude(keep_messages_days=None):
        own = UnmatchedText.objects.for_organization(organization)
        deleted += _delete(own.filter(last_at__lt=periods.messages_before(organization)))
    return deleted


def _old_callbacks(now: datetime) -> QuerySet[CallbackEvent]:
    """Return callbacks whose time is over: a week after they were delivered, or a month after they
    were given up or, where nobody is called back, happened.
    """
    week, month = now - _CALLBACKS_DELIVERED, now - _CALLBACKS_OTHERS
    # The first condition follows from the others, and has an index.
    ended = CallbackEvent.objects.filter(at__lt=week, due_at=None)
    never = Q(at__lt=month, delivered_at=None, dead_at=None)
    return ended.filter(Q(delivered_at__lt=week) | Q(dead_at__lt=month) | never)


def _delete(rows: QuerySet[Any]) -> int:
    size, deleted = row_storage.block_rows(scattered=True), 0
    while ids := list(rows.order_by().values_list("pk", flat=True)[:size]):
        # The condition once more: a customer may have come into a group meanwhile.
        gone, _by_model = rows.filter(pk__among=ids).delete()
        deleted += gone
        row_storage.pause()
    return deleted


def delete_files() -> int:
    """Delete stored files that nothing refers to, old mails on disk, and old logs."""
    files = [*_stray_uploads(), *_old_mails(), *_old_logs()]
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)


def _stray_uploads() -> Iterator[Path]:
    """Yield files of uploads whose transaction failed after the file was written."""
    root = Path(settings.MEDIA_ROOT)
    yesterday = (shared_time.now() - _A_DAY).timestamp()
    for path in sorted((root / "recipients").rglob("*")):
        if path.is_file() and path.stat().st_mtime < yesterday:
            name = path.relative_to(root).as_posix()
            if not Upload.objects.filter(file=name).exists():
                yield path


def _old_mails() -> Iterator[Path]:
    yield from _untouched(_mails())


def _mails() -> Iterator[Path]:
    """Yield mails that were written to files because no mail server is set."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if folder and Path(folder).is_dir():
        yield from sorted(Path(folder).iterdir())


def mails_with(pattern: NumberPattern) -> Iterator[Path]:
    """Yield mails on disk that have a number."""
    for path in _mails():
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
        if pattern.is_in([str(mail["subject"]), *map(str, parts)]):
            yield path


def logs_with(pattern: NumberPattern) -> Iterator[Path]:
    """Yield logs of this machine that have a number: the console itself writes none."""
    folder = Path(settings.VAR_DIR)
    for path in sorted([*folder.glob("log/*.log*"), *folder.glob("simulator/*.log")]):
        with path.open(errors="replace") as lines:
            if any(map(pattern.is_in, lines)):
                yield path


def _old_logs() -> Iterator[Path]:
    """Yield logs of `./console` whose time is over, and put aside those that have begun long ago.

    Programs append to the same file all the time: its content moves, the file stays. The security
    log has no numbers, and its writers turn it over themselves.
    """
    folder = Path(settings.VAR_DIR) / "log"
    begun_before = shared_time.now() - _kept() / 2
    for log in sorted(folder.glob("*.log")):
        if str(log) != str(settings.SECURITY_LOG) and _begins_before(log, begun_before):
            shutil.copy2(log, log.with_suffix(".log.old"))
            os.truncate(log, 0)
    yield from _untouched(folder.glob("*.log.old"))


def _begins_before(log: Path, moment: datetime) -> bool:
    with log.open("rb") as file:
        found = _DATE.search(file.read(_HEAD_BYTES))
    if found is None:
        return False
    return datetime.fromisoformat(found[0].decode()).replace(tzinfo=UTC) < moment


def _untouched(paths: Iterator[Path]) -> Iterator[Path]:
    before = (shared_time.now() - _kept()).timestamp()
    return (path for path in sorted(paths) if path.is_file() and path.stat().st_mtime < before)


def _kept() -> timedelta:
    return timedelta(days=settings.KEEP_FILES_DAYS)
