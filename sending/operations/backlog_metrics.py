"""Figures of what stands behind the gateways: notices, receipts to apply, workers."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Min
from prometheus_client.core import Metric

from accounts.models import Notice
from accounts.notice_kinds import NoticeChannel
from sending.models import LiveWorker, ReceiptInbox
from sending.operations.metric_families import age, gauge
from sending.operations.queries.failures import MOST, counted


def figures(now: datetime) -> Iterator[Metric]:
    """Yield them all; the database answers, or this is not called."""
    yield from _notices(now)
    yield from _receipts(now)
    yield from _workers(now)


def _notices(now: datetime) -> Iterator[Metric]:
    count = gauge("notices_waiting", f"Notices that wait; counted up to {MOST}.", ["channel"])
    oldest = gauge("notices_waiting_oldest_seconds", "Notices that are due: age.", ["channel"])
    for channel in NoticeChannel:
        # Any organization: operators see all of them.
        waiting = Notice.objects.waiting(channel.value)
        count.add_metric([channel.value], counted(waiting))
        due = waiting.filter(due_at__lte=now).values_list("due_at", flat=True).first()
        oldest.add_metric([channel.value], age(due, now))
    yield from (count, oldest)


def _receipts(now: datetime) -> Iterator[Metric]:
    due = ReceiptInbox.objects.filter(next_try_at__lte=now)
    count = gauge("receipts_due", f"Receipts to apply; counted up to {MOST}.")
    count.add_metric([], counted(due))
    lag = gauge("receipts_lag_seconds", "How long the oldest receipt to apply is due.")
    lag.add_metric([], age(due.aggregate(oldest=Min("next_try_at"))["oldest"], now))
    yield from (count, lag)


def _workers(now: datetime) -> Iterator[Metric]:
    seen = gauge("worker_seen_seconds", "Since when a kind of worker is silent.", ["worker"])
    for name, at in LiveWorker.objects.last_seen().items():
        seen.add_metric([name], age(at, now))
    yield seen
