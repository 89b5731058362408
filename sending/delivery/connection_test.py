"""A trial of a gateway, made where messages are sent from and stored for the page that asked."""

import asyncio

from django.utils import timezone

from sending.delivery.gateway_config import config_of
from sending.gateways.trial import attempt
from sending.models import Gateway, GatewayTrial


def ask_for(gateway: Gateway) -> bool:
    """Note that a trial is wanted; False when one is under way."""
    now = timezone.now()
    trial = GatewayTrial.objects.select_for_update().filter(pk=gateway.pk).first()
    if trial and trial.is_under_way(now):
        return False
    GatewayTrial.objects.update_or_create(
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


def try_gateway(gateway_id: int) -> None:
    """Make the trial that is wanted, and store what came of it; one connection more for seconds."""
    wanted = GatewayTrial.objects.filter(pk=gateway_id, ended_at=None)
    trial = wanted.select_related("gateway").first()
    if trial is None:
        return
    found = asyncio.run(attempt(trial.gateway.kind, config_of(trial.gateway)))
    # Of one that was asked for anew meanwhile, this is not the answer.
    wanted.filter(asked_at=trial.asked_at).update(
        ended_at=timezone.now(),
        trouble=found.trouble[:200],
        connected_ms=found.connected_ms,
        bound_ms=found.bound_ms,
        answered_ms=found.answered_ms,
    )
