"""What a state of messages means to people, who says so, and what a task's history tells."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sending.lifecycle import MessageState
from sending.models import TaskEvent

_US, _GATEWAY = gettext_lazy("Us"), gettext_lazy("Gateway")
_NETWORK, _NETWORK_OR_US = gettext_lazy("Network"), gettext_lazy("Network or us")

# state: (who says so, what it means)
_MEANINGS: Mapping[MessageState, tuple[Promise, Promise]] = {
    MessageState.QUEUED: (
        _US,
        gettext_lazy("Not yet submitted. Pause and cancel act on these."),
    ),
    MessageState.SUBMITTING: (_US, gettext_lazy("On the way to the gateway just now.")),
    MessageState.SUBMITTED: (
        _GATEWAY,
        gettext_lazy("Accepted by the gateway, no receipt yet. Not delivered until one comes."),
    ),
    MessageState.DELIVERED: (
        gettext_lazy("Network or handset"),
        gettext_lazy("A delivery receipt says DELIVRD."),
    ),
    MessageState.UNDELIVERABLE: (
        _NETWORK,
        gettext_lazy("A receipt says UNDELIV: the handset cannot be reached."),
    ),
    MessageState.EXPIRED: (
        _NETWORK_OR_US,
        gettext_lazy("Its validity ended before it could be delivered."),
    ),
    MessageState.REJECTED: (
        gettext_lazy("Gateway or network"),
        gettext_lazy("Refused at submission, or a receipt says REJECTD."),
    ),
    MessageState.UNKNOWN: (
        _US,
        gettext_lazy("No receipt within %(hours)s h of submission. A late one still counts."),
    ),
    MessageState.IN_DOUBT: (
        _US,
        gettext_lazy("The connection was cut before the answer. Never sent again by itself."),
    ),
    MessageState.CANCELLED: (_US, gettext_lazy("Cancelled before it was submitted.")),
    MessageState.BLOCKED: (
        _US,
        gettext_lazy("Held back by a rule of ours, which its code names."),
    ),
}
# code of a TaskEvent: (tone, icon, headline, sentence)
_EVENTS: Mapping[str, tuple[str, str, Promise, Promise]] = {
    "sent": (
        "busy",
        "send",
        gettext_lazy("Sending"),
        gettext_lazy("%(actor)s pressed “Send %(messages)s messages”"),
    ),
    "read_again": (
        "idle",
        "retry",
        gettext_lazy("Read again"),
        gettext_lazy("%(actor)s had the recipients read again"),
    ),
    "retried": (
        "idle",
        "retry",
        gettext_lazy("Sent again"),
        gettext_lazy("%(actor)s put temporary failures into task %(task)s"),
    ),
    "paused": ("warn", "pause", gettext_lazy("Paused"), gettext_lazy("By %(actor)s")),
    "resumed": ("busy", "play", gettext_lazy("Resumed"), gettext_lazy("By %(actor)s")),
    "cancelled": ("idle", "cancelled", gettext_lazy("Cancelled"), gettext_lazy("By %(actor)s")),
    "finished": (
        "ok",
        "check",
        gettext_lazy("Finished"),
        gettext_lazy("Nothing is left to submit. Receipts may follow."),
    ),
    "gateway_cut": (
        "warn",
        "doubt",
        gettext_lazy("Connection cut"),
        gettext_lazy("%(gateway)s: the connection ended. It is bound again by itself."),
    ),
    "in_doubt": (
        "warn",
        "doubt",
        gettext_lazy("In doubt"),
        gettext_lazy("%(count)s messages were written, and no answer came."),
    ),
    "shifted": (
        "warn",
        "swap",
        gettext_lazy("Another route"),
        gettext_lazy("%(messages)s messages go by %(to)s instead of %(from)s."),
    ),
    "throttled": (
        "warn",
        "queued",
        gettext_lazy("Slowed down"),
        gettext_lazy("%(gateway)s asked us to send slower. Nothing was lost."),
    ),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a task's history, for people."""

    tone: str
    icon: str
    headline: str
    sentence: str
    event: TaskEvent


def who_and_what(state: MessageState) -> tuple[str, str]:
    """Return who vouches for a state, and what it means."""
    who, meaning = _MEANINGS[state]
    return str(who), str(meaning) % {"hours": settings.RECEIPT_WAIT_HOURS}


def happening_of(event: TaskEvent) -> Happening:
    """Return an event in words; one that has none shows its code."""
    tone, icon, headline, sentence = _EVENTS.get(
        event.code, ("idle", "info", event.code, gettext_lazy("%(actor)s"))
    )
    params = {
        name: number_format(value, force_grouping=True) if isinstance(value, int) else value
        for name, value in event.params.items()
    }
    known = {"messages": "", "count": "", "gateway": _("A gateway"), **params}
    known["actor"] = str(event.actor) if event.actor else _("The console")
    return Happening(tone, icon, str(headline), str(sentence) % known, event)
