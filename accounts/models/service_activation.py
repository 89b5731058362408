"""The application to use the SMS service, and its approval."""

from collections.abc import Mapping
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models.decided import Decided
from accounts.models.moment import MomentField
from accounts.models.organization import Organization
from accounts.models.stepping import StepQuerySet
from accounts.reasons import advice_of


class ActivationState(StrEnum):
    """Where an application stands."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


ACTIVATION_STEPS: Mapping[ActivationState, frozenset[ActivationState]] = {
    ActivationState.PENDING: frozenset({ActivationState.APPROVED, ActivationState.REJECTED}),
    ActivationState.APPROVED: frozenset(),
    ActivationState.REJECTED: frozenset(),
}
ACTIVATION_LABELS = {
    ActivationState.PENDING: _("Pending review"),
    ActivationState.APPROVED: _("Approved"),
    ActivationState.REJECTED: _("Rejected"),
}


def activation_choices() -> list[tuple[str, object]]:
    """Return the choices; a callable keeps them out of migrations."""
    return [(state.value, label) for state, label in ACTIVATION_LABELS.items()]


class ServiceActivationQuerySet(StepQuerySet):
    """Applications for the service."""

    steps = ACTIVATION_STEPS


class ServiceActivation(Decided):
    """One application. A rejected one stays as history; people apply again with a new one."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="activations")
    state = models.CharField(
        _("state"), max_length=8, choices=activation_choices, default=ActivationState.PENDING.value
    )
    legal_name = models.CharField(_("registered name"), max_length=200)
    country = models.CharField(_("country of registration"), max_length=2)
    website = models.URLField(_("website"), blank=True)
    purpose = models.TextField(_("what you will send, and to whom"), max_length=2000)
    monthly_messages = models.PositiveIntegerField(_("estimated messages per month"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = MomentField(_("submitted at"), default=shared_time.now)
    due_at = models.DateTimeField(_("due at"))

    objects = ServiceActivationQuerySet.as_manager()

    class Meta:
        verbose_name = _("service activation")
        verbose_name_plural = _("service activations")
        # One permission for the whole review desk: activations, signatures, text templates.
        permissions = [("review", "Can decide on the review desk")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=~Q(state=ActivationState.REJECTED.value),
                name="activation_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} ({self.get_state_display()})"

    @property
    def is_pending(self) -> bool:
        """Tell whether it waits for a reviewer."""
        return self.state == ActivationState.PENDING.value

    @property
    def is_approved(self) -> bool:
        """Tell whether the organization may send by it."""
        return self.state == ActivationState.APPROVED.value

    @property
    def is_rejected(self) -> bool:
        """Tell whether it was refused; people may apply again."""
        return self.state == ActivationState.REJECTED.value

    @property
    def named_reasons(self) -> list[tuple[str, str]]:
        """Return, for each reason, the field as the form calls it and what to do about it."""
        labels = {field.name: str(field.verbose_name) for field in self._meta.fields}
        return [
            (
                labels.get(reason.get("field", ""), reason.get("field", "")),
                advice_of(reason) or reason.get("code", "").replace("_", " ").capitalize(),
            )
            for reason in self.reasons
        ]

    def reason_lines(self) -> list[str]:
        """Return the reasons as lines of a notice."""
        return [
            f"{field[:1].upper()}{field[1:]}: {advice}" if field else advice
            for field, advice in self.named_reasons
        ]
