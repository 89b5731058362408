"""Receivers that mean harm: what they do ends within bounds and is a failure like any other."""

import asyncio
import ipaddress
import logging
import socket
import ssl

import pytest

from sending.callbacks import post, rounds
from sending.callbacks.post import CallbackAnswer, Posting
from sending.callbacks.target import read_url
from sending.models import CallbackEvent
from sending.tests.callbacks.outbox import endpoint_of, make_application, make_reports
from sending.tests.callbacks.receivers import (
    Hostile,
    Receiver,
    hangs_up,
    huge_head,
    nests_deeply,
    never_ends,
    says_continue,
    says_nothing,
    speaks_no_http,
    trickles,
)
from sending.tests.gateways.authority import Authority

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


def posted(url, networks=LOOPBACK) -> CallbackAnswer:
    posting = Posting(read_url(url), (("X-Own", "1"),), b"[]")
    return asyncio.run(post.post(posting, networks))


@pytest.mark.parametrize(
    ("behave", "error"),
    [
        (never_ends, "RESPONSE_TOO_LONG"),
        (huge_head, "RESPONSE_UNREADABLE"),
        (says_continue, "RESPONSE_TOO_LONG"),
        (hangs_up, "CONNECTION_LOST"),
        (speaks_no_http, "RESPONSE_UNREADABLE"),
        (nests_deeply, ""),
    ],
)
def test_what_a_receiver_sends_has_a_bound(behave, error):
    with Hostile(behave) as receiver:
        answer = posted(receiver.url)
    assert answer.error == error
    assert answer.milliseconds < post.MOST_SECONDS * 1000


@pytest.mark.parametrize("behave", [says_nothing, trickles])
def test_an_answer_has_its_time_however_slowly_it_comes(behave, monkeypatch):
    monkeypatch.setattr(post, "MOST_SECONDS", 0.5)
    with Hostile(behave) as receiver:
        answer = posted(receiver.url)
    assert answer.error == "NO_ANSWER_IN_TIME"
    assert answer.milliseconds >= 500


def test_the_time_of_all_of_it_is_ten_seconds():
    assert post.MOST_SECONDS == 10


def test_a_redirect_is_not_followed():
    with Receiver() as inside:
        for status in (301, 302, 307, 308):
            with Receiver(lambda told, s=status: (s, inside.url.encode())) as receiver:
                assert posted(receiver.url).error == f"HTTP_{status}"
        assert inside.told == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_this_machine_is_not_called_back_unless_the_operator_allows_it(host):
    with Receiver() as receiver:
        url = receiver.url.replace("127.0.0.1", host)
        assert posted(url, networks=()).error == "ADDRESS_REFUSED"
        assert receiver.told == []


@pytest.mark.parametrize("address", ["10.1.2.3", "169.254.169.254", "192.168.0.1", "100.64.0.1"])
def test_networks_inside_are_not_called_back(address):
    assert posted(f"http://{address}/", networks=()).error == "ADDRESS_REFUSED"


@pytest.mark.django_db
def test_the_setting_says_which_networks_are_allowed(receiver, settings):
    application = make_application(receiver.url)
    make_reports(application)
    settings.CALLBACK_NETWORKS = ()
    rounds.deliver()
    assert endpoint_of(application).error == "ADDRESS_REFUSED"
    assert receiver.told == []


def answers_of(monkeypatch, *addresses):
    """Let the resolver say one address after the other."""
    left, asked = list(addresses), []

    async def getaddrinfo(self, host, port, **_):
        asked.append(host)
        family = socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (left.pop(0), port))]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return asked


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(monkeypatch):
    """The second answer would lead elsewhere; nobody asks for it."""
    with Receiver() as receiver:
        asked = answers_of(monkeypatch, "127.0.0.1", "127.0.0.2")
        url = receiver.url.replace("127.0.0.1", "rebind.example")
        assert posted(url).error == ""
        assert asked == ["rebind.example"]
        assert receiver.told[0].headers["host"] == f"rebind.example:{receiver.server_port}"


def test_one_address_inside_refuses_a_name(monkeypatch):
    asked = answers_of(monkeypatch, "10.0.0.1")
    assert posted("https://rebind.example/").error == "ADDRESS_REFUSED"
    assert asked == ["rebind.example"]


def test_proxies_of_the_environment_are_not_asked(monkeypatch):
    with Receiver() as proxy, Receiver() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        assert posted(receiver.url).error == ""
        assert (len(receiver.told), proxy.told) == (1, [])


def encrypted(receiver, issued, tmp_path):
    """Let a receiver speak TLS with this certificate."""
    (tmp_path / "pair.pem").write_text(issued.certificate + issued.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pair.pem")
    receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
    return receiver.url.replace("http:", "https:")


def test_tls_is_verified_by_name(monkeypatch, tmp_path):
    authority = Authority()
    trusting = ssl.create_default_context(cadata=authority.pem)
    monkeypatch.setattr(post, "tls_context", lambda: trusting)
    receiver = Receiver()
    url = encrypted(receiver, authority.issue("receiver", address="127.0.0.1"), tmp_path)
    with receiver:
        assert posted(url).error == ""
        answers_of(monkeypatch, "127.0.0.1")
        other = url.replace("127.0.0.1", "other.example")
        assert posted(other).error == "TLS_OTHER_NAME"
    assert len(receiver.told) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path):
    receiver = Receiver()
    url = encrypted(receiver, Authority().issue("receiver"), tmp_path)
    with receiver:
        assert posted(url).error == "TLS_UNTRUSTED"
    assert receiver.told == []


@pytest.mark.django_db
def test_the_log_has_no_number_no_text_and_no_secret(receiver, caplog):
    caplog.set_level(logging.DEBUG)
    make_reports(make_application(receiver.url))
    rounds.deliver()
    assert CallbackEvent.objects.get().delivered_at
    assert "5123" not in caplog.text
    assert "a secret" not in caplog.text
