"""Sends receipts again that a client had refused for good."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from accounts.models import AuditEntry, User
from sending.models import SmppAccount, SmppReceipt
from sending.models.smpp_receipt import SmppReceiptQuerySet
from sending.smpp_server.outbox import push_again

# Of one press; whoever has more presses again.
MOST_AGAIN = 10_000


def send_one_again(*, account: SmppAccount, receipt: SmppReceipt, actor: User) -> bool:
    """Let one that was given up wait again; False for one that waits already."""
    return bool(_again(account, [receipt.pk], actor, receipt=receipt.pk))


def send_dead_again(
    *, account: SmppAccount, actor: User, message_id: int | None, state: str, **days: Any
) -> int:
    """Let those wait again that were given up; return how many, the oldest MOST_AGAIN at most.

    `message_id` is what submit_sm_resp said; `first` and `last` are days of the organization on
    which they were given up. What is empty leaves none out.
    """
    rows = dead_of(account)
    if message_id:
        rows = rows.told_as(message_id)
    if state:
        rows = rows.filter(state=state)
    zone = account.organization.zone
    if first := days.get("first"):
        rows = rows.filter(dead_at__gte=datetime.combine(first, time.min, zone))
    if last := days.get("last"):
        rows = rows.filter(dead_at__lt=datetime.combine(last + timedelta(days=1), time.min, zone))
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:MOST_AGAIN])
    return _again(account, ids, actor)


def dead_of(account: SmppAccount) -> SmppReceiptQuerySet:
    """Return what was given up for the client; index smpp_receipt_dead."""
    own = SmppReceipt.objects.for_organization(account.organization)
    rows: SmppReceiptQuerySet = own.filter(account_id=account.pk).dead()
    return rows


def _again(account: SmppAccount, ids: Sequence[int], actor: User, **said: Any) -> int:
    with transaction.atomic():
        count = push_again(account, ids)
        if count:
            AuditEntry.record(
                action="smppaccount.sent_again",
                subject=account.label,
                organization=account.organization,
                actor=actor,
                count=count,
                **said,
            )
    return count
