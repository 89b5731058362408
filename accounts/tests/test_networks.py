"""Networks as people enter them, and what is kept of them."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.networks import (
    MOST_NETWORKS,
    EveryAddress,
    NotANetwork,
    TooManyNetworks,
    normalised,
)


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ("", []),
        (" \n,; ", []),
        ("203.0.113.9", ["203.0.113.9/32"]),
        ("203.0.113.9/24", ["203.0.113.0/24"]),
        ("2001:DB8:0::1", ["2001:db8::1/128"]),
        ("10.0.0.9, 10.0.0.0/8; 192.0.2.1", ["10.0.0.0/8", "192.0.2.1/32"]),
        ("10.0.0.0/8\n10.0.0.9\n10.0.0.0/8", ["10.0.0.0/8"]),
        ("::ffff:10.0.0.1 10.0.0.1", ["::ffff:a00:1/128", "10.0.0.1/32"]),
    ],
)
def test_what_is_kept(entered: str, kept: list[str]) -> None:
    assert normalised(entered) == kept


@pytest.mark.parametrize(
    "entered", ["shop", "203.0.113", "203.0.113.9/33", "203.0.113.009", "fe80::1%eth0/64", "1" * 99]
)
def test_what_is_no_network_is_named(entered: str) -> None:
    with pytest.raises(NotANetwork) as raised:
        normalised(f"192.0.2.1 {entered}")
    assert raised.value.text == entered


@pytest.mark.parametrize("entered", ["0.0.0.0/0", "::/0", "8.8.8.8/0"])
def test_every_address_is_said_by_an_empty_list(entered: str) -> None:
    with pytest.raises(EveryAddress):
        normalised(entered)


def test_there_is_a_most() -> None:
    words = [f"192.0.2.{n}" for n in range(MOST_NETWORKS + 1)]
    assert len(normalised(" ".join(words[:-1]))) == MOST_NETWORKS
    with pytest.raises(TooManyNetworks):
        normalised(" ".join(words))


networks = st.builds(
    lambda address, bits: ipaddress.ip_network((address, bits), strict=False),
    st.ip_addresses(v=4),
    st.integers(1, 32),
)


@given(st.lists(networks, max_size=8), st.ip_addresses(v=4))
def test_it_allows_what_was_entered_and_nothing_else(entered, address) -> None:
    kept = normalised(" ".join(map(str, entered)))
    assert normalised(" ".join(kept)) == kept
    assert any(address in network for network in entered) == any(
        address in ipaddress.ip_network(network) for network in kept
    )
