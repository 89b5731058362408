"""Fields of what people let pass, and of what they stop."""

import ipaddress
import re
from datetime import timedelta
from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_choices
from accounts.forms import CrispyForm
from accounts.models import ApiKey, Organization
from sending.guard.rules.names import AllowKind, Dimension, GuardAction
from sending.guard.rules.ranges import ranges_of
from sending.guard.words import ACTIONS
from sending.guard_pages.words import ALLOW_LABELS
from sending.models.guard_trust import REASON_CHARS
from sending.number_form import read_digits

_ENDS = [(1, _("24 hours")), (7, _("7 days")), (30, _("30 days")), (90, _("90 days"))]
_CODES = frozenset(code for code, _name in country_choices() if code)
# A block of numbers: of 1,000 to 100,000 of them.
_LEAST_DIGITS, _MOST_DIGITS = 4, 12


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        max_length=REASON_CHARS,
        help_text=_("Your colleagues read it here and in the audit trail."),
    )


def _end(longest: int) -> forms.TypedChoiceField:
    choices = [(days, words) for days, words in _ENDS if days <= longest]
    return forms.TypedChoiceField(label=_("For how long"), choices=choices, coerce=int, initial=1)


class ExceptionForm(CrispyForm):
    """Whom the guard lets pass, for how long, and why."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, label) for kind, label in ALLOW_LABELS.items()]
    )
    value = forms.CharField(
        label=_("Exception"),
        max_length=64,
        help_text=_(
            "A number with its country code, a country such as HK, a network such as "
            "203.0.113.0/24, or a SecretId."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    days = _end(90)
    reason = _reason()
    layout = ("kind", "value", "days", "reason")

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._organization = organization

    def clean(self) -> dict[str, Any]:
        """Read the value as what it is said to be."""
        given = super().clean() or {}
        if "kind" in given and "value" in given:
            try:
                given["value"] = self._read(AllowKind(given["kind"]), given["value"].strip())
            except ValueError:
                self.add_error("value", _WRONG[AllowKind(given["kind"])])
        return given

    def _read(self, kind: AllowKind, text: str) -> str:
        """Return a value as the guard takes it; raise ValueError for none."""
        if kind is AllowKind.NETWORK:
            return str(ipaddress.ip_network(text, strict=False))
        if kind is AllowKind.COUNTRY:
            return _country(text)
        if kind is AllowKind.KEY:
            own = ApiKey.objects.for_organization(self._organization)
            found = own.filter(secret_id=text).values_list("pk", flat=True).first()
            if found is None:
                raise ValueError(text)
            return str(found)
        number = read_digits(text)
        if kind is AllowKind.RANGE and not ranges_of(number).thousand:
            raise ValueError(text)
        return number

    def until(self, now: Any) -> Any:
        """Return the end that was chosen."""
        return now + timedelta(days=self.cleaned_data["days"])


class StopForm(CrispyForm):
    """What is stopped by hand: a country or a block of numbers, always with an end."""

    what = forms.CharField(
        label=_("Country or first digits"),
        max_length=20,
        help_text=_(
            "A country such as HK, or all digits of the numbers but the last 3, 4 or 5, from the "
            "country code on."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    last = forms.TypedChoiceField(
        label=_("Size of the block"),
        choices=[
            (Dimension.THOUSAND.value, _("1,000 numbers")),
            (Dimension.TEN_THOUSAND.value, _("10,000 numbers")),
            (Dimension.HUNDRED_THOUSAND.value, _("100,000 numbers")),
        ],
        required=False,
        coerce=Dimension,
        help_text=_("Not asked of a country."),
    )
    action = forms.TypedChoiceField(
        label=_("What happens"),
        choices=[(action.value, ACTIONS[action]) for action in GuardAction],
        coerce=GuardAction,
    )
    days = _end(30)
    reason = _reason()
    conditional = ("last",)
    layout = (
        "what",
        "last",
        Div("action", "days", css_class="field-row"),
        "reason",
    )

    def clean(self) -> dict[str, Any]:
        """Tell a country from digits."""
        given = super().clean() or {}
        text = str(given.get("what", "")).strip()
        try:
            given["dimension"], given["bucket"] = self._read(text, given.get("last"))
        except ValueError:
            self.add_error("what", _("Enter a country such as HK, or 4 to 12 first digits."))
        return given

    @staticmethod
    def _read(text: str, last: Any) -> tuple[Dimension, str]:
        if text.isalpha():
            return Dimension.COUNTRY, _country(text)
        digits = re.sub(r"[^0-9]", "", text)
        if not last or not _LEAST_DIGITS <= len(digits) <= _MOST_DIGITS or digits[0] == "0":
            raise ValueError(text)
        return Dimension(last), digits


_WRONG = {
    AllowKind.NUMBER: _("Enter a mobile number of 7 to 15 digits, starting with a country code."),
    AllowKind.RANGE: _("Enter a mobile number of 7 to 15 digits, starting with a country code."),
    AllowKind.COUNTRY: _("Enter a country by its two letters, such as HK."),
    AllowKind.NETWORK: _("Enter an address or a network, such as 203.0.113.0/24."),
    AllowKind.KEY: _("Your organization has no API key with this SecretId."),
}


def _country(text: str) -> str:
    code = text.upper()
    if code not in _CODES:
        raise ValueError(text)
    return code
