"""From the settings to a bound session; each way it can fail has a code."""

from __future__ import annotations

from functools import partial

from sending.gateways.base import BindRefused, GatewayConfig, Unreachable
from sending.gateways.connecting import connect_to
from sending.gateways.connection_errors import (
    BIND_UNANSWERED,
    CONNECTION_CUT,
    SETTINGS,
    TLS_CUT,
    TLS_SETTINGS,
    spoken_instead,
    unreachable,
)
from sending.gateways.tls import PemError, tls_context
from sending.smpp.client import ClientSession, DeliverHandler, connect
from sending.smpp.command_status import ESME_ROK, describe
from sending.smpp.commands import CommandId
from sending.smpp.errors import EncodeError, RequestError
from sending.smpp.pdu import Bind
from sending.smpp.session import SessionLimits

_BINDS = {
    "transceiver": CommandId.bind_transceiver,
    "transmitter": CommandId.bind_transmitter,
    "receiver": CommandId.bind_receiver,
}


async def dial(config: GatewayConfig, on_deliver: DeliverHandler) -> ClientSession:
    """Connect; raise Unreachable."""
    try:
        tls = tls_context(config.tls) if config.tls else None
    except (PemError, OSError) as error:
        raise Unreachable(TLS_SETTINGS, str(error)) from error
    limits = SessionLimits(
        window=config.window,
        response_timeout=config.response_timeout,
        enquire_interval=config.enquire_interval,
    )
    connect_at = partial(
        connect,
        port=config.port,
        limits=limits,
        on_deliver=on_deliver,
        tls=tls,
        server_name=(config.tls and config.tls.server_name) or config.host,
    )
    return await connect_to(
        config.host,
        config.port,
        connect_at,
        networks=config.networks,
        patience=config.response_timeout,
        tls=tls is not None,
    )


async def bind(session: ClientSession, config: GatewayConfig) -> None:
    """Bind a session that is connected, or drop it; raise Unreachable, BindRefused."""
    pdu = Bind(_BINDS[config.bind], config.system_id, config.password, config.system_type)
    try:
        status = await session.bind(pdu)
    except EncodeError as error:
        raise Unreachable(SETTINGS, str(error)) from error
    except RequestError as error:
        # Under TLS 1.3 a gateway refuses our certificate only after the handshake.
        if isinstance(session.lost_by, OSError):
            raise unreachable(session.lost_by, tls=config.tls is not None) from error
        if session.heard_instead:
            raise spoken_instead(session.heard_instead) from error
        if error.code == "CONNECTION_LOST":
            raise Unreachable(TLS_CUT if config.tls else CONNECTION_CUT) from error
        raise Unreachable(BIND_UNANSWERED, error.code) from error
    finally:
        if not session.bound:
            session.abort()
    if status != ESME_ROK:
        raise BindRefused(describe(status).name)
