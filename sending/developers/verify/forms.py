"""The settings of a Verify service."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import CrispyForm
from accounts.models import Organization, SmsApplication
from sending.models import VerifyService
from sending.models.verify_service import (
    FRIENDLY_NAME_CHARS,
    LONGEST_CODE,
    SHORTEST_CODE,
    USUAL_CODE,
)
from sending.verify.refusals import VerifyRefused
from sending.verify.service_settings import friendly_name
from sending.verify.texts import suitable_texts
from templates_app.queries import sendable_signatures

_LENGTHS = [(str(n), str(n)) for n in range(SHORTEST_CODE, LONGEST_CODE + 1)]


class VerifyServiceForm(CrispyForm):
    """Name, text and codes of a service; `application` only while it is made."""

    application = forms.ChoiceField(
        label=_("Application"),
        help_text=_("Its keys may use the service, and its limits hold for the codes."),
    )
    friendly_name = forms.CharField(
        label=_("Name"),
        max_length=FRIENDLY_NAME_CHARS,
        help_text=_("Your programs see it. At most 4 digits, and no link."),
    )
    text_template = forms.ChoiceField(
        label=_("Text template"),
        required=False,
        help_text=_(
            "Approved OTP text templates whose only variables are the code and the minutes. People "
            "get the language that your program asks for, if the text has it."
        ),
    )
    signature = forms.ChoiceField(label=_("Signature"), required=False)
    code_length = forms.TypedChoiceField(
        label=_("Digits of a code"), choices=_LENGTHS, coerce=int, initial=str(USUAL_CODE)
    )
    custom_code_enabled = forms.BooleanField(
        label=_("Programs may bring their own codes"),
        required=False,
        help_text=_("They must then report themselves that a code was right."),
    )

    def __init__(
        self,
        *args: Any,
        organization: Organization,
        service: VerifyService | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._texts = {str(one.pk): one for one in suitable_texts(organization)}
        self._signatures = {str(one.pk): one for one in sendable_signatures(organization)}
        own = SmsApplication.objects.for_organization(organization).order_by("pk")
        self._applications = {} if service else {str(one.pk): one for one in own}
        if service:
            del self.fields["application"]
            self.helper.layout.fields.remove("application")
        else:
            self._choose("application", self._applications)
        self._choose("text_template", self._texts, ("", _("The first that fits")))
        self._choose("signature", self._signatures, ("", _("None")))

    def _choose(self, name: str, rows: dict[str, Any], *first: tuple[str, Any]) -> None:
        field: Any = self.fields[name]
        names = ((pk, _named(row)) for pk, row in rows.items())
        field.choices = [*first, *names]

    def clean_application(self) -> SmsApplication:
        """Return the application."""
        found: SmsApplication = self._applications[self.cleaned_data["application"]]
        return found

    def clean_friendly_name(self) -> str:
        """Return a name that a service may have."""
        try:
            return friendly_name(self.cleaned_data["friendly_name"])
        except VerifyRefused as refused:
            raise forms.ValidationError(str(refused)) from None

    def clean_text_template(self) -> Any:
        """Return the text template, or None."""
        return self._texts.get(self.cleaned_data["text_template"])

    def clean_signature(self) -> Any:
        """Return the signature, or None."""
        return self._signatures.get(self.cleaned_data["signature"])


def _named(row: Any) -> str:
    approved = getattr(row, "approved", None)
    return str(getattr(approved, "content", None) or row.name)


def initial_of(service: VerifyService) -> dict[str, Any]:
    """Return what the form shows of a service."""
    return {
        "friendly_name": service.friendly_name,
        "text_template": str(service.text_template_id or ""),
        "signature": str(service.signature_id or ""),
        "code_length": str(service.code_length),
        "custom_code_enabled": service.custom_code_enabled,
    }
