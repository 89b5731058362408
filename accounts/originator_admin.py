"""What staff see of originators: decided on the review desk, and taken away here."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.actions import withdraw_originator
from accounts.errors import Refusal
from accounts.mail import organization_touched_mails, owners_of, send_later
from accounts.models import AuditEntry, Originator
from accounts.read_only import ReadOnlyAdmin
from accounts.staff import WITHDRAW_ORIGINATOR


@admin.register(Originator)
class OriginatorAdmin(ReadOnlyAdmin):
    """Originators of all organizations."""

    list_display = ("address", "organization", "country", "state", "submitted_at", "decided_at")
    list_filter = ("state",)
    search_fields = ("address", "organization__name")
    list_select_related = ("organization",)
    actions = ("withdraw",)

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        """Tell whether a reader may take originators away."""
        return bool(request.user.has_perm(WITHDRAW_ORIGINATOR))

    @admin.action(description=_("Withdraw selected originators"), permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Originator]) -> None:
        """Take each away; its organization's trail says who did, and its owners are told."""
        withdrawn = 0
        for originator in queryset.select_related("organization"):
            organization = originator.organization
            try:
                withdraw_originator(originator=originator, actor=request.user)  # type: ignore[arg-type]
            except Refusal as refusal:
                self.message_user(request, str(refusal), messages.WARNING)
            else:
                withdrawn += 1
                newest = AuditEntry.objects.for_organization(organization).latest("pk")
                send_later(organization_touched_mails(newest, owners_of(organization)))
        done = ngettext(
            "%(n)d originator was withdrawn.", "%(n)d originators were withdrawn.", withdrawn
        )
        if withdrawn:
            self.message_user(request, done % {"n": withdrawn}, messages.SUCCESS)
