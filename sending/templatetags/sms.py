"""How states and codes of messages look on every page."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from sending.acceptance.not_accepted import not_accepted_sentence
from sending.acceptance.validity import in_units
from sending.lifecycle import MessageState, SaidBy, TaskState
from sending.models.choices import MESSAGE_STATE_LABELS, SAID_BY_LABELS, TASK_STATE_LABELS
from sending.sms.keywords import Keyword

register = template.Library()

# (tone, icon); colour means a state and never comes without icon and word.
MESSAGE_LOOKS: dict[MessageState, tuple[str, str]] = {
    MessageState.QUEUED: ("idle", "queued"),
    MessageState.SUBMITTING: ("busy", "submitting"),
    MessageState.SUBMITTED: ("busy", "submitted"),
    MessageState.DELIVERED: ("ok", "delivered"),
    MessageState.UNDELIVERABLE: ("bad", "failed"),
    MessageState.EXPIRED: ("bad", "expired"),
    MessageState.REJECTED: ("bad", "rejected"),
    MessageState.UNKNOWN: ("doubt", "unknown"),
    MessageState.IN_DOUBT: ("warn", "doubt"),
    MessageState.CANCELLED: ("idle", "cancelled"),
    MessageState.BLOCKED: ("idle", "suppressed"),
}
TASK_LOOKS: dict[TaskState, tuple[str, str]] = {
    TaskState.DRAFT: ("idle", "draft"),
    TaskState.CHECKING: ("busy", "review"),
    TaskState.READY: ("warn", "check"),
    TaskState.WAITING: ("warn", "user"),
    TaskState.SCHEDULED: ("busy", "scheduled"),
    TaskState.SENDING: ("busy", "send"),
    TaskState.PAUSED: ("warn", "pause"),
    TaskState.FINISHED: ("ok", "delivered"),
    TaskState.CANCELLED: ("idle", "cancelled"),
    TaskState.REJECTED: ("bad", "rejected"),
}
KEYWORD_LOOKS: dict[Keyword, tuple[str, str]] = {
    Keyword.STOP: ("warn", "suppressed"),
    Keyword.START: ("ok", "play"),
    Keyword.HELP: ("busy", "help"),
}
SAID_BY_ICONS: dict[SaidBy, str] = {
    SaidBy.US: "us",
    SaidBy.GATEWAY: "gateway",
    SaidBy.NETWORK: "network",
    SaidBy.HANDSET: "handset",
}


@register.inclusion_tag("components/state_badge.html")
def message_state(state: str) -> dict[str, str]:
    """Show the state of a message as icon and word."""
    member = MessageState(state)
    tone, icon = MESSAGE_LOOKS[member]
    return {"tone": tone, "icon": icon, "label": str(MESSAGE_STATE_LABELS[member])}


@register.inclusion_tag("components/state_badge.html")
def task_state(state: str) -> dict[str, str]:
    """Show the state of a task as icon and word."""
    member = TaskState(state)
    tone, icon = TASK_LOOKS[member]
    return {"tone": tone, "icon": icon, "label": str(TASK_STATE_LABELS[member])}


@register.inclusion_tag("components/state_badge.html")
def keyword(word: str) -> dict[str, str]:
    """Show what a reply asks for: STOP, START or HELP."""
    tone, icon = KEYWORD_LOOKS[Keyword(word)]
    return {"tone": tone, "icon": icon, "label": word}


@register.filter
def not_sent_reason(not_sent: Mapping[str, Any]) -> str:
    """Return why a scheduled task came back; see SendTask.not_sent."""
    return not_accepted_sentence(not_sent["code"], not_sent["params"])


@register.filter
def minutes_label(minutes: int) -> str:
    """Return a number of minutes as people read it: “15 minutes”, “2 hours”, “3 days”."""
    return in_units(minutes)


@register.filter
def message_label(state: str) -> str:
    """Return the word for a message's state."""
    return str(MESSAGE_STATE_LABELS[MessageState(state)])


@register.filter
def message_tone(state: str) -> str:
    """Return the tone of a message's state."""
    return MESSAGE_LOOKS[MessageState(state)][0]


@register.filter
def said_by(value: str) -> str:
    """Return who vouches for a state, as a word."""
    return str(SAID_BY_LABELS[SaidBy(value)])


@register.filter
def said_by_icon(value: str) -> str:
    """Return the icon of who vouches for a state."""
    return SAID_BY_ICONS[SaidBy(value)]


@register.filter
def about_seconds(seconds: float | None) -> str:
    """Return an estimate of a duration in the unit people would choose."""
    if seconds is None:
        return ""
    if seconds < 90:
        return _("about %(n)s s") % {"n": max(round(seconds), 1)}
    if seconds < 5400:
        return _("about %(n)s min") % {"n": round(seconds / 60)}
    return _("about %(n)s h") % {"n": round(seconds / 3600)}
