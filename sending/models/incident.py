"""What operators say about trouble: incidents, and how each went on."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import StepQuerySet
from accounts.models.moment import MomentField
from accounts.models.stepping import Steps
from sending.models.gateway import Gateway


class IncidentState(StrEnum):
    """How far operators are with it."""

    INVESTIGATING = "INVESTIGATING"
    IDENTIFIED = "IDENTIFIED"
    WATCHING = "WATCHING"
    RESOLVED = "RESOLVED"


_OPEN = frozenset(IncidentState) - {IncidentState.RESOLVED}
INCIDENT_STEPS: Mapping[IncidentState, frozenset[IncidentState]] = {
    # It may be said again with other words, and what seemed over may come back.
    **{state: frozenset(IncidentState) for state in _OPEN},
    IncidentState.RESOLVED: _OPEN,
}
INCIDENT_LABELS = {
    IncidentState.INVESTIGATING: _("We are looking into it"),
    IncidentState.IDENTIFIED: _("We know the cause"),
    IncidentState.WATCHING: _("It works again, and we are watching it"),
    IncidentState.RESOLVED: _("It is over"),
}


def incident_state_choices() -> list[tuple[str, object]]:
    """Return the choices; a callable keeps them out of migrations."""
    return [(state.value, label) for state, label in INCIDENT_LABELS.items()]


class IncidentQuerySet(StepQuerySet):
    """Incidents, which belong to no organization."""

    steps: ClassVar[Steps] = INCIDENT_STEPS

    def open(self) -> Self:
        """Return what is not over, the newest first."""
        return self.exclude(state=IncidentState.RESOLVED.value).order_by("-started_at", "-pk")

    def concerning(self, gateway_ids: Iterable[int]) -> Self:
        """Return what affects one of the gateways, or all there are."""
        touched = Q(gateways=None) | Q(gateways__in=list(gateway_ids))
        return self.filter(touched).distinct()

    def of_days(self, days: int) -> Self:
        """Return what is open or ended in so many days, the newest first."""
        since = shared_time.now() - timedelta(days=days)
        lately = self.filter(Q(resolved_at=None) | Q(resolved_at__gte=since))
        return lately.order_by("-started_at", "-pk")


class Incident(models.Model):
    """One thing that goes wrong, as organizations are told of it."""

    title = models.CharField(_("title"), max_length=120)
    state = models.CharField(
        _("state"),
        max_length=13,
        choices=incident_state_choices,
        default=IncidentState.INVESTIGATING.value,
    )
    # Those that it affects; none means all.
    gateways = models.ManyToManyField(Gateway, related_name="incidents", blank=True)
    started_at = models.DateTimeField(_("since"))
    resolved_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        indexes = [models.Index(fields=["resolved_at"], name="incident_resolved")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Tell whether it is not over."""
        return self.state != IncidentState.RESOLVED.value

    def step(self, to: IncidentState, at: datetime) -> bool:
        """Move on, and keep when it was over."""
        resolved_at = at if to is IncidentState.RESOLVED else None
        moved = type(self).objects.filter(pk=self.pk).step(to, resolved_at=resolved_at)
        self.refresh_from_db()
        return bool(moved)


class IncidentUpdate(models.Model):
    """What was said at one moment. Rows are only ever added."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="updates")
    state = models.CharField(_("state"), max_length=13, choices=incident_state_choices)
    body = models.TextField(_("what to say"), max_length=2000)
    at = MomentField(_("at"), default=shared_time.now)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("update of an incident")
        verbose_name_plural = _("updates of incidents")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.body
