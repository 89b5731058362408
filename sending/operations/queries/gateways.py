"""Every gateway as an operator sees it: connected or not, how busy, how far behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sending.delivery.sender.bind_slots import LEASE_SECONDS
from sending.lifecycle import LANES_BY_PRIORITY, Lane
from sending.models import BindSlot, Circuit, Gateway
from sending.operations.connection_error_texts import connection_error_text
from sending.operations.forms.registry import form_url
from sending.operations.forms.tls import expiry_warning
from sending.operations.queries import failovers, failures, queue, traffic
from sending.operations.queries.connection_tests import ConnectionTestView, newest_connection_tests
from sending.operations.queries.failovers import FailoverView
from sending.operations.queries.failures import Failures, Pile
from sending.operations.queries.queue import Waiting
from sending.operations.queries.traffic import Delay, Missing, Rate
from sending.operations.readiness import overdue_gateways
from sending.operations.receipt_warnings import ReceiptWarning, receipt_warning

# A sender renews its lease every five seconds.
SILENT = timedelta(seconds=2 * LEASE_SECONDS)


@dataclass(frozen=True, slots=True)
class Slot:
    """One bind slot. `alive`: a sender holds it; `bound`: and its connection stands."""

    number: int
    alive: bool
    bound: bool
    bound_at: datetime | None
    in_window: int
    trouble: str
    heartbeat_at: datetime | None


@dataclass(frozen=True, slots=True)
class GatewayView:
    """One gateway and its figures. Rates are submit_sm a second, times seconds."""

    gateway: Gateway
    slots: Sequence[Slot]
    rate: Rate
    lanes: Sequence[Waiting]
    in_hand: int
    delay: Delay | None
    missing: Missing | None
    # What was sent is so young that its receipts are not missing yet.
    too_early: bool = False
    overdue: bool = False
    # None while the circuit is closed.
    circuit: Circuit | None = None
    connection_test: ConnectionTestView | None = None
    # A sentence about a certificate that expires soon or has.
    expiry: str = ""
    receipts: ReceiptWarning | None = None

    @property
    def form_url(self) -> str:
        """Return the address of the page that changes the gateway."""
        return form_url(self.gateway)

    @property
    def warnings(self) -> list[str]:
        """Return what its form can mend although messages leave."""
        return [text for text in (self.expiry, " ".join(self.receipts or ())) if text]

    @property
    def bound(self) -> int:
        """Return how many connections stand."""
        return sum(slot.bound for slot in self.slots)

    @property
    def bound_at(self) -> datetime | None:
        """Return since when the newest connection stands."""
        return max((s.bound_at for s in self.slots if s.bound and s.bound_at), default=None)

    @property
    def trouble(self) -> str:
        """Return why a connection is missing, as the sender last said it."""
        return next((slot.trouble for slot in self.slots if not slot.bound and slot.trouble), "")

    @property
    def window(self) -> int:
        """Return how many submit_sm may be open on the connections that stand."""
        return self.gateway.window * self.bound

    @property
    def in_window(self) -> int:
        """Return how many submit_sm were open when the senders last said so."""
        return sum(slot.in_window for slot in self.slots if slot.bound)

    @property
    def queued(self) -> int:
        """Return how many messages wait, those to be tried later included."""
        return sum(lane.messages + lane.later for lane in self.lanes)

    @property
    def later(self) -> int:
        """Return how many of them are to be tried again later."""
        return sum(lane.later for lane in self.lanes)

    @property
    def oldest(self) -> datetime | None:
        """Return since when the oldest message is due."""
        return min((lane.oldest for lane in self.lanes if lane.oldest), default=None)

    @property
    def shown_rate(self) -> float:
        """Return the part of the allowed rate that a bar can show."""
        return min(self.rate.a_second, float(self.gateway.rate))

    @property
    def pace(self) -> float:
        """Return the submit_sm a second to reckon with; allowed ones while nothing goes out."""
        going = self.rate.a_second - self.rate.refused
        return (going or float(self.gateway.rate)) if self.works else 0.0

    @property
    def empty_in(self) -> Mapping[Lane, float]:
        """Return in about how many seconds each lane is empty; none while nothing can leave."""
        return queue.seconds_to_empty(self.lanes, self.pace)

    @property
    def all_empty_in(self) -> float | None:
        """Return in about how many seconds the whole queue is empty."""
        return max(self.empty_in.values(), default=None)

    @property
    def condition(self) -> str:
        """Return stopped, silent (nobody tries), open or probing (its circuit), unbound (tries),
        draining, bound or partly.
        """
        if self.gateway.mode == Gateway.Mode.STOPPED:
            return "stopped"
        if not any(slot.alive for slot in self.slots):
            return "silent"
        if self.circuit:
            return "open" if self.circuit.state == Circuit.State.OPEN else "probing"
        if not self.bound:
            return "unbound"
        if self.gateway.mode == Gateway.Mode.DRAINING:
            return "draining"
        return "bound" if self.bound >= self.gateway.bind_slots else "partly"

    @property
    def works(self) -> bool:
        """Tell whether messages can leave now."""
        return self.condition in {"bound", "partly", "draining", "probing"}

    @property
    def circuit_cause(self) -> str:
        """Return why the circuit is open."""
        row = self.circuit
        if row is None:
            return ""
        return failovers.cause_sentence(cause=row.cause, failed=row.failed, looked_at=row.looked_at)


@dataclass(frozen=True, slots=True)
class LaneView:
    """One lane over all gateways."""

    lane: Lane
    messages: int
    later: int
    oldest: datetime | None
    empty_in: float | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page."""

    gateways: Sequence[GatewayView]
    lanes: Sequence[LaneView]
    failures: Failures
    in_doubt: Pile
    receipts: Pile
    stray_receipts: int
    failovers: Sequence[FailoverView]
    now: datetime = field(repr=False)

    @property
    def rate(self) -> float:
        """Return submit_sm a second over all gateways."""
        return sum(view.rate.a_second for view in self.gateways)

    @property
    def allowed(self) -> int:
        """Return what all gateways that work may take a second."""
        return sum(view.gateway.rate for view in self.gateways if view.works)

    @property
    def queued(self) -> int:
        """Return how many messages wait."""
        return sum(view.queued for view in self.gateways)

    @property
    def empty_in(self) -> float | None:
        """Return when the last lane is empty; None when nobody can say."""
        if any(lane.messages + lane.later and lane.empty_in is None for lane in self.lanes):
            return None
        return max((lane.empty_in or 0 for lane in self.lanes), default=0)

    @property
    def urgent_oldest(self) -> datetime | None:
        """Return since when the oldest OTP or API message is due."""
        urgent = (lane.oldest for lane in self.lanes if lane.lane is not Lane.BULK and lane.oldest)
        return min(urgent, default=None)

    @property
    def not_working(self) -> int:
        """Return how many gateways should work and do not."""
        return sum(not view.works and view.condition != "stopped" for view in self.gateways)


