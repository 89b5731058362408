"""Fields of the pages about applications and their keys; clean values fit the actions."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import HTML, Div
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.application_limits import country_lines, limit_faults
from accounts.countries import MAINLAND, country_choices
from accounts.forms import CrispyForm
from accounts.models import Contact, KeyKind, Organization, Originator, SmsApplication
from accounts.models.application import callback_dialect_choices, validate_callback_url
from accounts.names import validate_name
from accounts.networks import (
    MOST_NETWORKS,
    EveryAddress,
    NotANetwork,
    TooManyNetworks,
    normalised,
)
from accounts.requests import whole_number

MOST_SEGMENTS = 2_147_483_647
"""What the column holds."""
LONGEST_OVERLAP = 168
"""Hours, a week."""


class ApplicationForm(CrispyForm):
    """What an application is called, and what handsets show."""

    name = forms.CharField(label=_("Name"), max_length=60, validators=[validate_name])
    description = forms.CharField(
        label=_("Description"),
        max_length=200,
        required=False,
        help_text=_("What it sends, and who looks after it. Only members see it."),
    )
    originator = forms.ChoiceField(
        label=_("Originator"),
        required=False,
        help_text=_(
            "What handsets show as the sender, from the approved originators of your organization."
        ),
        error_messages={
            "invalid_choice": _("Choose an approved originator of your organization, or none.")
        },
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Originator.objects.for_organization(organization).approved().filter(country="")
        addresses = own.order_by("address").values_list("address", flat=True)
        field: Any = self.fields["originator"]
        field.choices = [("", _("None")), *((address, address) for address in addresses)]


class AlarmContacts(forms.ModelMultipleChoiceField):
    """Contacts, as checkboxes."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        """Return the contacts; what fits no column is none of them."""
        wrong = [one for one in value or [] if whole_number(str(one)) is None]
        if wrong:
            raise forms.ValidationError(_("Choose people from the list."), code="invalid_choice")
        return super().clean(value)

    def label_from_instance(self, obj: Any) -> str:
        """Return the name and where a notice goes."""
        return f"{obj.name}, {obj.email or obj.msisdn}"


def _number_errors(sentence: Any) -> dict[str, Any]:
    """Return one sentence for everything that can be wrong with a number."""
    return dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence)


def _segments(label: Any, help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=1,
        max_value=MOST_SEGMENTS,
        error_messages=_number_errors(_("Enter a whole number from 1, or leave the field empty.")),
    )


def _messages(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=1_000,
        help_text=_("If empty, there is no such limit."),
        error_messages=_number_errors(_("Enter 1 to 1,000, or leave the field empty.")),
    )


class LimitsForm(CrispyForm):
    """How much an application may send, how often to one number, and who is told."""

    daily_segment_limit = _segments(
        _("Segments a day"), _("If empty, only the limit of the organization holds.")
    )
    daily_alarm_segments = _segments(
        _("Alarm at segments a day"), _("The contacts you choose below are told once that day.")
    )
    alarm_contacts = AlarmContacts(
        label=_("Who is told at the alarm, and when a daily limit is used up"),
        queryset=Contact.objects.none(),
        required=False,
    )
    repeat_seconds = forms.IntegerField(
        label=_("Seconds between equal texts to a number"),
        min_value=0,
        max_value=3_600,
        help_text=_("0 means no limit."),
        error_messages=_number_errors(_("Enter 0 to 3,600, which is an hour.")),
    )
    number_hourly_limit = _messages(_("Messages an hour to a number"))
    number_daily_limit = _messages(_("Messages a day to a number"))
    limits_one_time_passwords = forms.BooleanField(
        label=_("These three limits hold for one-time passwords too"),
        required=False,
        help_text=_("A person who waits for a code often asks for it again within seconds."),
    )
    layout = (
        HTML("<h2>{% load i18n %}{% translate 'A day' %}</h2>"),
        Div("daily_segment_limit", "daily_alarm_segments", css_class="field-row"),
        "alarm_contacts",
        HTML("<h2>{% load i18n %}{% translate 'One number' %}</h2>"),
        "repeat_seconds",
        Div("number_hourly_limit", "number_daily_limit", css_class="field-row"),
        "limits_one_time_passwords",
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        people = Contact.objects.for_organization(organization)
        self.fields["alarm_contacts"].queryset = people.order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check the limits against each other and against the organization's."""
        cleaned: dict[str, Any] = super().clean() or {}
        for field, sentence in limit_faults(self.organization, cleaned):
            if field not in self.errors:
                self.add_error(field, sentence)
        return cleaned


def reachable_by_name() -> list[tuple[str, str]]:
    """Return code and name of every country that can be sent to, in the order of the names."""
    return [choice for choice in country_choices() if choice[0] != MAINLAND]


