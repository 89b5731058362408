"""What adds to the counters of the guard: by messages, or by money alone.

Rows are handed over as one document. All lock the counters in the same order, so that nobody waits
in a circle.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from accounts.statements import Statement, vendor
from sending.guard.rules.facts import Subject
from sending.guard.rules.names import MINUTES, Dimension

# What is counted, of what, and the minute in which its stretch begins.
Key = tuple[Dimension, str, int]
NOTHING = Statement("SELECT 1 WHERE 1 = 0")
write = json.JSONEncoder(check_circular=False).encode
"""Documents for the database; `json.dumps` looks for options that nobody gives."""

# The counters of a message in the order in which they are locked, and what each is of.
_ABOUT = {
    Dimension.TEN_THOUSAND: "ten_thousand",
    Dimension.COUNTRY: "country",
    Dimension.COUNTRY_DAY: "country",
    Dimension.COUNTRY_HOUR: "country",
    Dimension.KEY_DAY: "key",
    Dimension.KEY_HOUR: "key",
    Dimension.ORGANIZATION_DAY: "whole",
    Dimension.ORGANIZATION_HOUR: "whole",
    Dimension.HUNDRED_THOUSAND: "hundred_thousand",
}
# What they are of in a function of PostgreSQL; a block that is too large is NULL.
_PART_OF_ONE = {
    "ten_thousand": "NULLIF(_ten, 0)::text",
    "country": "_country",
    "key": "_key::text",
    "whole": "''",
    "hundred_thousand": "NULLIF(_lakh, 0)::text",
}
_ADD = (
    "INSERT INTO sending_guardcounter"
    " (organization_id, dimension, bucket, minute, sent, verified, cost_micro)"
    " SELECT {columns} FROM {rows} ON CONFLICT (organization_id, dimension, bucket, minute)"
    " DO UPDATE SET sent = sending_guardcounter.sent + excluded.sent,"
    " verified = sending_guardcounter.verified + excluded.verified,"
    " cost_micro = sending_guardcounter.cost_micro + excluded.cost_micro"
    " RETURNING dimension, cost_micro"
)
ADDITION_OF_ONE = _ADD.format(
    columns="_own, v.dimension, v.bucket, v.minute, 1, 0, _cost",
    rows="(VALUES {}) AS v(dimension, bucket, minute) WHERE v.bucket IS NOT NULL".format(
        ", ".join(
            f"('{one.value}', {_PART_OF_ONE[about]}, _minute / {MINUTES[one]} * {MINUTES[one]})"
            for one, about in _ABOUT.items()
        )
    ),
)
"""What a function of PostgreSQL adds for one message that leaves; its parts begin with `_`."""


def read_rows(database: str, shared: int, kinds: Iterable[str]) -> dict[str, str]:
    """Return what reads rows of a document, a list of lists, behind so many shared parameters.

    `kinds` are what PostgreSQL calls the values of each row.
    """
    kinds = list(kinds)
    if database == "postgresql":
        values = [f"(v->>{place})::{kind}" for place, kind in enumerate(kinds)]
        rows = "jsonb_array_elements(%s::jsonb) AS v"
    else:
        values = [f"json_extract(value, '$[{place}]')" for place in range(len(kinds))]
        rows = "json_each(%s) WHERE true"
    return {"columns": ", ".join([*["%s"] * shared, *values]), "rows": rows}


_ADDED = {
    database: _ADD.format(**read_rows(database, 1, ("text", "text", "int", "int", "int", "bigint")))
    for database in ("postgresql", "sqlite")
}


def addition(
    organization_id: int,
    subjects: Iterable[Subject],
    *,
    verified: int = 0,
    gives_rows: bool = False,
) -> Statement:
    """Return what counts messages that leave, or takes them as `verified` instead.

    Of money that is all that was spent; what was verified is added to minutes and hours. The rows
    of the statement are (dimension, cost).
    """
    sent = 0 if verified else 1
    sums: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])
    for subject in subjects:
        for key in counter_keys(subject):
            row = sums[key]
            row[0] += sent
            row[1] += verified
            row[2] += 0 if verified else subject.cost_micro
    return _added(organization_id, sums, gives_rows=gives_rows)


def money_addition(organization_id: int, costs: Mapping[Key, int]) -> Statement:
    """Return what adds to counters of money only; its rows are (dimension, cost)."""
    sums = {key: [0, 0, cost] for key, cost in costs.items()}
    return _added(organization_id, sums, gives_rows=True)


def _added(
    organization_id: int, sums: Mapping[Key, Sequence[int]], *, gives_rows: bool
) -> Statement:
    if not sums:
        return NOTHING
    # Rows are locked in their order.
    rows = [(*key, *sums[key]) for key in sorted(sums)]
    return Statement(_ADDED[vendor()], [organization_id, write(rows)], gives_rows)


def counter_keys(subject: Subject) -> Iterator[Key]:
    """Return the counters of a message, but those of blocks that are too large."""
    ranges, minute = subject.ranges, int(subject.now // 60)
    of = {
        "country": subject.country,
        "key": str(subject.key),
        "whole": "",
        "ten_thousand": str(ranges.ten_thousand) if ranges.ten_thousand else None,
        "hundred_thousand": str(ranges.hundred_thousand) if ranges.hundred_thousand else None,
    }
    for dimension, about in _ABOUT.items():
        bucket, length = of[about], MINUTES[dimension]
        if bucket is not None:
            yield dimension, bucket, minute // length * length
