"""Whose address a request has when proxies stand in between."""

from ipaddress import ip_network

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from smsconsole import environment
from smsconsole.client_address import MOST_HOPS, client_address

OURS = [ip_network("127.0.0.1"), ip_network("10.0.3.0/24"), ip_network("fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        pytest.param("127.0.0.1", "203.0.113.7", "203.0.113.7", id="one proxy"),
        pytest.param("127.0.0.1", "203.0.113.7, 10.0.3.9", "203.0.113.7", id="two proxies"),
        pytest.param(
            "127.0.0.1", "1.2.3.4, 203.0.113.7", "203.0.113.7", id="a claim of the client"
        ),
        pytest.param("127.0.0.1", "10.0.3.9, 203.0.113.7", "203.0.113.7", id="a claimed proxy"),
        pytest.param("203.0.113.7", "1.2.3.4", "203.0.113.7", id="past the proxy"),
        pytest.param("203.0.113.7", "", "203.0.113.7", id="nothing said"),
        pytest.param("127.0.0.1", "", "127.0.0.1", id="a proxy asks itself"),
        pytest.param("127.0.0.1", "10.0.3.9, 10.0.3.8", "10.0.3.9", id="proxies alone"),
        pytest.param("127.0.0.1", "203.0.113.7, unknown", "127.0.0.1", id="unreadable"),
        pytest.param("127.0.0.1", "1.2.3.4, <script>, 10.0.3.9", "10.0.3.9", id="unreadable left"),
        pytest.param("127.0.0.1", "2001:db8::7", "2001:db8::7", id="IPv6"),
        pytest.param("fd00::1", "203.0.113.7", "203.0.113.7", id="an IPv6 proxy"),
        pytest.param("::ffff:127.0.0.1", "203.0.113.7", "203.0.113.7", id="IPv4 in IPv6"),
        pytest.param("", "203.0.113.7", "203.0.113.7", id="a Unix socket"),
        pytest.param("", "", "", id="a Unix socket, nothing said"),
    ],
)
def test_the_client_is_the_first_from_the_right_that_is_no_proxy(
    peer: str, forwarded: str, client: str
) -> None:
    assert client_address(peer, forwarded, OURS) == client


def test_without_proxies_nobody_is_believed() -> None:
    assert client_address("127.0.0.1", "203.0.113.7", []) == "127.0.0.1"
    assert client_address("", "203.0.113.7", []) == ""


def test_only_so_many_hops_are_followed() -> None:
    hops = ", ".join(["203.0.113.7", *["10.0.3.1"] * MOST_HOPS])
    assert client_address("127.0.0.1", hops, OURS) == "10.0.3.1"


@given(st.text(), st.lists(st.one_of(st.text(), st.ip_addresses().map(str)), max_size=30))
def test_whatever_is_said_a_stranger_stays_who_they_are(said: str, hops: list[str]) -> None:
    assert client_address("203.0.113.7", ",".join([said, *hops]), OURS) == "203.0.113.7"
    last = ",".join([said, *hops, "203.0.113.7"])
    assert client_address("127.0.0.1", last, OURS) == "203.0.113.7"


def test_every_view_sees_the_client(settings, client: Client) -> None:
    settings.TRUSTED_PROXIES = OURS
    request = client.get("/healthz", headers={"x-forwarded-for": "203.0.113.7"}).wsgi_request
    assert request.META["REMOTE_ADDR"] == "203.0.113.7"


@pytest.mark.parametrize("named", ["", "10.0.3", "0.0.0.0/0", "::/0"])
def test_a_console_behind_a_proxy_does_not_start_without_its_address(
    monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", named)
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
        environment.trusted_proxies(behind_proxy=True)


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "127.0.0.1,10.0.3.0/24,fd00::/8")
    assert list(environment.trusted_proxies(behind_proxy=True)) == OURS
    monkeypatch.delenv("TRUSTED_PROXIES")
    assert not environment.trusted_proxies(behind_proxy=False)
