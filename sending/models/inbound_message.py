"""What people answer: whole texts, put together from the segments that gateways brought."""

from enum import StrEnum
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import OrganizationQuerySet
from sending.models.msisdn_field import MsisdnField


class AssignedBy(StrEnum):
    """Why a reply belongs to its organization."""

    # It was sent to the originator of that organization's newest message to the number.
    ORIGINATOR = "ORIGINATOR"
    # Nobody's originator fits; the newest message to the number through the gateway was theirs.
    NEWEST = "NEWEST"


class InboundMessageQuerySet(OrganizationQuerySet):
    """Replies of organizations."""

    def conversations(self) -> Self:
        """Return the newest reply of each number: what an inbox lists."""
        return self.filter(is_newest=True)

    def erase(self) -> int:
        """Erase number and text; return how many replies had any."""
        readable = self.filter(erased_at=None)
        erased = {"msisdn": "", "text": "", "is_newest": False, "erased_at": shared_time.now()}
        return int(readable.update(**erased))


class InboundMessage(models.Model):
    """A reply. Which organization it belongs to follows from the originator it was sent to and the
    newest message to its number; both are kept, so that the page can say why. A conversation is
    read and unread as a whole: it is unread as long as its newest reply is.
    """

    organization_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    gateway_id = models.BigIntegerField()
    # Empty once erased, as the text is.
    msisdn = MsisdnField(_("mobile number"))
    country = models.CharField(_("country"), max_length=2, blank=True)
    originator = models.CharField(_("sent to"), max_length=65, blank=True)
    text = models.TextField(_("text"), blank=True)
    # The newest message to the number when it came.
    answers_message_id = models.BigIntegerField(null=True)
    assigned_by = models.CharField(max_length=10, default=AssignedBy.NEWEST.value)
    # STOP, START or HELP, where it says so; what was done is in the suppression list.
    keyword = models.CharField(max_length=5, blank=True)
    # Some of its segments never came; the text says where.
    is_incomplete = models.BooleanField(default=False)
    # The newest of its number, which stands for the conversation; one, whoever is quicker.
    is_newest = models.BooleanField(default=False)
    # Up to this reply, the last of STOP and START that the number said was STOP.
    said_stop = models.BooleanField(default=False)
    received_at = models.DateTimeField(_("received at"))
    read_at = models.DateTimeField(_("read at"), null=True)
    erased_at = models.DateTimeField(_("erased at"), null=True)

    objects = InboundMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        indexes = [
            models.Index(fields=["organization_id", "-id"], name="inbound_message_newest"),
            models.Index(
                fields=["organization_id", "msisdn", "-id"], name="inbound_message_number"
            ),
            models.Index(fields=["received_at"], name="inbound_message_at"),
            # Lists of conversations: all, those not read, those that said STOP.
            models.Index(
                fields=["organization_id", "-id"],
                condition=Q(is_newest=True),
                name="inbound_conversations",
            ),
            models.Index(
                fields=["organization_id", "-id"],
                condition=Q(is_newest=True, read_at__isnull=True),
                name="inbound_unread",
            ),
            models.Index(
                fields=["organization_id", "-id"],
                condition=Q(is_newest=True, said_stop=True),
                name="inbound_said_stop",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "msisdn"],
                condition=Q(is_newest=True),
                name="inbound_newest_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
