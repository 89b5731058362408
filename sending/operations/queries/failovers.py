"""Failover lately: circuits that opened and closed, messages that another gateway took over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Min, Sum
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import AuditEntry
from sending.delivery.queue.failover import FailoverReason
from sending.models import Circuit, FailoverRecord

DAY = timedelta(days=1)
SHOWN = 20
CIRCUIT = "gateway.circuit_"

_REASONS: dict[str, Promise] = {
    FailoverReason.STOPPED: gettext_lazy("the gateway is stopped"),
    FailoverReason.CIRCUIT_OPEN: gettext_lazy("its circuit is open"),
    FailoverReason.PROBE: gettext_lazy("to try whether it works again"),
}


@dataclass(frozen=True, slots=True)
class FailoverView:
    """One line: what happened last at `at`, and since when."""

    at: datetime
    tone: str
    headline: str
    sentence: str


def failovers(now: datetime, names: dict[int, str]) -> list[FailoverView]:
    """Return the failovers of the last 24 hours, the newest first.

    Index shift_at; index audit_by_time (organization, at): gateways have no organization.
    """
    lines = [*_moved(now, names), *_circuits(now)]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:SHOWN]


def _moved(now: datetime, names: dict[int, str]) -> list[FailoverView]:
    """Add up what went from one gateway to another for one reason."""
    rows = (
        FailoverRecord.objects.filter(at__gte=now - DAY)
        .values("from_gateway_id", "to_gateway_id", "reason")
        .annotate(n=Sum("messages"), first=Min("at"), last=Max("at"))
        .order_by("-last")[:SHOWN]
    )
    return [
        FailoverView(
            at=row["last"],
            tone="idle" if row["reason"] == FailoverReason.PROBE else "warn",
            headline=ngettext(
                "%(from)s to %(to)s: %(messages)s message",
                "%(from)s to %(to)s: %(messages)s messages",
                row["n"],
            )
            % {
                "from": names.get(row["from_gateway_id"], "–"),
                "to": names.get(row["to_gateway_id"], "–"),
                "messages": number_format(row["n"], force_grouping=True),
            },
            sentence=reason_sentence(row["reason"]),
        )
        for row in rows
    ]


def reason_sentence(reason: str) -> str:
    """Return why messages went another way; a code of a gateway is its own reason."""
    words = _REASONS.get(reason)
    return str(words) if words else _("it answered %(code)s") % {"code": reason}


def _circuits(now: datetime) -> list[FailoverView]:
    """Return what circuits did, newest first; of all acts without an organization a few hundred."""
    newest = AuditEntry.objects.filter(
        organization=None, at__gte=now - DAY, action__startswith=CIRCUIT
    )
    return [_circuit(entry) for entry in newest.order_by("-at", "-pk")[:SHOWN]]


def _circuit(entry: AuditEntry) -> FailoverView:
    state = entry.action.removeprefix(CIRCUIT).upper()
    tone, words = {
        Circuit.State.OPEN.value: ("bad", _("circuit opened")),
        Circuit.State.HALF_OPEN.value: ("warn", _("tried with one message")),
        Circuit.State.CLOSED.value: ("ok", _("works again, circuit closed")),
    }[state]
    return FailoverView(
        entry.at, tone, f"{entry.subject}: {words}", cause_sentence(**entry.details)
    )


def cause_sentence(*, cause: str = "", failed: int = 0, looked_at: int = 0) -> str:
    """Return why a circuit opened; empty when it did something else."""
    if not cause:
        return ""
    if cause == Circuit.Cause.UNBOUND:
        return _("no connection could be made")
    words = Circuit.Cause(cause).label
    return _("%(cause)s: %(failed)s of %(all)s") % {
        "cause": words,
        "failed": failed,
        "all": looked_at,
    }


def circuits() -> dict[int, Circuit]:
    """Return the circuits that are not closed, by gateway."""
    return {row.pk: row for row in Circuit.objects.exclude(state=Circuit.State.CLOSED)}
