"""The newest trial of each gateway, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from sending.models import ConnectionTest
from sending.operations.connection_error_texts import connection_error_text

# What was tried before says nothing about now.
SHOWN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TrialView:
    """What came of a trial; `tone` and `icon` are those of a notice."""

    asked_at: datetime
    tone: str
    icon: str
    sentence: str


def newest_trials(now: datetime) -> dict[int, TrialView]:
    """Return {gateway: its trial of the last hour}; one row each."""
    rows = ConnectionTest.objects.filter(asked_at__gte=now - SHOWN).select_related("gateway")
    return {row.pk: _view(row, now) for row in rows}


def _view(trial: ConnectionTest, now: datetime) -> TrialView:
    if trial.is_under_way(now):
        return TrialView(trial.asked_at, "idle", "info", _("it is being tried."))
    if trial.ended_at is None:
        silent = _("no send worker took it up. Start a send worker, then try again.")
        return TrialView(trial.asked_at, "bad", "failed", silent)
    if trial.trouble:
        found = " ".join([*_steps(trial), connection_error_text(trial.trouble)])
        return TrialView(trial.asked_at, "bad", "failed", found)
    return TrialView(trial.asked_at, "ok", "delivered", " ".join([*_steps(trial), _last(trial)]))


def _steps(trial: ConnectionTest) -> list[str]:
    """Return the steps that went well, with their times."""
    steps = [
        (_("Connected in %(ms)s ms."), trial.connected_ms),
        (_("Bound in %(ms)s ms."), trial.bound_ms),
        (_("enquire_link answered in %(ms)s ms."), trial.answered_ms),
    ]
    return [words % {"ms": ms} for words, ms in steps if ms is not None]


def _last(trial: ConnectionTest) -> str:
    if trial.bound_ms is None:
        return _("No request was sent: whether the aggregator takes messages shows with the first.")
    return _("Unbound again; no message was sent.")
