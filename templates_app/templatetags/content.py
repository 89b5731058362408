"""How versions under review look: tone and icon of a state, and the time left."""

from datetime import datetime

from django import template
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.models import ServiceActivation
from templates_app import wording
from templates_app.desk.queries import Item
from templates_app.language_names import language_name
from templates_app.models.reviewed_version import ReviewedVersion
from templates_app.models.signature import SIGNATURE_TYPE_LABELS
from templates_app.models.text_template import SMS_TYPE_LABELS
from templates_app.review import ReviewState
from templates_app.sentences import ReasonText, reason_texts

register = template.Library()

_LOOKS = {
    ReviewState.DRAFT: ("idle", "draft"),
    ReviewState.PENDING: ("warn", "queued"),
    ReviewState.APPROVED: ("ok", "check"),
    ReviewState.REJECTED: ("bad", "rejected"),
    ReviewState.WITHDRAWN: ("idle", "cancelled"),
    ReviewState.REPLACED: ("idle", "history"),
}


@register.filter
def tone(state: str) -> str:
    """Return the tone of a review state."""
    return _LOOKS[ReviewState(state)][0]


@register.filter
def state_icon(state: str) -> str:
    """Return the icon of a review state."""
    return _LOOKS[ReviewState(state)][1]


@register.inclusion_tag("components/state_badge.html")
def review_state(reviewed: ReviewedVersion | ServiceActivation, label: str = "") -> dict[str, str]:
    """Show the state of what is reviewed as icon and word; `label` can say more than the state."""
    look, icon = _LOOKS[ReviewState(reviewed.state)]
    if getattr(reviewed, "revoked_at", None):
        return {"tone": "bad", "icon": "suppressed", "label": _("Revoked")}
    return {"tone": look, "icon": icon, "label": label or reviewed.get_state_display()}


@register.filter
def kind_name(item: Item) -> str:
    """Return what kind of thing an item of the review desk is; the queue asks for each line."""
    if item.kind == "activation":
        return _("Service activation")
    if item.kind == "originator":
        return _("Originator")
    row = item.row
    if item.kind == "signature":
        return _("Signature, %(kind)s") % {"kind": SIGNATURE_TYPE_LABELS.get(row.kind, row.kind)}
    kind = SMS_TYPE_LABELS.get(row.sms_type, row.sms_type)
    return _("Text template, %(kind)s") % {"kind": kind}


@register.filter
def placeholder(number: int) -> str:
    """Return how the variable `number` is written in a text."""
    return wording.placeholder(number)


@register.filter
def language_label(tag: str) -> str:
    """Return the name of a language."""
    return language_name(tag)


@register.filter
def in_words(reasons: list[dict[str, str]]) -> list[ReasonText]:
    """Return the stored reasons of a rejection in words."""
    return reason_texts(reasons)


@register.filter
def at_field(reasons: list[ReasonText], field: str) -> list[ReasonText]:
    """Return the reasons that name a form field."""
    return [reason for reason in reasons if reason.field == field]


@register.filter
def span(seconds: float) -> str:
    """Return a duration in its two largest units, such as 1 h 10 min."""
    minutes = max(0, int(seconds // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)s min") % {"minutes": minutes}


@register.filter
def left(due: datetime) -> str:
    """Return how long until `due`, or how long it is over."""
    seconds = (due - shared_time.now()).total_seconds()
    if seconds < 0:
        return _("%(time)s overdue") % {"time": span(-seconds)}
    return _("due in %(time)s") % {"time": span(seconds)}
