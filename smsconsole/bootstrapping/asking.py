"""Asks the person at the terminal what no option said."""

import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

ENVIRONMENT = "GATEWAY_PASSWORD"
_QUESTIONS: tuple[tuple[str, str, str], ...] = (
    ("email", "Your e-mail address, with which you sign in", ""),
    ("organization", "Name of the first organization (empty: none yet)", ""),
    ("country", "Its country, two letters such as HK", "HK"),
    ("time_zone", "Its time zone", "UTC"),
    ("owner", "E-mail address of its owner (empty: you)", ""),
    ("reviewer", "E-mail address of somebody who reviews texts (empty: nobody yet)", ""),
    ("prices", "Prices per segment, such as HK=0.048 *=0.08 (empty: none yet)", ""),
    ("gateway", "Name of the first gateway, such as carrier-a (empty: none yet)", ""),
    ("host", "Its host (empty: the simulator of this machine)", ""),
    ("port", "Its port", "2775"),
    ("system_id", "Its system_id", ""),
    ("routes", "Countries or prefixes that go there, such as HK 6591 (* for all)", "*"),
)
# Questions about what is not wanted are left out.
_ONLY_WITH = {
    "country": "organization", "time_zone": "organization", "owner": "organization",
    "host": "gateway", "port": "host", "system_id": "host", "routes": "gateway",
}  # fmt: skip
_LISTS = {"prices", "routes"}


def ask(answer: Callable[[str], str] = input) -> dict[str, Any]:
    """Return {option: answer}, as the options of the command would have it."""
    given: dict[str, Any] = {}
    for name, question, default in _QUESTIONS:
        needs = _ONLY_WITH.get(name)
        if needs and not given.get(needs):
            continue
        shown = f"{question} [{default}]: " if default else f"{question}: "
        text = answer(shown).strip() or default
        given[name] = text.split() if name in _LISTS else text
    if given.get("gateway") and not given.get("host"):
        given["simulator"] = True
    return given


def secret_of(file: str, *, may_ask: bool) -> str:
    """Return the gateway's password: of a file, of the environment, or typed; never an option."""
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise CommandError(f"--password-file {file}: {error.strerror}.") from None
    if ENVIRONMENT in os.environ:
        return os.environ[ENVIRONMENT]
    if may_ask and sys.stdin.isatty():
        return getpass.getpass("Its password (nothing is shown): ")
    return ""
