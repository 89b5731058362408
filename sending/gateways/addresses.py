"""Which addresses a gateway may be at: every public one, and those of networks that are allowed."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# IANA's special-purpose registries (RFC 6890): loopback, private, shared (carrier-grade NAT),
# link-local with the metadata of clouds, documentation, benchmarks, multicast, and what is left.
_NOT_PUBLIC_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        # Azure's metadata has a public address, which each machine there reaches by itself.
        "168.63.129.16/32",
    )
)  # fmt: skip
# Only 2000::/3 is given to hosts of the internet; in it lie protocols and tunnels (Teredo, 6to4),
# which carry IPv4 addresses, and documentation.
_PUBLIC_V6 = IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
_NAT64 = IPv6Network("64:ff9b::/96")


def may_connect(address: Address, allowed: Iterable[Network] = ()) -> bool:
    """Tell whether an address is public or in one of the networks that are allowed."""
    meant = _meant(address)
    return _is_public(meant) or any(meant in network for network in allowed)


def literal(host: str) -> Address | None:
    """Return the address that a host is written as; None for a name.

    The resolver also reads 2130706433, 0x7f.1 and 127.1 as addresses.
    """
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def _meant(address: Address) -> Address:
    """Return whom an address leads to: one of IPv6 can stand for one of IPv4 (mapped, NAT64)."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_V4)
    return address in _PUBLIC_V6 and not any(address in network for network in _NOT_PUBLIC_V6)
