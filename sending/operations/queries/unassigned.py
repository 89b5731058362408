"""What handsets sent that answers no message: how much, from where, what it asks for."""

from dataclasses import dataclass

from accounts.masking import masked
from accounts.paging import Page, page_of
from sending.models import Gateway, InboundSegment
from sending.operations.queries.failures import MOST
from sending.sms.keywords import Keyword, keyword_of

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class UnassignedSegment:
    """One segment. Its number is masked and its text left out: it was written to somebody else."""

    segment: InboundSegment
    number: str
    gateway: str
    keyword: Keyword | None


def unassigned_count() -> int:
    """Return how many segments there are, at most MOST; index inbound_unassigned."""
    rows = InboundSegment.objects.filter(unassigned_at__isnull=False)
    return int(rows.order_by("-pk")[:MOST].count())


def unassigned_page(before: int | None) -> Page[UnassignedSegment]:
    """Return a page, the newest first, with segments before `before`; index inbound_unassigned."""
    rows = InboundSegment.objects.filter(unassigned_at__isnull=False)
    if before:
        rows = rows.filter(pk__lt=before)
    page = page_of(rows.order_by("-pk"), A_PAGE, lambda row: row.pk)
    names = dict(Gateway.objects.values_list("pk", "name"))
    found = [
        UnassignedSegment(
            row, masked(row.source), names.get(row.gateway_id, ""), keyword_of(row.text, "")
        )
        for row in page.rows
    ]
    return Page(found, page.next)
