"""Finds out who asks when proxies stand in between, and corrects `REMOTE_ADDR`."""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

MOST_HOPS = 10
"""Entries of X-Forwarded-For that are looked at, from the right."""

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class ClientAddressMiddleware:
    """Puts the client's own address into `REMOTE_ADDR`; first of all, for everybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request as one of its client."""
        meta = request.META
        meta["REMOTE_ADDR"] = client_address(
            meta.get("REMOTE_ADDR", ""),
            meta.get("HTTP_X_FORWARDED_FOR", ""),
            settings.TRUSTED_PROXIES,
        )
        return self.get_response(request)


def client_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Return the address of the first one, from the right, who is no proxy of ours.

    `peer` opened the connection, over a Unix socket it is empty; each proxy appends to `forwarded`
    whom it heard. What stands left of an address that we do not trust, or cannot read, is hearsay.
    """
    address = _read(peer)
    believed = _is_one_of(address, trusted) if peer else bool(trusted)
    for hop in reversed(forwarded.rsplit(",", MOST_HOPS)[-MOST_HOPS:]):
        said = _read(hop)
        if said is None or not believed:
            break
        address, believed = said, _is_one_of(said, trusted)
    return peer if address is None else str(address)


def _is_one_of(address: Address | None, networks: Sequence[Network]) -> bool:
    return address is not None and any(address in network for network in networks)


def _read(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    # One client has one address, whichever socket heard it.
    return getattr(address, "ipv4_mapped", None) or address
