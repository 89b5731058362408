"""The outbox of SMPP: receipts and replies that a client is still to be given."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet
from sending.lifecycle import MessageState
from sending.models.choices import message_state_choices
from sending.models.message import Message
from sending.models.smpp_account import ReceiptsOf, SmppAccount
from sending.models.smpp_part import SmppPart

# What a client asks for in bits 1 and 0 of registered_delivery (SMPP 3.4, 5.2.17; 3 is of 5.0).
_ALWAYS, _FAILURES, _SUCCESSES = 1, 2, 3
_WANTED_BITS = 0b11
# Until then the answer that names its id has surely left, whichever process writes it.
_AFTER_ANSWER = timedelta(seconds=1)


class OutboxKind(models.TextChoices):
    """What is delivered."""

    RECEIPT = "RECEIPT", _("Delivery receipt")
    REPLY = "REPLY", _("Reply")


class SmppReceiptQuerySet(OrganizationQuerySet):
    """What clients are to be given."""

    def waiting(self) -> Self:
        """Return what is still delivered."""
        return self.filter(dead_at=None)

    def dead(self) -> Self:
        """Return what clients refused for good; people can push it again."""
        return self.filter(dead_at__isnull=False)

    def told_as(self, message_id: int) -> Self:
        """Return those that say this message_id, or are of the message with this id."""
        of_multi = SmppPart.objects.filter(multi_id=message_id).values("pk")
        named = Q(subject_id=message_id) | Q(message_id=message_id) | Q(subject_id__in=of_multi)
        return self.filter(named)

    def owe_ends(self, to: MessageState, ends: Mapping[int, str], at: datetime) -> None:
        """Write the receipts of messages that came to an end: {message: code}.

        Messages that came by other doors have no parts, and cost one look into an index.
        """
        parts = SmppPart.objects.filter(message_id__among=ends)
        wanted = [part for part in parts if _asks_for(part, to)]
        if wanted:
            self.owe(to, _as_account_wants(wanted), ends, at)

    def owe_end(self, message: Message, parts: Collection[SmppPart], at: datetime) -> None:
        """Write the receipts that parts get which became a message's after its end."""
        to = MessageState(message.state)
        every = SmppPart.objects.filter(message_id=message.pk)
        wanted = _as_account_wants([part for part in every if _asks_for(part, to)])
        new = {part.pk for part in parts}
        codes = {message.pk: message.code}
        self.owe(to, [part for part in wanted if part.pk in new], codes, at)

    def owe(
        self, to: MessageState, parts: Iterable[SmppPart], codes: Mapping[int, str], at: datetime
    ) -> None:
        """Write receipts of parts that ask for one; `codes` are by message, or by part without."""
        self.bulk_create(
            SmppReceipt(
                organization_id=part.organization_id,
                account_id=part.account_id,
                subject_id=part.pk,
                message_id=part.message_id or part.pk,
                state=to.value,
                code=codes[part.message_id or part.pk],
                at=at,
                due_at=max(at, part.at + _AFTER_ANSWER),
            )
            for part in parts
            if _asks_for(part, to)
        )

    def owe_reply(self, application_id: int, reply_id: int, at: datetime) -> None:
        """Write a reply for each account of its application that wants replies."""
        wanted = SmppAccount.objects.filter(application_id=application_id, gets_replies=True)
        self.bulk_create(
            SmppReceipt(
                organization_id=account.organization_id,
                account_id=account.pk,
                kind=OutboxKind.REPLY.value,
                subject_id=reply_id,
                message_id=reply_id,
                at=at,
                due_at=at,
            )
            for account in wanted
        )


class SmppReceipt(models.Model):
    """A deliver_sm that a client owes an answer to. The row goes when it answers ESME_ROK.

    It holds no number and no text: they are read when it is delivered. Those of one message go
    by the same bind, in the order of their ids.
    """

    organization_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=7, choices=OutboxKind, default=OutboxKind.RECEIPT.value)
    # The SmppPart of a receipt, the InboundMessage of a reply.
    subject_id = models.BigIntegerField()
    # What must keep its order: the message, or the reply itself.
    message_id = models.BigIntegerField()
    state = models.CharField(_("state"), max_length=13, choices=message_state_choices, blank=True)
    code = models.CharField(_("code"), max_length=40, blank=True, default="")
    at = models.DateTimeField(_("at"))
    # Not before then: a server that has it in hand puts it off for as long.
    due_at = models.DateTimeField(_("next attempt"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    dead_at = models.DateTimeField(_("given up at"), null=True)
    # The last answer, as the hexadecimal digits of its command_status, or why there was none.
    error = models.CharField(_("last error"), max_length=40, blank=True, default="")

    objects = SmppReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt for a client")
        verbose_name_plural = _("receipts for clients")
        indexes = [
            models.Index(
                fields=["account_id", "id"], condition=Q(dead_at=None), name="smpp_receipt_waiting"
            ),
            models.Index(
                fields=["account_id", "-id"],
                condition=Q(dead_at__isnull=False),
                name="smpp_receipt_dead",
            ),
            models.Index(fields=["subject_id"], name="smpp_receipt_subject"),
            models.Index(fields=["at"], name="smpp_receipt_at"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.state}"


def _asks_for(part: SmppPart, to: MessageState) -> bool:
    wanted = _SUCCESSES if to is MessageState.DELIVERED else _FAILURES
    return part.registered_delivery & _WANTED_BITS in {_ALWAYS, wanted}


def _as_account_wants(parts: Sequence[SmppPart]) -> list[SmppPart]:
    """Return the parts that get a receipt, in their order; of long texts perhaps only the last.

    A place may be there twice: a segment came again after its text was accepted.
    """
    ordered = sorted(parts, key=lambda part: (part.message_id or 0, part.place, part.pk))
    if all(part.total == 1 for part in ordered):
        return ordered
    last_only = SmppAccount.objects.filter(receipts_of=ReceiptsOf.LAST_PART.value)
    accounts = set(
        last_only.filter(pk__in={part.account_id for part in ordered}).values_list("pk", flat=True)
    )
    newest = {part.message_id: part for part in ordered}
    return [
        part
        for part in ordered
        if part.account_id not in accounts or newest[part.message_id] is part
    ]
