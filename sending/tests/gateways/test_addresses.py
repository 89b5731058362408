"""Which addresses a gateway may be at: tables of the special ones, and every way to write them."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.gateways.addresses import literal, may_connect

INNER = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200",
    "127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "100::1", "64:ff9b:1::a00:1", "fc00::1", "fd00:ec2::254", "fe80::1",
    "fe80::1%eth0", "fec0::1", "ff02::1", "2001::1", "2001:db8::1",
    "2002:7f00:1::1", "2002:0101:0101::1", "3fff::1", "5f00::1",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
    "128.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "193.0.0.1", "223.255.255.255",
    "2001:200::1", "2606:4700:4700::1111", "2a00:1450::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INNER)
def test_what_is_not_public_is_refused(address):
    assert not may_connect(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_needs_no_permission(address):
    assert may_connect(ip_address(address))


def carrying(address: IPv4Address) -> list[IPv6Address]:
    """The IPv6 addresses that stand for an IPv4 address: mapped, and by NAT64."""
    number = int(address)
    return [
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address(int(IPv6Address("64:ff9b::")) | number),
    ]


@given(st.ip_addresses(v=4))
def test_an_address_in_another_is_judged_like_itself(address):
    for wrapped in carrying(address):
        assert may_connect(wrapped) == may_connect(address)
        assert may_connect(wrapped, [ip_network(address)])


@pytest.mark.parametrize("address", [one for one in INNER if ":" not in one])
def test_wrapping_does_not_help(address):
    assert not any(map(may_connect, carrying(IPv4Address(address))))


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_is_public(address):
    # It calls every mapped address private, also those of public ones.
    mapped = getattr(address, "ipv4_mapped", None)
    if not mapped and (address.is_multicast or not address.is_global):
        assert not may_connect(address)


def test_an_allowed_network_allows_its_own_addresses_only():
    allowed = [ip_network("10.1.2.0/24"), ip_network("fd00:1::/64")]
    for address in ("10.1.2.3", "::ffff:10.1.2.3", "fd00:1::7"):
        assert may_connect(ip_address(address), allowed)
    for address in ("10.1.3.3", "fd00:2::7", "127.0.0.1", "169.254.169.254"):
        assert not may_connect(ip_address(address), allowed)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("0", "0.0.0.0"),
        ("::1", "::1"),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1"),
    ],
)
def test_an_address_is_known_however_it_is_written(host, address):
    assert literal(host) == ip_address(address)


@pytest.mark.parametrize("host", ["smpp.example.net", "localhost", "", "a\0b", "ü.example"])
def test_a_name_is_no_address(host):
    assert literal(host) is None
