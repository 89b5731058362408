"""How figures for Prometheus are written down."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from prometheus_client.core import GaugeMetricFamily

PREFIX = "smsconsole_"
# Counting reads rows; nobody needs larger figures exactly.
MOST = 10_000


def gauge(name: str, sentence: str, labels: Iterable[str] = ()) -> GaugeMetricFamily:
    """Return a gauge of ours with the names of its labels."""
    return GaugeMetricFamily(PREFIX + name, sentence, labels=list(labels))


def age(moment: datetime | None, now: datetime) -> float:
    """Return the seconds since a moment; none is no age."""
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


def pile(rows: QuerySet[Any]) -> int:
    """Return how many rows there are, counted up to MOST."""
    return rows.order_by()[:MOST].count()
