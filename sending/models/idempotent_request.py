"""What a program asked for with an Idempotency-Key, so that asking again does nothing twice."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet
from accounts.models.encrypted import EncryptedTextField


class IdempotentRequest(models.Model):
    """One key of an application, for a day.

    The row is committed before anything is done, and its answer in the transaction that does it:
    as long as there is no answer, nothing was done. `claim` names who is at it, and only that one
    can write the answer.
    """

    organization_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    # Of the action and its parameters, SHA-256 in hexadecimal digits.
    digest = models.CharField(max_length=64)
    claim = models.UUIDField()
    claimed_at = models.DateTimeField()
    # JSON without numbers and session contexts: they stand in the request that asks again.
    answer = EncryptedTextField(blank=True, default="")
    created_at = models.DateTimeField(_("created at"))

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("request with an Idempotency-Key")
        verbose_name_plural = _("requests with an Idempotency-Key")
        constraints = [
            models.UniqueConstraint(
                fields=["application_id", "key"], name="idempotent_request_once"
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotent_request_at")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.pk}"
