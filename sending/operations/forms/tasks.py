"""What operators ask of tasks, and why they stop one or revoke a text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import CrispyForm
from accounts.requests import whole_number
from sending.models import Gateway
from sending.models.choices import TASK_STATE_LABELS
from sending.operations.queries.tasks import AllTasksFilter

_SELECT = forms.Select(attrs={"class": "form-select"})
_TEXT = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})


class AllTasksForm(forms.Form):
    """State, organization, gateway and name; each may be missing."""

    state = forms.ChoiceField(label=_("State"), required=False, widget=_SELECT)
    organization = forms.CharField(
        label=_("Name or number of the organization"), required=False, max_length=80, widget=_TEXT
    )
    gateway = forms.ChoiceField(label=_("Messages wait at"), required=False, widget=_SELECT)
    name = forms.CharField(label=_("Task name"), required=False, max_length=80, widget=_TEXT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(state.value, label) for state, label in TASK_STATE_LABELS.items()]
        self._offer("state", [("", _("Any state")), ("OPEN", _("Not finished")), *states])
        gateways = Gateway.objects.order_by("name").values_list("pk", "name")
        named = [(str(pk), name) for pk, name in gateways]
        self._offer("gateway", [("", _("Any gateway")), *named])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def asked(self) -> AllTasksFilter:
        """Return what is asked for; what makes no sense is as if it was not there."""
        self.full_clean()
        data = self.cleaned_data
        return AllTasksFilter(
            state=data.get("state") or "",
            organization=(data.get("organization") or "").replace("\0", ""),
            gateway=whole_number(data.get("gateway")) or 0,
            name=(data.get("name") or "").replace("\0", ""),
        )


class StopReasonForm(CrispyForm):
    """Why somebody's sending is stopped; they are told."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The organization reads it on its pages, in its audit trail and by e-mail."),
    )
