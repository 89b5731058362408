"""What operators say about trouble, step by step."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.errors import Conflict
from accounts.models import AuditEntry, User
from sending.models import Gateway, Incident, IncidentState, IncidentUpdate


@transaction.atomic
def open_incident(
    *,
    actor: User,
    title: str,
    body: str,
    state: IncidentState,
    gateways: Iterable[Gateway],
    started_at: datetime,
) -> Incident:
    """Post an incident; without gateways it affects all."""
    incident = Incident.objects.create(title=title, state=state.value, started_at=started_at)
    incident.gateways.set(gateways)
    _say(incident, actor, state, body)
    _record(incident, "opened", actor, state)
    return incident


@transaction.atomic
def update_incident(*, actor: User, incident: Incident, state: IncidentState, body: str) -> None:
    """Say how it goes on; raise Conflict where that cannot follow."""
    now = shared_time.now()
    if not incident.step(state, now):
        raise Conflict(_("This incident is already over."))
    _say(incident, actor, state, body, now)
    _record(incident, "updated", actor, state)


def _say(
    incident: Incident, actor: User, state: IncidentState, body: str, at: datetime | None = None
) -> None:
    IncidentUpdate.objects.create(
        incident=incident, state=state.value, body=body, author=actor, at=at or shared_time.now()
    )


def _record(incident: Incident, act: str, actor: User, state: IncidentState) -> None:
    AuditEntry.record(
        action=f"incident.{act}",
        subject=incident,
        organization=None,
        actor=actor,
        state=state.value,
        id=incident.pk,
    )
