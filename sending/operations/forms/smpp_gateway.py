"""The form that connects a carrier over SMPP, in the order of a carrier's details."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from sending.models import Gateway
from sending.operations.forms.target import TargetForm
from sending.operations.forms.tls import TlsForm

# The codec sends no longer one (SMPP 3.4 clause 4.1.1 says eight; carriers hand out longer ones).
_LONGEST_PASSWORD = 64
# Before a bind is answered nobody knows who listens: what a line-based service would take for a
# command of ours must not stand in it.
_PRINTABLE = RegexValidator(r"\A[\x20-\x7e]*\Z", _("Use printable ASCII characters only."))

FIELDSETS: Any = [
    (None, {"fields": ["name", "mode", "is_simulator", "originator", "originator_is_shared"]}),
    (
        _("Connection"),
        {
            "description": _("From the carrier. Save, then test it under Operations."),
            "fields": [
                "host", "port", "system_id", "new_password", "system_type", "bind_mode",
                "bind_slots", "response_timeout", "enquire_interval",
            ],
        },
    ),
    (
        _("TLS"),
        {
            "description": _("The carrier's certificate is always verified."),
            "fields": ["tls", "tls_server_name", *TlsForm.TLS_FIELDS],
        },
    ),
    (_("Speed"), {"fields": ["rate", "window"]}),
    (
        _("Receipts"),
        {"fields": ["registered_delivery", "receipts_per_segment", "id_format", "receipt_zone"]},
    ),
    (
        _("Advanced"),
        {
            "description": _("Change these only if the carrier's manual says so."),
            "fields": [
                "service_type", ("source_ton", "source_npi"), ("dest_ton", "dest_npi"),
                "temporary_statuses",
            ],
        },
    ),
]  # fmt: skip


class SmppGatewayForm(TargetForm):
    """A gateway; its password and its key can be written, never read."""

    new_password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=_LONGEST_PASSWORD,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text=_(
            "Leave empty to keep the stored password. SMPP 3.4 allows eight characters; a longer "
            "one is sent unchanged."
        ),
    )

    TARGET = ("host", "port", "tls", "tls_server_name", "tls_ca")
    ASKED_AGAIN = "new_password"

    class Meta:
        model = Gateway
        fields = [
            "name", "mode", "is_simulator", "originator", "originator_is_shared", "host",
            "port", "system_id", "system_type", "bind_mode", "bind_slots", "response_timeout",
            "enquire_interval", "tls",
            "tls_server_name", "tls_ca", "tls_certificate", "rate", "window",
            "registered_delivery", "receipts_per_segment", "id_format", "receipt_zone",
            "service_type", "source_ton", "source_npi", "dest_ton", "dest_npi",
            "temporary_statuses",
        ]  # fmt: skip
        help_texts = {
            "port": _("Usually 2775, or 3550 with TLS."),
            "bind_slots": _("Connections the carrier allows at once. A pair counts as one."),
            "source_ton": _("Leave empty to choose it by the kind of originator."),
            "source_npi": _("Leave empty to choose it by the kind of originator."),
            "id_format": _("If receipts match no message, this is usually the reason."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Require what every SMPP connection needs."""
        super().__init__(*args, **kwargs)
        for name in ("host", "system_id"):
            self.fields[name].required = True
        for name in ("system_id", "system_type", "new_password"):
            self.fields[name].validators.append(_PRINTABLE)

    def clean(self) -> dict[str, Any]:
        """Check where the password goes."""
        super().clean()
        self.check_secret()
        self.check_address("host", self.cleaned_data.get("host") or "", Gateway.Kind.SMPP)
        return self.cleaned_data

    def save(self, *args: Any, **kwargs: Any) -> Gateway:
        """Store the password only when one was entered; of another login nothing has shown yet."""
        if password := self.cleaned_data.get("new_password"):
            self.instance.password = password
        if {"host", "port", "system_id", "receipts_per_segment"} & set(self.changed_data):
            self.instance.segment_receipts_at = self.instance.lone_receipt_at = None
        gateway: Gateway = super().save(*args, **kwargs)
        return gateway
