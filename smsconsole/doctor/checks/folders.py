"""Are the folders there that the console writes, and nobody else's?"""

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from smsconsole.doctor.registry import Diagnosis, check, problem, warning, well


def folders_written() -> dict[str, Path]:
    """Return {setting or name: folder} of all that must be writable."""
    return {
        "VAR_DIR": settings.VAR_DIR,
        "uploads": settings.UPLOADS_DIR,
        "JOURNAL_DIR": settings.JOURNAL_DIR,
        "static": settings.STATIC_ROOT,
    }


@check("folders", needs_database=False)
def folders() -> Iterator[Diagnosis]:
    """Look at owner, permissions and what is there."""
    for name, path in folders_written().items():
        yield _folder(name, path)
    if not (settings.STATIC_ROOT / "staticfiles.json").exists() and not settings.TESTING:
        yield problem(
            "static",
            "The static files are not collected: pages would fail.",
            "Run ./console manage prepare.",
        )


def _folder(name: str, path: Path) -> Diagnosis:
    try:
        status = path.stat()
    except FileNotFoundError:
        return problem(
            name, f"{path} does not exist.", "Run ./console manage prepare as the console's user."
        )
    except PermissionError:
        return problem(
            name,
            f"{_me()} cannot look at {path}.",
            f"Run this as the console's user, or chown -R {_me()} {path.parent}.",
        )
    owner = _user(status.st_uid)
    if os.geteuid() == 0 != status.st_uid:
        return warning(
            name,
            f"{path} belongs to {owner}, and you are root: files you make here stay root's.",
            f"Run commands as {owner}, as docs/deploy.md shows.",
        )
    if not os.access(path, os.W_OK | os.X_OK):
        return problem(
            name,
            f"{_me()} cannot write to {path}, which belongs to {owner}.",
            f"chown -R {_me()} {path}",
        )
    mode = stat.S_IMODE(status.st_mode)
    # Nobody gets in through a folder that is closed above it.
    if mode & 0o077 and path.parent.stat().st_mode & 0o001:
        return warning(
            name,
            f"Other users of this machine can look into {path} (mode {mode:o}).",
            f"chmod 700 {path}",
        )
    return well(name, f"{path} is {owner}'s.")


def _me() -> str:
    return _user(os.geteuid())


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
