"""The small pieces every page is made of: icons, states, times, money, numbers."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, cast

from django import template
from django.template.base import Parser, Token, TokenType
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.countries import country_name
from accounts.lists import listed as as_list
from accounts.local_time import utc_offset
from accounts.masking import mask_numbers, masked
from sending.sms import pricing

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, extra: str = "") -> SafeString:
    """Return the icon `name` of static/vendor/lucide/icons.svg, hidden from screen readers.

    A long list has a hundred of them, of a few kinds.
    """
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        f" {extra}" if extra else "",
        static("vendor/lucide/icons.svg"),
        name,
    )


@register.inclusion_tag("components/state_badge.html")
def state_badge(tone: str, icon_name: str, label: str) -> dict[str, str]:
    """Show a state as icon and word; `tone` is ok, busy, idle, warn, bad or doubt."""
    return {"tone": tone, "icon": icon_name, "label": label}


def zone_name(value: datetime) -> str:
    """Return how the current zone is called at that time, such as HKT, or UTC+8 without a name."""
    local = timezone.localtime(value)
    name = local.tzname() or "UTC"
    return name if name[0].isalpha() else f"UTC{name}"


@register.filter
def at(value: datetime | None) -> SafeString:
    """Return day and time in the organization's zone, the zone named; as a time element."""
    if value is None:
        return SafeString()
    local = timezone.localtime(value)
    today = timezone.localdate()
    if local.date() == today:
        text = formats.date_format(local, "H:i")
    elif local.year == today.year:
        text = formats.date_format(local, _("j M, H:i"))
    else:
        text = formats.date_format(local, _("j M Y, H:i"))
    return format_html(
        '<time datetime="{}">{} {}</time>', local.isoformat(), text, zone_name(value)
    )


@register.filter
def in_full(value: datetime | None) -> SafeString:
    """Return weekday, day, time, zone and its distance from UTC, of a time to come."""
    if value is None:
        return SafeString()
    local = timezone.localtime(value)
    text = formats.date_format(local, "l j F Y, H:i")
    zone = timezone.get_current_timezone_name()
    return format_html(
        '<time datetime="{}">{} ({}, {})</time>', local.isoformat(), text, zone, utc_offset(local)
    )


@register.filter
def clock(value: datetime | None) -> SafeString:
    """Return the time with seconds in the organization's zone; the page names the zone once."""
    if value is None:
        return SafeString()
    local = timezone.localtime(value)
    same_day = local.date() == timezone.localdate()
    text = formats.date_format(local, "H:i:s" if same_day else _("j M, H:i:s"))
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), text)


@register.simple_tag
def now_in_words() -> str:
    """Return day and time in the organization's zone, such as Sunday 29 November 2026, 17:05."""
    return formats.date_format(timezone.localtime(), _("l j F Y, H:i"))


@register.simple_tag
def now_zone() -> str:
    """Return the organization's zone with its offset, such as HKT (UTC+8)."""
    utc = utc_offset(timezone.localtime())
    name = zone_name(timezone.now())
    return name if name.startswith("UTC") else f"{name} ({utc})"


@register.filter
def money(micro: int | None, places: int = 2) -> str:
    """Return millionths of a currency with so many decimals, or all there are.

    Nothing is rounded: rows add up to their total on every page, and no cost looks free.
    """
    if micro is None:
        return ""
    places = max(places, pricing.money_decimals(micro))
    return formats.number_format(pricing.amount_of(micro), places, force_grouping=True)


@register.filter
def unit_price(micro: int | None, places: int = 4) -> str:
    """Return the price of a segment with so many decimals, or all it has."""
    if micro is None:
        return ""
    places = max(places, pricing.price_decimals(micro))
    return formats.number_format(pricing.amount_of(micro), decimal_pos=places)


@register.simple_tag
def money_places(rows: Iterable[Any]) -> int:
    """Return with how many decimals the costs of a column stand under each other.

    Rows have a `cost_micro`, or are pairs whose second member has.
    """
    found = [row[1] if isinstance(row, tuple) else row for row in rows]
    return max((pricing.money_decimals(row.cost_micro) for row in found), default=2)


