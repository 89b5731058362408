"""What people answer: whole texts, put together from the segments that gateways brought."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet
from sending.models.msisdn_field import MsisdnField


class InboundMessage(models.Model):
    """A reply. Which organization it belongs to follows from the originator it was sent to and the
    newest message to its number; both are kept, so that the page can say why.
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
    # STOP, START or HELP, where its first word is one; what was done is in the suppression list.
    keyword = models.CharField(max_length=5, blank=True)
    received_at = models.DateTimeField(_("received at"))
    read_at = models.DateTimeField(_("read at"), null=True)
    erased_at = models.DateTimeField(_("erased at"), null=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        indexes = [
            models.Index(fields=["organization_id", "-id"], name="inbound_message_newest"),
            models.Index(
                fields=["organization_id", "msisdn", "-id"], name="inbound_message_number"
            ),
            models.Index(fields=["received_at"], name="inbound_message_at"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
