"""Tells owners that receipts wait for a client over SMPP, and that none of its binds takes them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse

from accounts import shared_time
from accounts.names import in_mail
from accounts.notices import NoticeKind, owners, tell
from sending.models import SmppAccount, SmppBind, SmppReceipt

WORTH_TELLING = timedelta(hours=1)
"""A client that restarts is back sooner."""
# What a notice counts; nobody counts a million rows for a sentence.
MOST_COUNTED = 10_000


def tell_due() -> int:
    """Tell of each account once, until it is bound again or nothing waits; return how many."""
    now = shared_time.now()
    _forget_those_that_are_well()
    return sum(_tell(account, now) for account in _to_be_told(now))


def _without_receiver() -> QuerySet[SmppAccount]:
    receiving = SmppBind.objects.live().receiving().filter(account_id=OuterRef("pk"))
    return SmppAccount.objects.filter(~Exists(receiving))


def _oldest() -> Subquery:
    """Return since when the first receipt of an account waits; index smpp_receipt_waiting."""
    waiting = SmppReceipt.objects.waiting().filter(account_id=OuterRef("pk"))
    return Subquery(waiting.order_by("pk").values("at")[:1])


def _to_be_told(now: datetime) -> Iterator[SmppAccount]:
    rows = _without_receiver().filter(told_waiting_at=None, is_enabled=True)
    late = rows.annotate(oldest=_oldest()).filter(oldest__lte=now - WORTH_TELLING)
    yield from late.select_related("organization", "application").order_by("pk")


def _forget_those_that_are_well() -> None:
    told = SmppAccount.objects.exclude(told_waiting_at=None)
    ill = _without_receiver().annotate(oldest=_oldest()).exclude(oldest=None)
    told.exclude(pk__in=ill.values("pk")).update(told_waiting_at=None)


@transaction.atomic
def _tell(account: SmppAccount, now: datetime) -> int:
    """Tell unless somebody has: of workers at the same moment one changes the row."""
    own = SmppAccount.objects.for_organization(account.organization)
    if not own.filter(pk=account.pk, told_waiting_at=None).update(told_waiting_at=now):
        return 0
    waiting = SmppReceipt.objects.for_organization(account.organization).waiting()
    count = waiting.filter(account_id=account.pk).order_by("pk")[:MOST_COUNTED].count()
    tell(
        NoticeKind.RECEIPTS,
        account.organization,
        people=owners(account.organization),
        contacts=account.application.alarm_contacts.order_by("pk"),
        path=reverse("developers:smpp_account", args=[account.pk]),
        account=in_mail(account.label),
        count=count,
        is_more=count >= MOST_COUNTED,
        days=account.keep_days,
    )
    return 1
