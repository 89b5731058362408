"""Who may bind, and what whoever may not learns."""

from datetime import timedelta

import pytest

from accounts import shared_time
from sending.models import BindType, SmppAccount, SmppBind, SmppLockOut
from sending.smpp.command_status import ESME_RBINDFAIL, ESME_RINVPASWD
from sending.smpp.commands import CommandId
from sending.smpp.operations import QuerySm
from sending.smpp.pdu import Bind, Empty
from sending.smpp.tlv import Tag
from sending.smpp_server import binding
from sending.smpp_server.binding import BindAsked, BindRefusal
from sending.tests.factories import PLAIN_BODY
from sending.tests.smpp_server.accounts import PASSWORD, make_account
from sending.tests.smpp_server.running import Client
from sending.tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def asked(**fields):
    given = {
        "system_id": "acme",
        "password": PASSWORD,
        "bind_type": BindType.TRANSCEIVER,
        "address": "127.0.0.1",
        "is_tls": False,
    }
    return BindAsked(**given | fields)


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (CommandId.bind_transmitter, "TX"),
        (CommandId.bind_receiver, "RX"),
        (CommandId.bind_transceiver, "TRX"),
    ],
)
def test_each_kind_of_bind_is_shown_while_it_lives(server, account, command, kind):
    with Client(server.port) as client:
        assert client.bind(command=command, system_type="VMA") == 0
        bind = SmppBind.objects.get()
        assert (bind.account, bind.bind_type, bind.address) == (account, kind, "127.0.0.1")
        assert (bind.system_type, bind.interface_version) == ("VMA", 0x34)
        client.unbind()
    wait_until(lambda: not SmppBind.objects.exists())
    account.refresh_from_db()
    assert account.last_bound_address == "127.0.0.1"


@pytest.mark.parametrize(("version", "has_tlv"), [(0x33, False), (0x34, True), (0x50, True)])
def test_our_version_is_told_to_those_that_know_tlvs(server, account, version, has_tlv):
    with Client(server.port) as client:
        pdu = Bind(CommandId.bind_transceiver, "acme", PASSWORD, interface_version=version)

        async def ask():
            return await client.session.request_now(pdu)

        answer = client.loop.run(ask())
    assert answer.command_status == 0
    assert (Tag.sc_interface_version in answer.body.tlvs) is has_tlv


@pytest.mark.parametrize(
    ("given", "account_fields", "status", "refusal"),
    [
        ({"password": "wrong"}, {}, ESME_RINVPASWD, "PASSWORD"),
        ({"password": PASSWORD + "x"}, {}, ESME_RINVPASWD, "PASSWORD"),
        ({"password": PASSWORD[:7]}, {}, ESME_RINVPASWD, "PASSWORD"),
        ({"system_id": "nobody"}, {}, ESME_RINVPASWD, "UNKNOWN"),
        ({}, {"is_enabled": False}, ESME_RBINDFAIL, "DISABLED"),
        ({}, {"allowed_networks": ["203.0.113.0/24"]}, ESME_RBINDFAIL, "ADDRESS"),
        ({}, {"allowed_networks": []}, ESME_RBINDFAIL, "TLS"),
        ({}, {"requires_tls": True}, ESME_RBINDFAIL, "TLS"),
        ({}, {"certificate_sha256": "ab" * 32}, ESME_RBINDFAIL, "CERTIFICATE"),
        ({}, {"most_binds": 0}, ESME_RBINDFAIL, "TOO_MANY_BINDS"),
        ({}, {"most_transmitters": 0}, ESME_RBINDFAIL, "TOO_MANY_BINDS"),
        # Who does not know the password learns nothing of the account.
        ({"password": "wrong"}, {"is_enabled": False}, ESME_RINVPASWD, "PASSWORD"),
    ],
)
def test_refused_binds(program, given, account_fields, status, refusal):
    make_account(program.application, **account_fields)
    answer = binding.try_bind(asked(**given), "test")
    assert (answer.status, answer.refusal) == (status, refusal)
    row = SmppLockOut.objects.get()
    assert (row.reason, row.failures, row.address) == (refusal, 1, "127.0.0.1")
    assert not SmppBind.objects.exists()


def test_over_tls_an_account_needs_no_networks(program):
    make_account(program.application, allowed_networks=[], requires_tls=True)
    assert binding.try_bind(asked(is_tls=True), "test").status == 0


def test_an_address_written_as_ipv6_is_the_same():
    assert binding.is_within("::ffff:192.0.2.9", ["192.0.2.0/24"])
    assert not binding.is_within("2001:db8::1", ["192.0.2.0/24"])


