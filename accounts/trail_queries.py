"""What pages ask about the audit trail: page by page, and never more than a bound at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from accounts.models import AuditEntry, Organization, User
from accounts.paging import Page, page_of

AUDIT_PAGE = 50
LOOKED_THROUGH = 20_000
"""Entries that one search for words looks through; the next page goes on behind them."""
MOST_EXPORTED = 100_000
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries of the trail are wanted; None or empty means any.

    `noun` is how their actions begin; `words` stand in what they are about; the days are whole ones
    of the organization's zone.
    """

    actor: int | None = None
    noun: str = ""
    words: str = ""
    first: date | None = None
    last: date | None = None


def audit_page(
    organization: Organization, after: int | None, wanted: AuditFilter
) -> Page[AuditEntry]:
    """Return entries, the newest first, that come after entry `after`.

    Index audit_newest (organization, -id), or audit_of_actor for one person's. Words have no index:
    a page may be short, or empty, and still have a next one.
    """
    entries = _wanted(organization, wanted)
    if not wanted.words:
        return _newest(entries, after)
    looked = (entries.filter(pk__lt=after) if after else entries).order_by("-pk")
    last = looked.values_list("pk", flat=True)[LOOKED_THROUGH - 1 : LOOKED_THROUGH].first()
    within = looked.filter(pk__gte=last) if last else looked
    page = _newest(within.filter(subject__icontains=wanted.words), None)
    return page if page.next or not last else Page(page.rows, str(last))


def exported_entries(organization: Organization, wanted: AuditFilter) -> Iterator[AuditEntry]:
    """Yield the newest entries that are wanted, at most MOST_EXPORTED, a page of rows at a time."""
    entries = _wanted(organization, wanted)
    if wanted.words:
        entries = entries.filter(subject__icontains=wanted.words)
    after, left = None, MOST_EXPORTED
    while left > 0:
        rows = (entries.filter(pk__lt=after) if after else entries).order_by("-pk")
        page = list(rows[: min(_AT_ONCE, left)])
        yield from page
        if len(page) < _AT_ONCE:
            return
        after, left = page[-1].pk, left - len(page)


def security_events_page(person: User, after: int | None) -> Page[AuditEntry]:
    """Return entries about a person's own account, as audit_page does; index audit_of_person."""
    # Any organization: the entries are about the reader, wherever they were written.
    entries = AuditEntry.objects.filter(person=person)
    return _newest(entries.select_related("actor", "organization"), after)


def actors_of(organization: Organization) -> QuerySet[User]:
    """Return everybody who did something in the organization; index audit_of_actor."""
    entries = AuditEntry.objects.for_organization(organization)
    return User.objects.filter(pk__in=entries.values("actor").distinct()).order_by("name", "email")


def _wanted(organization: Organization, wanted: AuditFilter) -> QuerySet[AuditEntry]:
    """Return what is wanted, but for its words."""
    entries = AuditEntry.objects.for_organization(organization).select_related("actor", "person")
    if wanted.actor:
        entries = entries.filter(actor_id=wanted.actor)
    if wanted.noun:
        entries = entries.filter(action__startswith=f"{wanted.noun}.")
    if wanted.first:
        entries = entries.filter(at__gte=_midnight(organization, wanted.first))
    if wanted.last:
        entries = entries.filter(at__lt=_midnight(organization, wanted.last + timedelta(days=1)))
    return entries


def _newest(entries: QuerySet[AuditEntry], after: int | None) -> Page[AuditEntry]:
    if after:
        entries = entries.filter(pk__lt=after)
    return page_of(entries.order_by("-pk"), AUDIT_PAGE, lambda entry: entry.pk)


def _midnight(organization: Organization, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=organization.zone)
