"""Do the settings fit each other, and is none misspelled?"""

import difflib
import os
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host

from smsconsole.doctor.registry import Diagnosis, check, problem, warning, well
from smsconsole.doctor.setting_names import NAMES

_ALIKE = 0.88
# Many programs read their own variables of such names.
_OF_OTHERS = ("PG", "DJANGO_", "CELERY_", "OTEL_", "SENTRY_", "PYTHON")


@check("settings", needs_database=False)
def configuration() -> Iterator[Diagnosis]:
    """Look at what is set, and at what is not."""
    yield from _mode()
    yield from misspelled(os.environ)
    yield from _hosts()
    yield from _proxy()
    yield from _open_doors()
    yield from _watching()


def misspelled(names: Iterable[str]) -> Iterator[Diagnosis]:
    """Yield a warning for each variable that is nearly a setting and none."""
    for name in sorted(set(names) - NAMES):
        if name.startswith(_OF_OTHERS):
            continue
        meant = difflib.get_close_matches(name, NAMES, n=1, cutoff=_ALIKE)
        if meant:
            yield warning(
                name,
                f"{name} is set, and nothing reads it.",
                f"Write {meant[0]}, if that is what you mean.",
            )


def _mode() -> Iterator[Diagnosis]:
    if settings.PRODUCTION:
        yield well("SMSCONSOLE_MODE", "The console runs in production.")
    else:
        yield warning(
            "SMSCONSOLE_MODE",
            f"The mode is {settings.MODE}: people sign in without TLS, and data is invented.",
            "Set SECRET_KEY and SMSCONSOLE_MODE=production (docs/deploy.md).",
        )
    kept = len(settings.SECRET_KEY_FALLBACKS)
    yield well("SECRET_KEY", f"The key is set; {kept} earlier ones are kept.")


def _hosts() -> Iterator[Diagnosis]:
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    if not validate_host(host, settings.ALLOWED_HOSTS):
        yield problem(
            "ALLOWED_HOSTS",
            f"PUBLIC_URL leads to {host}, which ALLOWED_HOSTS does not name: links fail with 400.",
            f"Add {host} to ALLOWED_HOSTS.",
        )
    else:
        yield well("ALLOWED_HOSTS", f"{host} is named.")


def _proxy() -> Iterator[Diagnosis]:
    if settings.PRODUCTION and not settings.BEHIND_PROXY:
        yield problem(
            "BEHIND_PROXY",
            "The console speaks no TLS itself, and trusts no proxy that does: every page "
            "redirects to itself.",
            "Set BEHIND_PROXY=on, and TRUSTED_PROXIES to the address of your proxy.",
        )
    elif settings.BEHIND_PROXY:
        proxies = ", ".join(map(str, settings.TRUSTED_PROXIES))
        yield well("TRUSTED_PROXIES", f"These proxies are trusted: {proxies}.")


def _open_doors() -> Iterator[Diagnosis]:
    if settings.PRODUCTION and settings.SIGNUP_OPEN:
        yield warning(
            "SIGNUP_OPEN",
            "Strangers may create accounts.",
            "Unset SIGNUP_OPEN if people should join by invitation only.",
        )
    if settings.PRODUCTION and settings.AUTO_APPROVE_ACTIVATION:
        yield warning(
            "AUTO_APPROVE_ACTIVATION",
            "Organizations may send before anybody has checked who they are.",
            "Unset AUTO_APPROVE_ACTIVATION where others than you have organizations.",
        )
    if settings.PRODUCTION and not settings.SUPPORT_EMAIL:
        yield warning(
            "SUPPORT_EMAIL",
            "People whose organization is suspended are not told whom to write to.",
            "Set SUPPORT_EMAIL.",
        )


def _watching() -> Iterator[Diagnosis]:
    if settings.METRICS_TOKEN:
        yield well("METRICS_TOKEN", "Prometheus may read /metrics with the token.")
    else:
        yield warning(
            "METRICS_TOKEN",
            "Only operators can read /metrics, so no alarm reaches anybody.",
            "Set METRICS_TOKEN to a random word and give it to Prometheus (docs/operations.md).",
        )
