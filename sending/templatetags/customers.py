"""What the pages of customers show in their own way."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def value_of(fields: Mapping[str, str], key: str) -> str:
    """Return what a customer has in an own column."""
    return fields.get(key, "")
