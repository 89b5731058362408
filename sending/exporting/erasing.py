"""Takes files of exports away: when their time is over, and when a number must be nowhere."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from accounts import shared_time
from accounts.models import Organization
from sending.exporting.writing import remove_files
from sending.models import Export, ExportState

# Its line stays so long in the list.
_LINE_DAYS = 90
_A_DAY = timedelta(days=1)


def erase(exports: QuerySet[Export]) -> int:
    """Delete the files of some exports; return how many there were.

    One that is being written is given up: its worker finds that it is no longer its own.
    """
    erased = 0
    for export in exports.exclude(state=ExportState.ERASED.value):
        Export.objects.filter(pk=export.pk).update(
            state=ExportState.ERASED.value, leased_until=None
        )
        remove_files(export)
        erased += 1
    return erased


def erase_due() -> int:
    """Delete files whose time is over, and lines that are old."""
    now = shared_time.now()
    erased = 0
    for organization in Organization.objects.order_by("pk"):
        days = min(settings.KEEP_EXPORTS_DAYS, organization.keep_messages_days or 10**6)
        own = Export.objects.for_organization(organization)
        erased += erase(own.filter(created_at__lt=now - timedelta(days=days)))
    old = now - timedelta(days=_LINE_DAYS)
    Export.objects.filter(state=ExportState.ERASED.value, created_at__lt=old).delete()
    for path in _stray():
        path.unlink(missing_ok=True)
        erased += 1
    return erased


def _stray() -> Iterator[Path]:
    """Yield files that no export names: its worker was killed while they were erased."""
    root = Path(settings.MEDIA_ROOT)
    yesterday = (shared_time.now() - _A_DAY).timestamp()
    named = Export.objects.exclude(state=ExportState.ERASED.value)
    for path in sorted((root / "exports").rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and path.stat().st_mtime < yesterday:
            yield from [] if named.filter(file=name).exists() else [path]
