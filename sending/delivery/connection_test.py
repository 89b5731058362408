"""A connection test of a gateway, run where messages are sent from and kept for the page."""

import asyncio

from accounts import shared_time
from sending.delivery.gateway_config import config_of
from sending.gateways.registry import attempt
from sending.models import ConnectionTest, Gateway


def request(gateway: Gateway) -> bool:
    """Note that a test is wanted; False when one is under way."""
    now = shared_time.now()
    test = ConnectionTest.objects.select_for_update().filter(pk=gateway.pk).first()
    if test and test.is_under_way(now):
        return False
    ConnectionTest.objects.update_or_create(
        gateway=gateway,
        defaults={
            "asked_at": now,
            "ended_at": None,
            "trouble": "",
            "connected_ms": None,
            "bound_ms": None,
            "answered_ms": None,
        },
    )
    return True


def run(gateway_id: int) -> None:
    """Run the test that is wanted and store its result; it takes one more connection briefly."""
    wanted = ConnectionTest.objects.filter(pk=gateway_id, ended_at=None)
    test = wanted.select_related("gateway").first()
    if test is None:
        return
    found = asyncio.run(attempt(test.gateway.kind, config_of(test.gateway)))
    # If it was asked for again meanwhile, this is not the answer.
    wanted.filter(asked_at=test.asked_at).update(
        ended_at=shared_time.now(),
        trouble=found.trouble[:200],
        connected_ms=found.connected_ms,
        bound_ms=found.bound_ms,
        answered_ms=found.answered_ms,
    )
