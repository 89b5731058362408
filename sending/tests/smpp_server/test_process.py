"""The process: its command, TLS, and how it ends."""

import io
import os
import re
import signal
import socket
import ssl
import struct
import threading
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from sending.management.commands import smpp_server
from sending.models import Message, SmppAccount, SmppBind
from sending.smpp.codec import encode
from sending.smpp.commands import CommandId
from sending.smpp.pdu import Bind
from sending.smpp_server import connection
from sending.tests.factories import PLAIN_BODY
from sending.tests.gateways.authority import Authority, server_context
from sending.tests.smpp_server.accounts import PASSWORD, SYSTEM_ID
from sending.tests.smpp_server.running import Client, running, submit_sm
from sending.tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_listens_until_it_is_asked_to_end(settings):
    said = io.StringIO()

    def end():
        wait_until(lambda: "listens on" in said.getvalue())
        port = int(re.search(r"ports (\d+)", said.getvalue())[1])
        socket.create_connection(("127.0.0.1", port)).close()
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=end)
    thread.start()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    call_command("smpp_server", port=port, stdout=said)
    thread.join()
    assert "unbinds its clients" in said.getvalue()


def test_without_a_place_to_listen_it_says_what_to_set(settings):
    with pytest.raises(CommandError, match="SMPP_SERVER_PORT"):
        call_command("smpp_server", port=0)


def test_a_certificate_that_cannot_be_read_is_named(settings, tmp_path):
    settings.SMPP_SERVER_TLS_CERT = str(tmp_path / "none.pem")
    with pytest.raises(CommandError, match=r"none\.pem"):
        call_command("smpp_server")


def test_clients_bind_over_tls(account, tmp_path):
    SmppAccount.objects.update(allowed_networks=[], requires_tls=True)
    context = server_context(tmp_path, Authority().issue("smpp"))
    with running(tls=context) as server:
        client = ssl.create_default_context()
        client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
        assert bind_over(client, server.port) == 0


@pytest.mark.parametrize("named", ["its own", "another"])
def test_a_client_shows_the_certificate_that_its_account_names(account, settings, tmp_path, named):
    authority = Authority()
    (tmp_path / "ca.pem").write_text(authority.pem)
    issued, its = authority.issue("smpp"), authority.issue("client")
    for name, one in {"server": issued, "client": its}.items():
        (tmp_path / f"{name}.pem").write_text(one.certificate + one.key)
    settings.SMPP_SERVER_TLS_CERT = str(tmp_path / "server.pem")
    settings.SMPP_SERVER_TLS_CLIENT_CA = str(tmp_path / "ca.pem")
    shown = its.certificate if named == "its own" else issued.certificate
    fingerprint = sha256(ssl.PEM_cert_to_DER_cert(shown)).hexdigest()
    SmppAccount.objects.update(certificate_sha256=fingerprint)
    client = ssl.create_default_context(cafile=tmp_path / "ca.pem")
    client.check_hostname = False
    client.load_cert_chain(tmp_path / "client.pem")
    with running(tls=smpp_server._tls()) as server:
        assert bind_over(client, server.port) == (0 if named == "its own" else 0x0D)


def bind_over(tls, port):
    """Bind over TLS; return the status."""
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        tls.wrap_socket(plain) as wire,
    ):
        wire.sendall(encode(Bind(CommandId.bind_transceiver, SYSTEM_ID, PASSWORD), 1))
        return struct.unpack_from(">III", wire.recv(100), 4)[1]


def test_clients_are_unbound_when_it_ends_and_what_was_submitted_is_answered(account):
    with running() as server, Client(server.port) as client:
        client.bind()

        async def submit():
            return [
                client.session.request(submit_sm(PLAIN_BODY, f"8526123{n:04}")) for n in range(30)
            ]

        answers = client.loop.run(submit())
        wait_until(Message.objects.exists)
        server.stop()
        wait_until(lambda: not client.session.bound)
        accepted = [one for one in answers if one.result().command_status == 0]
        refused = [one for one in answers if one.result().command_status == 0x14]
    assert len(accepted) + len(refused) == 30
    assert Message.objects.count() == len(accepted)
    assert not SmppBind.objects.exists()


def test_who_does_not_bind_or_does_not_finish_a_pdu_is_disconnected(server, monkeypatch):
    monkeypatch.setattr(connection, "BIND_WITHIN", 0.2)
    monkeypatch.setattr(connection, "PDU_WITHIN", 0.2)
    with socket.create_connection(("127.0.0.1", server.port)) as wire:
        assert wire.recv(1) == b""
    with socket.create_connection(("127.0.0.1", server.port)) as wire:
        wire.sendall(b"\0\0\0\x40")
        assert wire.recv(1) == b""


def test_a_length_that_cannot_be_is_answered_and_ends_the_connection(server):
    with socket.create_connection(("127.0.0.1", server.port)) as wire:
        wire.sendall(b"GET / HTTP/1.1\r\n\r\n")
        answer = wire.recv(100)
        assert struct.unpack(">IIII", answer)[1:3] == (0x80000000, 0x02)
        assert wire.recv(1) == b""


def test_one_address_has_few_connections_that_are_not_bound(server):
    wires = [socket.create_connection(("127.0.0.1", server.port)) for _nth in range(25)]
    try:
        wait_until(lambda: len(server.server.connections) == 20)
        # Those that were there first stay.
        wires[0].sendall(encode(Bind(CommandId.bind_transceiver, "nobody", "x"), 1))
        assert wires[0].recv(16)
    finally:
        for wire in wires:
            wire.close()


def test_a_database_that_was_away_is_asked_again(client, monkeypatch):
    calls = []

    def away(*_args, **_options):
        calls.append(1)
        raise OperationalError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr("sending.smpp_server.accepting.accept_messages", away)
        assert client.submit(PLAIN_BODY).command_status == 0x08
    assert calls
    assert client.submit(PLAIN_BODY).command_status == 0
