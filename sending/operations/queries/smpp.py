"""What operators see of clients over SMPP: every live bind, by account."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.paging import Page, page_of
from sending.models import SmppAccount, SmppBind, SmppReceipt

A_PAGE = 50
# Nobody counts a million rows for a page.
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class BoundAccount:
    """An account that is bound, or that receipts wait for."""

    account: SmppAccount
    binds: Sequence[SmppBind]
    waiting: int

    @property
    def more_waiting(self) -> bool:
        """Tell whether there are more than were counted."""
        return self.waiting >= MOST_COUNTED

    @property
    def lacks_receiver(self) -> bool:
        """Tell whether receipts wait that no bind can take."""
        return bool(self.waiting) and not any(bind.receives for bind in self.binds)


def bound_page(after: int | None) -> Page[BoundAccount]:
    """Return the accounts that are bound, by their ids."""
    live = SmppBind.objects.live()
    rows = SmppAccount.objects.filter(pk__in=live.values("account_id"))
    rows = rows.select_related("organization", "application")
    if after:
        rows = rows.filter(pk__gt=after)
    page = page_of(rows.order_by("pk"), A_PAGE, lambda row: row.pk)
    binds = list(live.filter(account__in=page.rows).select_related("account").order_by("pk"))
    found = [
        BoundAccount(row, [bind for bind in binds if bind.account_id == row.pk], _waiting(row))
        for row in page.rows
    ]
    return Page(found, page.next)


def bind_count() -> int:
    """Return how many binds are live."""
    return int(SmppBind.objects.live().count())


def _waiting(account: SmppAccount) -> int:
    rows = SmppReceipt.objects.filter(account_id=account.pk).waiting()
    return int(rows.order_by("pk")[:MOST_COUNTED].count())
