"""Fields of the pages about SMPP accounts and their receipts."""

import re
from typing import Any

from crispy_forms.layout import HTML, Div
from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.application_forms import LONGEST_OVERLAP, networks_in
from accounts.forms import CrispyForm
from accounts.models import Organization, Originator, SmsApplication
from accounts.names import validate_name
from accounts.time_zones import time_zone_choices
from accounts.trail_forms import day_field
from sending.lifecycle import MessageState
from sending.models import DefaultCoding, ReceiptsOf, SmppAccount
from sending.models.choices import MESSAGE_STATE_LABELS

# What members can set themselves; operators can go further in the administration.
MOST_RATE, MOST_WINDOW, MOST_BINDS = 100, 100, 10
# What a receipt can say in the end.
RECEIPT_STATES = (
    MessageState.DELIVERED,
    MessageState.UNDELIVERABLE,
    MessageState.EXPIRED,
    MessageState.REJECTED,
    MessageState.UNKNOWN,
    MessageState.CANCELLED,
    MessageState.BLOCKED,
)
_FINGERPRINT = re.compile("[0-9a-f]{64}")
_SYSTEM_ID = SmppAccount._meta.get_field("system_id")


def _whole(label: Any, most: int, help_text: Any = "") -> forms.IntegerField:
    wrong = format_lazy(_("Enter a whole number from 1 to {most}."), most=most)
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=1,
        max_value=most,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


class SmppAccountForm(CrispyForm):
    """Where an account may bind from, how much it may do, and what its client means and needs."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        validators=[validate_name],
        help_text=_("Which client binds with it, for example: Kannel, production."),
    )
    allowed_networks = forms.CharField(
        label=_("Allowed addresses"),
        max_length=2_500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "mono"}),
        help_text=_(
            "Addresses and networks the client connects from, such as 203.0.113.9 or "
            "2001:db8::/32, one a line. If empty, the client must use TLS."
        ),
    )
    requires_tls = forms.BooleanField(
        label=_("Bind only over TLS"),
        required=False,
        help_text=_("An SMPP password has only 8 characters: require TLS or allowed addresses."),
    )
    certificate_sha256 = forms.CharField(
        label=_("Fingerprint of the client's certificate"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"spellcheck": "false", "class": "mono"}),
        help_text=_(
            "SHA-256, as openssl x509 -fingerprint -sha256 shows it. If empty, none is needed. "
            "Operators say which authority signs it."
        ),
    )
    most_binds = _whole(_("Binds at the same time"), MOST_BINDS)
    most_transmitters = _whole(
        _("Of these, binds that submit"), MOST_BINDS, _("Transmitters and transceivers.")
    )
    window = _whole(
        _("Window"), MOST_WINDOW, _("How many submit_sm may wait for their answer on one bind.")
    )
    rate = _whole(_("submit_sm a second"), MOST_RATE, _("All binds of the account together."))
    default_coding = forms.ChoiceField(
        label=_("Meaning of data_coding 0"), choices=DefaultCoding.choices
    )
    names_templates = forms.BooleanField(
        label=_("The client names text templates"),
        required=False,
        help_text=_("By {tpl:ID} in front of the text, or by the TLV 0x1401."),
    )
    uses_plain_statuses = forms.BooleanField(
        label=_("Answer with standard statuses only"),
        required=False,
        help_text=_("For clients that disconnect at a status that SMPP 3.4 does not list."),
    )
    tells_reasons = forms.BooleanField(
        label=_("Say in answers why a message is refused"),
        required=False,
        help_text=_(
            "Not for smpplib and aiosmpplib, which cannot read additional_status_info_text."
        ),
    )
    originator = forms.ChoiceField(
        label=_("Originator"),
        required=False,
        help_text=_("Used when the client gives none. Without one, that of the application."),
        error_messages={
            "invalid_choice": _("Choose an approved originator of your organization, or none.")
        },
    )
    replaces_originators = forms.BooleanField(
        label=_("Send with this originator, whatever the client gives"), required=False
    )
    receipts_of = forms.ChoiceField(label=_("Receipts of long texts"), choices=ReceiptsOf.choices)
    receipt_zone = forms.ChoiceField(
        label=_("Time zone of dates in receipts"), choices=time_zone_choices
    )
    keep_days = _whole(_("Days to keep receipts for the client"), 30, _("Then they are deleted."))
    gets_replies = forms.BooleanField(label=_("Deliver replies to this client"), required=False)
    layout: tuple[Any, ...] = (
        "name",
        HTML(format_lazy("<h2>{}</h2>", _("Who may bind"))),
        "allowed_networks",
        "requires_tls",
        "certificate_sha256",
        HTML(format_lazy("<h2>{}</h2>", _("Limits"))),
        Div("most_binds", "most_transmitters", css_class="field-row"),
        Div("rate", "window", css_class="field-row"),
        HTML(format_lazy("<h2>{}</h2>", _("What the client sends"))),
        "default_coding",
        "originator",
        "replaces_originators",
        "names_templates",
        "uses_plain_statuses",
        HTML(format_lazy("<h2>{}</h2>", _("What the client gets"))),
        "tells_reasons",
        "receipts_of",
        Div("receipt_zone", "keep_days", css_class="field-row"),
        "gets_replies",
    )

    def __init__(
        self,
        *args: Any,
        organization: Organization,
        account: SmppAccount | None = None,
        **kwargs: Any,
    ) -> None:
        if account:
            kwargs.setdefault("initial", initial_of(account))
        else:
            fresh = SmppAccount()
            kwargs.setdefault("initial", {**initial_of(fresh), "requires_tls": True})
        super().__init__(*args, **kwargs)
        own = Originator.objects.for_organization(organization).approved().filter(country="")
        addresses = own.order_by("address").values_list("address", flat=True)
        field: Any = self.fields["originator"]
        field.choices = [("", _("None")), *((address, address) for address in addresses)]
        if account:
            self._allow_what_operators_gave(account)

    def _allow_what_operators_gave(self, account: SmppAccount) -> None:
        """Take limits above the members' own as they stand."""
        for name in ("most_binds", "most_transmitters", "window", "rate"):
            given = getattr(account, name)
            field: Any = self.fields[name]
            if given > field.max_value:
                self.fields[name] = _whole(field.label, given, field.help_text)

    def clean_allowed_networks(self) -> list[str]:
        """Return the networks in CIDR notation, each once."""
        return networks_in(
            self.cleaned_data["allowed_networks"],
            _("“%(text)s” is every address. Leave the field empty and choose TLS instead."),
        )

    def clean_certificate_sha256(self) -> str:
        """Return 64 hexadecimal digits, however they were written."""
        written = self.cleaned_data["certificate_sha256"].rpartition("=")[2]
        digits = "".join(written.replace(":", "").split()).lower()
        if digits and not _FINGERPRINT.fullmatch(digits):
            wrong = _("Enter the 64 hexadecimal digits of a SHA-256 fingerprint.")
            raise forms.ValidationError(wrong)
        return digits

    def clean(self) -> dict[str, Any]:
        """Refuse an account that only its password guards, and limits that cannot be."""
        given: dict[str, Any] = super().clean() or {}
        if "allowed_networks" in given and not (
            given["allowed_networks"] or given.get("requires_tls")
        ):
            self.add_error(
                "requires_tls", _("Choose TLS, or enter the addresses the client connects from.")
            )
        most, submitting = given.get("most_binds"), given.get("most_transmitters")
        if most and submitting and submitting > most:
            self.add_error(
                "most_transmitters", _("Enter at most as many as binds at the same time.")
            )
        if given.get("replaces_originators") and not given.get("originator"):
            self.add_error("originator", _("Choose the originator to send with."))
        return given


