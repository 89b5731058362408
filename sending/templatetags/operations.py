"""How gateways, rates and durations look on the pages of operators."""

from datetime import datetime

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sending.lifecycle import Lane
from sending.models.choices import LANE_LABELS

register = template.Library()

# condition of a gateway: (tone, icon, word)
CONDITIONS = {
    "bound": ("ok", "delivered", gettext_lazy("Bound")),
    "partly": ("warn", "warn", gettext_lazy("Partly bound")),
    "draining": ("warn", "drain", gettext_lazy("Draining")),
    "stopped": ("idle", "power", gettext_lazy("Stopped")),
    "unbound": ("bad", "failed", gettext_lazy("Not bound")),
    "open": ("bad", "failed", gettext_lazy("Circuit open")),
    "probing": ("warn", "retry", gettext_lazy("Tried with one message")),
    "silent": ("bad", "failed", gettext_lazy("No sender")),
}


@register.inclusion_tag("components/state_badge.html")
def gateway_state(condition: str) -> dict[str, str]:
    """Show the condition of a gateway as icon and word."""
    tone, icon, label = CONDITIONS[condition]
    return {"tone": tone, "icon": icon, "label": str(label)}


@register.filter
def duration(seconds: float | None) -> str:
    """Return seconds in the two largest units, such as 9 min 41 s."""
    if seconds is None:
        return "–"
    if seconds < 10:
        return _("%(n)s s") % {"n": number_format(seconds, decimal_pos=1)}
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, left = divmod(minutes, 60)
    days, after = divmod(hours, 24)
    if days:
        return _("%(d)s d %(h)s h") % {"d": days, "h": after}
    if hours:
        return _("%(h)s h %(m)s min") % {"h": hours, "m": left}
    if minutes:
        return _("%(m)s min %(s)s s") % {"m": minutes, "s": rest}
    return _("%(n)s s") % {"n": rest}


@register.filter
def age(moment: datetime | None, now: datetime) -> str:
    """Return how long ago a moment is, as a duration."""
    return duration(max(0.0, (now - moment).total_seconds()) if moment else None)


@register.filter
def a_second(rate: float) -> str:
    """Return a rate: whole from ten on, with one decimal below."""
    decimals = 0 if rate >= 10 or rate == int(rate) else 1
    return number_format(rate, decimal_pos=decimals, force_grouping=True) + "/s"


@register.filter
def lane_label(lane: str) -> str:
    """Return the word for a lane."""
    return str(LANE_LABELS[Lane(lane)])