class CountryLimitForm(CrispyForm):
    """One country that an application may send to."""

    country = forms.ChoiceField(label=_("Country"), choices=reachable_by_name)
    daily_segment_limit = _segments(
        _("Segments a day"), _("If empty, only the limit of the application holds.")
    )
    layout = (Div("country", "daily_segment_limit", css_class="field-row"),)


class CountryLinesForm(CrispyForm):
    """The whole list of countries as lines."""

    lines = forms.CharField(
        label=_("Countries, one a line"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "mono"}),
        help_text=_(
            "The code of the country and, if you want, segments a day: DE 500. A column of each, "
            "copied from a spreadsheet, does too."
        ),
        error_messages={
            "required": _("Enter at least one country. All countries have a button of their own.")
        },
    )

    def clean_lines(self) -> Mapping[str, int | None]:
        """Return the daily limit by country; name each line that cannot be read."""
        limits, faults = country_lines(self.cleaned_data["lines"], MOST_SEGMENTS)
        if faults:
            raise forms.ValidationError(faults)
        return limits


class CallbackUrlField(forms.URLField):
    """A URL of the organization's own server."""

    default_validators = [validate_callback_url]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=500, required=False, assume_scheme="https", **kwargs)


class CallbacksForm(CrispyForm):
    """Where callbacks go."""

    callback_url = CallbackUrlField(
        label=_("URL for delivery reports"),
        help_text=_("If empty, programs can still ask for delivery reports."),
    )
    reply_callback_url = CallbackUrlField(
        label=_("URL for replies"),
        help_text=_("If empty, programs can still ask for replies, and members read them here."),
    )
    callback_dialect = forms.ChoiceField(
        label=_("Form of callbacks"),
        choices=callback_dialect_choices,
        required=False,
        help_text=_(
            "Forms are signed with the auth token of the application, JSON with the secret of "
            "callbacks."
        ),
    )

    def clean_callback_dialect(self) -> str:
        """Return what was chosen, or what it is."""
        return str(self.cleaned_data["callback_dialect"] or self.initial["callback_dialect"])


def networks_in(text: str, every: Any) -> list[str]:
    """Return the networks of a field; `every` says what is wrong with a network of all addresses.

    Raises ValidationError with a sentence.
    """
    try:
        return normalised(text)
    except TooManyNetworks:
        sentence = _("Enter at most %(most)d addresses and networks.") % {"most": MOST_NETWORKS}
    except EveryAddress as fault:
        sentence = every % {"text": fault.text}
    except NotANetwork as fault:
        sentence = _("“%(text)s” is not an address or a network such as 203.0.113.0/24.") % {
            "text": fault.text[:60]
        }
    raise forms.ValidationError(sentence)


class ApiKeyForm(CrispyForm):
    """What a key is called, and from where it may be used."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        validators=[validate_name],
        help_text=_("Where the key is kept, for example: shop, production."),
    )
    allowed_networks = forms.CharField(
        label=_("Allowed addresses"),
        max_length=2_500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "mono"}),
        help_text=_(
            "Addresses and networks the program calls from, such as 203.0.113.9 or 2001:db8::/32, "
            "one a line. If empty, the key works from everywhere."
        ),
    )

    def clean_allowed_networks(self) -> list[str]:
        """Return the networks in CIDR notation, each once."""
        return networks_in(
            self.cleaned_data["allowed_networks"],
            _(
                "“%(text)s” is every address. Leave the field empty if the key may be used from "
                "everywhere."
            ),
        )


class NewApiKeyForm(ApiKeyForm):
    """The same, and for which SDKs the key is."""

    kind = forms.TypedChoiceField(
        label=_("For programs on"),
        choices=[
            (KeyKind.SIGNING.value, _("SDKs of Tencent Cloud: a SecretId and a SecretKey")),
            (KeyKind.BASIC.value, _("SDKs of Twilio: an API key, SK… and its secret")),
        ],
        coerce=KeyKind,
        empty_value=KeyKind.SIGNING,
        widget=forms.RadioSelect,
        required=False,
        initial=KeyKind.SIGNING.value,
    )


class KeyRotationForm(CrispyForm):
    """How long the old key works beside the new one."""

    hours = forms.IntegerField(
        label=_("Hours the old key still works"),
        min_value=0,
        max_value=LONGEST_OVERLAP,
        initial=24,
        help_text=_("0 ends it at once; 168 is a week."),
        error_messages=_number_errors(_("Enter 0 to 168, which is a week.")),
    )


def initial_limits(application: SmsApplication) -> dict[str, Any]:
    """Return what the form of limits begins with."""
    names = LimitsForm.base_fields.keys() - {"alarm_contacts"}
    values = {name: getattr(application, name) for name in names}
    return {**values, "alarm_contacts": application.alarm_contacts.all()}
