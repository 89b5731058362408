"""`manage.py smpp_server`: the process that programs bind to over SMPP."""

import asyncio
import contextlib
import os
import signal
import socket
import ssl
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts import shared_time
from accounts.garbage import leave_out_what_is_loaded
from sending.smpp_server.server import Listening, SmppServer


class Command(BaseCommand):
    """Listens until it is asked to end, then unbinds its clients."""

    help = "Run the SMPP server for programs until SIGTERM or SIGINT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, in place of the settings."""
        parser.add_argument("--host", default=settings.SMPP_SERVER_BIND)
        parser.add_argument("--port", type=int, default=settings.SMPP_SERVER_PORT)
        parser.add_argument("--tls-port", type=int, default=settings.SMPP_SERVER_TLS_PORT)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the server."""
        if sentence := shared_time.wrong_clock():
            raise CommandError(sentence)
        # From here on threads of the server ask the database, and this one never.
        connection.close()
        tls = _tls()
        listening = Listening(
            host=options["host"],
            port=options["port"] or None,
            tls_port=options["tls_port"] if tls else None,
            tls=tls,
            proxies=[str(network) for network in settings.SMPP_SERVER_PROXIES],
        )
        if listening.port is None and listening.tls_port is None:
            raise CommandError(
                "Nothing to listen on. Set SMPP_SERVER_PORT, or SMPP_SERVER_TLS_CERT and "
                "SMPP_SERVER_TLS_KEY."
            )
        try:
            asyncio.run(self._run(listening))
        except OSError as error:
            raise CommandError(f"Cannot listen on {listening.host}: {error}") from error

    async def _run(self, listening: Listening) -> None:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopping.set)
        server = SmppServer(
            f"{socket.gethostname()[:60]}:{os.getpid()}",
            connections=settings.SMPP_SERVER_CONNECTIONS,
        )
        await server.start(listening)
        leave_out_what_is_loaded()
        ports = ", ".join(map(str, server.ports))
        self.stdout.write(f"SMPP server listens on {listening.host}, ports {ports}")
        with contextlib.suppress(asyncio.CancelledError):
            await stopping.wait()
        self.stdout.write("SMPP server unbinds its clients")
        await server.stop()


def _tls() -> ssl.SSLContext | None:
    """Return what clients over TLS are shown; None without a certificate."""
    certificate, key = settings.SMPP_SERVER_TLS_CERT, settings.SMPP_SERVER_TLS_KEY
    if not certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key or None)
    except (OSError, ssl.SSLError) as error:
        raise CommandError(
            f"The certificate {certificate} or its key cannot be read: {error}. Check "
            "SMPP_SERVER_TLS_CERT and SMPP_SERVER_TLS_KEY."
        ) from error
    if authority := settings.SMPP_SERVER_TLS_CLIENT_CA:
        _ask_for_certificates(context, authority)
    return context


def _ask_for_certificates(context: ssl.SSLContext, authority: str) -> None:
    """Let clients show certificates of an authority; an account says whether it needs one."""
    try:
        context.load_verify_locations(authority)
    except (OSError, ssl.SSLError) as error:
        raise CommandError(
            f"The certificates in {authority} cannot be read: {error}. Check "
            "SMPP_SERVER_TLS_CLIENT_CA."
        ) from error
    context.verify_mode = ssl.CERT_OPTIONAL
