"""Which messages in doubt an operator means, and the decision about all of them."""

from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.requests import whole_number
from sending.models import Gateway
from sending.operations.queries.doubts import DoubtFilter

AGAIN, UNKNOWN = "again", "unknown"
_NUMBER = forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric"})


class DoubtFilterForm(forms.Form):
    """Gateway, task and organization; each may be missing."""

    gateway = forms.ChoiceField(
        label=_("Gateway"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
    task = forms.CharField(
        label=_("Number of the task"), required=False, max_length=18, widget=_NUMBER
    )
    organization = forms.CharField(
        label=_("Number of the organization"), required=False, max_length=18, widget=_NUMBER
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gateway = self.fields["gateway"]
        assert isinstance(gateway, forms.ChoiceField)
        named = Gateway.objects.order_by("name").values_list("pk", "name")
        gateway.choices = [("", _("Any gateway")), *((str(pk), name) for pk, name in named)]

    def asked(self) -> DoubtFilter:
        """Return what is asked for; what makes no sense is as if it was not there."""
        self.full_clean()
        data = self.cleaned_data
        return DoubtFilter(
            gateway=whole_number(data.get("gateway")) or 0,
            task=whole_number(data.get("task")) or 0,
            organization=whole_number(data.get("organization")) or 0,
            until=data.get("until"),
        )


class DoubtDecisionForm(DoubtFilterForm):
    """The decision about all of them up to the moment at which the page was shown."""

    decision = forms.ChoiceField(choices=[(AGAIN, AGAIN), (UNKNOWN, UNKNOWN)])
    sure = forms.BooleanField()
    until = forms.CharField(max_length=40)

    def clean_until(self) -> Any:
        """Return the moment; a page of ours wrote it."""
        try:
            moment = parse_datetime(self.cleaned_data["until"])
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise forms.ValidationError(_("Open the page again."))
        return moment
