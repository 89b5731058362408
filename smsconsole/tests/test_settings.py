"""What the settings become in a mode that tests do not run in."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

NAMES = (
    "DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURITY_LOG",
)  # fmt: skip
PRODUCTION = {
    "SMSCONSOLE_MODE": "production",
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz" * 3,
    "ALLOWED_HOSTS": "sms.example.com",
    "PUBLIC_URL": "https://sms.example.com",
}


def printed_by(code: str, var: Path, **environment: str) -> str:
    """Return what a process in another environment prints."""
    environment |= {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(var),
        "DJANGO_SETTINGS_MODULE": "smsconsole.settings",
    }
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=True,
    )
    return ended.stdout.decode()


def settings_of(var: Path, **environment: str) -> dict[str, Any]:
    """Return some settings as a process in another environment reads them."""
    code = (
        "import json; from django.conf import settings; "
        f"print(json.dumps({{name: getattr(settings, name) for name in {NAMES}}}))"
    )
    found: dict[str, Any] = json.loads(printed_by(code, var, **environment))
    return found


def test_production_is_strict(tmp_path: Path) -> None:
    found = settings_of(tmp_path, **PRODUCTION)
    del found["SECURITY_LOG"]
    assert found.pop("DEBUG") is False
    assert found.pop("SECURE_HSTS_SECONDS") >= 31_536_000
    assert all(value is True for value in found.values()), found


def test_where_the_security_log_goes(tmp_path: Path) -> None:
    def place(**environment: str) -> str:
        found: str = settings_of(tmp_path, **PRODUCTION, **environment)["SECURITY_LOG"]
        return found

    assert place() == str(tmp_path / "log" / "security.log")
    # Empty stands for standard output, where services write.
    assert place(DATABASE_URL="postgres://x@127.0.0.1:1/x") == ""
    assert place(SECURITY_LOG="-") == ""
    own = str(tmp_path / "own.log")
    assert place(DATABASE_URL="postgres://x@127.0.0.1:1/x", SECURITY_LOG=own) == own


def test_a_line_of_the_security_log_is_an_object_and_nothing_else(tmp_path: Path) -> None:
    code = (
        "import django; django.setup(); from accounts import security_log; "
        "security_log.write('x.y', actor=1)"
    )
    line = printed_by(code, tmp_path, **PRODUCTION, SECURITY_LOG="-")
    assert json.loads(line)["event"] == "x.y"
    # Whatever the other logs say, this one is complete.
    assert printed_by(code, tmp_path, **PRODUCTION, LOG_LEVEL="ERROR") == ""
    assert json.loads((tmp_path / "log" / "security.log").read_text())["actor"] == 1
