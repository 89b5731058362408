"""What an organization confirms STOP and START with, and to whom it did."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from templates_app.models import TextTemplate


class ReplySettings(models.Model):
    """The confirmations an organization chose; without a row it sends none.

    Text templates without variables. They are sent only as long as they are approved.
    """

    organization = models.OneToOneField(
        Organization, models.CASCADE, primary_key=True, related_name="reply_settings"
    )
    stop_template = models.ForeignKey(
        TextTemplate,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("confirmation of STOP"),
    )
    start_template = models.ForeignKey(
        TextTemplate,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("confirmation of START"),
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("settings of replies")
        verbose_name_plural = _("settings of replies")

    def __str__(self) -> str:
        return str(self.organization_id)


class ReplyConfirmation(models.Model):
    """A message that confirms STOP or START, and so may go to a number that is suppressed.

    It knows a digest of the number, not the number, and leaves after days.
    """

    message_id = models.BigIntegerField(primary_key=True)
    organization_id = models.BigIntegerField()
    number_digest = models.CharField(max_length=16)
    at = models.DateTimeField()

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation of a reply")
        verbose_name_plural = _("confirmations of replies")
        indexes = [
            models.Index(
                fields=["organization_id", "number_digest", "at"], name="confirmation_of_number"
            ),
            models.Index(fields=["at"], name="confirmation_at"),
        ]

    def __str__(self) -> str:
        return str(self.message_id)
