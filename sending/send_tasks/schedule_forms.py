"""When and how a checked task is sent: the fields of Send, and of another time."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import shared_time
from accounts.local_time import Occurrence, moment_of, utc_offset
from sending.acceptance.starting import latest_time
from sending.acceptance.validity import in_units, validity_rule
from sending.models import SendTask
from sending.models.send_task import Pace

MOST_AT_ONCE = 100_000
MOST_MINUTES_BETWEEN = 24 * 60
NOW, LATER = "now", "later"


class TimeForm(forms.Form):
    """A day and a time in the organization's zone."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose a day."),
            "invalid": gettext_lazy("Enter a day such as 2026-12-31."),
        },
    )
    time = forms.TimeField(
        label=gettext_lazy("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": gettext_lazy("Choose a time."),
            "invalid": gettext_lazy("Enter a time such as 09:30."),
        },
    )

    def __init__(self, *args: Any, task: SendTask, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.task = task
        self.wants_time = True
        self.latest = latest_time(task)
        self.moment: datetime | None = None
        # What people should know about the time they chose.
        self.said = ""
        zone = task.organization.zone
        now = shared_time.now()
        self.fields["day"].widget.attrs |= {
            "min": f"{now.astimezone(zone):%Y-%m-%d}",
            "max": f"{self.latest.astimezone(zone):%Y-%m-%d}",
        }

    @property
    def zone(self) -> str:
        """Return the zone in which the time is meant, and how far it is from UTC."""
        now = shared_time.now().astimezone(self.task.organization.zone)
        return f"{self.task.organization.time_zone}, {utc_offset(now)}"

    def clean(self) -> dict[str, Any]:
        """Find the moment, and refuse one that is past, too far, or on no clock."""
        data = super().clean() or {}
        if not self.wants_time:
            for name in ("day", "time"):
                self.errors.pop(name, None)
        elif data.get("day") and data.get("time"):
            self._clean_moment(data)
        return data

    def _clean_moment(self, data: dict[str, Any]) -> None:
        zone = self.task.organization.zone
        shown = datetime.combine(data["day"], data["time"].replace(second=0, microsecond=0))
        found = moment_of(shown, zone)
        local = found.at.astimezone(zone)
        if found.occurrence is Occurrence.NEVER:
            self.add_error("time", _skipped(shown, local))
        elif found.at <= shared_time.now():
            self.add_error("time", _("This time has passed. Choose a later one, or send it now."))
        elif found.at > self.latest:
            self.add_error("day", too_late_sentence(self.task))
        else:
            self.moment = found.at
            if found.occurrence is Occurrence.TWICE:
                self.said = _(
                    "The clocks go back that night, and %(time)s comes twice. It is sent the first "
                    "time (%(offset)s)."
                ) % {"time": f"{shown:%H:%M}", "offset": utc_offset(local)}


def _skipped(shown: datetime, local: datetime) -> str:
    return _(
        "The clocks go forward that night, and %(time)s is skipped. Choose %(next)s or another "
        "time."
    ) % {"time": f"{shown:%H:%M}", "next": f"{local:%H:%M}"}


def too_late_sentence(task: SendTask) -> str:
    """Say until when a task can be scheduled, and why."""
    local = latest_time(task).astimezone(task.organization.zone)
    return _("Choose a time before %(latest)s: the recipients are not kept for longer.") % {
        "latest": date_format(local, "j M Y, H:i")
    }


class SendForm(TimeForm):
    """What the button Send goes with."""

    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[(NOW, gettext_lazy("Send now")), (LATER, gettext_lazy("Send at a time"))],
        widget=forms.RadioSelect,
        required=False,
        initial=NOW,
    )
    validity = forms.TypedChoiceField(
        label=gettext_lazy("Validity"),
        coerce=int,
        empty_value=None,
        help_text=gettext_lazy("Messages that are not delivered by then expire."),
    )
    pace_messages = forms.IntegerField(
        label=gettext_lazy("Messages at once"),
        required=False,
        help_text=gettext_lazy("Leave empty to send all as fast as gateways take them."),
        min_value=1,
        max_value=MOST_AT_ONCE,
    )
    pace_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes between"),
        required=False,
        help_text=gettext_lazy("Until the next messages go out."),
        min_value=1,
        max_value=MOST_MINUTES_BETWEEN,
    )

    field_order = ("when", "day", "time", "validity", "pace_messages", "pace_minutes")

    def __init__(self, *args: Any, task: SendTask, **kwargs: Any) -> None:
        tomorrow = shared_time.now().astimezone(task.organization.zone) + timedelta(days=1)
        given = {
            "day": tomorrow.date(),
            "time": tomorrow.replace(hour=9, minute=0).time(),
            "validity": task.validity_minutes,
            "pace_messages": task.pace_messages,
            "pace_minutes": task.pace_minutes,
        }
        super().__init__(*args, task=task, initial=given | kwargs.pop("initial", {}), **kwargs)
        self.use_required_attribute = False
        if self.is_bound:
            # Only now it is known what is asked for; before, no label says that it is optional.
            self.wants_time = self.data.get("when") == LATER
            self.fields["day"].required = self.fields["time"].required = self.wants_time
            self.fields["validity"].required = "validity" in self.data
        self.rule = validity_rule(task.text_template_version)
        minutes = sorted({*self.rule.choices, task.validity_minutes})
        field: Any = self.fields["validity"]
        field.choices = [(each, in_units(each)) for each in minutes]
        for each in self.fields.values():
            # They stand above the form that they are sent with.
            each.widget.attrs["form"] = "send"

    def clean(self) -> dict[str, Any]:
        """Ask for both halves of a pace, and for a validity that reaches beyond its last slot."""
        data = super().clean()
        halves = [data.get("pace_messages"), data.get("pace_minutes")]
        if not self.errors and any(halves) and not all(halves):
            missing = "pace_minutes" if halves[0] else "pace_messages"
            self.add_error(missing, _("Fill in both, or leave both empty to send at full speed."))
        pace = self.chosen_pace
        if pace and pace.until_last_slot(self.task.accepted) >= timedelta(
            minutes=self.chosen_minutes
        ):
            last = pace.until_last_slot(self.task.accepted) // timedelta(minutes=1)
            self.add_error(
                "pace_messages",
                _(
                    "At this pace the last messages go out after %(last)s, and their validity is "
                    "%(validity)s. Choose a longer validity, or more messages at once."
                )
                % {"last": in_units(last), "validity": in_units(self.chosen_minutes)},
            )
        return data

    @property
    def chosen_minutes(self) -> int:
        """Return the minutes that were chosen, or those of the task."""
        return int(self.cleaned_data.get("validity") or self.task.validity_minutes)

    @property
    def chosen_pace(self) -> Pace | None:
        """Return the pace that was chosen."""
        data = self.cleaned_data
        if self.errors or not (data.get("pace_messages") and data.get("pace_minutes")):
            return None
        return Pace(data["pace_messages"], data["pace_minutes"])
