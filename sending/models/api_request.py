"""The request log: which program asked for what, and what it was answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet


class ApiRequest(models.Model):
    """One request of a program that proved who it is. It holds no number, text or secret."""

    organization_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    api_key_id = models.BigIntegerField()
    request_id = models.CharField("RequestId", max_length=36)
    action = models.CharField(_("action"), max_length=40)
    # The error of the whole request, or the first refusal in it; empty when all went well.
    code = models.CharField(_("code"), max_length=80, blank=True)
    # How many numbers or items it named, and how many of them were refused.
    items = models.PositiveSmallIntegerField(_("items"), default=0)
    refused = models.PositiveSmallIntegerField(_("refused"), default=0)
    is_dry_run = models.BooleanField(_("dry run"), default=False)
    address = models.GenericIPAddressField(_("from"), null=True)
    client = models.CharField(_("client"), max_length=60, blank=True)
    # What was asked, without what people wrote: fields, lengths, masked numbers.
    summary = models.JSONField(default=dict, blank=True)
    milliseconds = models.PositiveIntegerField(_("duration, ms"), default=0)
    at = models.DateTimeField(_("at"))

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("API request")
        verbose_name_plural = _("API requests")
        indexes = [
            models.Index(fields=["organization_id", "-id"], name="api_request_newest"),
            models.Index(fields=["request_id"], name="api_request_id"),
            models.Index(fields=["at"], name="api_request_at"),
        ]

    def __str__(self) -> str:
        return self.request_id
