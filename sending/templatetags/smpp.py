"""How statuses of SMPP and failed binds look on pages."""

from django import template

from sending.developers.smpp import statuses, words

register = template.Library()


@register.filter
def bind_failure(reason: str) -> str:
    """Return why a bind failed, and what to do."""
    return words.bind_failure(reason)


@register.filter
def status_hex(status: int) -> str:
    """Return a command_status as logs of clients show it, with its name."""
    return f"0x{status:02X} {statuses.name_of(status)}"
