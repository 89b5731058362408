"""TLS towards a gateway: whom we trust and who we are."""

from __future__ import annotations

import ssl

from sending.gateways.base import GatewayConfig


def tls_context(config: GatewayConfig) -> ssl.SSLContext | None:
    """The context that the configuration asks for; raise OSError when a file is unusable."""
    if not config.tls:
        return None
    context = ssl.create_default_context(cafile=config.tls_ca_file)
    if not config.tls_verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if config.tls_certificate_file is not None:
        context.load_cert_chain(config.tls_certificate_file, config.tls_key_file)
    return context