def test_submitting_binds_are_counted_by_themselves(program):
    make_account(program.application, most_binds=3, most_transmitters=1)
    kinds = [BindType.TRANSCEIVER, BindType.TRANSMITTER, BindType.RECEIVER, BindType.RECEIVER]
    statuses = [binding.try_bind(asked(bind_type=kind), "test").status for kind in kinds]
    assert statuses == [0, ESME_RBINDFAIL, 0, 0]
    assert binding.try_bind(asked(bind_type=BindType.RECEIVER), "test").status == ESME_RBINDFAIL


def test_binds_of_a_server_that_died_do_not_count(program):
    make_account(program.application, most_binds=1)
    binding.try_bind(asked(), "died")
    SmppBind.objects.update(seen_at=shared_time.now() - timedelta(minutes=1))
    assert binding.try_bind(asked(), "test").status == 0


def test_guessing_is_locked_out_for_longer_each_time(program, time_machine):
    make_account(program.application)
    now = shared_time.now()
    time_machine.move_to(now, tick=False)
    for _nth in range(4):
        assert binding.try_bind(asked(password="wrong"), "test").status == ESME_RINVPASWD
    answer = binding.try_bind(asked(), "test")
    assert (answer.status, answer.refusal) == (ESME_RBINDFAIL, BindRefusal.LOCKED)
    time_machine.move_to(now + timedelta(seconds=3), tick=False)
    binding.try_bind(asked(password="wrong"), "test")
    row = SmppLockOut.objects.get()
    assert row.locked_until - row.failed_at == timedelta(seconds=4)
    # From elsewhere nobody is locked out.
    SmppAccount.objects.update(allowed_networks=["192.0.2.0/24"])
    assert binding.try_bind(asked(address="192.0.2.1"), "test").status == 0
    time_machine.move_to(now + timedelta(hours=1), tick=False)
    SmppAccount.objects.update(allowed_networks=["127.0.0.0/8"])
    assert binding.try_bind(asked(), "test").status == 0
    assert not SmppLockOut.objects.exists()


def test_who_guesses_many_logins_is_locked_out_altogether(program):
    make_account(program.application)
    for nth in range(20):
        binding.try_bind(asked(system_id=f"guess-{nth}"), "test")
    assert binding.try_bind(asked(), "test").refusal is BindRefusal.LOCKED


def test_nothing_is_answered_before_a_bind_but_that(server, account):
    with Client(server.port) as client:
        client.session.bound = True
        assert client.submit(PLAIN_BODY).command_status == 0x04
        assert client.ask(QuerySm("1")).command_status == 0x04
        wait_until(lambda: not server.server.connections)


def test_a_receiver_does_not_submit(server, account):
    with Client(server.port) as client:
        client.bind(command=CommandId.bind_receiver)
        assert client.submit(PLAIN_BODY).command_status == 0x04
        assert client.bind() == 0x05


def test_a_refused_client_is_disconnected_after_it_has_read_why(server, account):
    with Client(server.port) as client:
        assert client.bind(password="wrong") == ESME_RINVPASWD
        client.loop.run(client.session.closed())


def test_enquiries_are_answered(client):
    async def enquire():
        return await client.session.request_now(Empty(CommandId.enquire_link))

    assert client.loop.run(enquire()).command_id is CommandId.enquire_link_resp


def test_a_bind_that_is_taken_off_the_list_is_unbound(client, server):
    SmppBind.objects.all().delete()
    server.loop.run(server.server._housekeeping._beat())
    wait_until(lambda: not client.session.bound)


def test_the_figures_of_a_bind_are_shown(client, server):
    client.submit(PLAIN_BODY)
    client.submit("Nobody approved this.")
    server.loop.run(server.server._housekeeping._beat())
    bind = SmppBind.objects.get()
    assert (bind.submitted, bind.refused, bind.throttled, bind.in_window) == (2, 1, 0, 0)


def test_what_is_long_over_is_forgotten(program):
    make_account(program.application)
    binding.try_bind(asked(), "died")
    binding.try_bind(asked(password="wrong"), "test")
    later = shared_time.now() - timedelta(days=2)
    SmppBind.objects.update(seen_at=later)
    SmppLockOut.objects.update(failed_at=later, locked_until=later)
    assert binding.forget() == 2


def test_passwords_are_new_each_time_and_kept_as_hashes(account):
    shown = account.renew_password()
    assert len(shown) == 8
    assert shown.isalnum()
    assert shown not in account.password
    assert account.has_password(shown)
    assert not account.has_password(PASSWORD)
