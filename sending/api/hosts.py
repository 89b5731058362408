"""Whether a request of a program names a host that this console answers for."""

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host


def host_of(request: HttpRequest) -> str:
    """Return the Host header as it came."""
    return str(request.META.get("HTTP_HOST", ""))


def is_answered(request: HttpRequest) -> bool:
    """Tell whether API_HOSTS has the host of a request."""
    host, _port = split_domain_port(host_of(request))
    return bool(host) and validate_host(host, settings.API_HOSTS)
