"""Messages in rare states, so that lists of failures need not read a million rows."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet
from sending.models.choices import message_state_choices


class AttentionQuerySet(OrganizationQuerySet):
    """Messages that need attention."""

    def of_task(self, task_id: int, state: str) -> Self:
        """Return those of a task in one state in the order of their ids.

        As two comparisons: after an equation PostgreSQL would take the state out of the order and
        read the primary keys of whole months in which the task has none.
        """
        own = self.filter(task_id=task_id, state__gte=state, state__lte=state)
        return own.order_by("state", "message_id")


class Attention(models.Model):
    """One message that failed or is in doubt; it leaves when the state does."""

    message_id = models.BigIntegerField(primary_key=True)
    organization_id = models.BigIntegerField()
    task_id = models.BigIntegerField(null=True)
    state = models.CharField(_("state"), max_length=13, choices=message_state_choices)
    code = models.CharField(_("code"), max_length=40, blank=True)
    at = models.DateTimeField(_("since"))

    objects = AttentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("message that needs attention")
        verbose_name_plural = _("messages that need attention")
        indexes = [
            # The message list of a task, filtered by a rare state, in row order of ids.
            models.Index(fields=["task_id", "state", "message_id"], name="attention_task_state"),
            models.Index(fields=["state", "at"], name="attention_state"),
            # The same list of programs' messages, which have no task, the newest first.
            models.Index(
                fields=["organization_id", "state", "-message_id"],
                condition=models.Q(task_id__isnull=True),
                name="attention_programs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"
