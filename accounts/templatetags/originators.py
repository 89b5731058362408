"""How the state of an originator looks."""

from django import template

from accounts.models import Originator, OriginatorState

register = template.Library()

# What people see of each state: its tone, then its icon.
ORIGINATOR_LOOKS = {
    OriginatorState.PENDING: ("warn", "queued"),
    OriginatorState.APPROVED: ("ok", "check"),
    OriginatorState.REJECTED: ("bad", "rejected"),
    OriginatorState.WITHDRAWN: ("idle", "cancelled"),
}


@register.inclusion_tag("components/state_badge.html")
def originator_state(originator: Originator) -> dict[str, str]:
    """Show the state of an originator as icon and word."""
    tone, icon = ORIGINATOR_LOOKS[OriginatorState(originator.state)]
    return {"tone": tone, "icon": icon, "label": originator.get_state_display()}
