"""Which decisions a list shows, as its address says it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_choices
from sending.guard.rules.names import GuardAction, Rule
from sending.guard.words import ACTIONS, RULES
from sending.guard_pages.queries import DecisionFilter


def _select(label: Any, anything: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "form-select"})
    all_choices = [("", anything), *choices]
    return forms.ChoiceField(label=label, choices=all_choices, required=False, widget=widget)


class DecisionFilterForm(forms.Form):
    """A rule, what it did, a country. The number is searched for by POST only."""

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="f_%s")
        rules = [(rule.value, RULES[rule].name) for rule in Rule if rule is not Rule.TRUSTED]
        actions = [(action.value, ACTIONS[action]) for action in GuardAction]
        self.fields["rule"] = _select(_("Rule"), _("Any rule"), rules)
        self.fields["action"] = _select(_("Outcome"), _("Any outcome"), actions)
        self.fields["country"] = _select(_("Country"), _("Any country"), country_choices()[1:])

    def full_clean(self) -> None:
        """Forget what is wrong, so that no field names a message that is not shown."""
        super().full_clean()
        self.errors.clear()

    def asked(self, number: str) -> DecisionFilter:
        """Return what is asked for, with a number from elsewhere; nonsense is left out."""
        self.is_valid()
        chosen = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return DecisionFilter(**chosen, number=number)
