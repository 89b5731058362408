"""The form that connects a carrier over SMPP, in the order in which its letter is read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sending.models import Gateway
from sending.operations.forms.tls import TlsForm

# The codec sends no longer one (SMPP 3.4 clause 4.1.1 says eight; carriers hand out longer ones).
_LONGEST_PASSWORD = 64

FIELDSETS: Any = [
    (None, {"fields": ["name", "mode", "is_simulator", "originator"]}),
    (
        _("Connection"),
        {
            "description": _("As the carrier's letter says. Save, then try it under Operations."),
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
        _("What few carriers insist on"),
        {
            "description": _("Leave this as it is unless the carrier's manual says otherwise."),
            "fields": [
                "service_type", ("source_ton", "source_npi"), ("dest_ton", "dest_npi"),
                "temporary_statuses",
            ],
        },
    ),
]  # fmt: skip


class SmppGatewayForm(TlsForm):
    """A gateway; its password and its key can be written, never read."""

    new_password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=_LONGEST_PASSWORD,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text=_(
            "Left empty, the stored one stays. SMPP 3.4 knows eight characters; a longer one is "
            "sent as it is."
        ),
    )

    class Meta:
        model = Gateway
        fields = [
            "name", "mode", "is_simulator", "originator", "host", "port", "system_id",
            "system_type", "bind_mode", "bind_slots", "response_timeout", "enquire_interval", "tls",
            "tls_server_name", "tls_ca", "tls_certificate", "rate", "window",
            "registered_delivery", "receipts_per_segment", "id_format", "receipt_zone",
            "service_type", "source_ton", "source_npi", "dest_ton", "dest_npi",
            "temporary_statuses",
        ]  # fmt: skip
        help_texts = {
            "port": _("Without TLS mostly 2775, with TLS mostly 3550."),
            "bind_slots": _("Connections that the carrier allows at once; pairs count once here."),
            "source_ton": _("Empty: by the kind of originator."),
            "source_npi": _("Empty: by the kind of originator."),
            "id_format": _("When receipts come and fit no message, this is mostly why."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for what SMPP cannot do without."""
        super().__init__(*args, **kwargs)
        for name in ("host", "system_id"):
            self.fields[name].required = True

    def save(self, *args: Any, **kwargs: Any) -> Gateway:
        """Store the password only when one was entered."""
        if password := self.cleaned_data.get("new_password"):
            self.instance.password = password
        gateway: Gateway = super().save(*args, **kwargs)
        return gateway
