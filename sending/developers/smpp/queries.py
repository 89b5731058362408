"""What the pages of SMPP accounts show: accounts, binds, receipts, refusals and lock-outs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from accounts.models import Organization
from accounts.paging import Page, page_of
from sending.developers.smpp import statuses, words
from sending.models import (
    InboundMessage,
    Message,
    SmppAccount,
    SmppBind,
    SmppLockOut,
    SmppReceipt,
    SmppRefusal,
)
from sending.models.smpp_receipt import OutboxKind, SmppReceiptQuerySet
from sending.smpp_server.reasons import sentence_of

ACCOUNTS_A_PAGE = 50
PAGE_SIZE = 50
RECENT = 20
# Nobody counts a million rows for a page.
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class ReceiptsLeft:
    """What an account's client is still to be given. Counts end at MOST_COUNTED."""

    waiting: int
    oldest: datetime | None
    dead: int

    @property
    def more_waiting(self) -> bool:
        """Tell whether there are more than were counted."""
        return self.waiting >= MOST_COUNTED

    @property
    def more_dead(self) -> bool:
        """Tell whether there are more than were counted."""
        return self.dead >= MOST_COUNTED


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account in the list, with its live binds."""

    account: SmppAccount
    left: ReceiptsLeft
    binds: Sequence[SmppBind] = field(default=())

    @property
    def condition(self) -> tuple[str, str, str]:
        """Return tone, icon and word of how it is."""
        return words.condition_of(self.account, self.binds)

    @property
    def lacks_receiver(self) -> bool:
        """Tell whether receipts wait that no bind can take."""
        return bool(self.left.waiting) and not any(bind.receives for bind in self.binds)


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt or reply in the outbox: whose it is, and what the client said last."""

    receipt: SmppReceipt
    msisdn: str
    error: str


def accounts_page(organization: Organization, after: int | None) -> Page[AccountRow]:
    """Return the accounts with their binds, the oldest first."""
    rows = SmppAccount.objects.for_organization(organization).select_related("application")
    if after:
        rows = rows.filter(pk__gt=after)
    page = page_of(rows.order_by("pk"), ACCOUNTS_A_PAGE, lambda row: row.pk)
    binds = binds_of(organization, [row.pk for row in page.rows])
    listed = [AccountRow(row, left_of(row), binds.get(row.pk, ())) for row in page.rows]
    return Page(listed, page.next)


def account_row(account: SmppAccount) -> AccountRow:
    """Return one account with its live binds."""
    binds = binds_of(account.organization, [account.pk])
    return AccountRow(account, left_of(account), binds.get(account.pk, ()))


def binds_of(organization: Organization, accounts: Sequence[int]) -> Mapping[int, list[SmppBind]]:
    """Return {account: live binds}."""
    own = SmppBind.objects.for_organization(organization).live()
    rows = own.filter(account_id__in=accounts).select_related("account")
    grouped = groupby(rows.order_by("account_id", "pk"), lambda bind: bind.account_id)
    return {account: list(binds) for account, binds in grouped}


def left_of(account: SmppAccount) -> ReceiptsLeft:
    """Return what waits; indexes smpp_receipt_waiting and smpp_receipt_dead."""
    own = SmppReceipt.objects.for_organization(account.organization)
    own = own.filter(account_id=account.pk)
    oldest = own.waiting().order_by("pk").values_list("at", flat=True).first()
    waiting = own.waiting().order_by("pk")[:MOST_COUNTED].count() if oldest else 0
    return ReceiptsLeft(waiting, oldest, own.dead().order_by("-pk")[:MOST_COUNTED].count())


def receipts_page(
    account: SmppAccount, *, dead: bool, asked: Mapping[str, Any], after: int | None
) -> Page[ReceiptRow]:
    """Return what waits, the oldest first, or what was given up, the newest first."""
    rows = SmppReceipt.objects.for_organization(account.organization)
    rows = rows.filter(account_id=account.pk)
    rows = _filtered(rows.dead() if dead else rows.waiting(), asked)
    if after:
        rows = rows.filter(pk__lt=after) if dead else rows.filter(pk__gt=after)
    page = page_of(rows.order_by("-pk" if dead else "pk"), PAGE_SIZE, lambda row: row.pk)
    numbers = _numbers(account.organization, page.rows)
    return Page(
        [
            ReceiptRow(
                row, numbers.get((row.kind, row.message_id), ""), words.error_sentence(row.error)
            )
            for row in page.rows
        ],
        page.next,
    )


def _filtered(rows: SmppReceiptQuerySet, asked: Mapping[str, Any]) -> SmppReceiptQuerySet:
    if message_id := asked.get("message_id"):
        rows = rows.told_as(message_id)
    if state := asked.get("state"):
        rows = rows.filter(state=state)
    return rows


def _numbers(organization: Organization, rows: Sequence[SmppReceipt]) -> dict[tuple[str, int], str]:
    """Return the numbers of messages and of replies, by kind and id."""
    found: dict[tuple[str, int], str] = {}
    for kind, model in ((OutboxKind.RECEIPT, Message), (OutboxKind.REPLY, InboundMessage)):
        pks = {row.message_id for row in rows if row.kind == kind.value}
        own: Any = model.objects.for_organization(organization).filter(pk__in=pks)
        found |= {(kind.value, pk): msisdn for pk, msisdn in own.values_list("pk", "msisdn")}
    return found


def refusals_of(account: SmppAccount) -> list[tuple[SmppRefusal, str]]:
    """Return the newest submit_sm that were refused, and why; index smpp_refusal_newest."""
    own = SmppRefusal.objects.for_organization(account.organization)
    rows = own.filter(account_id=account.pk).order_by("-pk")[:RECENT]
    return [(row, _why(row)) for row in rows]


def _why(row: SmppRefusal) -> str:
    return row.sentence or sentence_of(row.code) or statuses.meaning_of(row.status)


def lock_outs_of(account: SmppAccount) -> list[SmppLockOut]:
    """Return the addresses from which binds failed, the last first."""
    own = SmppLockOut.objects.for_organization(account.organization)
    return list(own.filter(account=account).order_by("-failed_at")[:RECENT])
