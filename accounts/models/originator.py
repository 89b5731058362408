"""What handsets may show as sender of an organization's messages, and what applications show."""

from collections.abc import Mapping
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models.application import SmsApplication
from accounts.models.decided import Decided
from accounts.models.moment import MomentField
from accounts.models.organization import Organization
from accounts.models.stepping import StepQuerySet
from accounts.originators import validate_originator


class OriginatorState(StrEnum):
    """Where an originator stands."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


ORIGINATOR_STEPS: Mapping[OriginatorState, frozenset[OriginatorState]] = {
    OriginatorState.PENDING: frozenset(
        {OriginatorState.APPROVED, OriginatorState.REJECTED, OriginatorState.WITHDRAWN}
    ),
    OriginatorState.APPROVED: frozenset({OriginatorState.WITHDRAWN}),
    OriginatorState.REJECTED: frozenset(),
    OriginatorState.WITHDRAWN: frozenset(),
}
ORIGINATOR_LABELS = {
    OriginatorState.PENDING: _("Pending review"),
    OriginatorState.APPROVED: _("Approved"),
    OriginatorState.REJECTED: _("Rejected"),
    OriginatorState.WITHDRAWN: _("Withdrawn"),
}
_OPEN = (OriginatorState.PENDING.value, OriginatorState.APPROVED.value)


def originator_choices() -> list[tuple[str, object]]:
    """Return the choices; a callable keeps them out of migrations."""
    return [(state.value, label) for state, label in ORIGINATOR_LABELS.items()]


class OriginatorQuerySet(StepQuerySet):
    """Originators of organizations."""

    steps = ORIGINATOR_STEPS

    def approved(self) -> "OriginatorQuerySet":
        """Return those that handsets may show."""
        return self.filter(state=OriginatorState.APPROVED.value)


class Originator(Decided):
    """A name or number that an organization asked to be shown as, and the decision about it."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="originators")
    address = models.CharField(_("originator"), max_length=20, validators=[validate_originator])
    # Empty means every country.
    country = models.CharField(_("country"), max_length=2, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=originator_choices, default=OriginatorState.PENDING.value
    )
    remarks = models.TextField(_("remarks for the reviewer"), max_length=1000, blank=True)
    # Nobody submitted those that applications had before originators were reviewed.
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    submitted_at = MomentField(_("submitted at"), default=shared_time.now)
    due_at = MomentField(_("due at"), default=shared_time.now)

    objects = OriginatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("originator")
        verbose_name_plural = _("originators")
        permissions = [("withdraw_originator", "Can withdraw originators")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "address", "country"],
                condition=Q(state__in=_OPEN),
                name="originator_one_open",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="originator_due")]

    def __str__(self) -> str:
        return self.address

    @property
    def is_open(self) -> bool:
        """Tell whether it is approved, or may still be."""
        return self.state in _OPEN


class ApplicationOriginator(models.Model):
    """What the messages of an application show in one country, instead of in all others."""

    application = models.ForeignKey(
        SmsApplication, models.CASCADE, related_name="country_originators"
    )
    country = models.CharField(_("country"), max_length=2)
    originator = models.ForeignKey(Originator, models.CASCADE, related_name="chosen_in")

    class Meta:
        verbose_name = _("originator of an application in a country")
        verbose_name_plural = _("originators of applications in countries")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "country"], name="application_originator_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.country}"
