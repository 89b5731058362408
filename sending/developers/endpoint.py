"""Where programs find the API, as the reader's browser has found the console."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Scheme and host with port, as clients are told."""

    scheme: str
    host: str


def endpoint_of(request: HttpRequest) -> Endpoint:
    """Return the reader's own host if programs may use it too, or the first that they may use."""
    host = request.get_host()
    domain, _port = split_domain_port(host)
    if not validate_host(domain, settings.API_HOSTS):
        host = settings.API_HOSTS[0].lstrip(".")
    return Endpoint(request.scheme or "http", host)
