"""Writes exports: the one that waited longest, for a few seconds, then the next.

A slice ends with its bytes on disk before the row says so. Whoever goes on, after a kill too, cuts
the file where the row says it ends: no row is missing, and none is in it twice.
"""

import fcntl
import logging
import os
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import translation

from accounts import shared_time
from accounts.models import Member
from accounts.notices import NoticeKind, tell
from sending.exporting.sources import expected_rows, source_of
from sending.models import Export, ExportKind, ExportState
from sending.models.export import EXPORT_KIND_LABELS
from sending.spreadsheets.writer import BYTE_ORDER_MARK, csv_rows, xlsx_of, xlsx_rows

log = logging.getLogger(__name__)
_LEASE = timedelta(seconds=60)
_SLICE_SECONDS = 3.0
_UNFINISHED = (ExportState.WAITING.value, ExportState.RUNNING.value)


def path_of(export: Export) -> Path:
    """Return where the file of an export is."""
    return Path(settings.MEDIA_ROOT) / export.file


def remove_files(export: Export) -> None:
    """Delete the file of an export, and what it is made of."""
    if export.file:
        rows = path_of(export).with_suffix("")
        for path in (rows, rows.with_suffix(".xlsx")):
            path.unlink(missing_ok=True)


def write_next(seconds: float = _SLICE_SECONDS) -> bool:
    """Write a part of the export whose turn it is; return whether there was one."""
    export = _take()
    if export is None:
        return False
    try:
        with translation.override(export.created_by.language or settings.LANGUAGE_CODE):
            _write(export, time.monotonic() + seconds)
    except Exception:
        log.exception("export %s failed", export.pk)
        remove_files(export)
        _mine(export).update(state=ExportState.FAILED.value, leased_until=None)
    return True


def _take() -> Export | None:
    """Lease the export that waited longest; of two workers one gets it."""
    now = shared_time.now()
    free = Export.objects.filter(
        Q(leased_until=None) | Q(leased_until__lte=now), state__in=_UNFINISHED
    )
    oldest = free.order_by(F("leased_until").asc(nulls_first=True), "pk")
    for export in oldest.select_related("organization", "created_by")[:5]:
        changes = {
            "state": ExportState.RUNNING.value,
            "leased_until": now + _LEASE,
            "file": export.file or f"exports/{now:%Y/%m}/{uuid.uuid4().hex}",
        }
        if free.filter(pk=export.pk).update(**changes):
            for name, value in changes.items():
                setattr(export, name, value)
            return export
    return None


def _mine(export: Export) -> QuerySet[Export]:
    return Export.objects.filter(
        pk=export.pk, state=ExportState.RUNNING.value, leased_until=export.leased_until
    )


def _write(export: Export, until: float) -> None:
    path = path_of(export)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    with path.open("r+b") as file:
        # Somebody whose lease has run out may still be at it.
        fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(export.size)
        file.seek(export.size)
        done = _pieces(export, file, until)
        file.flush()
        os.fsync(file.fileno())
        export.size = file.tell()
        if done and export.is_xlsx:
            _pack(export, path, file)
    kept = _keep(export, done=done)
    if path != path_of(export):
        (path if kept else path_of(export)).unlink(missing_ok=True)


def _pack(export: Export, path: Path, rows: BinaryIO) -> None:
    """Make the workbook beside its rows, which stay until the row of the export names it."""
    rows.seek(0)
    packed = path.with_suffix(".xlsx")
    packed.touch(mode=0o600)
    with packed.open("wb") as file:
        file.writelines(xlsx_of(rows, str(EXPORT_KIND_LABELS[ExportKind(export.kind)])[:31]))
        file.flush()
        os.fsync(file.fileno())
        export.size = file.tell()
    export.file = f"{export.file}.xlsx"


def _pieces(export: Export, file: BinaryIO, until: float) -> bool:
    """Write pieces until the time is over; return whether the last one was written."""
    source = source_of(export)
    written = xlsx_rows if export.is_xlsx else csv_rows
    if not export.size:
        export.expected = expected_rows(export)
        file.write((b"" if export.is_xlsx else BYTE_ORDER_MARK) + written([source.headings()]))
    while True:
        rows, cursor = source.piece(export.cursor)
        file.write(written(rows))
        export.rows += len(rows)
        if export.is_xlsx and export.rows > Export.MOST_XLSX_ROWS:
            raise ValueError("more rows than an xlsx gets")
        if not cursor:
            return True
        export.cursor = cursor
        if time.monotonic() >= until:
            return False


def _keep(export: Export, *, done: bool) -> bool:
    """Write down how far the file is, and tell who asked for it when it is ready.

    Return whether it still was this worker's.
    """
    now = shared_time.now()
    with transaction.atomic():
        kept = _mine(export).update(
            cursor=export.cursor,
            file=export.file,
            size=export.size,
            rows=export.rows,
            expected=export.expected,
            # Whoever waits longer has the next turn.
            leased_until=None if done else now,
            state=(ExportState.READY if done else ExportState.RUNNING).value,
            ready_at=now if done else None,
        )
        members = Member.objects.for_organization(export.organization)
        if kept and done and members.filter(user=export.created_by).exists():
            tell(
                NoticeKind.EXPORT,
                export.organization,
                people=[export.created_by],
                path=reverse("reports:exports"),
                name=export.name,
                rows=export.rows,
                days=settings.KEEP_EXPORTS_DAYS,
            )
    return bool(kept)
