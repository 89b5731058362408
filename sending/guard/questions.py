"""What the guard asks the database in the transaction that accepts: one lock, and one read."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from django.db import connection

from accounts.statements import Rows, Statement
from sending.guard.rules.facts import DAY, HOUR, NOBODY, SEQUENCE_SECONDS, SIX_HOURS, Subject
from sending.guard.rules.ledger import first_minute, ripe_minute
from sending.guard.rules.names import MINUTES, Dimension
from sending.models.bulk import array, texts

# Of one address, which may be that of a whole company.
_MOST_OF_ADDRESS = 5_000

# Who is at the same number waits for us: then nobody gets a second allowance. A statement of its
# own, because the read must see what was committed while it waited.
_LOCK = {
    "postgresql": (
        "SELECT count(pg_advisory_xact_lock(n)) FROM (SELECT n FROM unnest(%s::bigint[]) AS u(n)"
        " ORDER BY n) AS v"
    ),
    # SQLite has one writer.
    "sqlite": "SELECT %s",
}
_TRUSTED = (
    "SELECT {all}(number_digest) FROM sending_guardtrust"
    " WHERE organization_id = %s AND number_digest {numbers} AND until > %s"
)
_NUMBERS = (
    "SELECT {all}({row}(number_digest, in_hour, in_day, hour_since, day_since)) FROM ("
    "SELECT number_digest, COUNT(*) FILTER (WHERE at > %s) AS in_hour, COUNT(*) AS in_day,"
    " MIN(at) FILTER (WHERE at > %s) AS hour_since, MIN(at) AS day_since FROM sending_guardevent"
    " WHERE organization_id = %s AND number_digest {numbers} AND at > %s AND NOT is_held"
    " GROUP BY number_digest) AS n"
)
_THOUSANDS = (
    "SELECT {all}({row}(block, hundred, numbers, neighbours, verified)) FROM ("
    "SELECT block, hundred, COUNT(DISTINCT number_digest) AS numbers,"
    " COUNT(DISTINCT CASE WHEN at > %s THEN number_digest END) AS neighbours,"
    " COUNT(converted_at) AS verified FROM sending_guardevent"
    " WHERE organization_id = %s AND block {numbers} AND at > %s AND NOT is_held"
    " GROUP BY block, hundred) AS k"
)
_ADDRESSES = (
    "SELECT {all}({row}(address_digest, numbers, verified_hour, country, verified_day)) FROM ("  # noqa: S608 - our own constant.
    "SELECT address_digest, COUNT(DISTINCT CASE WHEN at > %s THEN number_digest END) AS numbers,"
    " COUNT(CASE WHEN at > %s THEN converted_at END) AS verified_hour, country,"
    " COUNT(converted_at) AS verified_day"
    " FROM (SELECT address_digest, at, number_digest, country, converted_at"
    "  FROM sending_guardevent"
    "  WHERE organization_id = %s AND address_digest {numbers} AND address_digest <> 0"
    "  AND at > %s AND NOT is_held"
    f"  ORDER BY at DESC LIMIT {_MOST_OF_ADDRESS}) AS e"
    " GROUP BY address_digest, country) AS a"
)
_COUNTERS = (
    "SELECT {all}({row}(n, sent, ripe, verified, cost)) FROM ("
    "SELECT v.n, SUM(c.sent) AS sent,"
    " SUM(CASE WHEN c.minute <= v.ripe THEN c.sent ELSE 0 END) AS ripe,"
    " SUM(CASE WHEN c.minute <= v.ripe THEN c.verified ELSE 0 END) AS verified,"
    " SUM(c.cost_micro) AS cost"
    " FROM {windows} JOIN sending_guardcounter AS c ON c.organization_id = %s"
    " AND c.dimension = v.dimension AND c.bucket = v.bucket AND c.minute >= v.since"
    " GROUP BY v.n) AS w"
)
_KEYS = (
    "SELECT {all}({row}(k.key, (SELECT MIN(minute) FROM sending_guardcounter"
    " WHERE organization_id = %s AND dimension = 'KH' AND bucket = k.key))) FROM {keys}"
)
_BLOCKS = (
    "SELECT {all}({row}(rule, dimension, bucket, action, counted, threshold, until, times,"
    " created_by_id IS NOT NULL)) FROM sending_guardblock"
    " WHERE organization_id = %s AND dimension IN"
    " ('1k', '10k', 'lak', 'C', 'IP', 'OH', 'OD', 'CH', 'CD', 'KH', 'KD')"
    " AND bucket {words} AND until > %s"
)
# {all}: an aggregate that lists all rows; {row}: one row of it.
_WORDS = {
    "postgresql": {
        "all": "json_agg",
        "row": "json_build_array",
        "numbers": "= ANY(%s::bigint[])",
        "words": "= ANY(%s::text[])",
        "keys": "unnest(%s::text[]) AS k(key)",
        "windows": (
            "unnest(%s::int[], %s::text[], %s::text[], %s::int[], %s::int[])"
            " AS v(n, dimension, bucket, since, ripe)"
        ),
    },
    "sqlite": {
        "all": "json_group_array",
        "row": "json_array",
        "numbers": "IN (SELECT value FROM json_each(%s))",
        "words": "IN (SELECT value FROM json_each(%s))",
        "keys": "(SELECT value AS key FROM json_each(%s)) AS k",
        "windows": (
            "(SELECT json_extract(value, '$[0]') AS n, json_extract(value, '$[1]') AS dimension,"
            " json_extract(value, '$[2]') AS bucket, json_extract(value, '$[3]') AS since,"
            " json_extract(value, '$[4]') AS ripe FROM json_each(%s)) AS v"
        ),
    },
}


class Window(NamedTuple):
    """A counter from some minute on; what is older than `ripe` can be judged."""

    dimension: Dimension
    bucket: str
    since: int
    ripe: int = 0


Windows = Mapping[str, Window]


class GuardRead(NamedTuple):
    """What the database said: rows of each part of the read, in the order of their columns."""

    trusted: Sequence[int]
    numbers: Sequence[Sequence[Any]]
    thousands: Sequence[Sequence[Any]]
    addresses: Sequence[Sequence[Any]]
    counters: Sequence[Sequence[Any]]
    keys: Sequence[tuple[str, int | None]]
    blocks: Sequence[Sequence[Any]]


def windows_of(subject: Subject) -> Windows:
    """Return the counters that the facts of a message need, by what they are for."""
    now, ranges, country = subject.now, subject.ranges, subject.country
    ripe = ripe_minute(now)
    long, hour = first_minute(now, SIX_HOURS), first_minute(now, HOUR)
    this_hour, this_day = int(now // HOUR) * 60, int(now // DAY) * 1440
    ten, lakh, key = str(ranges.ten_thousand), str(ranges.hundred_thousand), str(subject.key)
    return {
        "ten_thousand": Window(Dimension.TEN_THOUSAND, ten, long, ripe),
        "hundred_thousand": Window(Dimension.HUNDRED_THOUSAND, lakh, long, ripe),
        "hundred_thousand_hour": Window(Dimension.HUNDRED_THOUSAND, lakh, hour, ripe),
        "country": Window(Dimension.COUNTRY, country, hour, ripe),
        "organization_hour": Window(Dimension.ORGANIZATION_HOUR, "", this_hour),
        "organization_day": Window(Dimension.ORGANIZATION_DAY, "", this_day),
        "country_hour": Window(Dimension.COUNTRY_HOUR, country, this_hour),
        "country_day": Window(Dimension.COUNTRY_DAY, country, this_day),
        "key_hour": Window(Dimension.KEY_HOUR, key, this_hour),
        "key_day": Window(Dimension.KEY_DAY, key, this_day),
    }


def minute_of(dimension: Dimension, at: float) -> int:
    """Return the minute in which the stretch of a counter begins."""
    length = MINUTES[dimension]
    return int(at // 60) // length * length


def block_buckets(subject: Subject) -> list[tuple[Dimension, str]]:
    """Return all that a message can be stopped by."""
    ranges, key = subject.ranges, str(subject.key)
    return [
        (Dimension.THOUSAND, str(ranges.thousand)),
        (Dimension.TEN_THOUSAND, str(ranges.ten_thousand)),
        (Dimension.HUNDRED_THOUSAND, str(ranges.hundred_thousand)),
        (Dimension.COUNTRY, subject.country),
        (Dimension.ADDRESS, str(subject.address)),
        (Dimension.ORGANIZATION_HOUR, ""),
        (Dimension.ORGANIZATION_DAY, ""),
        (Dimension.COUNTRY_HOUR, subject.country),
        (Dimension.COUNTRY_DAY, subject.country),
        (Dimension.KEY_HOUR, key),
        (Dimension.KEY_DAY, key),
    ]


def questions(
    organization_id: int,
    subjects: Sequence[Subject],
    known_as: Iterable[int],
    windows: Sequence[Window],
) -> list[Statement]:
    """Return statements; the rows of the last one are for `found`. `known_as` are all digests."""
    vendor = connection.vendor
    written = _WRITTEN[vendor]
    now, own = subjects[0].now, organization_id
    at, hour, day = written.moment(now), written.moment(now - HOUR), written.moment(now - DAY)
    numbers = written.numbers(sorted({one.number for one in subjects}))
    thousands = {one.ranges.thousand for one in subjects}
    addresses = {one.address for one in subjects if one.address != NOBODY}
    buckets = {window.bucket for window in windows}
    buckets.update(map(str, thousands), map(str, addresses))
    parameters = [
        *(own, written.numbers(known_as), at),
        *(hour, hour, own, numbers, day),
        *(written.moment(now - SEQUENCE_SECONDS), own, written.numbers(thousands), hour),
        *((hour, hour, own, written.numbers(addresses), day) if addresses else ()),
        *(*written.windows(windows), own),
        *(own, written.words({str(one.key) for one in subjects})),
        *(own, written.words(buckets), day),
    ]
    return [
        Statement(_LOCK[vendor], [numbers]),
        Statement(_read(vendor, with_addresses=bool(addresses)), parameters),
    ]


@cache
def _read(vendor: str, *, with_addresses: bool) -> str:
    """Return the one statement, of which each column lists the rows of one question as JSON."""
    parts = [_TRUSTED, _NUMBERS, _THOUSANDS, _ADDRESSES if with_addresses else "SELECT NULL"]
    parts += [_COUNTERS, _KEYS, _BLOCKS]
    as_text = "({})::text" if vendor == "postgresql" else "({})"
    return "SELECT " + ", ".join(as_text.format(part.format(**_WORDS[vendor])) for part in parts)


def found(rows: Rows) -> GuardRead:
    """Return what the rows of the read say."""
    return GuardRead(*(json.loads(column) if column else () for column in rows[0]))


def moment(at: float) -> str:
    """Return seconds since 1970 as the database takes a moment."""
    return _WRITTEN[connection.vendor].moment(at)


def seconds(value: str | None) -> float:
    """Return a moment that the database gave in seconds since 1970; 0 of none."""
    if value is None:
        return 0.0
    read = datetime.fromisoformat(value)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


class _PostgreSql:
    """Values as PostgreSQL reads them: the driver would look at each of them for its type."""

    @staticmethod
    def numbers(values: Iterable[int]) -> str:
        return array(tuple(values))

    @staticmethod
    def words(values: Iterable[str]) -> str:
        return texts(values)

    @staticmethod
    def moment(at: float) -> str:
        return datetime.fromtimestamp(at, UTC).isoformat()

    @staticmethod
    def windows(windows: Sequence[Window]) -> list[str]:
        return [array(range(len(windows))), *map(array, zip(*windows, strict=True))]


class _Sqlite:
    """The same for SQLite, whose parameters are no lists."""

    @staticmethod
    def numbers(values: Iterable[int]) -> str:
        return json.dumps(list(values))

    @staticmethod
    def words(values: Iterable[str]) -> str:
        return json.dumps(list(values))

    @staticmethod
    def moment(at: float) -> str:
        moment = datetime.fromtimestamp(at, UTC)
        return str(connection.ops.adapt_datetimefield_value(moment))

    @staticmethod
    def windows(windows: Sequence[Window]) -> list[str]:
        return [json.dumps([(at, *window) for at, window in enumerate(windows)])]


_WRITTEN: Mapping[str, type[_PostgreSql] | type[_Sqlite]] = {
    "postgresql": _PostgreSql,
    "sqlite": _Sqlite,
}
