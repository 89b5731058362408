"""What lists of developers' pages are filtered by, as their addresses say it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_choices
from accounts.models import Organization, SmsApplication
from accounts.trail_forms import ISO, day_field
from sending.developers.queries.messages import ATTENTION, ProgramMessageFilter
from sending.developers.queries.requests import OK, REFUSED, RequestFilter
from sending.models.choices import MESSAGE_STATE_LABELS, choices_of
from templates_app.models import Signature, TextTemplate

_REQUEST_ID = 36


def _select(label: Any, anything: Any, choices: Iterable[tuple[Any, Any]]) -> forms.ChoiceField:
    """Return a choice; without a word for `anything` there is always one."""
    widget = forms.Select(attrs={"class": "form-select"})
    all_choices = [*choices] if anything is None else [("", anything), *choices]
    return forms.ChoiceField(label=label, choices=all_choices, required=False, widget=widget)


def _words(label: Any, most: int) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=most, required=False, widget=widget)


class _FilterForm(forms.Form):
    """Filters of a list: what makes no sense in an address is as if it was not there."""

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="f_%s")

    def full_clean(self) -> None:
        """Forget what is wrong, so that no field names a message that is not shown."""
        super().full_clean()
        self.errors.clear()

    def chosen(self, name: str) -> Any:
        """Return a valid value, or None."""
        self.is_valid()
        return self.cleaned_data.get(name) or None

    def number_of(self, name: str) -> int | None:
        """Return the id that was chosen, or None."""
        value = self.chosen(name)
        return int(value) if value else None


class ProgramMessageForm(_FilterForm):
    """Which messages of programs a list shows. The number is searched for by POST only."""

    def __init__(
        self,
        data: Any,
        *,
        organization: Organization,
        applications: Iterable[SmsApplication],
        templates: Iterable[TextTemplate],
    ) -> None:
        super().__init__(data)
        states = [(ATTENTION, _("Needs attention")), *choices_of(MESSAGE_STATE_LABELS)]
        named = [(each.pk, each.name) for each in applications]
        texts = [(each.pk, each.name) for each in templates]
        self.today = timezone.localdate(timezone=organization.zone)
        self.fields["state"] = _select(_("State"), _("Any state"), states)
        self.fields["application"] = _select(_("Application"), _("Any application"), named)
        self.fields["template"] = _select(_("Template"), _("Any template"), texts)
        self.fields["country"] = _select(_("Country"), _("Any country"), country_choices()[1:])
        self.fields["day"] = day_field(_("Day"))
        self.fields["day"].widget.attrs["max"] = f"{self.today:{ISO}}"
        self.fields["request_id"] = _words("RequestId", _REQUEST_ID)
        self.fields["request_id"].widget = forms.HiddenInput()

    def asked(self, number: str) -> ProgramMessageFilter:
        """Return what is asked for, with a number from elsewhere."""
        day = self.chosen("day")
        return ProgramMessageFilter(
            state=self.chosen("state") or "",
            application=self.number_of("application"),
            template=self.number_of("template"),
            country=self.chosen("country") or "",
            day=day if day and day <= self.today else None,
            number=number,
            request_id=self.chosen("request_id") or "",
        )


class RequestForm(_FilterForm):
    """Which requests the log shows."""

    def __init__(
        self,
        data: Any,
        *,
        applications: Iterable[SmsApplication],
        actions: Iterable[str],
        codes: Iterable[str],
    ) -> None:
        super().__init__(data)
        named = [(each.pk, each.name) for each in applications]
        all_codes: list[tuple[str, Any]] = [
            (OK, _("None: all went well")),
            (REFUSED, _("Any code")),
        ]
        all_codes += [(code, code) for code in codes]
        self.fields["action"] = _select(_("Action"), _("Any action"), [(a, a) for a in actions])
        self.fields["code"] = _select(_("Code"), _("With and without"), all_codes)
        self.fields["application"] = _select(_("Application"), _("Any application"), named)
        self.fields["request_id"] = _words("RequestId", _REQUEST_ID)

    def asked(self) -> RequestFilter:
        """Return what is asked for."""
        return RequestFilter(
            action=self.chosen("action") or "",
            code=self.chosen("code") or "",
            application=self.number_of("application"),
            request_id=self.chosen("request_id") or "",
        )


class ExampleForm(_FilterForm):
    """What the examples send with; without a choice the first of each, and no signature."""

    def __init__(
        self,
        data: Any,
        *,
        applications: Sequence[SmsApplication],
        templates: Sequence[TextTemplate],
        signatures: Sequence[Signature],
    ) -> None:
        super().__init__(data)
        self._applications = {each.pk: each for each in applications}
        self._templates = {each.pk: each for each in templates}
        self._signatures = {each.pk: each for each in signatures}
        named = [(each.pk, str(each)) for each in applications]
        texts = [(each.pk, each.name) for each in templates]
        signed = [(each.pk, str(each)) for each in signatures]
        self.fields["application"] = _select(_("Application"), None, named)
        self.fields["template"] = _select(_("Template"), None, texts)
        self.fields["signature"] = _select(_("Signature"), _("None"), signed)

    def selected(self) -> tuple[SmsApplication | None, TextTemplate | None, Signature | None]:
        """Return what the examples send with; None where there is nothing to choose from."""
        first_application = next(iter(self._applications.values()), None)
        first_template = next(iter(self._templates.values()), None)
        return (
            self._applications.get(self.number_of("application") or 0, first_application),
            self._templates.get(self.number_of("template") or 0, first_template),
            self._signatures.get(self.number_of("signature") or 0),
        )
