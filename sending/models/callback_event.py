"""The outbox of callbacks: what a program is to be told, written with the change itself."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet
from sending.lifecycle import MessageState
from sending.models.choices import message_state_choices, said_by_choices


class CallbackKind(StrEnum):
    """What happened."""

    STATUS = "STATUS"
    REPLY = "REPLY"
    # As STATUS, to the URL that the message itself named.
    NAMED = "NAMED"


# States that are told on the way to an end, to those who read forms as Twilio writes them.
ON_THE_WAY = frozenset({MessageState.QUEUED.value, MessageState.SUBMITTED.value})
# A test that somebody asked for is an event about no message.
TEST_SUBJECT = 0


class CallbackEventQuerySet(OrganizationQuerySet):
    """Events of organizations, and those of one endpoint."""

    def waiting(self, application_id: Any, kind: Any) -> Self:
        """Return what an endpoint is still to be told, the oldest first.

        Only index callback_event_due has this order. By the key alone PostgreSQL might walk through
        the events of everybody else to find the first of an application that has few.
        """
        own = self.filter(application_id=application_id, kind=kind, due_at__isnull=False)
        return own.order_by("due_at", "pk")

    def tellable(self, now: datetime) -> Self:
        """Leave out what is put aside, and what follows it of the same message."""
        aside = CallbackEvent.objects.filter(
            application_id=OuterRef("application_id"),
            kind=OuterRef("kind"),
            subject_id=OuterRef("subject_id"),
            aside_until__gt=now,
        )
        return self.exclude(aside_until__gt=now).exclude(Exists(aside))

    def newest_first(self) -> Self:
        """Return the same events by the order of the indexes for the log; see `waiting`."""
        return self.order_by("-at", "-pk")


class CallbackEvent(models.Model):
    """One event. The ids of the events of one message ascend in the order in which they happened.

    It holds no number and no text: they are read when it is sent, so that what was erased is
    told to nobody.
    """

    organization_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    kind = models.CharField(max_length=6)
    # A Message of STATUS and NAMED, an InboundMessage of REPLY; TEST_SUBJECT of any.
    subject_id = models.BigIntegerField()
    state = models.CharField(
        _("state"), max_length=13, choices=message_state_choices, blank=True, default=""
    )
    code = models.CharField(_("code"), max_length=40, blank=True, default="")
    said_by = models.CharField(
        _("who said so"), max_length=7, choices=said_by_choices, blank=True, default=""
    )
    at = models.DateTimeField(_("at"))
    # It waits to be called back since then, was, or was given up after a day. All empty: there was
    # no URL.
    due_at = models.DateTimeField(null=True)
    # Refused by itself: the others go first, except those of the same message.
    aside_until = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)
    dead_at = models.DateTimeField(_("given up at"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # The last POST that it was in: what was answered, and what was wrong with it.
    answer_status = models.PositiveSmallIntegerField(null=True)
    answer_ms = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=40, blank=True, default="")
    # A program may fetch it instead, once.
    is_pullable = models.BooleanField(default=True)
    pulled_at = models.DateTimeField(null=True)

    objects = CallbackEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("callback event")
        verbose_name_plural = _("callback events")
        indexes = [
            models.Index(
                fields=["application_id", "kind", "due_at", "id"],
                condition=Q(due_at__isnull=False),
                name="callback_event_due",
            ),
            models.Index(
                fields=["application_id", "kind"],
                condition=Q(aside_until__isnull=False),
                name="callback_event_aside",
            ),
            models.Index(
                fields=["application_id", "kind", "id"],
                condition=Q(is_pullable=True, pulled_at__isnull=True),
                name="callback_event_pullable",
            ),
            models.Index(
                fields=["application_id", "kind", "-at", "-id"], name="callback_event_newest"
            ),
            models.Index(
                fields=["application_id", "kind", "-at", "-id"],
                condition=Q(delivered_at__isnull=False),
                name="callback_event_delivered",
            ),
            models.Index(
                fields=["application_id", "kind", "-at", "-id"],
                condition=Q(dead_at__isnull=False),
                name="callback_event_dead",
            ),
            models.Index(fields=["subject_id"], name="callback_event_subject"),
            models.Index(fields=["at"], name="callback_event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} {self.state}"
