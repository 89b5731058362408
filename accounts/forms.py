"""Fields of the settings pages; clean values fit the actions' arguments."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_choices, reachable_regions
from accounts.models import Organization, User
from accounts.models.member import ROLE_LABELS
from accounts.models.organization import validate_time_zone
from accounts.names import validate_name
from accounts.notice_forms import ContactNoticesField, contact_rows
from accounts.roles import Role
from accounts.time_zones import time_zone_choices
from sending.sms import msisdn


def role_choices() -> list[tuple[str, Any]]:
    """Return the roles, the smallest first, each with what it may do."""
    may = {
        Role.VIEWER: _("can see everything but change nothing"),
        Role.APPROVER: _("can also approve tasks that others want to send, or return them"),
        Role.SENDER: _("can see everything, send messages, write texts and manage customers"),
        Role.ADMIN: _(
            "can also approve tasks of others and manage activation, members, contacts and settings"
        ),
        Role.OWNER: _("can also add and remove owners, and decide what needs approval"),
    }
    return [(role.value, f"{ROLE_LABELS[role]}: {words}") for role, words in may.items()]


class CrispyForm(forms.Form):
    """A form whose fields crispy lays out without a form element of its own."""

    layout: tuple[Any, ...] = ()
    # What may be required, as another field says: never called optional.
    conditional: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.conditional:
            self.fields[name].is_conditional = True  # type: ignore[attr-defined]
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.form_show_errors = True
        self.helper.layout = Layout(*(self.layout or self.fields))


class CountryField(forms.ChoiceField):
    """A country by its ISO 3166 code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=country_choices, **kwargs)


class WebsiteField(forms.URLField):
    """The address of a website as people write it: example.com will do."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, assume_scheme="https", **kwargs)
        # A browser would refuse an address without https:// before we see it.
        self.widget.attrs |= {"inputmode": "url", "autocomplete": "url"}

    def to_python(self, value: Any) -> Any:
        """Return the address with its scheme; scheme and host in lower case."""
        try:
            url = urlsplit(super().to_python(value) or "")
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        return urlunsplit(url._replace(scheme=url.scheme.lower(), netloc=url.netloc.lower()))


class OrganizationForm(CrispyForm):
    """The settings of an organization."""

    name = forms.CharField(label=_("Name"), max_length=120, validators=[validate_name])
    country = CountryField(label=_("Country"), required=False)
    website = WebsiteField(label=_("Website"), required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zone_choices,
        initial="UTC",
        validators=[validate_time_zone],
        help_text=_("Pages show times in this time zone. The daily limit resets at its midnight."),
    )
    keep_messages_days = forms.IntegerField(
        label=_("Keep numbers and texts of messages, days"),
        required=False,
        min_value=1,
        max_value=3650,
        help_text=_(
            "Then they are erased. Figures stay. Empty: as long as the operator keeps them."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, kept = self.fields["time_zone"], self.initial.get("time_zone")
        # Another way to name a zone (Etc/GMT-8) stays choosable where it is in use.
        if kept and not field.valid_value(kept):  # type: ignore[attr-defined]
            field.choices = [(kept, kept), *time_zone_choices()]  # type: ignore[attr-defined]


def reachable_choices() -> list[tuple[str, str]]:
    """Return code and name of every country that can be sent to."""
    regions = reachable_regions()
    return [(country.code, country.name) for region in regions for country in region.countries]


class AllowedCountriesForm(forms.Form):
    """The countries that may be sent to."""

    ALL, SELECTED = "all", "selected"

    reach = forms.ChoiceField(
        label=_("Countries you can send to"),
        choices=[(ALL, _("All countries")), (SELECTED, _("Only the countries you select"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose all countries, or only the countries you select.")},
    )
    countries = forms.MultipleChoiceField(
        label=_("Countries"),
        choices=reachable_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("You cannot send to “%(value)s”.")},
    )

    def clean(self) -> dict[str, Any]:
        """Return no countries for "all"; require at least one for "only these"."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("reach") == self.ALL:
            cleaned["countries"] = []
        # An empty list means all, which is the opposite of what was said.
        elif cleaned.get("reach") == self.SELECTED and cleaned.get("countries") == []:
            self.add_error("countries", _("Select at least one country, or choose all countries."))
        return cleaned


