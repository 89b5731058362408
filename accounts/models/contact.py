"""The people who are told about review decisions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organization import Organization
from accounts.models.organization_queryset import OrganizationQuerySet


class Contact(models.Model):
    """A person to tell, who need not be a member."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), blank=True)
    msisdn = models.CharField(_("mobile number"), max_length=16, blank=True)
    # One of settings.LANGUAGES; empty is that of the installation.
    language = models.CharField(_("language"), max_length=10, default="", blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.name
