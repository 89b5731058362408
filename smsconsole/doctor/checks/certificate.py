"""Do people reach the console under PUBLIC_URL, with a certificate that will hold?"""

import http.client
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from smsconsole.doctor.registry import Diagnosis, check, problem, warning, well

_SECONDS = 4.0
_SOON_DAYS = 14


@check("certificate", needs_database=False)
def certificate() -> Iterator[Diagnosis]:
    """Ask /healthz as a browser would, and look at the certificate on the way."""
    public = urlsplit(settings.PUBLIC_URL)
    if public.scheme != "https" or not public.hostname:
        yield well("PUBLIC_URL", f"{settings.PUBLIC_URL} needs no certificate.")
        return
    yield from reach(public.hostname, public.port or 443, ssl.create_default_context())


def reach(host: str, port: int, context: ssl.SSLContext) -> Iterator[Diagnosis]:
    """Connect to a host over TLS and ask for /healthz."""
    web = http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=context)
    try:
        web.connect()
    except ssl.SSLCertVerificationError as error:
        yield problem(
            "PUBLIC_URL",
            f"The certificate of {host} is not valid: {error.verify_message}.",
            "Let the proxy get one for this name; Caddy does so when the name points to it.",
        )
        return
    except (OSError, socket.gaierror) as error:
        yield warning(
            "PUBLIC_URL",
            f"{host}:{port} cannot be reached from here ({type(error).__name__}).",
            "Check that the name leads to your proxy and the proxy runs. Behind a firewall that "
            "lets only others in, this line means nothing.",
        )
        return
    try:
        yield _days_left(host, web)
        yield _answer(host, web)
    finally:
        web.close()


def _days_left(host: str, web: http.client.HTTPSConnection) -> Diagnosis:
    peer: Any = web.sock
    ends = ssl.cert_time_to_seconds(peer.getpeercert()["notAfter"])
    days = int((ends - datetime.now(UTC).timestamp()) // 86_400)
    if days >= _SOON_DAYS:
        return well("certificate", f"The certificate of {host} is valid for {days} more days.")
    return warning(
        "certificate",
        f"The certificate of {host} expires in {days} days.",
        "See why the proxy does not renew it: its log says so.",
    )


def _answer(host: str, web: http.client.HTTPSConnection) -> Diagnosis:
    try:
        web.request("GET", "/healthz")
        status = web.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        status, why = 0, f"no answer ({type(error).__name__})"
    else:
        why = f"{status}"
    if status == http.client.OK:
        return well("PUBLIC_URL", f"{host} answers /healthz.")
    return problem(
        "PUBLIC_URL",
        f"{host} answers /healthz with {why} instead of 200.",
        "400: ALLOWED_HOSTS lacks this name, or the proxy changes Host. 502: the console does not "
        "run, or the proxy asks another port. 301: BEHIND_PROXY is off.",
    )
