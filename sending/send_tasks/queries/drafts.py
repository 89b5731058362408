"""Drafts of an organization: everybody who may send sees all of them."""

from django.db.models import QuerySet

from accounts.models import Organization
from accounts.paging import Page, page_of
from sending.models import Draft

DRAFTS_A_PAGE = 25


def drafts(organization: Organization) -> QuerySet[Draft]:
    """Return the drafts with whose they are and their files."""
    own = Draft.objects.for_organization(organization)
    return own.select_related("created_by", "upload")


def draft_page(organization: Organization, after: int | None) -> Page[Draft]:
    """Return drafts, the newest first, that come after draft `after`."""
    query = drafts(organization)
    if after:
        query = query.filter(pk__lt=after)
    return page_of(query.order_by("-pk"), DRAFTS_A_PAGE, lambda draft: draft.pk)
