"""What the guard writes with the messages: events, decisions, blocks, holds, and last counters."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from accounts.masking import masked
from accounts.statements import Rows, Statement, vendor
from sending.guard.counters import ADDITION_OF_ONE, NOTHING, addition, read_rows, write
from sending.guard.counts import StoppedFor
from sending.guard.judged import Judged, moment_of, shown_subject
from sending.guard.questions import moment
from sending.guard.rules.facts import Subject
from sending.guard.rules.judging import stops
from sending.guard.rules.names import Rule
from sending.guard.rules.policy import Policy
from sending.models import GuardDecision, GuardHold
from sending.models.bulk import insertion

Pair = tuple[int | None, Judged]
# The same day a message that is held could be released; its batch is due behind that.
HELD_BEHIND = timedelta(days=1)
LONGEST_HOLD = timedelta(hours=24)

_EVENT = {
    "message_id": "bigint",
    "number_digest": "bigint",
    "block": "bigint",
    "hundred": "smallint",
    "country": "text",
    "address_digest": "bigint",
    "api_key_id": "bigint",
    "cost_micro": "bigint",
    "is_held": "boolean",
}
_KEPT = {
    database: (
        f"INSERT INTO sending_guardevent (organization_id, at, {', '.join(_EVENT)})"  # noqa: S608 - our own names.
        " SELECT {columns} FROM {rows}".format(**read_rows(database, 2, _EVENT.values()))
    )
    for database in ("postgresql", "sqlite")
}
# Of one message that leaves PostgreSQL has both in a function: it plans the texts once for each
# connection, which otherwise takes longer than all that they do.
_PARTS = {
    "_own": "bigint",
    "_at": "timestamptz",
    "_minute": "int",
    **dict.fromkeys(("_message", "_number", "_thousand"), "bigint"),
    "_hundred": "int",
    "_country": "text",
    **dict.fromkeys(("_address", "_key", "_cost", "_ten", "_lakh"), "bigint"),
}
_KEEP_ONE = "SELECT * FROM guard_keep({})".format(", ".join(["%s"] * len(_PARTS)))  # noqa: S608 - our own names.
_FUNCTION = """
CREATE FUNCTION guard_keep({parts}) RETURNS TABLE (_counter varchar, _spent bigint)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
INSERT INTO sending_guardevent (organization_id, at, {columns}) VALUES (_own, _at, {values});
RETURN QUERY {addition};
END $$
"""
_VALUES = (
    *("_message", "_number", "_thousand", "_hundred", "_country", "_address", "_key", "_cost"),
    "false",
)
_DECISION = (
    *("api_key_id", "message_id", "rule", "action", "is_enforced", "subject", "counted"),
    *(
        "threshold",
        "window_seconds",
        "expires_at",
        "number_digest",
        "number_shown",
        "block",
        "hundred",
    ),
    *("country", "client_ip", "cost_micro"),
)
_HOLD = ("message_id", "rule", "block", "country", "until", "batch_due_at", "is_released")
_STOP = (
    "INSERT INTO sending_guardblock"
    " (organization_id, rule, dimension, bucket, shown, action, counted, threshold, times,"
    " started_at, until, reason) VALUES {rows}"
    " ON CONFLICT (organization_id, dimension, bucket, rule) DO UPDATE"
    " SET counted = excluded.counted, threshold = excluded.threshold, times = excluded.times,"
    " started_at = excluded.started_at, until = excluded.until, created_by_id = NULL"
    # Another worker was quicker, or a person decided.
    " WHERE sending_guardblock.until <= excluded.started_at"
)


def statements(
    owner: tuple[int, int],
    at: datetime,
    pairs: Sequence[Pair],
    stopped: Sequence[StoppedFor],
    policy: Policy,
    *,
    written_at: str,
) -> list[Statement]:
    """Return what stores judged messages; the rows of the last one are for `pass_a_cap`.

    `written_at` is `at` as the database takes it.
    """
    if not pairs:
        return [NOTHING]
    organization_id = owner[0]
    found = _said(owner, at, pairs, policy) if any(one.findings for _pk, one in pairs) else []
    if stopped:
        found.append(_stops(organization_id, at, stopped, pairs))
    kept = [(pk, one) for pk, one in pairs if pk is not None]
    if not kept:
        return [*found, NOTHING]
    # Last, because it locks the counters of the organization until the commit.
    return [*found, *_keeping(organization_id, written_at, kept, gives_rows=bool(policy.caps))]


def function_of_keep() -> str:
    """Return what makes `guard_keep`; what is in the database comes from a migration."""
    return _FUNCTION.format(
        parts=", ".join(f"{name} {kind}" for name, kind in _PARTS.items()),
        columns=", ".join(_EVENT),
        values=", ".join(_VALUES),
        addition=ADDITION_OF_ONE,
    )


def _keeping(
    organization_id: int, at: str, kept: Sequence[tuple[int, Judged]], *, gives_rows: bool
) -> list[Statement]:
    leaving = [one.subject for _pk, one in kept if not one.is_held]
    if len(leaving) == len(kept) == 1 and vendor() == "postgresql":
        return [_keep_one(organization_id, at, kept[0][0], leaving[0], gives_rows=gives_rows)]
    return [
        _events(organization_id, at, kept),
        addition(organization_id, leaving, gives_rows=gives_rows),
    ]


def _keep_one(
    organization_id: int, at: str, pk: int, subject: Subject, *, gives_rows: bool
) -> Statement:
    ranges = subject.ranges
    parameters = [
        *(organization_id, at, int(subject.now // 60)),
        *(pk, subject.number, ranges.thousand, ranges.hundred, subject.country),
        *(subject.address, subject.key, subject.cost_micro),
        *(ranges.ten_thousand, ranges.hundred_thousand),
    ]
    return Statement(_KEEP_ONE, parameters, gives_rows)


def _events(organization_id: int, at: str, kept: Sequence[tuple[int, Judged]]) -> Statement:
    rows = [
        (
            *(pk, subject.number, subject.ranges.thousand, subject.ranges.hundred),
            *(subject.country, subject.address, subject.key, subject.cost_micro, one.is_held),
        )
        for pk, one in kept
        for subject in (one.subject,)
    ]
    parameters = [organization_id, at, write(rows)]
    return Statement(_KEPT[vendor()], parameters, gives_rows=False)


def _said(
    owner: tuple[int, int], at: datetime, pairs: Sequence[Pair], policy: Policy
) -> list[Statement]:
    """Return what stores decisions, and what waits."""
    both = {"organization_id": owner[0], "application_id": owner[1]}
    adapted = connection.ops.adapt_datetimefield_value(at)
    decisions = [row for pk, one in pairs for row in _decisions(pk, one, policy)]
    holds = [_hold(pk, one, at) for pk, one in pairs if pk is not None and one.is_held]
    found = [insertion(GuardDecision, {**both, "at": adapted}, _DECISION, decisions)]
    if holds:
        found.append(insertion(GuardHold, both, _HOLD, holds))
    return found


def held_batch_due(until: datetime) -> datetime:
    """Return when the batch of a message that is held until then is due."""
    return until + HELD_BEHIND


def pass_a_cap(rows: Rows, policy: Policy) -> bool:
    """Tell whether a counter, as it was just added to, is above a cap that stops."""
    caps = policy.caps
    return (
        bool(caps)
        and policy.stops(Rule.MONEY)
        and any(spent > caps[dimension] for dimension, spent in rows if dimension in caps)
    )


def _decisions(pk: int | None, one: Judged, policy: Policy) -> Iterable[tuple[Any, ...]]:
    subject, candidate = one.subject, one.candidate
    for finding in one.findings:
        yield (
            *(subject.key, pk, finding.rule.value, finding.action.value, stops(finding, policy)),
            *(shown_subject(finding, candidate), finding.counted, finding.threshold),
            *(finding.window, moment_of(finding.until), subject.number),
            *(masked(candidate.msisdn), subject.ranges.thousand, subject.ranges.hundred),
            *(subject.country, candidate.client_ip, subject.cost_micro),
        )


def _hold(pk: int, one: Judged, at: datetime) -> tuple[Any, ...]:
    assert one.decided is not None
    until = hold_until(one, at)
    return (
        *(pk, one.decided.rule.value, one.subject.ranges.thousand, one.subject.country),
        *(until, held_batch_due(until), False),
    )


def hold_until(one: Judged, at: datetime) -> datetime:
    """Return when a held message is blocked unless it was released; every hold has an end."""
    return min(one.until or at + LONGEST_HOLD, at + LONGEST_HOLD)


def _stops(
    organization_id: int, at: datetime, stopped: Sequence[StoppedFor], pairs: Sequence[Pair]
) -> Statement:
    shown = {
        (finding.dimension, finding.bucket): shown_subject(finding, one.candidate)
        for _pk, one in pairs
        for finding in one.findings
    }
    since = moment(at)
    rows = [
        (
            *(organization_id, finding.rule.value, finding.dimension.value, finding.bucket),
            *(shown.get((finding.dimension, finding.bucket), ""), finding.action.value),
            *(finding.counted, finding.threshold, times, since),
            *(moment(datetime.fromtimestamp(until, UTC)), ""),
        )
        for finding, until, times in stopped
    ]
    places = "(" + ", ".join(["%s"] * len(rows[0])) + ")"
    sql = _STOP.format(rows=", ".join([places] * len(rows)))
    return Statement(sql, [value for row in rows for value in row], gives_rows=False)