@register.simple_tag
def price_places(rows: Iterable[Any], name: str) -> int:
    """Return with how many decimals the prices of a column, an attribute, stand so."""
    return max((pricing.price_decimals(getattr(row, name)) for row in rows), default=4)


@register.filter
def spaced(msisdn: str) -> str:
    """Return an MSISDN in groups for the eye, or that it was erased; data stays E.164."""
    import phonenumbers

    if not msisdn:
        return _("Erased number")
    try:
        number = phonenumbers.parse(msisdn)
    except phonenumbers.NumberParseException:
        return msisdn
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@register.simple_tag(takes_context=True)
def number(context: Any, msisdn: str) -> str:
    """Return an MSISDN for the reader of the page: masked, unless they may see whole numbers."""
    if not msisdn.startswith("+"):
        return _("Erased number")
    return spaced(msisdn) if context["may"]["numbers"] else masked(spaced(msisdn))


@register.simple_tag(takes_context=True)
def quoted(context: Any, text: str) -> str:
    """Return what somebody wrote, its numbers masked for readers who may not see them."""
    return text if context["may"]["numbers"] else mask_numbers(text)


@register.filter
def country(code: str) -> str:
    """Return the name of a country by its ISO 3166 code, in the reader's language."""
    return country_name(code) or _("Unknown")


@register.filter
def listed(items: Iterable[object]) -> str:
    """Return what is in a list, as the reader's language writes one."""
    return as_list(items)


class Comma(template.Node):
    """What stands between two things that are listed, in the reader's language."""

    def render(self, _context: template.Context) -> str:
        """Return it, with the space after it where the language wants one."""
        return _(", ")


@register.tag
def comma(parser: Parser, _token: Token) -> Comma:
    """Write what separates things, without the line break that follows it in the template.

    In Chinese that break would be a gap: nothing stands after “、”.
    """
    following = reversed(cast("list[Token]", parser.tokens))
    text = next((each for each in following if each.contents != "endif"), None)
    if text is not None and text.token_type == TokenType.TEXT:
        text.contents = text.contents.lstrip()
    return Comma()


@register.filter
def percent(part: int | None, whole: int | None) -> str:
    """Return a share with one decimal, or a dash without a whole."""
    if not whole:
        return "–"
    return formats.number_format(100 * (part or 0) / whole, decimal_pos=1) + "\u00a0%"


@register.filter
def tenths(share: int | None) -> str:
    """Return a share of `shares_of`, in tenths of a percent; a dash for none."""
    if share is None:
        return "–"
    return formats.number_format(share / 10, decimal_pos=1) + "\u00a0%"


@register.simple_tag
def bar(whole: int, *parts: Any, label: str = "", thin: bool = False) -> SafeString:
    """Return a bar of shares: after `whole` come pairs of tone and figure."""
    rects, x = [], 0.0
    for tone, figure in zip(parts[::2], parts[1::2], strict=True):
        width = 100 * (figure or 0) / whole if whole else 0
        if width:
            css = "accent" if tone == "accent" else f"tone-{tone}"
            rects.append(
                format_html(
                    '<rect class="{}" x="{}%" width="{}%" height="100%"/>',
                    css,
                    f"{x:.2f}",
                    f"{width:.2f}",
                )
            )
        x += width
    return format_html(
        '<svg class="bar{}" role="img" aria-label="{}">{}</svg>',
        " thin" if thin else "",
        label,
        SafeString("".join(rects)),
    )


@register.simple_tag(takes_context=True)
def current(context: Any, *namespaces: str) -> SafeString:
    """Return aria-current for a navigation link whose namespace or view name is this page's."""
    match = getattr(context.get("request"), "resolver_match", None)
    if match and (match.namespace in namespaces or match.view_name in namespaces):
        return SafeString('aria-current="page"')
    return SafeString("")
