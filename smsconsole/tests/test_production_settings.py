"""What production insists on, as a process of its own reads it from the environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PRODUCTION = {
    "SMSCONSOLE_MODE": "production",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "sms.example.com",
    "PUBLIC_URL": "https://sms.example.com",
}
NAMES = (
    "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_NAME",
    "DEVICE_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIE_HTTPONLY",
    "STAFF_NEED_SECOND_STEP",
)
SCRIPT = (
    "import json; from smsconsole import settings as own; from django.conf import global_settings;"
    f"print(json.dumps([getattr(own, n, getattr(global_settings, n, None)) for n in {NAMES!r}]))"
)


def read(var: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {"PATH": os.environ["PATH"], "VAR_DIR": str(var)}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=settings.BASE_DIR,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_cookies_belong_to_this_host_and_tls_alone(tmp_path: Path) -> None:
    ended = read(tmp_path, **PRODUCTION)
    names = ["__Host-session", "__Host-csrf", "__Host-device"]
    assert json.loads(ended.stdout) == [*names, True, True, "Lax", True, True], ended.stderr


def test_without_tls_the_demo_has_plain_names_and_no_second_step_for_staff(tmp_path: Path) -> None:
    ended = read(tmp_path, SMSCONSOLE_MODE="demo")
    expected = ["session", "csrf", "device", False, False, "Lax", True, False]
    assert json.loads(ended.stdout) == expected, ended.stderr


@pytest.mark.parametrize("proxies", ["", "0.0.0.0/0", "the proxy"])
def test_a_console_behind_an_unnamed_proxy_says_what_to_set(tmp_path: Path, proxies: str) -> None:
    ended = read(tmp_path, **PRODUCTION, BEHIND_PROXY="on", TRUSTED_PROXIES=proxies)
    assert ended.returncode == 1
    assert "TRUSTED_PROXIES" in ended.stderr.splitlines()[-1]
