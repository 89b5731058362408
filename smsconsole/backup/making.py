"""Makes a backup while the console works: the database first, then what it speaks of."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from sending.delivery.sender.journal import KEPT, SUFFIX
from smsconsole.backup import archives, databases
from smsconsole.backup.manifest import (
    CannotBackUp,
    Manifest,
    applied_migrations,
    digest_of,
    key_marks,
)

UPLOADS, JOURNALS = "uploads.tar", "journals.tar"
# Journals are written without being flushed; clocks of files are a little coarse.
_BEFORE_SECONDS = 60


def back_up(folder: Path) -> Manifest:
    """Write a backup into a new folder; raise CannotBackUp. A half one is never called whole."""
    if folder.exists() and any(folder.iterdir()):
        raise CannotBackUp(f"{folder} is not empty. Name a folder that does not exist yet.")
    hidden = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(hidden, ignore_errors=True)
    try:
        hidden.mkdir(parents=True)
        manifest = _write(hidden)
        manifest.write(hidden)
        if folder.exists():
            folder.rmdir()
        hidden.rename(folder)
    except OSError as error:
        raise CannotBackUp(f"{hidden} cannot be written ({error.strerror}).") from error
    return manifest


def _write(folder: Path) -> Manifest:
    began = datetime.now(UTC)
    rows, migrations, instance = databases.save(folder)
    # Behind the database: they tell of all that it knows, and of a little more.
    uploads = archives.pack(
        folder / UPLOADS, settings.UPLOADS_DIR, archives.files_under(settings.UPLOADS_DIR)
    )
    journals = archives.pack(
        folder / JOURNALS, settings.JOURNAL_DIR, _journals(began.timestamp() - _BEFORE_SECONDS)
    )
    names = (databases.file_name(), UPLOADS, JOURNALS)
    return Manifest(
        made_at=began.isoformat(timespec="seconds"),
        engine=connection.vendor,
        instance=instance,
        migrations=applied_migrations(migrations),
        rows=rows,
        keys=key_marks(instance),
        uploads=uploads,
        journals=journals,
        files={name: digest_of(folder / name) for name in names},
    )


def _journals(since: float) -> list[Path]:
    """Return the journals that may tell of something that the copied database does not know."""
    kept = (settings.JOURNAL_DIR / KEPT).glob(f"*{SUFFIX}")
    open_ones = settings.JOURNAL_DIR.glob(f"*{SUFFIX}")
    return [*open_ones, *(path for path in kept if path.stat().st_mtime >= since)]


def write_keys(path: Path, folder: Path) -> None:
    """Write the keys into a file of their own, away from the backup; raise CannotBackUp."""
    if path.resolve().is_relative_to(folder.resolve()):
        raise CannotBackUp(
            f"{path} lies in the backup. Whoever has both can read every secret: keep the keys "
            "elsewhere."
        )
    lines = [f"SECRET_KEY={settings.SECRET_KEY}"]
    if settings.SECRET_KEY_FALLBACKS:
        lines.append(f"SECRET_KEY_FALLBACKS={','.join(settings.SECRET_KEY_FALLBACKS)}")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write("\n".join(lines) + "\n")
    except OSError as error:
        raise CannotBackUp(f"{path} cannot be written ({error.strerror}).") from error
