"""A person in an organization, with a role; and the invitation that makes one."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.moment import MomentField
from accounts.models.organization import Organization
from accounts.models.organization_queryset import OrganizationQuerySet
from accounts.roles import Permission, Role, may

ROLE_LABELS = {
    Role.OWNER: _("Owner"),
    Role.ADMIN: _("Administrator"),
    Role.SENDER: _("Sender"),
    Role.APPROVER: _("Approver"),
    Role.VIEWER: _("Viewer"),
}


def role_choices() -> list[tuple[str, object]]:
    """Return the choices; a callable keeps them out of migrations."""
    return [(role.value, label) for role, label in ROLE_LABELS.items()]


class Member(models.Model):
    """A person's place in an organization."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=8, choices=role_choices)
    # What is agreed with this person; empty leaves it to the role.
    most_messages = models.PositiveIntegerField(_("messages in one task"), null=True, blank=True)
    sees_numbers = models.BooleanField(_("sees whole numbers"), null=True, blank=True)
    created_at = MomentField(_("since"), auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    def may(self, permission: Permission | str) -> bool:
        """Tell whether this member may do what `permission` names."""
        if permission == Permission.NUMBERS and self.sees_numbers is not None:
            return self.sees_numbers
        return may(self.role, permission)

    def may_send(self, messages: int) -> bool:
        """Tell whether this member may send a task of so many messages."""
        within = self.most_messages is None or messages <= self.most_messages
        return within and self.may(Permission.SEND)


class Invitation(models.Model):
    """A link by e-mail that makes its reader a member. The token itself is never stored."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=8, choices=role_choices)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = MomentField(_("invited at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"
