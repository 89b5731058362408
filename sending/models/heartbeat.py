"""When a worker last showed that it takes work: one row a kind of worker."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import shared_time


class WorkerHeartbeat(models.Model):
    """The last sign of life of the `work` and `check` workers; senders have theirs in BindSlot."""

    WORK = "work"
    CHECK = "check"

    name = models.CharField(max_length=20, primary_key=True)
    beat_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("heartbeat of a worker")
        verbose_name_plural = _("heartbeats of workers")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def beat(cls, name: str) -> Self:
        """Note that a worker of this kind is alive now."""
        row, _created = cls.objects.update_or_create(
            name=name, defaults={"beat_at": shared_time.now()}
        )
        return row
