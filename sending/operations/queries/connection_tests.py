"""The newest connection test of each gateway, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from sending.models import ConnectionTest
from sending.operations.connection_error_texts import connection_error_text

# What was tried before says nothing about now.
SHOWN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ConnectionTestView:
    """The result of a connection test; `tone` and `icon` are those of a notice."""

    asked_at: datetime
    tone: str
    icon: str
    sentence: str


def newest_connection_tests(now: datetime) -> dict[int, ConnectionTestView]:
    """Return {gateway: its connection test of the last hour}; one row each."""
    rows = ConnectionTest.objects.filter(asked_at__gte=now - SHOWN).select_related("gateway")
    return {row.pk: _view(row, now) for row in rows}


def _view(test: ConnectionTest, now: datetime) -> ConnectionTestView:
    if test.is_under_way(now):
        return ConnectionTestView(test.asked_at, "idle", "info", _("it is being tested now."))
    if test.ended_at is None:
        silent = _("no send worker picked it up. Start a send worker, then try again.")
        return ConnectionTestView(test.asked_at, "bad", "failed", silent)
    if test.trouble:
        found = " ".join([*_steps(test), connection_error_text(test.trouble)])
        return ConnectionTestView(test.asked_at, "bad", "failed", found)
    return ConnectionTestView(
        test.asked_at, "ok", "delivered", " ".join([*_steps(test), _last(test)])
    )


def _steps(test: ConnectionTest) -> list[str]:
    """Return the steps that went well, with their times."""
    steps = [
        (_("Connected in %(ms)s ms."), test.connected_ms),
        (_("Bound in %(ms)s ms."), test.bound_ms),
        (_("enquire_link answered in %(ms)s ms."), test.answered_ms),
    ]
    return [words % {"ms": ms} for words, ms in steps if ms is not None]


def _last(test: ConnectionTest) -> str:
    if test.bound_ms is None:
        return _("No request was sent: whether the aggregator takes messages shows with the first.")
    return _("Unbound again; no message was sent.")
