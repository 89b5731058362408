"""The queue: up to 500 messages of one lane and gateway that are due."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet
from sending.models.choices import lane_choices
from sending.models.gateway import Gateway

BATCH_SIZE = 500


class BatchQuerySet(OrganizationQuerySet):
    """Batches; `hold` is how intake cuts them."""

    def hold(
        self,
        *,
        organization_id: int,
        task_id: int,
        gateway_id: int,
        lane: str,
        ids: Sequence[int],
    ) -> list["Batch"]:
        """Cut `ids` into batches that wait until Send is pressed (`due_at` null).

        All `ids` must leave through one gateway; give them ascending and in large pieces, so that
        batches are full.
        """
        return self.cut(
            ids,
            organization_id=organization_id,
            task_id=task_id,
            gateway_id=gateway_id,
            lane=lane,
        )

    def cut(self, ids: Sequence[int], **shared: Any) -> list["Batch"]:
        """Cut `ids` into batches with these fields, and store them."""
        return Batch.objects.bulk_create(
            Batch(ids=list(ids[at : at + BATCH_SIZE]), **shared)
            for at in range(0, len(ids), BATCH_SIZE)
        )


class Batch(models.Model):
    """Messages to submit. Held (`due_at` null) until Send is pressed; owned while on the wire.

    Without a task, no due time means that a suspension cancels them (`cancellation`). A row leaves
    the table when none of its messages is QUEUED or SUBMITTING any more.
    """

    organization_id = models.BigIntegerField()
    task_id = models.BigIntegerField(null=True)
    # Of messages without a task, which are all of one application.
    application_id = models.BigIntegerField(null=True)
    gateway = models.ForeignKey(Gateway, models.PROTECT, related_name="+")
    lane = models.CharField(max_length=4, choices=lane_choices)
    due_at = models.DateTimeField(null=True)
    # The journal of the sender that claimed it; empty while it waits.
    owner = models.CharField(max_length=80, blank=True, default="")
    claimed_at = models.DateTimeField(null=True)
    # Message ids, ascending.
    ids = models.JSONField(default=list)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        indexes = [
            # What a sender asks: the due batches of its gateway and lane, oldest first.
            models.Index(
                fields=["gateway", "lane", "due_at"], condition=Q(owner=""), name="batch_due"
            ),
            # Send, pause, cancel, "is anything left?", and at which gateways: never by all of them.
            models.Index(fields=["task_id", "gateway"], name="batch_task_gateway"),
            # What a dead sender left behind.
            models.Index(fields=["owner"], condition=~Q(owner=""), name="batch_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.lane} {self.pk}"
