"""The pages for developers, in groups: what the tabs of each of them show."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()


@dataclass(frozen=True, slots=True)
class DeveloperPage:
    """A page: its URL's name, its caption, and the pages below it.

    `needs` is a permission without which nobody may open it.
    """

    name: str
    label: Promise | str
    below: frozenset[str] = frozenset()
    needs: str = "view"


def _page(name: str, label: Promise | str, *below: str, needs: str = "view") -> DeveloperPage:
    return DeveloperPage(name, label, frozenset((name, *below)), needs)


# A group goes by the name of its first page, unless it has one of its own.
GROUPS: tuple[tuple[Promise | str, tuple[DeveloperPage, ...]], ...] = (
    (_("Start"), (_page("developers:start", _("Start")),)),
    (_("Applications"), (_page("applications:list", _("Applications"), "applications"),)),
    (
        _("API"),
        (
            _page("developers:quick_start", _("Quick start")),
            _page("developers:try_it", _("Try it")),
            _page("developers:reference", _("Reference")),
            _page("developers:codes", _("Error codes")),
        ),
    ),
    (
        "Twilio",
        (
            _page("developers:twilio", _("Quick start")),
            _page("developers:twilio_errors", _("Error codes")),
        ),
    ),
    (
        _("SMPP"),
        (
            _page(
                "developers:smpp_accounts",
                _("Accounts"),
                *("developers:smpp_account", "developers:smpp_receipts"),
            ),
            _page("developers:smpp_statuses", _("Statuses")),
        ),
    ),
    (
        _("Verify"),
        (_page("developers:verify_services", _("Verify"), "developers:verify_service"),),
    ),
    (
        _("Guard"),
        (
            _page("guard:guard", _("Overview")),
            _page("guard:decisions", _("Decisions")),
            _page("guard:exceptions", _("Exceptions"), needs="manage"),
            _page("guard:settings", _("Settings"), needs="manage"),
        ),
    ),
    (
        _("Logs"),
        (
            _page("developers:messages", _("Messages"), "developers:message"),
            _page("developers:requests", _("Requests"), "developers:request"),
            _page("developers:callbacks", _("Callbacks"), "developers:callback_log"),
            _page("developers:unmatched", _("Unmatched texts"), "developers:unmatched_text"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """A link in a row of tabs; `is_current` for the one that leads here."""

    name: str
    label: Promise | str
    is_current: bool
    pages: tuple["Tab", ...] = ()


@register.simple_tag(takes_context=True)
def developer_tabs(context: Any) -> list[Tab]:
    """Return a tab for each group, with those of its pages that the reader may open."""
    match = getattr(context.get("request"), "resolver_match", None)
    here = {match.view_name, match.namespace} if match else set()
    return list(_tabs(here, context["may"]))


def _tabs(here: set[str], may: dict[str, bool]) -> Iterator[Tab]:
    for label, pages in GROUPS:
        tabs = tuple(
            Tab(page.name, page.label, bool(here & page.below))
            for page in pages
            if may.get(page.needs)
        )
        if tabs:
            yield Tab(tabs[0].name, label, any(tab.is_current for tab in tabs), tabs)
