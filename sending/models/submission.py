"""One submit_sm: one segment, one attempt, with the gateway's message id."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet


class Submission(models.Model):
    """What a gateway answered to one submit_sm. Rows are only ever added."""

    organization_id = models.BigIntegerField()
    message_id = models.BigIntegerField()
    gateway_id = models.BigIntegerField()
    segment = models.PositiveSmallIntegerField(_("segment"))
    attempt = models.PositiveSmallIntegerField(_("attempt"))
    # Normalised by the gateway's id_format; empty when the gateway refused.
    gateway_message_id = models.CharField(_("gateway's message id"), max_length=65, blank=True)
    # ESME_ROK, ESME_RTHROTTLED …, spelled as SMPP 3.4, 5.1.3 spells them.
    command_status = models.CharField("command_status", max_length=30)
    submitted_at = models.DateTimeField(_("submitted at"))

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            # Results may be written again after a commit whose answer was lost.
            models.UniqueConstraint(
                fields=["message_id", "attempt", "segment"], name="submission_once"
            ),
        ]
        indexes = [
            # A receipt finds its submission; ids may come again after weeks, the newest wins.
            models.Index(fields=["gateway_id", "gateway_message_id"], name="submission_by_id"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}/{self.segment}"
