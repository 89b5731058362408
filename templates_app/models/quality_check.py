"""An approval that a second reviewer looks at, to see how well is decided."""

from collections.abc import Mapping
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, StepQuerySet
from templates_app.models.desk_decision import DeskDecision


class QualityState(StrEnum):
    """What the second reviewer said."""

    OPEN = "OPEN"
    AGREED = "AGREED"
    DISAGREED = "DISAGREED"


QUALITY_STEPS: Mapping[QualityState, frozenset[QualityState]] = {
    QualityState.OPEN: frozenset({QualityState.AGREED, QualityState.DISAGREED}),
    QualityState.AGREED: frozenset(),
    QualityState.DISAGREED: frozenset(),
}


class QualityCheckQuerySet(StepQuerySet):
    """Sampled approvals."""

    steps = QUALITY_STEPS


class QualityCheck(models.Model):
    """One sampled approval; what is said of it changes nothing that was approved."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    decision = models.OneToOneField(DeskDecision, models.CASCADE, related_name="quality_check")
    state = models.CharField(max_length=9, default=QualityState.OPEN.value)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    checked_at = models.DateTimeField(null=True, blank=True)

    objects = QualityCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("quality check")
        verbose_name_plural = _("quality checks")
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state=QualityState.OPEN.value), name="quality_open"
            ),
            models.Index(fields=["-checked_at"], name="quality_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}"
