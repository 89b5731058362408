"""Fields of the desk: a decision with reasons of the catalogue, a question, a private note."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from templates_app.forms import QuestionForm
from templates_app.models import NOTE_MAX, CatalogueReason

APPROVE, REJECT = "approve", "reject"
IN_OWN_WORDS = "OTHER"
"""The code of the reason that says nothing without a note."""
SHORTCUTS = 9
"""So many reasons have a key: the digits."""


class DecisionForm(forms.Form):
    """Approve, or reject for reasons of the catalogue; and a note."""

    decision = forms.ChoiceField(choices=[(APPROVE, APPROVE), (REJECT, REJECT)])
    together = forms.BooleanField(required=False)
    reasons = forms.MultipleChoiceField(label=gettext_lazy("Reasons"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note to the submitter"), required=False, max_length=1000
    )

    def __init__(self, kind: str, data: Any = None) -> None:
        super().__init__(data)
        self.kind = kind
        self.fields["reasons"].choices = self._choices  # type: ignore[attr-defined]

    @cached_property
    def catalogue(self) -> list[CatalogueReason]:
        """The reasons that can be chosen; an approval is taken without reading them."""
        return list(CatalogueReason.objects.filter(kind=self.kind, is_offered=True))

    def _choices(self) -> list[tuple[str, str]]:
        return [(reason.code, reason.code) for reason in self.catalogue]

    def clean(self) -> dict[str, Any]:
        """Want a reason for a rejection, and a note where the reason says nothing by itself."""
        values = super().clean() or {}
        chosen = values.get("reasons", [])
        if values.get("decision") == REJECT and "reasons" not in self.errors:
            if not chosen:
                self.add_error("reasons", _("Choose at least one reason for the rejection."))
            elif chosen == [IN_OWN_WORDS] and not values.get("note"):
                self.add_error("note", _("Say in the note what is wrong and what to do."))
        return values

    @property
    def approves(self) -> bool:
        """Tell whether the choice is to approve."""
        return bool(self.cleaned_data["decision"] == APPROVE)

    @property
    def given(self) -> list[dict[str, Any]]:
        """Return the reasons of a rejection as decisions store them; nothing for an approval."""
        if self.approves:
            return []
        chosen = set(self.cleaned_data["reasons"])
        return [reason.stored for reason in self.catalogue if reason.code in chosen]

    @property
    def offered(self) -> list[tuple[int, CatalogueReason, bool]]:
        """Return (its key or 0, the reason, whether it is chosen) of each reason."""
        chosen = self["reasons"].value() or ()
        return [
            (number if number <= SHORTCUTS else 0, reason, reason.code in chosen)
            for number, reason in enumerate(self.catalogue, 1)
        ]


class PrivateNoteForm(forms.Form):
    """A note that reviewers alone read."""

    note_text = forms.CharField(
        label=gettext_lazy("Note for reviewers"),
        max_length=NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "data-note": ""}),
    )


class ItemForms:
    """All forms of an item; the one whose button was pressed is bound to what was entered."""

    def __init__(self, kind: str, data: Any) -> None:
        self.pressed = next(
            (name for name in ("decision", "ask", "noted", "quality") if name in data), ""
        )
        # A request without a button is an incomplete decision.
        if data and not self.pressed:
            self.pressed = "decision"
        self._kind, self._data = kind, data

    @cached_property
    def decision(self) -> DecisionForm:
        """The decision; each form is made where it is asked for."""
        return DecisionForm(self._kind, self._of("decision"))

    @cached_property
    def ask(self) -> QuestionForm:
        """The question to the submitter."""
        return QuestionForm(self._of("ask"))

    @cached_property
    def note(self) -> PrivateNoteForm:
        """The private note."""
        return PrivateNoteForm(self._of("noted"))

    def _of(self, button: str) -> Any:
        return self._data if self.pressed == button else None
