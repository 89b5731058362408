"""Modes and thresholds of the rules, home countries, caps of money."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from crispy_forms.layout import HTML, Div, Fieldset
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.forms import CrispyForm, reachable_choices
from sending.guard.rules.names import CHOSEN_RULES, GuardMode, Rule
from sending.guard.rules.policy import THRESHOLDS, Caps, Policy
from sending.guard.words import MODES, RULES
from sending.guard_pages.words import CAP_LABELS, THRESHOLD_LABELS
from sending.sms.pricing import MICRO

_MOST_MONEY = Decimal(100_000_000)


class GuardSettingsForm(CrispyForm):
    """Everything an organization chooses of its guard, with what holds now."""

    home_countries = forms.MultipleChoiceField(
        label=_("Home countries"),
        choices=reachable_choices,
        required=False,
        help_text=_("Where your users live. Codes to all other countries are refused."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, policy: Policy, home: list[str], **kwargs: Any) -> None:
        self._policy = policy
        super().__init__(*args, **kwargs)
        self.fields["home_countries"].initial = home
        for rule in CHOSEN_RULES:
            self._add_rule(rule)
        for name, label in CAP_LABELS.items():
            field = self.fields[name] = forms.DecimalField(
                label=str(label),
                required=False,
                min_value=0,
                max_value=_MOST_MONEY,
                decimal_places=6,
                initial=_amount(_cap(policy, name)),
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
            )
            field.is_conditional = True  # type: ignore[attr-defined]
        # The page shows the home countries itself, above the rules.
        self.helper.layout.fields = [
            *(self._fieldset(rule) for rule in CHOSEN_RULES if rule is not Rule.MONEY),
            self._fieldset(Rule.MONEY),
        ]

    def _add_rule(self, rule: Rule) -> None:
        self.fields[_mode_name(rule)] = forms.TypedChoiceField(
            label=_("Mode"),
            choices=[(mode.value, MODES[mode]) for mode in GuardMode],
            coerce=GuardMode,
            initial=self._policy.mode(rule).value,
        )
        for name, threshold in _thresholds(rule).items():
            self.fields[name] = forms.IntegerField(
                label=str(THRESHOLD_LABELS[name]),
                min_value=threshold.least,
                max_value=threshold.most,
                initial=self._policy.thresholds[name],
            )

    def _fieldset(self, rule: Rule) -> Fieldset:
        words, note = RULES[rule], _("Leave a cap empty for none.") if rule is Rule.MONEY else ""
        rows = [(_mode_name(rule), *_thresholds(rule))]
        if rule is Rule.MONEY:
            caps = tuple(CAP_LABELS)
            rows += [caps[::2], caps[1::2]]
        return Fieldset(
            words.name,
            HTML(format_html('<p class="hint">{} {}</p>', words.what, note)),
            *(Div(*names, css_class="field-row") for names in rows),
            css_class="rule-fields",
        )

    def modes(self) -> dict[Rule, GuardMode]:
        """Return what was chosen for each rule."""
        return {rule: self.cleaned_data[_mode_name(rule)] for rule in CHOSEN_RULES}

    def thresholds(self) -> dict[Rule, dict[str, int]]:
        """Return the numbers that were chosen, by rule."""
        return {
            rule: {name: self.cleaned_data[name] for name in _thresholds(rule)}
            for rule in CHOSEN_RULES
        }

    def caps(self) -> dict[str, int | None]:
        """Return the caps in millionths."""
        chosen = {name: self.cleaned_data[name] for name in CAP_LABELS}
        return {
            name: None if amount is None else int(amount * MICRO) for name, amount in chosen.items()
        }

    def policy(self) -> Policy:
        """Return the policy as it would be."""
        numbers = {
            name: value for each in self.thresholds().values() for name, value in each.items()
        }
        caps = self.caps()
        home = self.cleaned_data["home_countries"]
        return replace(
            self._policy,
            modes=self.modes(),
            thresholds={**self._policy.thresholds, **numbers},
            home=frozenset(home) or self._policy.home,
            organization_caps=Caps(caps["hour_micro"], caps["day_micro"]),
            country_caps=Caps(caps["country_hour_micro"], caps["country_day_micro"]),
            key_caps=Caps(caps["key_hour_micro"], caps["key_day_micro"]),
        )


def _mode_name(rule: Rule) -> str:
    return f"mode_{rule.value.lower()}"


def _thresholds(rule: Rule) -> Mapping[str, Any]:
    return {name: one for name, one in THRESHOLDS.items() if one.rule is rule}


def _cap(policy: Policy, name: str) -> int | None:
    caps = {
        "hour_micro": policy.organization_caps.hour,
        "day_micro": policy.organization_caps.day,
        "country_hour_micro": policy.country_caps.hour,
        "country_day_micro": policy.country_caps.day,
        "key_hour_micro": policy.key_caps.hour,
        "key_day_micro": policy.key_caps.day,
    }
    return caps[name]


def _amount(micro: int | None) -> Decimal | None:
    """Return a cap in whole money, with its decimals only where it has any."""
    if micro is None:
        return None
    amount = Decimal(micro) / MICRO
    return amount.quantize(Decimal("0.01")) if micro % (MICRO // 100) == 0 else amount.normalize()
