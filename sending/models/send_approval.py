"""The second pair of eyes: what somebody wants to send, and what another one decided."""

from enum import StrEnum
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import Organization, OrganizationQuerySet
from accounts.models.moment import MomentField
from sending.models.send_task import SendTask, TaskEvent


class ApprovalOutcome(StrEnum):
    """What became of a request for approval; an open one has none."""

    APPROVED = "APPROVED"
    RETURNED = "RETURNED"
    WITHDRAWN = "WITHDRAWN"
    CANCELLED = "CANCELLED"


# Events of a task by which somebody changes its recipients without being its author.
_CHANGES = ("read_again",)


class SendApprovalQuerySet(OrganizationQuerySet):
    """Requests for approval."""

    def waiting_for(self, user: Any) -> Self:
        """Return open ones of tasks that `user` had no part in; index send_approval_open."""
        changed = TaskEvent.objects.filter(code__in=_CHANGES, actor=user).values("task")
        own = models.Q(asked_by=user) | models.Q(task__created_by=user)
        return self.filter(outcome="").exclude(own | models.Q(task__in=changed))


def involved_in(task: SendTask) -> set[int]:
    """Return the people who made the task what it is, or ever asked to send it."""
    changed = task.events.filter(code__in=_CHANGES).exclude(actor=None)
    asked = SendApproval.objects.for_organization(task.organization).filter(task=task)
    return {
        task.created_by_id,
        *changed.values_list("actor_id", flat=True),
        *asked.values_list("asked_by_id", flat=True),
    }


class SendApproval(models.Model):
    """One request for approval: of exactly these figures, which the task still has when it is sent.

    A task that is asked for again gets another row. The note has its numbers masked.
    """

    NOTE_CHARS = 500

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    task = models.ForeignKey(SendTask, models.CASCADE, related_name="approvals")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = MomentField(_("asked at"), auto_now_add=True)
    # When it is to be sent; empty: as soon as it is approved.
    scheduled_at = models.DateTimeField(_("scheduled for"), null=True, blank=True)
    messages = models.PositiveIntegerField(_("messages"))
    segments = models.PositiveIntegerField(_("segments"))
    cost_micro = models.PositiveBigIntegerField(_("cost, millionths"))
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    # One of ApprovalOutcome; empty while it waits.
    outcome = models.CharField(_("outcome"), max_length=10, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=NOTE_CHARS, blank=True)

    objects = SendApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=models.Q(outcome=""), name="send_approval_once_open"
            ),
        ]
        indexes = [
            # The overview: what waits in an organization.
            models.Index(
                fields=["organization", "id"],
                condition=models.Q(outcome=""),
                name="send_approval_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.outcome}"

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has decided yet."""
        return not self.outcome

    def covers(self, task: SendTask) -> bool:
        """Tell whether the task still has the figures that were asked for."""
        figures = (self.messages, self.segments, self.cost_micro, self.currency)
        return figures == (task.accepted, task.segments, task.cost_micro, task.currency)

    @classmethod
    def close(
        cls, task: SendTask, by: Any, outcome: ApprovalOutcome, note: str = "", **only: Any
    ) -> bool:
        """Write what became of the open request; return whether there was one.

        Step the task first: whoever holds its row is the only one here. `only` narrows it to one
        request.
        """
        rows = cls.objects.for_organization(task.organization).filter(task=task, outcome="", **only)
        fields = {"decided_by": by, "decided_at": shared_time.now(), "note": note}
        return bool(rows.update(outcome=outcome.value, **fields))