def overview(now: datetime) -> Overview:
    """Return all that the page of gateways shows."""
    views = gateway_views(now)
    names = {view.gateway.pk: view.gateway.name for view in views}
    return Overview(
        gateways=views,
        lanes=_lanes(views),
        failures=failures.failures(now, names),
        in_doubt=failures.in_doubt(),
        receipts=failures.receipts_waiting(),
        stray_receipts=failures.receipts_without_message(),
        failovers=failovers.failovers(now, names),
        now=now,
    )


def gateway_views(now: datetime) -> list[GatewayView]:
    """Return every gateway with its figures, by name."""
    rates, waiting, in_hand = traffic.rates(now), queue.waiting(now), queue.in_hand()
    delays, missing = traffic.receipt_delays(now), traffic.missing_receipts(now)
    slots, overdue, circuits = slots_by_gateway(now), overdue_gateways(now), failovers.circuits()
    connection_tests = newest_connection_tests(now)
    return [
        GatewayView(
            gateway=gateway,
            slots=slots.get(gateway.pk, ()),
            rate=rates.get(gateway.pk, Rate(0.0, 0.0)),
            lanes=[row for row in waiting if row.gateway_id == gateway.pk],
            in_hand=in_hand.get(gateway.pk, 0),
            delay=delays.get(gateway.pk),
            missing=missing.get(gateway.pk) if gateway.registered_delivery else None,
            too_early=gateway.pk not in missing
            and traffic.submits_since(gateway.pk, now - traffic.PATIENCE),
            overdue=gateway.pk in overdue,
            circuit=circuits.get(gateway.pk),
            connection_test=connection_tests.get(gateway.pk),
            expiry=expiry_warning(gateway),
            receipts=receipt_warning(gateway, now),
        )
        for gateway in Gateway.objects.order_by("name")
    ]


def slots_by_gateway(now: datetime) -> dict[int, list[Slot]]:
    """Return the bind slots of each gateway by number; a handful of rows."""
    found: dict[int, list[Slot]] = {}
    for row in BindSlot.objects.order_by("gateway_id", "number"):
        alive = bool(row.owner and row.heartbeat_at and row.heartbeat_at >= now - SILENT)
        bound = alive and row.bound_at is not None
        found.setdefault(row.gateway_id, []).append(
            Slot(
                number=row.number,
                alive=alive,
                bound=bound,
                bound_at=row.bound_at,
                in_window=row.in_window if bound else 0,
                trouble=connection_error_text(row.trouble),
                heartbeat_at=row.heartbeat_at,
            )
        )
    return found


def _lanes(views: Sequence[GatewayView]) -> list[LaneView]:
    """Return each lane over all gateways; it is empty when the slowest of them is."""
    lanes = []
    for lane in LANES_BY_PRIORITY:
        own = [(view, row) for view in views for row in view.lanes if row.lane is lane]
        times = [view.empty_in.get(lane) for view, row in own if row.messages + row.later]
        lanes.append(
            LaneView(
                lane=lane,
                messages=sum(row.messages for _, row in own),
                later=sum(row.later for _, row in own),
                oldest=min((row.oldest for _, row in own if row.oldest), default=None),
                empty_in=None if None in times else max(filter(None, times), default=0.0),
            )
        )
    return lanes
