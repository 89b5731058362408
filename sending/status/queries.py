"""What concerns an organization: incidents, and how the gateways of its countries are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import Organization
from sending.models import BindSlot, Circuit, Gateway, Incident
from sending.models.country_routes import CountryRoutes
from sending.models.incident import IncidentQuerySet

# How long what is over stays on the page.
DAYS = 30
MOST = 50
# A sender says more often that it lives.
_SILENT = timedelta(seconds=60)

# condition: (tone, icon, what it means for whoever sends)
_HEALTH: Mapping[str, tuple[str, str, Promise]] = {
    "works": ("ok", "check", _("Works.")),
    "stopped": (
        "idle",
        "power",
        _(
            "Stopped by the operator. Messages go through another gateway, or wait until it is "
            "back."
        ),
    ),
    "draining": (
        "idle",
        "drain",
        _("Being drained by the operator. New messages go through another gateway."),
    ),
    "trouble": (
        "bad",
        "failed",
        _(
            "Not working properly. Messages go through another gateway, or wait until it works "
            "again."
        ),
    ),
    "recovering": (
        "warn",
        "retry",
        _("Being tried again after a fault. Some messages are waiting."),
    ),
    "unconnected": ("warn", "network", _("Not connected right now. Its messages are waiting.")),
}


@dataclass(frozen=True, slots=True)
class Health:
    """One gateway, and in words how it is."""

    name: str
    tone: str
    icon: str
    sentence: Promise


def concerned(organization: Organization) -> set[int]:
    """Return the gateways that messages to the organization's countries may take."""
    return CountryRoutes.load().to_any(organization.allowed_countries)


def incidents(gateway_ids: set[int] | None) -> tuple[list[Incident], list[Incident]]:
    """Return what is open and what ended lately, the newest first; None means of all gateways."""
    rows: IncidentQuerySet = Incident.objects.of_days(DAYS)
    if gateway_ids is not None:
        rows = rows.concerning(gateway_ids)
    found = list(rows.prefetch_related("updates", "gateways")[:MOST])
    return [one for one in found if one.is_open], [one for one in found if not one.is_open]


def health(gateway_ids: set[int]) -> Sequence[Health]:
    """Return how these gateways are, by name; small tables."""
    now = shared_time.now()
    bound = set(
        BindSlot.objects.filter(heartbeat_at__gte=now - _SILENT)
        .exclude(owner="")
        .exclude(bound_at=None)
        .values_list("gateway_id", flat=True)
    )
    rows = Gateway.objects.filter(pk__in=gateway_ids).select_related("circuit").order_by("name")
    return [
        Health(gateway.name, *_HEALTH[_condition(gateway, gateway.pk in bound)]) for gateway in rows
    ]


def _condition(gateway: Gateway, is_bound: bool) -> str:  # noqa: FBT001 - read right above.
    if gateway.mode == Gateway.Mode.STOPPED:
        return "stopped"
    circuit = getattr(gateway, "circuit", None)
    state = circuit.state if circuit else Circuit.State.CLOSED
    if state == Circuit.State.OPEN:
        return "trouble"
    if not is_bound:
        return "unconnected"
    if state == Circuit.State.HALF_OPEN:
        return "recovering"
    return "draining" if gateway.mode == Gateway.Mode.DRAINING else "works"
