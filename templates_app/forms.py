"""Fields of the editors; clean values fit the actions' arguments."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.forms import CrispyForm
from sending.sms.named_validity import MOST_MINUTES_OF_CODES, named_minutes
from templates_app import wording
from templates_app.evidence import EVIDENCE_MAX_BYTES
from templates_app.language_names import language_choices
from templates_app.lint import BODY_LIMIT, SIGNATURE_MAX, SIGNATURE_MIN
from templates_app.models import QUESTION_MAX, SmsType, TextTemplateVersion
from templates_app.models.signature import SignatureType, signature_type_choices
from templates_app.models.text_template import sms_type_choices

SAMPLE_MAX = 100


class UnclippedCharField(forms.CharField):
    """A text whose length is checked here: a browser's maxlength would clip what is pasted."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Leave maxlength out."""
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class TextTemplateForm(CrispyForm):
    """A draft of a text template; samples come as inputs called `sample`, one a variable."""

    name = UnclippedCharField(label=gettext_lazy("Name"), max_length=60)
    sms_type = forms.ChoiceField(
        label=gettext_lazy("Type"), choices=sms_type_choices, initial=SmsType.NOTIFICATION.value
    )
    body = UnclippedCharField(
        label=gettext_lazy("Body"),
        max_length=BODY_LIMIT,
        help_text=gettext_lazy("Up to 500 characters. Write {1}, {2} … where the values go."),
        widget=forms.Textarea(attrs={"class": "wording-input", "rows": 5, "dir": "auto"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=language_choices,
        required=False,
        help_text=gettext_lazy("Choose it if you will add the text in other languages."),
    )
    validity_minutes = forms.IntegerField(
        label=gettext_lazy("Validity of a one-time password, minutes"),
        min_value=1,
        max_value=MOST_MINUTES_OF_CODES,
        required=False,
        help_text=gettext_lazy(
            "After that it is no longer sent. Leave it empty to use the minutes that the text says."
        ),
    )
    remarks = UnclippedCharField(
        label=gettext_lazy("Remarks for the reviewer"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("Say who gets the message and why. Recipients do not see this."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, variant: TextTemplateVersion | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.variant = variant
        if variant is not None:
            # Name and type are those of the first language.
            for name in ("name", "sms_type", "language"):
                del self.fields[name]
        # Browsers send line ends as CR LF; handsets and counts know LF only.
        if isinstance(self.data, QueryDict) and self.is_bound:
            self.data = self.data.copy()
            for name in ("body", "remarks"):
                self.data[name] = str(self.data.get(name, "")).replace("\r\n", "\n")

    @property
    def shown_body(self) -> str:
        """Return the body as it stands in the form, saved or not."""
        return str(self["body"].value() or "")

    @property
    def shown_samples(self) -> list[str]:
        """Return one sample for each variable of the body as it stands in the form."""
        if isinstance(self.data, QueryDict) and self.is_bound:
            given = [str(sample).strip() for sample in self.data.getlist("sample")]
        else:
            given = [str(sample) for sample in self.initial.get("samples", ())]
        # One character more than is allowed shows `clean` that a sample is too long.
        given = [sample[: SAMPLE_MAX + 1] for sample in given]
        # After a gap comes a finding, not a field for every number that is left out.
        variables = wording.numbered(self.shown_body[:BODY_LIMIT])
        return [*given[:variables], *[""] * (variables - len(given))]

    @property
    def shown_type(self) -> str:
        """Return the type as it stands in the form, or a sensible one."""
        if self.variant is not None:
            return self.variant.sms_type
        value = str(self["sms_type"].value() or "")
        return value if value in set(SmsType) else SmsType.NOTIFICATION.value

    def clean(self) -> dict[str, Any]:
        """Take the samples of the variables there are."""
        values = super().clean() or {}
        samples = self.shown_samples
        for number, sample in enumerate(samples, 1):
            if len(sample) > SAMPLE_MAX:
                self.add_error(
                    None,
                    _("The sample for {%(number)s} is over %(limit)s characters. Shorten it.")
                    % {"number": number, "limit": SAMPLE_MAX},
                )
        if self.variant is not None:
            values |= {"name": self.variant.text_template.name, "sms_type": self.variant.sms_type}
        self._clean_validity(values)
        return {**values, "samples": samples}

    def _clean_validity(self, values: dict[str, Any]) -> None:
        """Refuse a validity beyond what the text says, and forget that of other types."""
        if values.get("sms_type") != SmsType.OTP:
            values["validity_minutes"] = None
        named = named_minutes(values.get("body") or "")
        if named and (values.get("validity_minutes") or 0) > named:
            self.add_error(
                "validity_minutes",
                ngettext(
                    "The text says %(minutes)s minute. Enter that at most, or change the text.",
                    "The text says %(minutes)s minutes. Enter that at most, or change the text.",
                    named,
                )
                % {"minutes": named},
            )


class LanguageForm(CrispyForm):
    """A further language of a text."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=language_choices,
        error_messages={"required": gettext_lazy("Choose a language.")},
    )


class AppealForm(CrispyForm):
    """Why a rejection is wrong."""

    reason = UnclippedCharField(
        label=gettext_lazy("Why the decision is wrong"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


class QuestionForm(CrispyForm):
    """A line of the thread about a review."""

    text = UnclippedCharField(
        label=gettext_lazy("Question or answer"),
        max_length=QUESTION_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class SignatureForm(CrispyForm):
    """A draft of a signature with its evidence."""

    content = UnclippedCharField(
        label=gettext_lazy("Signature"),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        min_length=SIGNATURE_MIN,
        max_length=SIGNATURE_MAX,
        help_text=gettext_lazy("2 to 15 characters, without brackets. We add them."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Signature type"),
        choices=signature_type_choices,
        initial=SignatureType.COMPANY.value,
    )
    for_others = forms.BooleanField(
        label=gettext_lazy("The name belongs to another organization"),
        required=False,
        help_text=gettext_lazy("The certificate must show that you are allowed to use it."),
    )
    evidence = forms.FileField(
        label=gettext_lazy("Certificate"),
        required=False,
        help_text=gettext_lazy(
            "A JPG or PNG image up to 5 MB, such as a business licence, a trademark certificate, or"
            " a screenshot that shows you own it. Only your organization and reviewers see it."
        ),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    remarks = UnclippedCharField(
        label=gettext_lazy("Remarks for the reviewer"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy(
            "For example, the address of the website or app. Recipients do not see this."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_evidence(self) -> Any:
        """Refuse a file that is too large before it is read."""
        evidence = self.cleaned_data["evidence"]
        if evidence is not None and evidence.size > EVIDENCE_MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 5 MB. Upload a smaller image."), code="size"
            )
        return evidence or None

    @property
    def shown_content(self) -> str:
        """Return the signature as it stands in the form, saved or not."""
        return str(self["content"].value() or "").strip()
