"""What the guard asks the database in the transaction that accepts: a few statements for all."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from accounts.statements import Statement
from sending.guard.rules.facts import DAY, HOUR, NOBODY, SEQUENCE_SECONDS, SIX_HOURS, Subject
from sending.guard.rules.ledger import first_minute, ripe_minute
from sending.guard.rules.names import MINUTES, Dimension
from sending.models.bulk import texts

# Of one address, which may be that of a whole company.
_MOST_OF_ADDRESS = 5_000

# Who is at the same number waits for us: then nobody gets a second allowance.
_LOCK = (
    "SELECT count(pg_advisory_xact_lock(n)) FROM (SELECT n FROM unnest(%s::bigint[]) AS u(n)"
    " ORDER BY n) AS v"
)
_TRUSTED = (
    "SELECT number_digest FROM sending_guardtrust"
    " WHERE organization_id = %s AND number_digest {numbers} AND until > %s"
)
_NUMBERS = (
    "SELECT number_digest, COUNT(*) FILTER (WHERE at > %s), COUNT(*),"
    " MIN(at) FILTER (WHERE at > %s), MIN(at) FROM sending_guardevent"
    " WHERE organization_id = %s AND number_digest {numbers} AND at > %s AND NOT is_held"
    " GROUP BY number_digest"
)
_THOUSANDS = (
    "SELECT block, hundred, COUNT(DISTINCT number_digest),"
    " COUNT(DISTINCT CASE WHEN at > %s THEN number_digest END), COUNT(converted_at)"
    " FROM sending_guardevent"
    " WHERE organization_id = %s AND block {numbers} AND at > %s AND NOT is_held"
    " GROUP BY block, hundred"
)
_ADDRESSES = (
    "SELECT address_digest, COUNT(DISTINCT CASE WHEN at > %s THEN number_digest END),"  # noqa: S608 - our own constant.
    " COUNT(CASE WHEN at > %s THEN converted_at END), country, COUNT(converted_at)"
    " FROM (SELECT address_digest, at, number_digest, country, converted_at"
    "  FROM sending_guardevent"
    "  WHERE organization_id = %s AND address_digest {numbers} AND address_digest <> 0"
    "  AND at > %s AND NOT is_held"
    f"  ORDER BY at DESC LIMIT {_MOST_OF_ADDRESS}) AS e"
    " GROUP BY address_digest, country"
)
_COUNTERS = (
    "SELECT v.n, SUM(c.sent), SUM(CASE WHEN c.minute <= v.ripe THEN c.sent ELSE 0 END),"
    " SUM(CASE WHEN c.minute <= v.ripe THEN c.verified ELSE 0 END), SUM(c.cost_micro),"
    " MIN(c.minute)"
    " FROM {windows} JOIN sending_guardcounter AS c ON c.organization_id = %s"
    " AND c.dimension = v.dimension AND c.bucket = v.bucket AND c.minute >= v.since"
    " GROUP BY v.n"
)
_BLOCKS = (
    "SELECT rule, dimension, bucket, action, counted, threshold, until, times,"
    " created_by_id IS NOT NULL FROM sending_guardblock"
    " WHERE organization_id = %s AND dimension IN ('1k', '10k', 'lak', 'C', 'IP')"
    " AND bucket {words} AND until > %s ORDER BY created_by_id IS NULL, until DESC"
)
_AMONG = {
    "postgresql": {"numbers": "= ANY(%s::bigint[])", "words": "= ANY(%s::text[])"},
    "sqlite": dict.fromkeys(("numbers", "words"), "IN (SELECT value FROM json_each(%s))"),
}
_WINDOWS = {
    "postgresql": (
        "unnest(%s::int[], %s::text[], %s::text[], %s::int[], %s::int[])"
        " AS v(n, dimension, bucket, since, ripe)"
    ),
    "sqlite": (
        "(SELECT json_extract(value, '$[0]') AS n, json_extract(value, '$[1]') AS dimension,"
        " json_extract(value, '$[2]') AS bucket, json_extract(value, '$[3]') AS since,"
        " json_extract(value, '$[4]') AS ripe FROM json_each(%s)) AS v"
    ),
}


class Window(NamedTuple):
    """A counter from some minute on; what is older than `ripe` can be judged."""

    dimension: Dimension
    bucket: str
    since: int
    ripe: int = 0


def windows_of(subject: Subject) -> dict[str, Window]:
    """Return the counters that the facts of a message need, by what they are for."""
    now, ranges = subject.now, subject.ranges
    ripe = ripe_minute(now)
    long, hour = first_minute(now, SIX_HOURS), first_minute(now, HOUR)
    ten, lakh = str(ranges.ten_thousand), str(ranges.hundred_thousand)
    key = str(subject.key)
    return {
        "ten_thousand": Window(Dimension.TEN_THOUSAND, ten, long, ripe),
        "hundred_thousand": Window(Dimension.HUNDRED_THOUSAND, lakh, long, ripe),
        "hundred_thousand_hour": Window(Dimension.HUNDRED_THOUSAND, lakh, hour, ripe),
        "country": Window(Dimension.COUNTRY, subject.country, hour, ripe),
        "organization_hour": _stretch(Dimension.ORGANIZATION_HOUR, "", now),
        "organization_day": _stretch(Dimension.ORGANIZATION_DAY, "", now),
        "country_hour": _stretch(Dimension.COUNTRY_HOUR, subject.country, now),
        "country_day": _stretch(Dimension.COUNTRY_DAY, subject.country, now),
        "key_hour": _stretch(Dimension.KEY_HOUR, key, now),
        "key_day": _stretch(Dimension.KEY_DAY, key, now),
        "key_ever": Window(Dimension.KEY_HOUR, key, 0),
    }


def minute_of(dimension: Dimension, at: float) -> int:
    """Return the minute in which the stretch of a counter begins."""
    length = MINUTES[dimension]
    return int(at // 60) // length * length


def _stretch(dimension: Dimension, bucket: str, now: float) -> Window:
    return Window(dimension, bucket, minute_of(dimension, now))


def block_buckets(subject: Subject) -> list[tuple[Dimension, str]]:
    """Return all that a message can be stopped by."""
    ranges = subject.ranges
    return [
        (Dimension.THOUSAND, str(ranges.thousand)),
        (Dimension.TEN_THOUSAND, str(ranges.ten_thousand)),
        (Dimension.HUNDRED_THOUSAND, str(ranges.hundred_thousand)),
        (Dimension.COUNTRY, subject.country),
        (Dimension.ADDRESS, str(subject.address)),
    ]


def questions(
    organization_id: int,
    subjects: Sequence[Subject],
    known_as: Iterable[int],
    windows: Sequence[Window],
) -> list[Statement]:
    """Return statements; their rows are for `counts.Counts`. `known_as` are all digests."""
    now = subjects[0].now
    hour, day = moment(now - HOUR), moment(now - DAY)
    numbers = sorted({one.number for one in subjects})
    thousands = {one.ranges.thousand for one in subjects if one.ranges.thousand}
    addresses = {one.address for one in subjects if one.address != NOBODY}
    buckets = {bucket for one in subjects for _dimension, bucket in block_buckets(one)}
    own, sequence = organization_id, moment(now - SEQUENCE_SECONDS)
    return [
        _lock(numbers),
        Statement(_sql(_TRUSTED), [own, _numbers(known_as), moment(now)]),
        Statement(_sql(_NUMBERS), [hour, hour, own, _numbers(numbers), day]),
        Statement(_sql(_THOUSANDS), [sequence, own, _numbers(thousands), hour]),
        Statement(_sql(_ADDRESSES), [hour, hour, own, _numbers(addresses), day])
        if addresses
        else Statement("SELECT 1 WHERE 1 = 0"),
        Statement(_COUNTERS.format(windows=_WINDOWS[connection.vendor]), [*_columns(windows), own]),
        Statement(_sql(_BLOCKS), [own, _words(buckets), day]),
    ]


def moment(at: float) -> Any:
    """Return seconds since 1970 as the database takes a moment."""
    return connection.ops.adapt_datetimefield_value(datetime.fromtimestamp(at, UTC))


def seconds(value: Any) -> float:
    """Return a moment that the database gave in seconds since 1970; 0 of none."""
    if value is None:
        return 0.0
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    read: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
    return read.timestamp()


def _lock(numbers: Sequence[int]) -> Statement:
    if connection.vendor == "postgresql":
        return Statement(_LOCK, [_numbers(numbers)])
    # SQLite has one writer.
    return Statement("SELECT 1 WHERE 1 = 0")


def _sql(sql: str) -> str:
    return sql.format(**_AMONG[connection.vendor])


def _numbers(values: Iterable[int]) -> str:
    if connection.vendor == "postgresql":
        return "{" + ",".join(map(str, values)) + "}"
    return json.dumps(list(values))


def _words(values: Iterable[str]) -> str:
    return texts(values) if connection.vendor == "postgresql" else json.dumps(list(values))


def _columns(windows: Sequence[Window]) -> list[Any]:
    rows = [(at, *window) for at, window in enumerate(windows)]
    if connection.vendor == "sqlite":
        return [json.dumps(rows)]
    places, dimensions, buckets, since, ripe = zip(*rows, strict=True)
    return [
        _numbers(places),
        texts(one.value for one in dimensions),
        texts(buckets),
        _numbers(since),
        _numbers(ripe),
    ]
