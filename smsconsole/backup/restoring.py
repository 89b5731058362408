"""Puts a backup back: checked before anything is touched, and held when it is there."""

import shutil
from pathlib import Path

from django.conf import settings

from sending.delivery.sender.journal import FROM_BACKUP
from smsconsole.backup import archives, databases
from smsconsole.backup.making import JOURNALS, UPLOADS
from smsconsole.backup.manifest import CannotRestore, Manifest, details_of
from smsconsole.supervising import preflight


def restore(folder: Path, *, replace: bool = False) -> Manifest:
    """Restore the backup in a folder; raise CannotRestore.

    With `replace`, uploads that are here stay beside those of the backup; journals that are here
    stay in any case, since they prove what was sent after the backup was made.
    """
    manifest = Manifest.read(folder)
    manifest.check(folder)
    if not replace and settings.UPLOADS_DIR.exists() and archives.files_under(settings.UPLOADS_DIR):
        raise CannotRestore(
            f"There are uploads already: {settings.UPLOADS_DIR}. Set VAR_DIR to an empty folder, "
            "or add --replace: those of the backup are then added to them."
        )
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    try:
        with preflight.lock(settings.VAR_DIR, "a backup is being restored"):
            databases.load(folder / databases.file_name(), details_of(manifest), replace=replace)
            _unpack(folder)
    except preflight.CannotStart as refusal:
        raise CannotRestore(str(refusal)) from refusal
    return manifest


def _unpack(folder: Path) -> None:
    settings.UPLOADS_DIR.mkdir(parents=True, exist_ok=True)
    archives.unpack(folder / UPLOADS, settings.UPLOADS_DIR)
    # Of a machine that is no more they are all there is; here the machine's own say the same.
    apart = settings.JOURNAL_DIR / FROM_BACKUP
    shutil.rmtree(apart, ignore_errors=True)
    hidden = apart.with_name(f"{FROM_BACKUP}.new")
    shutil.rmtree(hidden, ignore_errors=True)
    hidden.mkdir(parents=True)
    archives.unpack(folder / JOURNALS, hidden)
    apart.mkdir(parents=True)
    for path in archives.files_under(hidden):
        path.rename(apart / path.name)
    shutil.rmtree(hidden)


def take_keys(path: Path) -> None:
    """Use the keys of a file: kept for this console in the demo, only compared in production."""
    try:
        said = dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
        key = said["SECRET_KEY"]
    except (OSError, KeyError, ValueError) as error:
        raise CannotRestore(
            f"{path} is no file of keys: it needs a line SECRET_KEY=... as ./console backup --keys "
            "writes it."
        ) from error
    if settings.PRODUCTION and key != settings.SECRET_KEY:
        raise CannotRestore(
            f"Put the lines of {path} into the environment of the console, for example into "
            "/etc/smsconsole.env, then restore."
        )
    settings.SECRET_KEY = key
    if not settings.PRODUCTION:
        kept = settings.VAR_DIR / "secret-key"
        kept.touch(mode=0o600)
        kept.write_text(key)
