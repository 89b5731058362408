"""The audit trail: who did what, when. Rows are only ever added."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organization import Organization
from accounts.models.organization_queryset import OrganizationQuerySet


class AuditEntry(models.Model):
    """One act of a person, or of the console itself when `actor` is null."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", null=True, blank=True
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    # Whose account, membership or login was touched; those acts stand in that person's trail too.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    # noun.participle, for example "send_task.sent"
    action = models.CharField(_("action"), max_length=60)
    subject = models.CharField(_("subject"), max_length=120)
    details = models.JSONField(_("details"), default=dict, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        # The settings page lists an organization's newest entries.
        indexes = [models.Index(fields=["organization", "-id"], name="audit_newest")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"

    @classmethod
    def record(
        cls,
        *,
        action: str,
        subject: object,
        organization: Organization | None,
        actor: Any = None,
        person: Any = None,
        **details: Any,
    ) -> "AuditEntry":
        """Add one entry; call it inside the transaction of the act itself."""
        return cls.objects.create(
            organization=organization,
            actor=actor,
            person=person,
            action=action,
            subject=str(subject)[:120],
            details=details,
        )
