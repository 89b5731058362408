"""The figures of operators as Prometheus reads them; all are asked of the database at each scrape.

Nothing is counted in a process, so it does not matter which of several web processes answers.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from accounts import shared_time
from sending.callbacks import backlog
from sending.operations import backlog_metrics, readiness
from sending.operations.metric_families import age, gauge
from sending.operations.queries import failures
from sending.operations.queries.gateways import GatewayView, gateway_views
from sending.operations.queries.hosts import HostView, hosts
from sending.partitions import making


def text() -> bytes:
    """Return all figures in the text format of Prometheus, version 0.0.4."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures())
    return generate_latest(registry)


class _Figures(Collector):
    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: the names are ours alone."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Ask the database, unless it does not answer: then only the checks are told."""
        checks = readiness.checks()
        ready = gauge("ready", "Whether a check of /readyz holds.", ["check"])
        for check in checks:
            ready.add_metric([check.name], check.ok)
        yield ready
        held = gauge("held", "1 while nothing leaves until an operator has compared and released.")
        held.add_metric([], any(not check.ok for check in checks if check.name == "held"))
        yield held
        if all(check.ok for check in checks if check.name in {"database", "migrations"}):
            now = shared_time.now()
            yield from _hosts(hosts(now))
            yield from _piles(now)
            yield from _partitions(now)
            yield from _callbacks(now)
            yield from _gateways(gateway_views(now), now)
            yield from backlog_metrics.figures(now)


def _hosts(views: Iterable[HostView]) -> Iterator[Metric]:
    offset = gauge("clock_offset_seconds", "Clock ahead of the database's.", ["host"])
    free = gauge("disk_free_bytes", "Room on the disk of a folder.", ["host", "folder"])
    slots = gauge("host_bind_slots", "Bind slots that the workers of a host hold.", ["host"])
    for view in views:
        offset.add_metric([view.name], view.clock_offset)
        slots.add_metric([view.name], view.slots)
        for room in view.rooms:
            free.add_metric([view.name, room.folder], room.free)
    yield from (offset, free, slots)


def _piles(now: datetime) -> Iterator[Metric]:
    for name, what, pile in (
        ("in_doubt", "Messages in doubt", failures.in_doubt()),
        (
            "receipts_waiting",
            "Receipts whose message is not known yet",
            failures.receipts_waiting(),
        ),
    ):
        count = gauge(name, f"{what}; counted up to {failures.MOST}.")
        count.add_metric([], pile.count)
        yield count
        eldest = gauge(f"{name}_oldest_seconds", f"{what}: age of the oldest.")
        eldest.add_metric([], age(pile.oldest, now))
        yield eldest


def _partitions(now: datetime) -> Iterator[Metric]:
    """Yield how far the tables of months reach, where there are any."""
    if reach := making.reach():
        ahead = gauge("partitions_ahead_seconds", "Until the last month that has its tables ends.")
        ahead.add_metric([], (reach - now).total_seconds())
        strays = gauge("partition_strays", "Rows whose month has no table; counted up to 6,000.")
        strays.add_metric([], making.strays())
        yield from (ahead, strays)


def _callbacks(now: datetime) -> Iterator[Metric]:
    waiting = backlog.of_all()
    count = gauge("callbacks_waiting", f"Callbacks that wait; counted up to {backlog.MOST}.")
    count.add_metric([], waiting.count)
    eldest = gauge("callbacks_waiting_oldest_seconds", "Callbacks that wait: age of the oldest.")
    eldest.add_metric([], age(waiting.oldest, now))
    down = gauge("callback_endpoints_down", "Endpoints that did not take the last callback.")
    down.add_metric([], backlog.endpoints_down())
    yield from (count, eldest, down)


def _gateways(views: Iterable[GatewayView], now: datetime) -> Iterator[Metric]:
    """Yield the figures of gateways; those nobody knows are left out, not zero."""
    gateway, lane = ["gateway"], ["gateway", "lane"]
    mode = gauge("gateway_mode", "1 for the mode a gateway is in.", ["gateway", "mode"])
    open_ = gauge("gateway_circuit_open", "1 while it gets no messages, 0.5 while tried.", gateway)
    bound = gauge("gateway_bound", "Connections that stand.", gateway)
    window = gauge("gateway_window_in_use", "submit_sm without an answer yet.", gateway)
    going = gauge("gateway_submits_per_second", "submit_sm over the last ten seconds.", gateway)
    refused = gauge("gateway_refusals_per_second", "Of them refused or throttled.", gateway)
    allowed = gauge("gateway_allowed_per_second", "submit_sm that are allowed.", gateway)
    queued = gauge("queue_messages", "Messages that wait.", lane)
    oldest = gauge("queue_oldest_seconds", "Age of the oldest message that is due.", lane)
    delay = gauge("receipt_delay_seconds", "From answer to receipt.", ["gateway", "quantile"])
    missing = gauge("receipts_missing_ratio", "Accepted, and no receipt; a sample.", gateway)
    for view in views:
        name = view.gateway.name
        mode.add_metric([name, view.gateway.mode], 1)
        open_.add_metric([name], {"open": 1.0, "probing": 0.5}.get(view.condition, 0.0))
        bound.add_metric([name], view.bound)
        window.add_metric([name], view.in_window)
        going.add_metric([name], view.rate.a_second)
        refused.add_metric([name], view.rate.refused)
        allowed.add_metric([name], view.gateway.rate)
        for row in view.lanes:
            queued.add_metric([name, row.lane.value], row.messages + row.later)
            oldest.add_metric([name, row.lane.value], age(row.oldest, now))
        if view.delay:
            delay.add_metric([name, "0.5"], view.delay.p50)
            delay.add_metric([name, "0.95"], view.delay.p95)
        if view.missing:
            missing.add_metric([name], view.missing.without / view.missing.looked_at)
    yield from (mode, open_, bound, window, going, refused, allowed, queued, oldest, delay, missing)
