"""What the guard writes with the messages: events, decisions, blocks, holds, and last counters."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.masking import masked
from accounts.statements import Rows, Statement
from sending.guard.counts import StoppedFor
from sending.guard.judged import Judged, moment_of, shown_subject
from sending.guard.questions import moment
from sending.guard.rules.facts import Subject
from sending.guard.rules.judging import stops
from sending.guard.rules.names import Dimension, Rule
from sending.guard.rules.policy import Policy
from sending.models import GuardDecision, GuardEvent, GuardHold
from sending.models.bulk import insertion, texts

Pair = tuple[int | None, Judged]
# What is counted, of what, and the minute in which its stretch begins.
Key = tuple[Dimension, str, int]
# The same day a message that is held could be released; its batch is due behind that.
HELD_BEHIND = timedelta(days=1)
LONGEST_HOLD = timedelta(hours=24)

_EVENT = (
    *("message_id", "number_digest", "block", "hundred", "country", "address_digest"),
    *("api_key_id", "cost_micro", "is_held"),
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
# One parameter a column: the driver reads a short statement once, and remembers it.
_ADD_ROWS = {
    "postgresql": (
        "INSERT INTO sending_guardcounter"
        " (organization_id, dimension, bucket, minute, sent, verified, cost_micro)"
        " SELECT %s, v.* FROM unnest(%s::text[], %s::text[], %s::int[], %s::int[], %s::int[],"
        " %s::bigint[]) AS v"
    ),
    "sqlite": (
        "INSERT INTO sending_guardcounter"
        " (organization_id, dimension, bucket, minute, sent, verified, cost_micro)"
        " SELECT %s, json_extract(value, '$[0]'), json_extract(value, '$[1]'),"
        " json_extract(value, '$[2]'), json_extract(value, '$[3]'), json_extract(value, '$[4]'),"
        " json_extract(value, '$[5]') FROM json_each(%s) WHERE true"
    ),
}
_TO_WHAT_IS_THERE = (
    " ON CONFLICT (organization_id, dimension, bucket, minute) DO UPDATE"
    " SET sent = sending_guardcounter.sent + excluded.sent,"
    " verified = sending_guardcounter.verified + excluded.verified,"
    " cost_micro = sending_guardcounter.cost_micro + excluded.cost_micro"
    " RETURNING dimension, cost_micro"
)
_ADD = {vendor: rows + _TO_WHAT_IS_THERE for vendor, rows in _ADD_ROWS.items()}
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
_NOTHING = Statement("SELECT 1 WHERE 1 = 0")


def statements(
    owner: tuple[int, int],
    at: datetime,
    pairs: Sequence[Pair],
    stopped: Sequence[StoppedFor],
    policy: Policy,
) -> list[Statement]:
    """Return what stores judged messages; the rows of the last one are for `pass_a_cap`."""
    if not pairs:
        return [_NOTHING]
    organization_id, application_id = owner
    shared = {"organization_id": organization_id}
    both = {**shared, "application_id": application_id}
    adapted = connection.ops.adapt_datetimefield_value(at)
    events = [_event(pk, one) for pk, one in pairs if pk is not None]
    decisions = [row for pk, one in pairs for row in _decisions(pk, one, policy)]
    holds = [_hold(pk, one, at) for pk, one in pairs if pk is not None and one.is_held]
    found: list[Statement] = []
    if events:
        found.append(insertion(GuardEvent, {**shared, "at": adapted}, _EVENT, events))
    if decisions:
        found.append(insertion(GuardDecision, {**both, "at": adapted}, _DECISION, decisions))
    if holds:
        found.append(insertion(GuardHold, both, _HOLD, holds))
    if stopped:
        found.append(_stops(organization_id, at, stopped, pairs))
    subjects = [one.subject for pk, one in pairs if pk is not None and not one.is_held]
    # Last, because it locks the counters of the organization until the commit.
    counted = addition(organization_id, subjects)
    return [*found, counted._replace(gives_rows=bool(policy.caps))]


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


def addition(organization_id: int, subjects: Iterable[Subject], *, verified: int = 0) -> Statement:
    """Return what counts messages that leave, or takes them as `verified` instead.

    Of money that is all that was spent; what was verified is added to minutes and hours.
    """
    sums: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])
    for subject in subjects:
        added = (0, verified, 0) if verified else (1, 0, subject.cost_micro)
        for key in counter_keys(subject):
            row = sums[key]
            for place, value in enumerate(added):
                row[place] += value
    return _added(organization_id, sums)


def money_addition(organization_id: int, costs: Mapping[Key, int]) -> Statement:
    """Return what adds to counters of money only; its rows are for `pass_a_cap`."""
    return _added(organization_id, {key: [0, 0, cost] for key, cost in costs.items()})


def _added(organization_id: int, sums: Mapping[Key, Sequence[int]]) -> Statement:
    if not sums:
        return _NOTHING
    # Rows are locked in their order, so that nobody waits in a circle.
    rows = [(*key, *sums[key]) for key in sorted(sums)]
    vendor = connection.vendor
    given: list[Any] = [json.dumps(rows)]
    if vendor == "postgresql":
        dimensions, buckets, *numbers = zip(*rows, strict=True)
        given = ["{" + ",".join(dimensions) + "}", texts(buckets)]
        given += ["{" + ",".join(map(str, column)) + "}" for column in numbers]
    return Statement(_ADD[vendor], [organization_id, *given])


def counter_keys(subject: Subject) -> list[Key]:
    """Return the counters of a message."""
    ranges, country, key = subject.ranges, subject.country, str(subject.key)
    minute = int(subject.now // 60)
    hour, day = minute // 60 * 60, minute // 1440 * 1440
    keys = [
        (Dimension.COUNTRY, country, minute),
        (Dimension.COUNTRY_HOUR, country, hour),
        (Dimension.COUNTRY_DAY, country, day),
        (Dimension.ORGANIZATION_HOUR, "", hour),
        (Dimension.ORGANIZATION_DAY, "", day),
        (Dimension.KEY_HOUR, key, hour),
        (Dimension.KEY_DAY, key, day),
    ]
    if ranges.ten_thousand:
        keys.append((Dimension.TEN_THOUSAND, str(ranges.ten_thousand), minute))
    if ranges.hundred_thousand:
        keys.append((Dimension.HUNDRED_THOUSAND, str(ranges.hundred_thousand), minute))
    return keys


def _event(pk: int, one: Judged) -> tuple[Any, ...]:
    subject = one.subject
    return (
        *(pk, subject.number, subject.ranges.thousand, subject.ranges.hundred, subject.country),
        *(subject.address, subject.key, subject.cost_micro, one.is_held),
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
    since = moment(at.timestamp())
    rows = [
        (
            *(organization_id, finding.rule.value, finding.dimension.value, finding.bucket),
            *(shown.get((finding.dimension, finding.bucket), ""), finding.action.value),
            *(finding.counted, finding.threshold, times, since, moment(until), ""),
        )
        for finding, until, times in stopped
    ]
    places = "(" + ", ".join(["%s"] * len(rows[0])) + ")"
    sql = _STOP.format(rows=", ".join([places] * len(rows)))
    return Statement(sql, [value for row in rows for value in row], gives_rows=False)
