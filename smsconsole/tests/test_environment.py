"""Settings from the environment: what is refused, and what stands there without them."""

import sqlite3
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from sending.gateways.addresses import may_connect
from smsconsole import environment


def test_in_production_gateways_connect_to_no_network_of_ours(monkeypatch):
    monkeypatch.delenv("GATEWAY_NETWORKS", raising=False)
    assert environment.gateway_networks(production=True) == ()
    # The simulator of the demo is on this machine.
    networks = environment.gateway_networks(production=False)
    for address in ("127.0.0.1", "::1"):
        assert may_connect(ip_address(address), networks)


def test_in_production_nobody_is_called_back_inside(monkeypatch):
    monkeypatch.delenv("CALLBACK_NETWORKS", raising=False)
    # What operators allow for their gateways is not for whoever enters a URL.
    monkeypatch.setenv("GATEWAY_NETWORKS", "10.20.30.40/32")
    assert environment.callback_networks(production=True) == ()
    assert may_connect(ip_address("127.0.0.1"), environment.callback_networks(production=False))


def test_smpp_may_go_through_a_vpn_unless_somebody_says_no(monkeypatch):
    monkeypatch.delenv("SMPP_NETWORKS", raising=False)
    networks = environment.smpp_networks()
    for address in ("10.1.2.3", "172.20.0.1", "192.168.7.7", "100.64.1.1", "fd00::7"):
        assert may_connect(ip_address(address), networks)
    for address in ("127.0.0.1", "169.254.169.254", "0.0.0.0", "::1", "fe80::1", "224.0.0.1"):
        assert not may_connect(ip_address(address), networks)
    monkeypatch.setenv("SMPP_NETWORKS", "")
    assert environment.smpp_networks() == ()


def test_networks_are_written_with_commas(monkeypatch):
    monkeypatch.setenv("GATEWAY_NETWORKS", "10.20.30.40/32, fd00:1::/64")
    assert environment.gateway_networks(production=True) == (
        ip_network("10.20.30.40/32"),
        ip_network("fd00:1::/64"),
    )


@pytest.mark.parametrize("written", ["10.0.0.5/8", "gateway.example", "10.0.0.0/33"])
def test_what_is_no_network_is_refused_by_name(monkeypatch, written):
    monkeypatch.setenv("GATEWAY_NETWORKS", written)
    with pytest.raises(ImproperlyConfigured, match="GATEWAY_NETWORKS must be networks"):
        environment.gateway_networks(production=True)


@pytest.mark.parametrize("password", ["a/b", "12/34", "a#b:c", "per?cent", "t@sk"])
def test_an_address_that_cannot_be_read_prints_no_part_of_the_password(monkeypatch, password):
    monkeypatch.setenv("DATABASE_URL", f"postgres://console:{password}@db:5432/console")
    with pytest.raises(ImproperlyConfigured, match="put the password into PGPASSWORD") as refused:
        environment.database(Path("var"))
    assert password not in str(refused.value)


def test_the_password_may_stand_apart(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://console@db:5432/console")
    config = environment.database(Path("var"))
    assert (config["USER"], config["HOST"], config["PASSWORD"]) == ("console", "db", "")


def test_reviewers_work_by_a_calendar_with_holidays(monkeypatch):
    monkeypatch.setenv("REVIEW_HOURS", "Mon-Fri 09:00-18:00")
    monkeypatch.setenv("REVIEW_TIME_ZONE", "Asia/Hong_Kong")
    monkeypatch.setenv("REVIEW_HOLIDAYS", "HK")
    calendar = environment.review_calendar()
    assert calendar is not None
    # Christmas of 2026 is a Friday; the day after is one too, and then comes the weekend.
    start = datetime(2026, 12, 24, 17, tzinfo=calendar.zone)
    due = datetime(2026, 12, 28, 10, tzinfo=calendar.zone)
    assert calendar.after(start, timedelta(hours=2)) == due
    monkeypatch.delenv("REVIEW_HOURS")
    assert environment.review_calendar() is None


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("REVIEW_HOURS", "nine to five"),
        ("REVIEW_TIME_ZONE", "Hong Kong"),
        ("REVIEW_TIME_ZONE", "../etc"),
        ("REVIEW_HOLIDAYS", "Atlantis"),
        ("REVIEW_HOLIDAYS", "US-XX"),
    ],
)
def test_a_calendar_that_cannot_be_read_is_refused_by_name(monkeypatch, variable, value):
    monkeypatch.setenv("REVIEW_HOURS", "Mon-Fri 09:00-18:00")
    monkeypatch.setenv(variable, value)
    with pytest.raises(ImproperlyConfigured, match=variable):
        environment.review_calendar()


def test_what_two_reviewers_approve_is_named_by_kinds(monkeypatch):
    monkeypatch.setenv("REVIEW_FOUR_EYES", "originator,signature")
    assert environment.review_kinds() == {"originator", "signature"}
    monkeypatch.setenv("REVIEW_FOUR_EYES", "originator,letter")
    with pytest.raises(ImproperlyConfigured, match="letter"):
        environment.review_kinds()


def test_the_folder_of_a_socket_may_stand_for_the_host(monkeypatch):
    address = "postgres://console@%2Fvar%2Frun%2Fpostgresql/console"
    monkeypatch.setenv("DATABASE_URL", address)
    config = environment.database(Path("var"))
    assert (config["HOST"], config["NAME"]) == ("/var/run/postgresql", "console")


def test_a_commit_on_sqlite_is_on_disk(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    config = environment.database(tmp_path)
    with sqlite3.connect(config["NAME"]) as connection:
        connection.executescript(config["OPTIONS"]["init_command"])
        ((level,),) = connection.execute("PRAGMA synchronous")
    connection.close()
    assert level == 2, "FULL"