class ActivationForm(CrispyForm):
    """The application to use the service."""

    legal_name = forms.CharField(
        label=_("Registered name"),
        max_length=200,
        help_text=_("As shown in the company register or on your business licence."),
    )
    country = CountryField(label=_("Country of registration"))
    website = WebsiteField(label=_("Website"), required=False)
    purpose = forms.CharField(
        label=_("What you will send, and to whom"),
        max_length=2000,
        min_length=20,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "For example: sign-in codes and order notices to customers who gave us their number "
            "at checkout, in Hong Kong and Singapore."
        ),
    )
    monthly_messages = forms.IntegerField(
        label=_("Messages per month (estimate)"), min_value=1, max_value=1_000_000_000
    )
    layout = (
        "legal_name",
        Div("country", "website", css_class="field-row"),
        "purpose",
        Div("monthly_messages", css_class="field-row"),
    )


class SecondStepForm(CrispyForm):
    """Whether members need a second step to sign in, and which."""

    NONE, ANY, PASSKEY = "none", "any", "passkey"

    step = forms.ChoiceField(
        label=_("What members need besides their password"),
        choices=[
            (NONE, _("Nothing: each member decides")),
            (ANY, _("A second step: an authenticator app or a passkey")),
            (PASSKEY, _("A passkey: it does not work on fake sign-in pages")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what members need.")},
    )

    @classmethod
    def now(cls, organization: Organization) -> str:
        """Return the choice that the organization has made."""
        if not organization.needs_second_step:
            return cls.NONE
        return cls.PASSKEY if organization.needs_passkey else cls.ANY

    def wanted(self) -> dict[str, bool]:
        """Return the choice as require_second_step takes it."""
        step = self.cleaned_data["step"]
        return {"required": step != self.NONE, "passkey": step == self.PASSKEY}


class InvitationForm(CrispyForm):
    """Who is to join, and as what."""

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=role_choices,
        initial=Role.SENDER.value,
        widget=forms.RadioSelect,
    )

    def clean_role(self) -> Role:
        """Return the role itself."""
        return Role(self.cleaned_data["role"])


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(
        label=_("Role"), choices=lambda: [(role.value, ROLE_LABELS[role]) for role in Role]
    )

    def clean_role(self) -> Role:
        """Return the role itself."""
        return Role(self.cleaned_data["role"])


class NewPersonForm(CrispyForm):
    """Name and password of an invited person. The address is the one in the invitation."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[validate_name],
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A few unrelated words are easy to remember."),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Check the password against the rules, the person's name and their address."""
        cleaned: dict[str, Any] = super().clean() or {}
        if password := cleaned.get("password"):
            person = User(email=self.email, name=cleaned.get("name", ""))
            try:
                validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class ContactForm(CrispyForm):
    """Someone to tell what happens, and how."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    msisdn = forms.CharField(
        label=_("Mobile number"),
        max_length=30,
        required=False,
        help_text=_("Include the country code, for example +852 6123 4567."),
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        required=False,
        help_text=_("The language in which we write to this contact."),
    )
    notices = ContactNoticesField()
    # One of the two is enough; a language is always chosen.
    conditional = ("email", "msisdn", "language")
    layout = ("name", Div("email", "msisdn", css_class="field-row"), "language")

    def clean_msisdn(self) -> str:
        """Return the number in E.164 with +, or empty."""
        entered = self.cleaned_data["msisdn"].strip()
        if not entered:
            return ""
        try:
            return msisdn.parse(entered).e164
        except msisdn.MsisdnError as error:
            if error.code == msisdn.MSISDN_MAINLAND:
                raise forms.ValidationError(
                    _("We do not send to the Chinese mainland. Enter a number from elsewhere.")
                ) from None
            raise forms.ValidationError(
                _("Enter a complete mobile number, starting with the country code, such as +852.")
            ) from None

    def clean(self) -> dict[str, Any]:
        """Require an e-mail address or a mobile number."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not (cleaned["email"] or cleaned["msisdn"]):
            raise forms.ValidationError(_("Enter an e-mail address, a mobile number, or both."))
        return cleaned

    @property
    def notice_rows(self) -> list[dict[str, Any]]:
        """Return the table of what the contact is told, and how."""
        return contact_rows(self["notices"].value() or ())
