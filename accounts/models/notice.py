"""The outbox of notices: what one reader is told in one way, written with the act itself."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models.contact import Contact
from accounts.models.moment import MomentField
from accounts.models.organization import Organization
from accounts.models.stepping import StepQuerySet
from accounts.notice_kinds import (
    NOTICE_STEPS,
    NoticeKind,
    NoticeState,
    channel_choices,
    notice_kind_choices,
)

LONGEST_SUBJECT = 300


class NoticeQuerySet(StepQuerySet):
    """Notices of organizations."""

    steps = NOTICE_STEPS

    def erase(self) -> int:
        """Erase whom they went to and what they said; return how many there were."""
        return self.update(to="", subject="", text="", erased_at=shared_time.now())

    def waiting(self, channel: str) -> Self:
        """Return what is still to be told in one way, the longest due first."""
        return self.filter(channel=channel, due_at__isnull=False).order_by("due_at", "pk")


class Notice(models.Model):
    """What one reader, a contact or a person, is told in one way.

    It waits since `due_at`. Whoever delivers it moves that on, which is a lease, and counts the
    attempt; a worker that comes back with an older count touches nothing.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=notice_kind_choices)
    channel = models.CharField(_("channel"), max_length=5, choices=channel_choices)
    state = models.CharField(_("state"), max_length=7, default=NoticeState.WAITING.value)
    contact = models.ForeignKey(Contact, models.SET_NULL, related_name="+", null=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True
    )
    # An e-mail address, or a number in E.164; empty once erased.
    to = models.CharField(_("to"), max_length=254, blank=True)
    language = models.CharField(max_length=10, blank=True)
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT, blank=True)
    # Of an e-mail; it leaves with it.
    text = models.TextField(blank=True)
    created_at = MomentField(_("created at"), default=shared_time.now)
    due_at = MomentField(null=True, default=shared_time.now)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Why the last attempt failed.
    code = models.CharField(_("code"), max_length=40, blank=True)
    # The message of the console's own organization that an SMS became.
    message_id = models.BigIntegerField(null=True)
    erased_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(
                fields=["channel", "due_at", "id"],
                condition=Q(due_at__isnull=False),
                name="notice_due",
            ),
            models.Index(fields=["organization", "-id"], name="notice_newest"),
            models.Index(
                fields=["organization", "created_at"],
                condition=Q(erased_at=None),
                name="notice_readable",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def kind_enum(self) -> NoticeKind:
        """Return its kind itself."""
        return NoticeKind(self.kind)
