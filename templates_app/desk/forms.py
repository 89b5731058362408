"""Fields of a decision: approve or reject, reasons with a code, a field and what to do, a note."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.requests import whole_number
from templates_app.review import SIGNATURE_REASON_CODES, TEXT_TEMPLATE_REASON_CODES
from templates_app.sentences import FIELDS, REASONS

APPROVE, REJECT = "approve", "reject"
REASONS_MAX = 10
ACTIVATION_REASON_CODES = (
    "OWNER_UNCLEAR",
    "PURPOSE_UNCLEAR",
    "WEBSITE_UNREACHABLE",
    "VOLUME_UNCLEAR",
    "SUBJECT_FORBIDDEN",
    "ABUSE_RISK",
    "OTHER",
)
ORIGINATOR_REASON_CODES = (
    "OWNER_UNCLEAR",
    "SIGNATURE_GENERIC",
    "NOT_REGISTERED",
    "ABUSE_RISK",
    "OTHER",
)
# Reason codes and fields, by kind of item.
CHOICES: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "activation": (
        ACTIVATION_REASON_CODES,
        ("legal_name", "country", "website", "purpose", "monthly_messages"),
    ),
    "originator": (ORIGINATOR_REASON_CODES, ("address", "country", "remarks")),
    "signature": (
        SIGNATURE_REASON_CODES,
        ("content", "kind", "for_others", "evidence", "remarks"),
    ),
    "template": (TEXT_TEMPLATE_REASON_CODES, ("body", "sms_type", "samples", "remarks")),
}


class DecisionForm(forms.Form):
    """Approve or reject, and a note."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (APPROVE, gettext_lazy("Approve")),
            (REJECT, gettext_lazy("Reject, with reasons")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Note to the submitter"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonForm(forms.Form):
    """One reason; left empty it does not count."""

    code = forms.ChoiceField(label=gettext_lazy("Reason code"), required=False)
    field = forms.ChoiceField(label=gettext_lazy("Field"), required=False)
    advice = forms.CharField(
        label=gettext_lazy("What to do"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes, fields = CHOICES[kind]
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a reason")),
            *((code, f"{REASONS[code]} ({code})") for code in codes),
        ]
        self.fields["field"].choices = [  # type: ignore[attr-defined]
            ("", _("No particular field")),
            *((field, FIELDS[field]) for field in fields),
        ]

    def clean(self) -> dict[str, Any]:
        """Want code and advice together."""
        values = super().clean() or {}
        if values.get("advice") and not values.get("code"):
            self.add_error("code", _("Choose the reason for this advice."))
        if values.get("code") and not values.get("advice") and "advice" not in self.errors:
            self.add_error("advice", _("Tell the submitter what to do."))
        return values


class BaseReasonFormSet(forms.BaseFormSet):
    """Up to ten reasons."""

    @property
    def given(self) -> list[dict[str, str]]:
        """Return the filled-in reasons as decisions store them."""
        return [
            {name: values[name] for name in ("code", "field", "advice")}
            for values in self.cleaned_data
            if values.get("code")
        ]


ReasonFormSet = forms.formset_factory(
    ReasonForm, formset=BaseReasonFormSet, extra=1, max_num=REASONS_MAX, absolute_max=REASONS_MAX
)


class DecisionForms:
    """The forms of one item together: the decision with its note, and the reasons."""

    def __init__(self, kind: str, data: Any = None) -> None:
        adding = data is not None and "add" in data
        bound = None if adding else data
        self.form = DecisionForm(bound, initial=_entered(data) if adding else None)
        self.reasons: Any = ReasonFormSet(
            bound,
            prefix="reasons",
            initial=_entered_reasons(data) if adding else None,
            form_kwargs={"kind": kind},
        )

    def is_valid(self) -> bool:
        """Check both parts; a rejection wants a reason, an approval ignores them."""
        if not self.form.is_valid():
            return False
        if self.approves:
            return True
        if not self.reasons.is_valid():
            return False
        if not self.reasons.given:
            self.form.add_error("decision", _("Give at least one reason for the rejection."))
            return False
        return True

    @property
    def approves(self) -> bool:
        """Tell whether the choice is to approve."""
        return bool(self.form.cleaned_data["decision"] == APPROVE)

    @property
    def given(self) -> list[dict[str, str]]:
        """Return the reasons of a rejection; nothing for an approval."""
        return [] if self.approves else list(self.reasons.given)

    @property
    def note(self) -> str:
        """Return the note."""
        return str(self.form.cleaned_data["note"])


def _entered(data: Any) -> dict[str, str]:
    return {name: data.get(name, "") for name in ("decision", "note")}


def _entered_reasons(data: Any) -> list[dict[str, str]]:
    """Return what stands in the reasons, to be shown again beside an empty one."""
    count = min(whole_number(data.get("reasons-TOTAL_FORMS")) or 0, REASONS_MAX)
    return [
        {name: data.get(f"reasons-{index}-{name}", "") for name in ("code", "field", "advice")}
        for index in range(count)
    ]
