"""Fields of the pages about originators."""

from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.application_forms import reachable_by_name
from accounts.countries import country_name
from accounts.forms import CrispyForm
from accounts.models import Organization, Originator
from accounts.originators import read_originator


def countries_or_all() -> list[tuple[str, Any]]:
    """Return every country that can be sent to, after one choice for all of them."""
    return [("", _("All countries")), *reachable_by_name()]


class OriginatorForm(CrispyForm):
    """What an organization wants to be shown as."""

    address = forms.CharField(
        label=_("Originator"),
        max_length=20,
        help_text=_(
            "Up to 11 letters and digits, such as the name of your brand, or a number with its "
            "country code, or a short code. People can reply to a number, not to a name."
        ),
    )
    country = forms.ChoiceField(
        label=_("Where"),
        choices=countries_or_all,
        required=False,
        help_text=_("Choose a country if it is registered or rented only there."),
    )
    remarks = forms.CharField(
        label=_("Remarks for the reviewer"),
        max_length=1000,
        required=False,
        help_text=_("Say why it is yours, and where it is registered. Recipients do not see this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_address(self) -> str:
        """Return an originator as it is kept."""
        return read_originator(self.cleaned_data["address"])


class CountryOriginatorForm(CrispyForm):
    """What an application shows in one country."""

    country = forms.ChoiceField(label=_("Country"), choices=reachable_by_name)
    originator = forms.ChoiceField(
        label=_("Originator"),
        error_messages={"required": _("Choose an approved originator.")},
    )
    layout = (Div("country", "originator", css_class="field-row"),)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["originator"]
        field.choices = originator_labels(organization)


def originator_labels(organization: Organization) -> list[tuple[str, str]]:
    """Return approved originators, each once, with the countries where it may be shown."""
    labels: dict[str, list[str]] = {}
    rows = Originator.objects.for_organization(organization).approved()
    for address, country in rows.order_by("address", "country").values_list("address", "country"):
        labels.setdefault(address, []).append(country_name(country) if country else "")
    return [
        (address, address if "" in names else f"{address} ({', '.join(names)})")
        for address, names in labels.items()
    ]
