"""What the guard asks the database in the transaction that accepts: one lock, and one read."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from accounts.statements import Rows, Statement, vendor
from sending.guard.counters import write
from sending.guard.reading import READ_OF_ONE, text_of_read
from sending.guard.rules.facts import NOBODY, Subject
from sending.guard.rules.names import MINUTES, Dimension
from sending.models.bulk import bigints, texts

# Without looking for spaces around it.
_decoded = json.JSONDecoder().raw_decode
# Who is at the same number waits for us: then nobody gets a second allowance. A statement of its
# own, because the read must see what was committed while it waited. SQLite has one writer.
_LOCK = (
    "SELECT count(pg_advisory_xact_lock(n)) FROM"
    " (SELECT value::bigint AS n FROM json_array_elements_text(%s::json) ORDER BY n) AS v"
)


class GuardRead(NamedTuple):
    """What the database said: rows of each part of the read, None where there are none."""

    trusted: Sequence[int] | None
    numbers: Sequence[Sequence[Any]] | None
    thousands: Sequence[Sequence[Any]] | None
    addresses: Sequence[Sequence[Any]] | None
    counters: dict[str, list[int]] | None
    keys: Mapping[str, int | None]
    blocks: Sequence[Sequence[Any]] | None


_TEN, _LAKH = f"{Dimension.TEN_THOUSAND.value} ", f"{Dimension.HUNDRED_THOUSAND.value} "
_COUNTRY = f"{Dimension.COUNTRY.value} "
_HOUR, _DAY = f"{Dimension.ORGANIZATION_HOUR.value} ", f"{Dimension.ORGANIZATION_DAY.value} "
_COUNTRY_HOUR, _COUNTRY_DAY = f"{Dimension.COUNTRY_HOUR.value} ", f"{Dimension.COUNTRY_DAY.value} "
_KEY_HOUR, _KEY_DAY = f"{Dimension.KEY_HOUR.value} ", f"{Dimension.KEY_DAY.value} "


def counter_names(subject: Subject) -> tuple[str, ...]:
    """Return the names of the nine counters of a message, the smallest block first."""
    ranges, country, key = subject.ranges, subject.country, str(subject.key)
    return (
        _TEN + str(ranges.ten_thousand),
        _LAKH + str(ranges.hundred_thousand),
        _COUNTRY + country,
        _HOUR,
        _DAY,
        _COUNTRY_HOUR + country,
        _COUNTRY_DAY + country,
        _KEY_HOUR + key,
        _KEY_DAY + key,
    )


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
    organization_id: int, at: str, subjects: Sequence[Subject], known_as: Sequence[int]
) -> list[Statement]:
    """Return statements; the rows of the last one are for `found`.

    `at` is a `moment`, and `known_as` are all digests of the numbers.
    """
    if vendor() == "postgresql" and len(subjects) == 1:
        return [_question_of_one(organization_id, at, subjects[0], known_as)]
    each = [
        (
            *(one.number, one.ranges.thousand),
            *(str(one.ranges.ten_thousand), str(one.ranges.hundred_thousand)),
            *(one.country, str(one.key), one.address),
        )
        for one in subjects
    ]
    columns = [list(dict.fromkeys(column)) for column in zip(*each, strict=True)]
    numbers, thousands, tens, lakhs, countries, keys, addresses = columns
    addresses = [one for one in addresses if one != NOBODY]
    document = {
        "own": organization_id,
        "at": at,
        "minute": int(subjects[0].now // 60),
        "known": known_as,
        "numbers": numbers,
        "thousands": thousands,
        "addresses": addresses,
        "keys": keys,
        "tens": tens,
        "lakhs": lakhs,
        "countries": countries,
    }
    buckets = ["", *map(str, (*thousands, *addresses)), *tens, *lakhs, *countries, *keys]
    text = text_of_read(vendor(), with_addresses=bool(addresses))
    if vendor() == "sqlite":
        return [Statement(text, [write(buckets), write(document)])]
    read = Statement(text, [texts(buckets), write(document)])
    return [Statement(_LOCK, [str(numbers)], gives_rows=False), read]


def _question_of_one(
    organization_id: int, at: str, subject: Subject, known_as: Sequence[int]
) -> Statement:
    ranges = subject.ranges
    return Statement(
        READ_OF_ONE,
        [
            *(organization_id, at, int(subject.now // 60), bigints(known_as), subject.number),
            *(ranges.thousand, ranges.ten_thousand, ranges.hundred_thousand),
            *(subject.country, subject.key, subject.address),
        ],
    )


def found(rows: Rows) -> GuardRead:
    """Return what the rows of the read say."""
    return GuardRead(*_decoded(rows[0][0])[0])


def moment(at: datetime) -> str:
    """Return a moment as the database takes it, and as it stands in a document."""
    if vendor() == "postgresql":
        return str(at)
    return str(connection.ops.adapt_datetimefield_value(at))


def seconds(value: str | None) -> float:
    """Return a moment that the database gave in seconds since 1970; 0 of none."""
    if value is None:
        return 0.0
    read = datetime.fromisoformat(value)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
