"""The form that connects an aggregator over HTTP: patterns out, rules in, no code."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sending.gateways.http import settings
from sending.gateways.http.settings import SettingsError
from sending.models import HttpGateway
from sending.models.gateway import new_receipt_secret
from sending.operations.forms.target import TargetForm
from sending.operations.setting_error_texts import setting_error_text

_ANSWERS = (("json", _("JSON: rules are paths")), ("text", _("Text: rules are expressions")))
_RECEIPTS = (
    ("json", _("JSON: rules are paths")),
    ("form", _("Form or query: rules are field names")),
    ("text", _("Text or XML: rules are expressions")),
)
_BODIES = (
    ("json", _("JSON")),
    ("form", _("Form (application/x-www-form-urlencoded)")),
    ("xml", _("XML")),
    ("text", _("Plain text: nothing is escaped")),
    ("none", _("None: all is in the address")),
)
_AUTHENTICATIONS = (
    ("none", _("None, or in a header or field of your own")),
    ("basic", _("Basic: user name and secret")),
    ("bearer", _("Bearer: the secret is the token")),
)
_COVERS = (
    (settings.WHOLE_TEXT, _("The whole text")),
    (settings.ONE_PART, _("One part, under the message id of the whole text")),
)
SAMPLE_BODY = '{\n  "to": "{destination}",\n  "from": "{originator}",\n  "text": "{text}"\n}'
SAMPLE_STATES = """delivered = DELIVERED
undelivered = UNDELIVERABLE
expired = EXPIRED
rejected = REJECTED
accepted = ACCEPTED
sent = ENROUTE"""


def _line(
    label: Any, help_text: Any = "", initial: str = "", *, size: str = "vTextField"
) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": size})
    return forms.CharField(
        label=label, help_text=help_text, initial=initial, required=False, widget=widget
    )


def _area(label: Any, help_text: Any, initial: str = "", rows: int = 4) -> forms.CharField:
    widget = forms.Textarea(attrs={"class": "vLargeTextField", "rows": rows})
    return forms.CharField(
        label=label, help_text=help_text, initial=initial, required=False, widget=widget
    )


def _secret(label: Any, help_text: Any) -> forms.CharField:
    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, help_text=help_text, required=False, widget=widget)


class HttpGatewayForm(TargetForm):
    """An HTTP gateway. Secrets can be written, never read."""

    url = _line(
        _("Address"),
        _("Fields may stand in path and query; what they hold is percent-encoded."),
        size="vLargeTextField",
    )
    method = forms.ChoiceField(label=_("Method"), choices=[(m, m) for m in settings.METHODS])
    authentication = forms.ChoiceField(label=_("Authentication"), choices=_AUTHENTICATIONS)
    username = _line(_("User name"), _("Also the field {username}."))
    new_secret = _secret(
        _("Secret"),
        _("Password, token or key; also the field {secret}. Leave empty to keep the stored one."),
    )
    headers = _area(_("Headers"), _("One per line, as Name: value. Fields are allowed."), rows=3)
    body_kind = forms.ChoiceField(label=_("Kind of body"), choices=_BODIES)
    body = _area(
        pgettext_lazy("HTTP", "Body"),
        _(
            "As the gateway's manual shows it, with fields in braces. Every value is escaped for "
            "the kind of body. In JSON, fields stand in strings; “{segments:number}” becomes a "
            "number. In a form, write name={field} one per line or joined by &. Elsewhere write {{ "
            "for a brace."
        ),
        SAMPLE_BODY,
        rows=8,
    )
    answer_format = forms.ChoiceField(label=_("The answer is"), choices=_ANSWERS)
    success_rule = _line(
        _("Success: where"),
        _("Empty: every status from 200 to 299 with a message id is a yes."),
    )
    success_values = _line(
        _("Success: values"), _("What stands there when the message was taken, with commas.")
    )
    message_id_rule = _line(
        _("Message id: where"),
        _(
            "A path such as messages[0].id, or an expression such as ID: (.*). Write "
            "messages[*].id where a long text gets an id for each part: the message is delivered "
            "when every part is. Empty: receipts name our {reference}."
        ),
        "id",
    )
    error_rule = _line(_("Error code: where"))
    permanent_codes = _line(
        _("Codes of a permanent refusal"),
        _("Codes, or HTTP_ and a status, with commas. Codes in no list are of this kind."),
    )
    temporary_codes = _line(
        _("Codes of a temporary refusal"),
        _("Sent again later. Without a list: HTTP_401 to HTTP_405, HTTP_407, HTTP_408, redirects."),
    )
    throttled_codes = _line(
        _("Codes of “too fast”"),
        _("Sent again after seconds, and slower. Always: HTTP_429, HTTP_503."),
    )
    renew_receipt_secret = forms.BooleanField(
        label=_("Make a new address for receipts"),
        required=False,
        help_text=_("The old one stops working at once."),
    )
    receipt_format = forms.ChoiceField(label=_("Receipts are"), choices=_RECEIPTS)
    receipt_items_rule = _line(
        _("List of receipts: where"),
        _("Empty: the request is one receipt, or a JSON list of them."),
    )
    receipt_id_rule = _line(_("Message id: where"), _("Empty, with status: it sends no receipts."))
    receipt_status_rule = _line(_("Status: where"))
    receipt_error_rule = _line(_("Error code: where"))
    receipt_number_rule = _line(
        _("Number: where"), _("Settles messages in doubt. Leave it empty if it is not sent.")
    )
    receipt_states = _area(
        _("Statuses"),
        _(
            "One per line, as the gateway's word = state: DELIVERED, UNDELIVERABLE, EXPIRED, "
            "REJECTED, DELETED, ENROUTE, ACCEPTED, UNKNOWN. A word that is missing here is stored "
            "as UNKNOWN."
        ),
        SAMPLE_STATES,
        rows=6,
    )
    receipt_covers = forms.ChoiceField(
        label=_("A receipt of a long text covers"),
        choices=_COVERS,
        required=False,
        help_text=_(
            "If it covers a part, a message of several segments never becomes delivered, because "
            "nothing proves that every part arrived. A part that failed still decides."
        ),
    )
    reply_source_rule = _line(
        _("Replies: number of the handset: where"),
        _(
            "Where the same address is told what people answer. A request with a status of the "
            "list above is a receipt. Empty: it brings no replies."
        ),
    )
    reply_destination_rule = _line(
        _("Replies: sent to: where"),
        _("The originator that was answered. It says whose reply it is."),
    )
    reply_text_rule = _line(_("Replies: text: where"))
    receipt_signature_header = _line(
        _("Signature: header"),
        _("Where the gateway signs the body with HMAC-SHA256, in hex or base64. Empty: unsigned."),
    )
    receipt_timestamp_header = _line(
        _("Signature: time header"),
        _("Where the gateway signs the body with the value of this header behind it."),
    )
    new_signature_key = _secret(_("Signature: key"), _("Leave empty to keep the stored one."))

    SETTINGS = (
        "url", "method", "authentication", "username", "headers", "body_kind", "body",
        "answer_format", "success_rule", "success_values", "message_id_rule", "error_rule",
        "permanent_codes", "temporary_codes", "throttled_codes", "receipt_format",
        "receipt_items_rule", "receipt_id_rule", "receipt_status_rule", "receipt_error_rule",
        "receipt_number_rule", "receipt_states", "receipt_covers", "receipt_signature_header",
        "receipt_timestamp_header",
        "reply_source_rule", "reply_destination_rule", "reply_text_rule",
    )  # fmt: skip

    TARGET = ("url", "tls_server_name", "tls_ca")
    ASKED_AGAIN = "new_secret"

    class Meta:
        model = HttpGateway
        fields = [
            "name", "mode", "is_simulator", "originator", "originator_is_shared", "window",
            "rate", "bind_slots", "response_timeout", "id_format", "tls_server_name", "tls_ca",
            "tls_certificate",
        ]  # fmt: skip
        help_texts = {
            "window": _("Requests that may wait for an answer at once, on each sender."),
            "bind_slots": _("Senders that share the work and the rate."),
        }
        labels = {"bind_slots": _("Senders"), "response_timeout": _("Timeout, seconds")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Show what is stored."""
        super().__init__(*args, **kwargs)
        stored = self.instance.http_settings
        self.initial.update({name: stored[name] for name in self.SETTINGS if name in stored})

    def clean(self) -> dict[str, Any]:
        """Read the settings as the gateway will, and say what it could not use."""
        super().clean()
        given = {name: self.cleaned_data.get(name) or "" for name in self.SETTINGS}
        request = self._read(settings.request_settings, given)
        self._read(settings.answer_settings, given)
        self._read(settings.receipt_settings, given)
        self._check_secrets(given)
        row = self.instance
        row.kind = HttpGateway.Kind.HTTP
        row.receipts_per_segment = False
        row.http_settings = given
        if request is not None:
            self.check_address("url", request.origin.host, row.kind)
            row.host, row.port = request.origin.host, request.origin.port
            row.tls = request.origin.scheme == "https"
        return self.cleaned_data

    def _read(self, read: Callable[[Mapping[str, str]], Any], given: dict[str, str]) -> Any:
        try:
            return read(given)
        except SettingsError as error:
            self.add_error(error.field, setting_error_text(error))
            return None

    def _check_secrets(self, given: dict[str, str]) -> None:
        """Say so when a secret or a key is used that nobody entered."""
        used = given["authentication"] != "none" or any("{secret}" in v for v in given.values())
        if used and not (self.cleaned_data.get("new_secret") or self.instance.password):
            self.add_error("new_secret", gettext("The request uses a secret. Enter it."))
        elif used:
            self.check_secret()
        key = self.cleaned_data.get("new_signature_key") or self.instance.receipt_signature_key
        if given["receipt_signature_header"] and not key:
            self.add_error("new_signature_key", gettext("Receipts are signed. Enter the key."))

    def save(self, *args: Any, **kwargs: Any) -> HttpGateway:
        """Store secrets only when they were entered; one that was for another place goes."""
        entered = self.cleaned_data
        row = self.instance
        row.password = entered.get("new_secret") or (row.password if self.keeps_secret else "")
        row.receipt_signature_key = entered.get("new_signature_key") or row.receipt_signature_key
        if entered.get("renew_receipt_secret"):
            row.receipt_secret = new_receipt_secret()
        gateway: HttpGateway = super().save(*args, **kwargs)
        return gateway
