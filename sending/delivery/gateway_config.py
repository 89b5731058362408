"""From a stored gateway to what its connection needs to know."""

from typing import Literal, cast
from zoneinfo import ZoneInfo

from django.conf import settings

from sending.gateways.addresses import Network
from sending.gateways.base import Addressing, GatewayConfig, Tls
from sending.models import Gateway


def config_of(row: Gateway) -> GatewayConfig:
    """Return how to reach a gateway."""
    return GatewayConfig(
        host=row.host,
        port=row.port,
        system_id=row.system_id,
        password=row.password,
        system_type=row.system_type,
        bind=cast(Literal["transceiver", "pair"], row.bind_mode),
        window=row.window,
        response_timeout=float(row.response_timeout),
        enquire_interval=float(row.enquire_interval),
        tls=_tls_of(row),
        service_type=row.service_type,
        addressing=Addressing(row.source_ton, row.source_npi, row.dest_ton, row.dest_npi),
        registered_delivery=row.registered_delivery,
        receipt_zone=ZoneInfo(row.receipt_zone),
        temporary_statuses=row.temporary_status_values,
        settings=row.http_settings,
        receipt_url=row.receipt_url,
        networks=networks_of(row.kind),
    )


def networks_of(kind: str) -> tuple[Network, ...]:
    """Return the networks that a kind of gateway may connect to although they are not public."""
    of_smpp = settings.SMPP_NETWORKS if kind == Gateway.Kind.SMPP else ()
    return (*settings.GATEWAY_NETWORKS, *of_smpp)


def _tls_of(row: Gateway) -> Tls | None:
    if not row.tls:
        return None
    return Tls(row.tls_ca, row.tls_certificate, row.tls_key, row.tls_server_name)
