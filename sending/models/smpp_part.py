"""What clients submitted over SMPP, PDU by PDU, and what was refused."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet
from accounts.models.moment import MomentField

# Why a text of several segments was not accepted after some of them were answered.
PARTS_MISSING = "PARTS_MISSING"
TEXT_REFUSED = "TEXT_REFUSED"


class PartState(models.TextChoices):
    """Where a part is: what becomes of it then is the state of its message."""

    WAITING = "WAITING", _("Waiting for the other segments")
    ACCEPTED = "ACCEPTED", _("Accepted")
    FAILED = "FAILED", _("The whole text was not accepted")


class SmppPartQuerySet(OrganizationQuerySet):
    """Parts of accounts."""

    def waiting(self) -> Self:
        """Return segments whose text is not there yet."""
        return self.filter(state=PartState.WAITING.value)

    def erase(self) -> int:
        """Erase addresses and texts; return how many parts had any.

        What waits for other segments has failed then, and nobody is told.
        """
        gone = {"destination_addr": "", "source_addr": "", "octets": b"", "shown": ""}
        failed = {"state": PartState.FAILED.value, "code": PARTS_MISSING}
        erased = self.waiting().update(**gone, **failed)
        return int(erased + self.exclude(destination_addr="").update(**gone))


class SmppPart(models.Model):
    """One submit_sm that was answered with ESME_ROK, or one destination of submit_multi.

    Its id is the message_id of that answer; the destinations of submit_multi share another one,
    `multi_id`. For a text in one PDU it is the id of its message; each of several has one of its
    own. It tells how the client wrote the addresses, which receipts repeat, and what it asked for.
    """

    id = models.BigIntegerField(primary_key=True)
    organization_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    # Null until the whole text is accepted.
    message_id = models.BigIntegerField(null=True)
    state = models.CharField(
        _("state"), max_length=8, choices=PartState, default=PartState.ACCEPTED.value
    )
    # Why the whole text was not accepted.
    code = models.CharField(_("code"), max_length=40, blank=True, default="")
    # Of the concatenated text: its reference, how many PDUs, and the place of this one.
    reference = models.PositiveIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=1)
    place = models.PositiveSmallIntegerField(default=1)
    # Digits and letters as they were submitted; empty once erased.
    source_addr = models.CharField(max_length=21, blank=True)
    source_ton = models.PositiveSmallIntegerField(default=0)
    source_npi = models.PositiveSmallIntegerField(default=0)
    destination_addr = models.CharField(max_length=21, blank=True)
    dest_ton = models.PositiveSmallIntegerField(default=0)
    dest_npi = models.PositiveSmallIntegerField(default=0)
    service_type = models.CharField(max_length=6, blank=True)
    registered_delivery = models.PositiveSmallIntegerField(default=0)
    user_message_reference = models.PositiveIntegerField(null=True)
    data_coding = models.PositiveSmallIntegerField(default=0)
    # What it carried, until the whole text is there; and what the client wanted with it.
    octets = models.BinaryField(default=b"")
    # Of a segment: by it the same one is known again, also when its octets are gone.
    digest = models.BigIntegerField(null=True)
    # While it waits: the message that has the same segment already.
    repeats_message_id = models.BigIntegerField(null=True)
    # What submit_multi was answered with, for all its destinations.
    multi_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    # The first characters of the text, for receipts; never those of a one-time password.
    shown = models.CharField(max_length=20, blank=True)
    at = MomentField(_("at"))

    objects = SmppPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("message over SMPP")
        verbose_name_plural = _("messages over SMPP")
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "account_id",
                    "destination_addr",
                    "source_addr",
                    "reference",
                    "total",
                    "place",
                ],
                condition=Q(state="WAITING"),
                name="smpp_part_waiting_once",
            ),
        ]
        indexes = [
            models.Index(fields=["message_id"], name="smpp_part_message"),
            # cancel_sm and replace_if_present name a destination.
            models.Index(fields=["account_id", "destination_addr", "id"], name="smpp_part_to"),
            models.Index(fields=["at"], condition=Q(state="WAITING"), name="smpp_part_waiting"),
            models.Index(
                fields=["digest"], condition=Q(digest__isnull=False), name="smpp_part_digest"
            ),
            models.Index(
                fields=["multi_id"], condition=Q(multi_id__isnull=False), name="smpp_part_multi"
            ),
        ]

    def __str__(self) -> str:
        return str(self.answered_id)

    @property
    def answered_id(self) -> int:
        """Return the message_id of our answer, which the client knows it by."""
        return self.multi_id or self.pk


class SmppRefusal(models.Model):
    """One submit_sm that was refused, and why, for whoever looks after the client."""

    organization_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    # The command_status of the answer.
    status = models.PositiveIntegerField(_("status"))
    # Of acceptance or of the server; see docs/smpp.md.
    code = models.CharField(_("code"), max_length=80)
    sentence = models.CharField(_("why"), max_length=500, blank=True)
    masked_number = models.CharField(_("to"), max_length=21, blank=True)
    at = models.DateTimeField(_("at"))

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("refusal over SMPP")
        verbose_name_plural = _("refusals over SMPP")
        indexes = [
            models.Index(fields=["account_id", "-id"], name="smpp_refusal_newest"),
            models.Index(fields=["at"], name="smpp_refusal_at"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.code}"
