"""What a client is told to bind: host, ports, system_id and the rest, to copy."""

from dataclasses import dataclass

from django.conf import settings
from django.http.request import split_domain_port

from sending.models import SmppAccount


@dataclass(frozen=True, slots=True)
class BindSettings:
    """Where and how to bind. A port of 0 is closed."""

    host: str
    port: int
    tls_port: int
    system_id: str

    @property
    def is_open(self) -> bool:
        """Tell whether there is any port to bind to."""
        return bool(self.port or self.tls_port)


def bind_settings(account: SmppAccount, host: str) -> BindSettings:
    """Return the settings of an account; `host` is how the reader's browser has found us."""
    domain, _port = split_domain_port(host)
    may_be_plain = bool(account.allowed_networks) and not account.requires_tls
    return BindSettings(
        host=domain,
        port=settings.SMPP_SERVER_PORT if may_be_plain else 0,
        tls_port=settings.SMPP_SERVER_TLS_PORT if settings.SMPP_SERVER_TLS_CERT else 0,
        system_id=account.system_id,
    )
