"""How figures for Prometheus are written down."""

from collections.abc import Iterable
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily

PREFIX = "smsconsole_"


def gauge(name: str, sentence: str, labels: Iterable[str] = ()) -> GaugeMetricFamily:
    """Return a gauge of ours with the names of its labels."""
    return GaugeMetricFamily(PREFIX + name, sentence, labels=list(labels))


def age(moment: datetime | None, now: datetime) -> float:
    """Return the seconds since a moment; none is no age."""
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0
