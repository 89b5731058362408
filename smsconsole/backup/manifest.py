"""What a backup says of itself, and why one cannot be restored here."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

NAME = "manifest.json"
FORMAT = 1
_PIECE = 1 << 20


class CannotRestore(Exception):
    """Nothing was changed; the text says why, and what to do."""


class CannotBackUp(Exception):
    """There is no backup; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup.

    `migrations` say which release wrote it, `rows` how many each table has, `files` the SHA-256 of
    each file; `keys` recognise the SECRET_KEY and those before it without telling them.
    """

    made_at: str
    engine: str
    instance: str
    migrations: Mapping[str, list[str]]
    rows: Mapping[str, int]
    keys: list[str]
    uploads: int
    journals: int
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the manifest of a backup; raise CannotRestore."""
        try:
            return cls(**json.loads((folder / NAME).read_text()))
        except FileNotFoundError:
            raise CannotRestore(
                f"{folder} is no backup of SMS Console: it has no {NAME}. Name the folder that "
                "./console backup made."
            ) from None
        except (OSError, ValueError, TypeError) as error:
            raise CannotRestore(
                f"{folder / NAME} cannot be read ({type(error).__name__}). It was changed, or made "
                "by a newer release: install that release first."
            ) from error

    def write(self, folder: Path) -> None:
        """Write the manifest beside the files."""
        text = json.dumps(asdict(self), indent=1, sort_keys=True)
        (folder / NAME).write_text(text + "\n")

    def check(self, folder: Path) -> None:
        """See that this release and these settings can restore it; raise CannotRestore."""
        self._check_release()
        self._check_keys()
        for name, digest in self.files.items():
            path = folder / name
            if not path.is_file() or digest_of(path) != digest:
                raise CannotRestore(
                    f"{path} is missing or was changed since the backup was made: its SHA-256 "
                    "differs from the manifest. Take another copy of the backup."
                )

    def _check_release(self) -> None:
        if self.engine != connection.vendor:
            raise CannotRestore(
                f"The backup is of {self.engine}, and this console uses {connection.vendor}. Set "
                "DATABASE_URL to a PostgreSQL database for the one, unset it for SQLite."
            )
        here = applied_migrations(MigrationLoader(None).disk_migrations)
        newer = [
            f"{app}.{name}"
            for app, names in self.migrations.items()
            for name in names
            if name not in here.get(app, [])
        ]
        if self.format > FORMAT or newer:
            raise CannotRestore(
                "The backup was made by a newer release "
                f"(it has {', '.join(newer[:3]) or 'more'}). Install that release, restore there, "
                "and never go back to an older one."
            )

    def _check_keys(self) -> None:
        here = key_marks(self.instance)
        if self.keys[0] not in here:
            raise CannotRestore(
                "SECRET_KEY is not the one of this backup: passwords of gateways, API keys and "
                "second steps could not be read. Set SECRET_KEY to the key that was in use (and "
                "SECRET_KEY_FALLBACKS to those before), or give the file of keys with --keys."
            )

    def missing_keys(self) -> int:
        """Return how many earlier keys this console lacks: seals and old secrets need them."""
        return len(set(self.keys) - set(key_marks(self.instance)))


def key_marks(instance: str, keys: Iterable[str] | None = None) -> list[str]:
    """Return what recognises the keys in use, the present one first."""
    given = keys or [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    words = f"smsconsole.backup {instance}".encode()
    return [hmac.new(key.encode(), words, hashlib.sha256).hexdigest() for key in given]


def applied_migrations(migrations: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the names of migrations by app."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(migrations):
        found.setdefault(app, []).append(name)
    return found


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def details_of(manifest: Manifest) -> dict[str, Any]:
    """Return what the held console says of the backup that it came from."""
    return {"made_at": manifest.made_at}
