"""What a reviewer decided on the desk, from the key that was pressed until it takes effect."""

from collections.abc import Mapping
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import Organization, StepQuerySet
from accounts.models.moment import MomentField


class DecisionState(StrEnum):
    """Where a decision of the desk stands."""

    HELD = "HELD"  # It can be taken back; nobody has been told.
    FIRST = "FIRST"  # One of two approvals; another reviewer must approve too.
    APPLIED = "APPLIED"  # It has taken effect.
    TAKEN_BACK = "TAKEN_BACK"
    VOID = "VOID"  # It could not take effect: withdrawn meanwhile, or the second one said no.


DECISION_STEPS: Mapping[DecisionState, frozenset[DecisionState]] = {
    DecisionState.HELD: frozenset(
        {
            DecisionState.FIRST,
            DecisionState.APPLIED,
            DecisionState.TAKEN_BACK,
            DecisionState.VOID,
        }
    ),
    DecisionState.FIRST: frozenset({DecisionState.APPLIED, DecisionState.VOID}),
    DecisionState.APPLIED: frozenset(),
    DecisionState.TAKEN_BACK: frozenset(),
    DecisionState.VOID: frozenset(),
}
_OPEN = (DecisionState.HELD.value, DecisionState.FIRST.value)


class DeskDecisionQuerySet(StepQuerySet):
    """Decisions of the desk about items of organizations."""

    steps = DECISION_STEPS

    def open(self) -> "DeskDecisionQuerySet":
        """Return those that have not taken effect and still may."""
        return self.filter(state__in=_OPEN)


class DeskDecision(models.Model):
    """One decision about one item, a kind of the desk and the id of its row."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    item_id = models.BigIntegerField()
    # What people call the item.
    thing = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default=DecisionState.HELD.value)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved = models.BooleanField(_("approved"))
    # As accounts/reasons.py says.
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    note = models.TextField(_("note to the submitter"), blank=True)
    given_at = MomentField(_("given at"), default=shared_time.now)
    # It takes effect then, and cannot be taken back any more.
    final_at = models.DateTimeField(_("final at"))
    # Business time since it was submitted, in seconds, without what was waited for answers.
    seconds = models.PositiveIntegerField()
    was_overdue = models.BooleanField(default=False)
    # Identical texts that were approved by one press are taken back together.
    given_with = models.ForeignKey("self", models.CASCADE, related_name="+", null=True, blank=True)

    objects = DeskDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision of the desk")
        verbose_name_plural = _("decisions of the desk")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "item_id"],
                condition=Q(state=DecisionState.HELD.value),
                name="desk_decision_one_held",
            ),
        ]
        indexes = [
            models.Index(
                fields=["final_at", "id"],
                condition=Q(state=DecisionState.HELD.value),
                name="desk_decision_due",
            ),
            models.Index(
                fields=["kind", "item_id"], condition=Q(state__in=_OPEN), name="desk_decision_open"
            ),
            models.Index(fields=["-given_at"], name="desk_decision_newest"),
        ]

    def __str__(self) -> str:
        return self.thing
