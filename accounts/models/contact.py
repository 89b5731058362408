"""The people whom an organization wants to be told what happens."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.moment import MomentField
from accounts.models.organization import Organization
from accounts.models.organization_queryset import OrganizationQuerySet
from accounts.notice_kinds import CONTACT_CHOICES, WITHOUT_CHOICE, NoticeChannel, NoticeKind


class Contact(models.Model):
    """A person to tell, who need not be a member."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), blank=True)
    msisdn = models.CharField(_("mobile number"), max_length=16, blank=True)
    # One of settings.LANGUAGES; empty is that of the installation.
    language = models.CharField(_("language"), max_length=10, default="", blank=True)
    # {kind: [channel, ..]} of what somebody chose; the rest is as CONTACT_CHOICES says.
    notices = models.JSONField(_("notices"), default=dict, blank=True)
    created_at = MomentField(_("created at"), auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.name

    @property
    def choices(self) -> dict[NoticeKind, frozenset[NoticeChannel]]:
        """Return by which ways each kind is wanted."""
        return {
            kind: frozenset(map(NoticeChannel, self.notices[kind]))
            if kind in self.notices
            else usual
            for kind, usual in CONTACT_CHOICES.items()
        }

    def address(self, channel: NoticeChannel) -> str:
        """Return where a way leads to; empty if there is no such address."""
        return self.msisdn if channel is NoticeChannel.SMS else self.email

    def told_by(self, kind: NoticeKind) -> list[NoticeChannel]:
        """Return by which ways the contact is told of one kind."""
        wanted = {**WITHOUT_CHOICE, **self.choices}[kind]
        return [channel for channel in NoticeChannel if channel in wanted and self.address(channel)]
