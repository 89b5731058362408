"""What the history of a task tells people, event by event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import ngettext_lazy as counted

from accounts.local_time import utc_offset
from sending.acceptance.not_accepted import not_accepted_sentence
from sending.intake.formatting import ButtonFigure, formatted
from sending.models import TaskEvent

# code of a TaskEvent: (tone, icon, headline, sentence)
EVENT_LABELS: Mapping[str, tuple[str, str, Promise, Promise]] = {
    "sent": (
        "busy",
        "send",
        gettext_lazy("Sending"),
        counted(
            "%(actor)s pressed “Send %(messages)s message”",
            "%(actor)s pressed “Send %(messages)s messages”",
            "messages",
        ),
    ),
    "approval_asked": (
        "warn",
        "user",
        gettext_lazy("Approval requested"),
        counted(
            "%(actor)s wants to send %(messages)s message (segments: %(segments)s)",
            "%(actor)s wants to send %(messages)s messages (segments: %(segments)s)",
            "messages",
        ),
    ),
    "approved": ("ok", "check", gettext_lazy("Approved"), gettext_lazy("By %(actor)s")),
    "returned": (
        "warn",
        "retry",
        gettext_lazy("Returned"),
        gettext_lazy("%(actor)s did not approve it: %(note)s"),
    ),
    "withdrawn": (
        "idle",
        "retry",
        gettext_lazy("Request withdrawn"),
        gettext_lazy("%(actor)s no longer asks for approval"),
    ),
    "scheduled": (
        "busy",
        "scheduled",
        gettext_lazy("Scheduled"),
        gettext_lazy("By %(actor)s, for %(at)s"),
    ),
    "rescheduled": (
        "busy",
        "scheduled",
        gettext_lazy("Time changed"),
        gettext_lazy("By %(actor)s, to %(at)s"),
    ),
    "taken_back": (
        "idle",
        "retry",
        gettext_lazy("Unscheduled"),
        gettext_lazy("%(actor)s unscheduled it before its time"),
    ),
    "sent_on_time": (
        "busy",
        "send",
        gettext_lazy("Sending"),
        counted(
            "%(messages)s message, at the time that %(actor)s had scheduled",
            "%(messages)s messages, at the time that %(actor)s had scheduled",
            "messages",
        ),
    ),
    "sent_late": (
        "warn",
        "send",
        gettext_lazy("Sending, late"),
        counted(
            "%(minutes)s min late, because the console was not running: %(messages)s message, as "
            "%(actor)s had scheduled",
            "%(minutes)s min late, because the console was not running: %(messages)s messages, as "
            "%(actor)s had scheduled",
            "messages",
        ),
    ),
    "not_sent": (
        "bad",
        "failed",
        gettext_lazy("Not sent when it was due"),
        gettext_lazy("%(reason)s"),
    ),
    "first_sent": (
        "busy",
        "send",
        gettext_lazy("First part sent"),
        counted(
            "%(actor)s sent the first message in task %(task)s",
            "%(actor)s sent the first %(messages)s messages in task %(task)s",
            "messages",
        ),
    ),
    "read_again": (
        "idle",
        "retry",
        gettext_lazy("Read again"),
        gettext_lazy("%(actor)s asked for the recipients to be read again"),
    ),
    "retried": (
        "idle",
        "retry",
        gettext_lazy("Sent again"),
        gettext_lazy("%(actor)s sent the temporary failures again in task %(task)s"),
    ),
    "paused": ("warn", "pause", gettext_lazy("Paused"), gettext_lazy("By %(actor)s")),
    "suspended": (
        "warn",
        "pause",
        gettext_lazy("Paused"),
        gettext_lazy("Sending was suspended by the operator of the console."),
    ),
    "cancelled_by_suspension": (
        "idle",
        "cancelled",
        gettext_lazy("Cancelled"),
        gettext_lazy("Sending was suspended by the operator of the console."),
    ),
    "revoked": (
        "bad",
        "pause",
        gettext_lazy("Paused"),
        gettext_lazy("The operator of the console revoked its text or signature: %(reason)s"),
    ),
    "paused_by_operator": (
        "warn",
        "pause",
        gettext_lazy("Paused"),
        gettext_lazy("By the operator of the console: %(reason)s"),
    ),
    "cancelled_by_operator": (
        "idle",
        "cancelled",
        gettext_lazy("Cancelled"),
        gettext_lazy("By the operator of the console: %(reason)s"),
    ),
    "resumed_by_operator": (
        "busy",
        "play",
        gettext_lazy("Resumed"),
        gettext_lazy("By the operator of the console"),
    ),
    "resumed": ("busy", "play", gettext_lazy("Resumed"), gettext_lazy("By %(actor)s")),
    "cancelled": ("idle", "cancelled", gettext_lazy("Cancelled"), gettext_lazy("By %(actor)s")),
    "tested": (
        "idle",
        "send",
        gettext_lazy("Tested"),
        gettext_lazy("%(actor)s sent the text of one row to a number of their own"),
    ),
    "corrected": (
        "idle",
        "upload",
        gettext_lazy("Corrected"),
        gettext_lazy("%(actor)s uploaded a corrected file as task %(task)s"),
    ),
    "replaced": (
        "idle",
        "cancelled",
        gettext_lazy("Replaced"),
        gettext_lazy("%(actor)s uploaded a corrected file, and task %(task)s takes its place"),
    ),
    "finished": (
        "ok",
        "check",
        gettext_lazy("Finished"),
        gettext_lazy("Every message has been submitted. Receipts may still arrive."),
    ),
    "in_doubt": (
        "warn",
        "doubt",
        gettext_lazy("In doubt"),
        counted(
            "%(count)s message was sent to the gateway and no answer came.",
            "%(count)s messages were sent to the gateway and no answer came.",
            "count",
        ),
    ),
    "started_before_restore": (
        "warn",
        "pause",
        gettext_lazy("Paused"),
        gettext_lazy(
            "The console was restored from a backup in which this task had not started. It is "
            "paused, and shows what is known to have been sent."
        ),
    ),
    "doubt_after_restore": (
        "warn",
        "doubt",
        gettext_lazy("In doubt"),
        counted(
            "The console was restored from a backup. %(count)s message may have been sent after it "
            "was made, so it is not sent again.",
            "The console was restored from a backup. %(count)s messages may have been sent after "
            "it was made, so they are not sent again.",
            "count",
        ),
    ),
    "restored": (
        "warn",
        "info",
        gettext_lazy("Restored"),
        gettext_lazy(
            "The console was restored from a backup. If somebody sent this task after the backup "
            "was made, do not send it again."
        ),
    ),
    "shifted": (
        "warn",
        "swap",
        gettext_lazy("Route changed"),
        counted(
            "%(messages)s message will go through %(to)s instead of %(from)s.",
            "%(messages)s messages will go through %(to)s instead of %(from)s.",
            "messages",
        ),
    ),
}


def _moment(iso: str) -> str:
    """Return a time that was chosen, as the organization's clocks show it."""
    local = timezone.localtime(datetime.fromisoformat(iso))
    return f"{date_format(local, 'j M Y, H:i')} ({utc_offset(local)})"


@dataclass(frozen=True, slots=True)
class EventLabel:
    """One line of a task's history, as people read it."""

    tone: str
    icon: str
    headline: str
    sentence: str
    event: TaskEvent


def event_label(event: TaskEvent) -> EventLabel:
    """Return an event in words. An event of an older release shows its code."""
    tone, icon, headline, sentence = EVENT_LABELS.get(
        event.code, ("idle", "info", event.code, gettext_lazy("%(actor)s"))
    )
    known = {
        name: ButtonFigure(value) if isinstance(value, int) else value
        for name, value in event.params.items()
    }
    if event.code == "not_sent":
        known["reason"] = not_accepted_sentence(event.params["code"], event.params["params"])
    if "at" in event.params:
        known["at"] = _moment(event.params["at"])
    known["actor"] = str(event.actor) if event.actor else _("The console")
    return EventLabel(tone, icon, str(headline), formatted(sentence, known), event)
