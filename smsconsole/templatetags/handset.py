"""A text as a handset shows it: its segments, what came from variables, and what costs."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sending.sms import originator as originators
from sending.sms.data_coding import DataCoding
from sending.sms.preview import Mark, Preview, Run

register = template.Library()


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
        return ""
    return {
        originators.OriginatorKind.ALPHANUMERIC: _("Alphanumeric originator, no replies"),
        originators.OriginatorKind.SHORT_CODE: _("Short code"),
        originators.OriginatorKind.MSISDN: _("Number, people can reply"),
    }[kind]


@register.inclusion_tag("components/handset.html")
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
