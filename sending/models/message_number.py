"""Which messages go to a number: an index of messages that is a table of its own."""

from django.db import models

from accounts.models import OrganizationQuerySet
from sending.models.msisdn_field import MsisdnField


class MessageNumber(models.Model):
    """A number and one message to it; both come and go together.

    The numbers of a spreadsheet come in no order. In an index of the message table nearly every
    one of a million would change another page of it, in every transaction anew; as a table of its
    own it takes them sorted. Whoever stores messages other than by `Message.objects.bulk_create`
    stores their numbers too; `delete` of messages takes them away.
    """

    pk = models.CompositePrimaryKey("organization_id", "msisdn", "message_id")
    organization_id = models.BigIntegerField()
    msisdn = MsisdnField()
    message_id = models.BigIntegerField()

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = "number of a message"
        verbose_name_plural = "numbers of messages"

    def __str__(self) -> str:
        return f"{self.msisdn} {self.message_id}"
