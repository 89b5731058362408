"""How states, codes and texts of messages look on every page."""

from functools import cache
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sending.lifecycle import MessageState, SaidBy, TaskState
from sending.models.choices import MESSAGE_STATE_LABELS, SAID_BY_LABELS, TASK_STATE_LABELS
from sending.sms import originator as originators
from sending.sms.data_coding import DataCoding
from sending.sms.preview import Mark, Preview, Run

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
    TaskState.SCHEDULED: ("busy", "scheduled"),
    TaskState.SENDING: ("busy", "send"),
    TaskState.PAUSED: ("warn", "pause"),
    TaskState.FINISHED: ("ok", "delivered"),
    TaskState.CANCELLED: ("idle", "cancelled"),
    TaskState.REJECTED: ("bad", "rejected"),
}
SAID_BY_ICONS: dict[SaidBy, str] = {
    SaidBy.US: "us",
    SaidBy.GATEWAY: "gateway",
    SaidBy.NETWORK: "network",
    SaidBy.HANDSET: "handset",
}


@cache
def shown(tone: str, icon: str, label: str) -> SafeString:
    """Return a state as icon and word; lists have hundreds of them, of a few kinds."""
    about = {"tone": tone, "icon": icon, "label": label}
    return SafeString(get_template("sending/components/state.html").render(about))


@register.simple_tag
def message_state(state: str) -> SafeString:
    """Show the state of a message as icon and word."""
    member = MessageState(state)
    return shown(*MESSAGE_LOOKS[member], str(MESSAGE_STATE_LABELS[member]))


@register.simple_tag
def task_state(state: str) -> SafeString:
    """Show the state of a task as icon and word."""
    member = TaskState(state)
    return shown(*TASK_LOOKS[member], str(TASK_STATE_LABELS[member]))


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
def alphabet_name(data_coding: int) -> str:
    """Return what people call the alphabet of a text."""
    return "UCS-2" if data_coding == DataCoding.UCS2 else "GSM 7-bit"


@register.filter
def originator_kind(text: str) -> str:
    """Say what kind of sender a handset shows, and whether it can be answered."""
    try:
        kind = originators.parse(text).kind
    except originators.OriginatorError:
        return _("The gateway's own originator")
    return {
        originators.OriginatorKind.ALPHANUMERIC: _("Alphanumeric originator, no replies"),
        originators.OriginatorKind.SHORT_CODE: _("Short code"),
        originators.OriginatorKind.MSISDN: _("Mobile number, replies reach it"),
    }[kind]


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


@register.inclusion_tag("sending/components/handset.html")
def handset(originator: str, preview: Preview, note: str = "") -> dict[str, Any]:
    """Show a text as a handset does, with its segments, variables and costly characters."""
    return {
        "originator": originator,
        "bubble": bubble(preview),
        "figures": figures(preview),
        "note": note,
    }


def figures(preview: Preview) -> str:
    """Return segments, alphabet and characters of a text in one line."""
    count = len(preview.segments)
    return _("%(segments)s, %(alphabet)s, %(used)s of %(capacity)s characters.") % {
        "segments": ngettext("%(n)s segment", "%(n)s segments", count) % {"n": count},
        "alphabet": alphabet_name(preview.data_coding),
        "used": preview.units,
        "capacity": preview.capacity,
    }


def bubble(preview: Preview) -> SafeString:
    """Return the text with its marks; no white space is added, for the handset shows it all."""
    return format_html_join(
        "", "{}", ((_segment(number, runs),) for number, runs in enumerate(preview.segments, 1))
    )


def _segment(number: int, runs: tuple[Run, ...]) -> SafeString:
    content = format_html_join("", "{}", ((_run(run),) for run in runs))
    if number == 1:
        return content
    cut = format_html(
        '<span class="seg-cut">{}<span class="visually-hidden"> {} </span></span>',
        number,
        _("begins here: segment %(number)s.") % {"number": number},
    )
    shaded = format_html('<span class="seg-2">{}</span>', content) if number % 2 == 0 else content
    return format_html("{}{}", cut, shaded)


def _run(run: Run) -> SafeString:
    content = format_html_join("", "{}", ((_piece(*piece),) for piece in run.pieces))
    return content if run.variable is None else format_html('<span class="var">{}</span>', content)


def _piece(text: str, mark: Mark) -> SafeString:
    if mark is Mark.NONE:
        return format_html("{}", text)
    title = _("counts as 2")
    if mark is Mark.COSTS:
        title = _("%(code_points)s: not in GSM 03.38") % {"code_points": code_points(text)}
    return format_html('<mark class="{}" title="{}">{}</mark>', mark.value, title, text)


def code_points(text: str) -> str:
    """Return the characters as U+2013, each once."""
    return ", ".join(f"U+{ord(character):04X}" for character in dict.fromkeys(text))
