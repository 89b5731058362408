"""The part of a gateway's form that is about TLS; the key can be written, never read."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import shared_time
from sending.gateways import tls
from sending.gateways.base import Tls
from sending.gateways.tls import PemError
from sending.models import Gateway

TLS_ERROR_TEXTS: Mapping[str, Promise] = {
    tls.CERTIFICATE_UNREADABLE: gettext_lazy(
        "This is not a PEM certificate. Paste everything from -----BEGIN CERTIFICATE----- to "
        "-----END CERTIFICATE-----."
    ),
    tls.PRIVATE_KEY_INSIDE: gettext_lazy(
        "There is a private key in this text, and this field is stored and shown as it is. Paste "
        "only the certificates here, and the key into its own field."
    ),
    tls.KEY_UNREADABLE: gettext_lazy(
        "This is not a PEM private key. Paste everything from -----BEGIN PRIVATE KEY----- to "
        "-----END PRIVATE KEY-----."
    ),
    tls.KEY_PROTECTED: gettext_lazy(
        "This key is protected by a passphrase. Write it out without one (openssl pkey -in key.pem "
        "-out plain.pem), and paste that: it is encrypted here."
    ),
    tls.KEY_OF_ANOTHER: gettext_lazy(
        "Key and certificate do not belong together. The first certificate must be our own, those "
        "of its authorities follow it."
    ),
    tls.REFUSED_BY_TLS: gettext_lazy(
        "TLS refuses this certificate or key, usually because the key is too short. Ask the "
        "carrier for a new one."
    ),
}


class WriteOnlyTextarea(forms.Textarea):
    """Shows nothing of what was entered, not even after a mistake."""

    def format_value(self, value: Any) -> str:  # noqa: ARG002 - it is not to be shown.
        """Return nothing."""
        return ""


def _pem(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"class": "vLargeTextField", "rows": rows, "spellcheck": "false"})


class TlsForm(forms.ModelForm):
    """Adds our key, and checks that what was pasted can be used."""

    new_tls_key = forms.CharField(
        label=gettext_lazy("Our key"),
        required=False,
        strip=False,
        widget=WriteOnlyTextarea(
            attrs={"class": "vLargeTextField", "rows": 4, "autocomplete": "off"}
        ),
    )

    TLS_FIELDS = ("tls_ca", "tls_certificate", "new_tls_key")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say whether a key is stored."""
        super().__init__(*args, **kwargs)
        for name in ("tls_ca", "tls_certificate"):
            self.fields[name].widget = _pem()
        self.fields["tls_ca"].help_text = _(
            "Empty: those of this machine. Where the carrier signs its own, paste its certificate "
            "(PEM); then nobody else is trusted."
        )
        self.fields["tls_certificate"].help_text = _(
            "Only where the carrier asks for one (PEM): ours first, then those of its authorities. "
            "If you clear this, the stored key is deleted."
        )
        stored = _("A key is stored. Leave empty to keep it.")
        empty = _("The private key of our certificate (PEM, no passphrase). It is stored encrypted")
        self.fields["new_tls_key"].help_text = stored if self.instance.tls_key else f"{empty}."

    def clean_tls_ca(self) -> str:
        """Return authorities that can be read."""
        return self._certificates("tls_ca")

    def clean_tls_certificate(self) -> str:
        """Return certificates that can be read."""
        return self._certificates("tls_certificate")

    def _certificates(self, name: str) -> str:
        pem = str(self.cleaned_data.get(name) or "").strip()
        if pem:
            try:
                tls.read_certificates(pem)
            except PemError as error:
                raise forms.ValidationError(
                    str(TLS_ERROR_TEXTS[error.code]), code=error.code
                ) from error
        return pem

    def clean(self) -> dict[str, Any]:
        """Check that certificate and key belong together."""
        super().clean()
        certificate = self.cleaned_data.get("tls_certificate")
        entered = (self.cleaned_data.get("new_tls_key") or "").strip()
        key = entered or self.instance.tls_key
        if certificate and not key:
            self.add_error("new_tls_key", _("Paste the key for this certificate."))
        elif certificate:
            self._check_pair(certificate, key)
        elif entered and "tls_certificate" not in self.errors:
            self.add_error("tls_certificate", _("Paste the certificate for this key."))
        return self.cleaned_data

    def _check_pair(self, certificate: str, key: str) -> None:
        try:
            tls.check_pair(certificate, key)
        except PemError as error:
            self.add_error("new_tls_key", str(TLS_ERROR_TEXTS[error.code]))

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Store the key when one was entered; without a certificate none is kept."""
        entered = (self.cleaned_data.get("new_tls_key") or "").strip()
        row = self.instance
        row.tls_key = (entered or row.tls_key) if row.tls_certificate else ""
        return super().save(*args, **kwargs)


def expires_at(gateway: Gateway) -> datetime | None:
    """Return when the first of a gateway's own certificates expires; None without TLS or any."""
    if not gateway.tls:
        return None
    texts = Tls(ca=gateway.tls_ca, certificate=gateway.tls_certificate)
    try:
        return tls.first_to_expire(texts)
    except PemError:
        return None


def expiry_warning(gateway: Gateway, days: int = 30) -> str:
    """Return a sentence about a certificate that expires within so many days or has; or nothing."""
    end = expires_at(gateway)
    if end is None or end > shared_time.now() + timedelta(days=days):
        return ""
    on = date_format(timezone.localtime(end), "DATE_FORMAT")
    if end <= shared_time.now():
        return _(
            "A certificate of this gateway expired on %(on)s: the carrier will refuse it. Paste a "
            "new one."
        ) % {"on": on}
    return _(
        "A certificate of this gateway expires on %(on)s. Ask the carrier for a new one before."
    ) % {"on": on}
