"""What goes out and what comes back, read from the newest rows of tables that only grow.

Neither Submission nor DeliveryReceipt has an index on its time: both are asked by ranges of their
primary key, which rises with time.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q

from sending.models import DeliveryReceipt, Submission
from sending.sms.delays import nearest_rank

_OK = "ESME_ROK"
NOW = timedelta(seconds=10)
# More than ten seconds of the fastest gateways; beyond it the rate is taken over a shorter time.
_TAIL = 20_000
_RECEIPTS = 5_000
_RECEIPTS_A_GATEWAY = 500
HOUR = timedelta(hours=1)
# A receipt within five minutes is not missing yet.
PATIENCE = timedelta(minutes=5)
_SLICES, _SLICE = 20, 50


@dataclass(frozen=True, slots=True)
class Rate:
    """submit_sm a second just now; `refused` is how many of them a second the gateway refused."""

    a_second: float
    refused: float


@dataclass(frozen=True, slots=True)
class Delay:
    """Seconds from the gateway's yes to the receipt, of `receipts` receipts of the last hour."""

    p50: float
    p95: float
    receipts: int


@dataclass(frozen=True, slots=True)
class Missing:
    """Of `looked_at` accepted messages of the last hour, how many have no receipt at all."""

    without: int
    looked_at: int


def rates(now: datetime) -> dict[int, Rate]:
    """Return {gateway: submissions a second, over the last ten seconds}.

    Reads at most the newest 20,000 submissions, by primary key.
    """
    newest = Submission.objects.aggregate(newest=Max("pk"))["newest"]
    if newest is None:
        return {}
    since = now - NOW
    tail = Submission.objects.filter(pk__gt=newest - _TAIL)
    seconds = _seconds(newest - _TAIL, since, now)
    counted = tail.filter(submitted_at__gt=since).values_list("gateway_id")
    refused = Count("pk", filter=~Q(command_status=_OK))
    return {
        gateway_id: Rate(n / seconds, no / seconds)
        for gateway_id, n, no in counted.annotate(n=Count("pk"), no=refused).order_by("gateway_id")
    }


def _seconds(before: int, since: datetime, now: datetime) -> float:
    """Return the time that the tail covers, when more was submitted than it holds."""
    left_out = Submission.objects.filter(pk__lte=before).order_by("-pk").first()
    if left_out is None or left_out.submitted_at <= since:
        return NOW.total_seconds()
    return max(0.1, (now - left_out.submitted_at).total_seconds())


def submits_since(gateway_id: int, moment: datetime) -> bool:
    """Tell whether one of the newest 20,000 submissions is this gateway's and that young."""
    newest = Submission.objects.aggregate(newest=Max("pk"))["newest"] or 0
    tail = Submission.objects.filter(pk__gt=newest - _TAIL, gateway_id=gateway_id)
    return tail.filter(submitted_at__gte=moment).exists()


def receipt_delays(now: datetime) -> dict[int, Delay]:
    """Return {gateway: delay of its newest receipts}.

    Reads the newest 5,000 receipts by primary key, and the submissions of at most 500 for each
    gateway by index submission_by_id.
    """
    newest = DeliveryReceipt.objects.order_by("-pk").values_list(
        "gateway_id", "gateway_message_id", "received_at", "message_id"
    )
    by_gateway: dict[int, dict[str, datetime]] = defaultdict(dict)
    oldest: dict[int, int] = {}
    for gateway_id, named, received_at, message_id in newest[:_RECEIPTS]:
        own = by_gateway[gateway_id]
        if received_at >= now - HOUR and len(own) < _RECEIPTS_A_GATEWAY:
            # The oldest receipt of an id is the one that tells how long the network took.
            own[named] = received_at
            oldest[gateway_id] = min(message_id, oldest.get(gateway_id, message_id))
    return {
        gateway_id: delay
        for gateway_id, own in by_gateway.items()
        if own and (delay := _delay(gateway_id, own, oldest[gateway_id]))
    }


def _delay(gateway_id: int, received: dict[str, datetime], oldest: int) -> Delay | None:
    """Return the delay of receipts; `oldest` is the first of the messages they spoke of."""
    submitted = dict(
        Submission.objects.filter(
            gateway_id=gateway_id, gateway_message_id__in=received, message_id__gte=oldest
        )
        .order_by("pk")
        .values_list("gateway_message_id", "submitted_at")
    )
    seconds = sorted(
        max(0.0, (received[named] - at).total_seconds()) for named, at in submitted.items()
    )
    if not seconds:
        return None
    return Delay(nearest_rank(seconds, 50), nearest_rank(seconds, 95), len(seconds))


def missing_receipts(now: datetime) -> dict[int, Missing]:
    """Return {gateway: how many accepted messages have no receipt}, of a sample.

    The hour ends five minutes ago. Its range of ids is found by halving (primary key), a thousand
    submissions are taken out of it evenly, and their receipts by index receipt_of_message.
    """
    sample = _sample(first_since(now - PATIENCE - HOUR), first_since(now - PATIENCE))
    ids = {message_id for _, message_id in sample}
    heard = DeliveryReceipt.objects.filter(message_id__in=ids)
    with_receipt = set(heard.values_list("message_id", flat=True))
    figures: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for gateway_id, message_id in sample:
        figures[gateway_id][0] += message_id not in with_receipt
        figures[gateway_id][1] += 1
    return {gateway_id: Missing(*figure) for gateway_id, figure in figures.items()}


def _sample(first: int, end: int) -> set[tuple[int, int]]:
    """Return up to 1,000 (gateway, message) that were accepted, even over a range of ids."""
    starts: Iterable[int] = [first]
    size = _SLICES * _SLICE
    if end - first > size:
        starts, size = range(first, end, -(-(end - first) // _SLICES)), _SLICE
    found: set[tuple[int, int]] = set()
    for start in starts:
        rows = Submission.objects.filter(pk__gte=start, pk__lt=end, command_status=_OK)
        found.update(rows.order_by("pk").values_list("gateway_id", "message_id")[:size])
    return found


def first_since(moment: datetime) -> int:
    """Return the id of the first submission at or after a moment; one more than the last if none.

    Some forty look-ups by primary key at most.
    """
    edges = Submission.objects.aggregate(first=Min("pk"), last=Max("pk"))
    low, high = edges["first"] or 0, (edges["last"] or 0) + 1
    while low < high:
        middle = (low + high) // 2
        after = Submission.objects.filter(pk__gte=middle).order_by("pk")
        found = after.values_list("pk", "submitted_at").first()
        if found is None or found[1] >= moment:
            high = middle
        else:
            low = found[0] + 1
    return low
