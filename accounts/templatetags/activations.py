"""How the state of an application for the service looks."""

from django import template

from accounts.models import ActivationState, ServiceActivation

register = template.Library()

# What people see of each state: its tone, then its icon.
ACTIVATION_LOOKS = {
    ActivationState.PENDING: ("warn", "queued"),
    ActivationState.APPROVED: ("ok", "check"),
    ActivationState.REJECTED: ("bad", "rejected"),
}


@register.inclusion_tag("components/state_badge.html")
def activation_state(activation: ServiceActivation) -> dict[str, str]:
    """Show the state of an application as icon and word."""
    tone, icon = ACTIVATION_LOOKS[ActivationState(activation.state)]
    return {"tone": tone, "icon": icon, "label": activation.get_state_display()}
