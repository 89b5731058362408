"""Workers that live: who they are, on which host, and how that host fares."""

import socket
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from sending.models.disk_room import disk_rooms

# As long as the lease of a bind slot: whoever is silent for longer has lost its slots, too.
LIVE = timedelta(seconds=15)
_FORGOTTEN = timedelta(hours=1)


class WorkerKind(models.TextChoices):
    """What a worker does: the queue that it takes from."""

    SEND = "send", "send"
    CHECK = "check", "check"
    WORK = "work", "work"


class LiveWorkerQuerySet(models.QuerySet["LiveWorker"]):
    """Workers, those that are silent included."""

    def live(self) -> Self:
        """Return those that showed themselves lately."""
        return self.filter(beat_at__gte=shared_time.now() - LIVE)

    def names(self, kind: WorkerKind) -> list[str]:
        """Return the names of the live ones of a kind."""
        return list(self.live().filter(kind=kind.value).values_list("name", flat=True))

    def last_seen(self) -> dict[str, datetime]:
        """Return {kind: when one of its workers last showed itself}."""
        return dict(self.values_list("kind").annotate(at=Max("beat_at")).order_by("kind"))


class LiveWorker(models.Model):
    """A worker and what it last said of its host; one row a `send` worker, else one a host."""

    name = models.CharField(max_length=120, primary_key=True)
    kind = models.CharField(max_length=10, choices=WorkerKind)
    host = models.CharField(max_length=80)
    beat_at = models.DateTimeField(_("last seen"))
    # Seconds by which the clock of its host is ahead of the database's; negative: behind.
    clock_offset = models.FloatField(default=0.0)
    # {folder: bytes free}; see disk_room.py.
    free = models.JSONField(default=dict)
    # Bind slots that it holds.
    slots = models.PositiveIntegerField(default=0)

    objects = LiveWorkerQuerySet.as_manager()

    class Meta:
        verbose_name = _("live worker")
        verbose_name_plural = _("live workers")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def beat(cls, kind: WorkerKind, name: str = "", **figures: int) -> None:
        """Note that a worker of this process is alive, and how its host fares."""
        host = socket.gethostname()[:80]
        fields: Mapping[str, Any] = {
            "kind": kind.value,
            "host": host,
            "beat_at": shared_time.now(),
            "clock_offset": round(shared_time.machine_offset(), 3),
            "free": {room.folder: room.free for room in disk_rooms()},
            **figures,
        }
        cls.objects.update_or_create(name=name or f"{kind.value}@{host}", defaults=fields)

    @classmethod
    def forget(cls) -> int:
        """Delete workers long silent, but the last of each kind; return how many."""
        silent = cls.objects.filter(beat_at__lt=shared_time.now() - _FORGOTTEN)
        seen_later = cls.objects.filter(kind=OuterRef("kind"), beat_at__gt=OuterRef("beat_at"))
        return silent.filter(Exists(seen_later)).delete()[0]
