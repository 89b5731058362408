"""The networks from which an API key may be used, as people enter them. Pure: no framework."""

import ipaddress
import re
from collections.abc import Iterable

MOST_NETWORKS = 50
_SEPARATORS = re.compile(r"[\s,;]+")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class NotANetwork(ValueError):
    """`text` names no address and no network in CIDR notation (RFC 4632)."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class TooManyNetworks(ValueError):
    """More than MOST_NETWORKS."""


class EveryAddress(NotANetwork):
    """A network of all addresses: an empty list says the same, and says it plainly."""


def normalised(text: str) -> list[str]:
    """Return the networks in `text`, each once, the shortest way to write them, in their order.

    A single address becomes a network of one; 203.0.113.9/24 is 203.0.113.0/24; a network inside
    another one of the list is left out. Raises NotANetwork or TooManyNetworks.
    """
    words = [word for word in _SEPARATORS.split(text) if word]
    if len(words) > MOST_NETWORKS:
        raise TooManyNetworks
    networks = [_network(word) for word in words]
    return [str(one) for one in networks_once(networks)]


def networks_once(networks: Iterable[Network]) -> list[Network]:
    """Return the networks without those that another one covers, in their order."""
    kept: list[Network] = []
    for network in networks:
        if not any(_covers(one, network) for one in kept):
            kept = [one for one in kept if not _covers(network, one)]
            kept.append(network)
    return kept


def _network(word: str) -> Network:
    try:
        network = ipaddress.ip_network(word, strict=False)
    except ValueError:
        raise NotANetwork(word) from None
    # A zone (RFC 4007) is this machine's own business, and no address of a request has one.
    if "%" in word:
        raise NotANetwork(word)
    if network.prefixlen == 0:
        raise EveryAddress(word)
    return network


def _covers(wide: Network, narrow: Network) -> bool:
    # Networks of two versions cannot be compared.
    return wide.version == narrow.version and narrow.subnet_of(wide)  # type: ignore[arg-type]