class NewSmppAccountForm(SmppAccountForm):
    """The same, of an application, with a system_id."""

    application = forms.ModelChoiceField(
        label=_("Application"),
        queryset=SmsApplication.objects.none(),
        empty_label=None,
        help_text=_("Its limits, countries and originators hold for what the client submits."),
    )
    system_id = forms.CharField(
        label="system_id",
        max_length=15,
        required=False,
        validators=list(_SYSTEM_ID.validators),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("1 to 15 letters, digits, hyphens and underscores. If empty, we choose one."),
    )
    layout = ("application", "system_id", *SmppAccountForm.layout)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, organization=organization, **kwargs)
        own = SmsApplication.objects.for_organization(organization).order_by("pk")
        self.fields["application"].queryset = own  # type: ignore[attr-defined]


class NewPasswordForm(CrispyForm):
    """How long the old password works beside the new one."""

    hours = forms.IntegerField(
        label=_("Hours the old password still works"),
        min_value=0,
        max_value=LONGEST_OVERLAP,
        initial=24,
        help_text=_("0 ends it at once; 168 is a week. Open binds stay open."),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("Enter 0 to 168, which is a week."),
        ),
    )


def _state_choices() -> list[tuple[str, Any]]:
    return [
        ("", _("Any state")),
        *((state.value, MESSAGE_STATE_LABELS[state]) for state in RECEIPT_STATES),
    ]


class ReceiptFilterForm(forms.Form):
    """Which receipts of an account are shown."""

    message_id = forms.IntegerField(
        label="message_id",
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            _("Enter the digits of the message_id from submit_sm_resp."),
        ),
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
    state = forms.ChoiceField(
        label=_("State of the message"),
        required=False,
        choices=_state_choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class SentAgainForm(ReceiptFilterForm):
    """Which of those that were given up are sent again."""

    first = day_field(_("First day"))
    last = day_field(_("Last day"))
    field_order = ("first", "last", "message_id", "state")

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        given = super().clean() or {}
        if given.get("first") and given.get("last") and given["first"] > given["last"]:
            self.add_error("last", _("Enter a last day that is not before the first."))
        return given


def initial_of(account: SmppAccount) -> dict[str, Any]:
    """Return what the form of an account begins with."""
    values = {name: getattr(account, name) for name in SmppAccountForm.base_fields}
    return {**values, "allowed_networks": "\n".join(account.allowed_networks)}
