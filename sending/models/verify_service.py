"""Services that check for a program whether somebody has a number: Verify."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import Organization, OrganizationQuerySet, SmsApplication
from accounts.models.moment import MomentField
from accounts.sids import id_in, sid_of
from templates_app.models import Signature, TextTemplate

FRIENDLY_NAME_CHARS = 30
SID = "VA"
SHORTEST_CODE, LONGEST_CODE = 4, 10
USUAL_CODE = 6


class VerifyServiceQuerySet(OrganizationQuerySet):
    """Verify services of organizations."""

    def kept(self) -> Self:
        """Return those that nobody deleted."""
        return self.filter(deleted_at=None)

    def with_sid(self, sid: str) -> Self:
        """Return the one that a SID names, or none."""
        return self.filter(pk=id_in(SID, sid))


class VerifyService(models.Model):
    """How one application has numbers checked: length and text of its codes.

    Without a text template of its own, the first approved one of the organization that fits is
    sent. The last four settings say what a program asked for; they change nothing yet, except that
    a custom code is refused where it is not allowed.
    """

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="verify_services", verbose_name=_("organization")
    )
    application = models.ForeignKey(
        SmsApplication,
        models.CASCADE,
        related_name="verify_services",
        verbose_name=_("application"),
    )
    friendly_name = models.CharField(_("name"), max_length=FRIENDLY_NAME_CHARS)
    code_length = models.PositiveSmallIntegerField(_("digits of a code"), default=USUAL_CODE)
    text_template = models.ForeignKey(
        TextTemplate,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("text template"),
    )
    signature = models.ForeignKey(
        Signature,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("signature"),
    )
    custom_code_enabled = models.BooleanField(
        _("programs may bring their own codes"), default=False
    )
    lookup_enabled = models.BooleanField(_("tell the kind of a number"), default=False)
    skip_sms_to_landlines = models.BooleanField(_("no SMS to fixed lines"), default=False)
    do_not_share_warning_enabled = models.BooleanField(_("warning not to share"), default=False)
    psd2_enabled = models.BooleanField("PSD2", default=False)
    created_at = MomentField(_("created at"), default=shared_time.now)
    updated_at = MomentField(_("changed at"), default=shared_time.now)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    objects = VerifyServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("Verify service")
        verbose_name_plural = _("Verify services")

    def __str__(self) -> str:
        return self.friendly_name

    @property
    def sid(self) -> str:
        """Return its id, as programs know it."""
        return sid_of(SID, self.pk)
