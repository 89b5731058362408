"""Claims of items: a reviewer works on one at a time, and no two on the same."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from accounts import shared_time
from accounts.models import User
from templates_app.desk.queries import Item
from templates_app.models import DeskClaim
from templates_app.models.desk_claim import CLAIM_TIME


@transaction.atomic
def claim(item: Item, reviewer: User) -> DeskClaim | None:
    """Claim an item for a while, and give up what `reviewer` held before; renew it if it is theirs.

    Returns whose claim it is now: of two reviewers at once one has it.
    """
    now = shared_time.now()
    until = now + CLAIM_TIME
    rows = DeskClaim.objects.filter(kind=item.kind, item_id=item.row.pk)
    free = rows.filter(Q(reviewer=reviewer) | Q(until__lte=now))
    if not free.update(reviewer=reviewer, until=until):
        wanted = DeskClaim(kind=item.kind, item_id=item.row.pk, reviewer=reviewer, until=until)
        DeskClaim.objects.bulk_create([wanted], ignore_conflicts=True)
    held = rows.select_related("reviewer").first()
    if held is not None and held.reviewer_id == reviewer.pk:
        DeskClaim.objects.filter(reviewer=reviewer).exclude(pk=held.pk).delete()
    return held


def claim_first(items: Iterable[Item], reviewer: User) -> Item | None:
    """Claim the first of `items` that nobody holds; None where there is none."""
    for item in items:
        if item.is_asked or not item.is_free_for(reviewer):
            continue
        held = claim(item, reviewer)
        if held is not None and held.reviewer_id == reviewer.pk:
            return item
    return None


def release(item: Item, reviewer: User) -> None:
    """Give an item up."""
    DeskClaim.objects.filter(kind=item.kind, item_id=item.row.pk, reviewer=reviewer).delete()
