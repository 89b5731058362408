"""Claims of items: a reviewer works on one at a time, and no two on the same."""

from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction

from accounts.models import User
from templates_app.desk.queries import Item
from templates_app.models import DeskClaim


@transaction.atomic
def claim(item: Item, reviewer: User) -> DeskClaim | None:
    """Claim an item for a while, and give up what `reviewer` held before; renew it if it is theirs.

    Returns whose claim it is now: of two reviewers at once one has it.
    """
    return hold(item, reviewer)


def hold(item: Item, reviewer: User) -> DeskClaim | None:
    """Claim an item in the caller's transaction."""
    own: DeskClaim | None = DeskClaim.objects.take(*item.key, reviewer)
    if own is not None:
        return own
    kind, pk = item.key
    return DeskClaim.objects.filter(kind=kind, item_id=pk).select_related("reviewer").first()


def claim_first(items: Iterable[Item], reviewer: User) -> Item | None:
    """Claim the first of `items` that nobody holds, and return it so; None where there is none."""
    for item in items:
        if item.is_asked or not item.is_free_for(reviewer):
            continue
        held = claim(item, reviewer)
        if held is not None and held.reviewer_id == reviewer.pk:
            return replace(item, claim=held)
    return None


def release(item: Item, reviewer: User) -> None:
    """Give an item up."""
    DeskClaim.objects.give_up(*item.key, reviewer)
