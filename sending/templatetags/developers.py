"""Rows by their id, and words as programs quote them."""

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from sending.dialects.tencent.error_codes import ERROR_CODES

register = template.Library()


@register.filter
def of(named: Mapping[Any, Any], key: Any) -> Any:
    """Return what a table has for a key; nothing where it has none."""
    return named.get(key, "") if named else ""


@register.filter
def json_text(value: str | Sequence[str]) -> str:
    """Return a text, or a list of texts, as JSON, Python, JavaScript, Go and Java quote it."""
    return json.dumps(value, ensure_ascii=False)


@register.filter
def list_text(values: Sequence[str]) -> str:
    """Return texts as Go and Java have them between braces."""
    return ", ".join(map(json_text, values))


@register.filter
def php_text(value: str | Sequence[str]) -> str:
    """Return a text, or a list of texts, as PHP and Ruby quote it: nothing in it is a variable."""
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"
    return f"[{', '.join(map(php_text, value))}]"


@register.filter
def shell_text(value: str) -> str:
    """Return a text as a shell takes it for one word."""
    return shlex.quote(value)


@register.filter
def breakable(code: str) -> SafeString:
    """Return a code after each of whose dots a line may end."""
    return format_html_join(SafeString(".<wbr>"), "{}", ((part,) for part in code.split(".")))


@register.filter
def code_anchor(code: str) -> str:
    """Return the place of a code on the page of all codes; empty for one it does not have."""
    return ERROR_CODES[code].slug if code in ERROR_CODES else ""
