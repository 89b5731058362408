"""Which days, country and application a report is about, as its address says it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import shared_time
from accounts.countries import country_name
from accounts.models import Organization, SmsApplication
from sending.reports.queries import StatisticsFilter

PRESETS = (1, 7, 30, 90)
USUAL = 7
MOST_DAYS = 366
# Nobody sent by this console before.
EARLIEST = date(2000, 1, 1)
ISO = "%Y-%m-%d"


class StatisticsForm(forms.Form):
    """A number of days until today, or two days; one country or application, or all.

    Two days count more than a number: who fills them in did not press one of the presets.
    """

    days = forms.ChoiceField(
        label=gettext_lazy("Period"),
        choices=[(str(days), str(days)) for days in PRESETS],
        required=False,
        widget=forms.HiddenInput,
        error_messages={
            "invalid_choice": gettext_lazy("Choose a period from the list, or enter two days.")
        },
    )
    first = forms.DateField(label=gettext_lazy("First day"), required=False, input_formats=[ISO])
    last = forms.DateField(label=gettext_lazy("Last day"), required=False, input_formats=[ISO])
    country = forms.CharField(
        label=gettext_lazy("Country"),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    application = forms.ChoiceField(
        label=gettext_lazy("Application"),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": gettext_lazy("Choose an application from the list.")},
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.applications = {
            application.pk: application
            for application in SmsApplication.objects.for_organization(organization)
        }
        by_name = sorted((str(each), pk) for pk, each in self.applications.items())
        choices = [(str(pk), name) for name, pk in by_name]
        offered = self.fields["application"]
        assert isinstance(offered, forms.ChoiceField)
        offered.choices = [("", _("All applications")), *choices]
        self.today = organization.local_day(shared_time.now())
        for name in ("first", "last"):
            field = self.fields[name]
            limits = {"min": f"{EARLIEST:{ISO}}", "max": f"{self.today:{ISO}}"}
            field.widget = forms.DateInput({"type": "date", **limits}, format=ISO)
            field.error_messages["invalid"] = _("Enter a day, such as 2026-11-20.")

    def clean_country(self) -> str:
        """Return the code of a country that there is."""
        code = str(self.cleaned_data["country"])
        if code and country_name(code) == code:
            raise forms.ValidationError(_("Choose a country from the list."))
        return code

    def clean(self) -> None:
        """Refuse days that are none of the console's, stand in the wrong order, or are too many."""
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        for name, day in (("first", first), ("last", last)):
            if day and day < EARLIEST:
                self.add_error(name, _("The day must be after 1999."))
            elif day and day > self.today:
                self.add_error(name, _("The day cannot be in the future."))
        if {"first", "last"} & self.errors.keys():
            return
        if last and not first:
            self.add_error("first", _("Enter the first day as well."))
        elif first:
            self._compare(first, last or self.today)

    def _compare(self, first: date, last: date) -> None:
        days = (last - first).days + 1
        if days < 1:
            self.add_error("last", _("The last day must be the same as or after the first day."))
        elif days > MOST_DAYS:
            sentence = _("You entered %(n)d days. You can see up to %(most)d days at once.")
            self.add_error("last", sentence % {"n": days, "most": MOST_DAYS})

    def asked(self) -> StatisticsFilter:
        """Return what a valid form asks for."""
        data = self.cleaned_data
        application = int(data["application"]) if data["application"] else None
        if data["first"]:
            period = (data["first"], data["last"] or self.today)
            return StatisticsFilter(*period, data["country"], application=application)
        days = int(data["days"] or USUAL)
        first = self.today - timedelta(days - 1)
        return StatisticsFilter(first, self.today, data["country"], days, application)

    def offer(self, codes: list[str]) -> None:
        """Let the reader choose among these countries; one that was asked for stays chosen."""
        widget = self.fields["country"].widget
        assert isinstance(widget, forms.Select)
        asked = self.cleaned_data.get("country", "")
        named = {code: country_name(code) for code in {*codes, asked} if code}
        by_name = sorted(named.items(), key=lambda pair: pair[1])
        widget.choices = [("", _("All countries")), *by_name]
