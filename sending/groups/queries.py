"""What the customer pages show."""

from collections.abc import Iterator, Sequence

from django.db.models import Max, Q, QuerySet

from accounts.models import Organization
from accounts.paging import Page, page_of
from sending.models import (
    CustomerGroup,
    GroupImport,
    GroupMembership,
    Problem,
    ProblemKind,
    Suppression,
)

PAGE_SIZE = 50
EXPORT_ROWS = 2_000


def groups_of(organization: Organization) -> QuerySet[CustomerGroup]:
    """Return the groups by name, each with `changed_at`, the time of its last import."""
    groups = CustomerGroup.objects.for_organization(organization)
    return groups.annotate(changed_at=Max("imports__created_at")).order_by("name")


def members_page(group: CustomerGroup, search: str, after: int | None) -> Page[GroupMembership]:
    """Return the members after membership `after`; `search` begins a number or is in a name."""
    members = GroupMembership.objects.filter(group=group).select_related("customer")
    if search:
        digits = "".join(filter(str.isdigit, search))
        wanted = Q(customer__name__icontains=search)
        if digits:
            wanted |= Q(customer__msisdn__begins=f"+{digits}")
        members = members.filter(wanted)
    if after:
        members = members.filter(pk__gt=after)
    return page_of(members.order_by("pk"), PAGE_SIZE, lambda row: row.pk)


def export_rows(group: CustomerGroup) -> Iterator[Sequence[str]]:
    """Yield number, country and name of every member, in constant memory."""
    members = GroupMembership.objects.filter(group=group).order_by("pk")
    rows = members.values_list("customer__msisdn", "customer__country", "customer__name")
    for msisdn, country, name in rows.iterator(chunk_size=EXPORT_ROWS):
        # Without the plus, as recipients are written in a spreadsheet to send to.
        yield [msisdn.removeprefix("+"), country, name]


def suppressions_page(
    organization: Organization, search: str, after: int | None
) -> Page[Suppression]:
    """Return suppressed numbers, the newest first; `search` begins a number."""
    rows = Suppression.objects.for_organization(organization)
    digits = "".join(filter(str.isdigit, search))
    if search and not digits:
        return Page([])
    if search:
        rows = rows.filter(msisdn__begins=f"+{digits}")
    if after:
        rows = rows.filter(pk__lt=after)
    return page_of(rows.order_by("-pk"), PAGE_SIZE, lambda row: row.pk)


def suppression_rows(organization: Organization) -> Iterator[Sequence[str]]:
    """Yield number, reason and day of every suppressed number, in constant memory."""
    rows = Suppression.objects.for_organization(organization).order_by("pk")
    for row in rows.iterator(chunk_size=EXPORT_ROWS):
        day = row.since.astimezone(organization.zone).date().isoformat()
        yield [row.msisdn.removeprefix("+"), row.reason, day]


def problems_of(group_import: GroupImport) -> QuerySet[Problem]:
    """Return the rows an import refused, by row."""
    problems = Problem.objects.for_organization(group_import.organization)
    wanted = problems.filter(group_import=group_import).exclude(kind=ProblemKind.SKIPPED)
    return wanted.order_by("row", "pk")
