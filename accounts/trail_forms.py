"""Which entries of the audit trail are wanted, as the address says it."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.trail_queries import AuditFilter, actors_of

ISO = "%Y-%m-%d"
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
# How actions begin: what a person would look for.
NOUNS = {
    "api_key": _("API keys"),
    "audit_trail": _("Audit trail"),
    "customers": _("Customers"),
    "customer_columns": _("Columns of customers"),
    "customer_group": _("Customer groups"),
    "contact": _("Contacts"),
    "export": _("Exports"),
    "guard": _("Guard"),
    "invitation": _("Invitations"),
    "member": _("Members"),
    "message": _("Messages in doubt"),
    "organization": _("Organization"),
    "originator": _("Originators"),
    "priceversion": _("Price lists"),
    "replies": _("Confirmations"),
    "send_task": _("Tasks"),
    "service_activation": _("Service activation"),
    "signature": _("Signatures"),
    "smppaccount": _("SMPP accounts"),
    "smsapplication": _("Applications"),
    "suppression": _("Suppression list"),
    "text_template": _("Text templates"),
    "verifyservice": _("Verify services"),
}


def day_field(label: Any) -> forms.DateField:
    """Return a field for a day that every time zone can hold."""
    wrong = _("Enter a day, such as 2026-11-20.")
    return forms.DateField(
        label=label,
        required=False,
        input_formats=[ISO],
        error_messages={"invalid": wrong},
        validators=[MinValueValidator(EARLIEST, wrong), MaxValueValidator(LATEST, wrong)],
        widget=forms.DateInput({"type": "date", "class": "form-control"}, format=ISO),
    )


class AuditFilterForm(forms.Form):
    """A person, a kind of thing, words, and days; each may be left open."""

    actor = forms.ModelChoiceField(
        label=_("Who"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Anybody"),
        error_messages={"invalid_choice": _("Choose a person from the list.")},
        widget=forms.Select({"class": "form-select"}),
    )
    about = forms.ChoiceField(
        label=_("What about"),
        choices=[("", _("Anything")), *NOUNS.items()],
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
        widget=forms.Select({"class": "form-select"}),
    )
    words = forms.CharField(
        label=_("Words"),
        max_length=60,
        required=False,
        error_messages={"max_length": _("Enter at most 60 characters.")},
        widget=forms.TextInput({"type": "search", "class": "form-control"}),
    )
    first = day_field(_("First day"))
    last = day_field(_("Last day"))

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        """Offer the people who did something in the organization."""
        super().__init__(*args, **kwargs)
        self.fields["actor"].queryset = actors_of(organization)  # type: ignore[attr-defined]

    def wanted(self) -> AuditFilter:
        """Return what was asked for; a field with an error asks for nothing."""
        self.is_valid()
        given = self.cleaned_data
        actor = given.get("actor")
        return AuditFilter(
            actor=actor.pk if actor else None,
            noun=given.get("about") or "",
            words=given.get("words") or "",
            first=given.get("first"),
            last=given.get("last"),
        )
