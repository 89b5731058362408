"""The text of the read of the guard, for each database: one document in, one document out.

The document, which comes last, has all that is asked about, so that the text is the same for every
message, and nobody looks at the type of each value. Before it come the buckets of blocks.

For one message PostgreSQL has the same text in a function, `guard_read`: it plans the text once for
each connection, which otherwise takes longer than the read itself. Of many messages the plan
depends on how many they are.
"""

from functools import cache

from sending.guard.rules.facts import DAY, HOUR, SEQUENCE_SECONDS, SIX_HOURS
from sending.guard.rules.ledger import first_minute, ripe_minute
from sending.guard.rules.names import MINUTES, Dimension

# Of one address, which may be that of a whole company.
_MOST_OF_ADDRESS = 5_000

_TRUSTED = (
    "SELECT {all}(number_digest) FROM sending_guardtrust"
    " WHERE organization_id = p.own AND number_digest {among[known]} AND until > p.at"
)
_NUMBERS = (
    "SELECT {all}({row}(number_digest, in_hour, in_day, hour_since, day_since)) FROM ("
    "SELECT number_digest, COUNT(*) FILTER (WHERE at > {hour_ago}) AS in_hour, COUNT(*) AS in_day,"
    " MIN(at) FILTER (WHERE at > {hour_ago}) AS hour_since, MIN(at) AS day_since"
    " FROM sending_guardevent"
    " WHERE organization_id = p.own AND number_digest {among[numbers]} AND at > {day_ago}"
    " AND NOT is_held GROUP BY number_digest) AS n"
)
_THOUSANDS = (
    "SELECT {all}({row}(block, hundred, numbers, neighbours, verified)) FROM ("
    "SELECT block, hundred, COUNT(DISTINCT number_digest) AS numbers,"
    " COUNT(DISTINCT CASE WHEN at > {minutes_ago} THEN number_digest END) AS neighbours,"
    " COUNT(converted_at) AS verified FROM sending_guardevent"
    " WHERE organization_id = p.own AND block {among[thousands]} AND at > {hour_ago}"
    " AND NOT is_held GROUP BY block, hundred) AS k"
)
_ADDRESSES = (
    "SELECT {all}({row}(address_digest, numbers, verified_hour, country, verified_day)) FROM ("  # noqa: S608 - our own constant.
    "SELECT address_digest,"
    " COUNT(DISTINCT CASE WHEN at > {hour_ago} THEN number_digest END) AS numbers,"
    " COUNT(CASE WHEN at > {hour_ago} THEN converted_at END) AS verified_hour, country,"
    " COUNT(converted_at) AS verified_day"
    " FROM (SELECT address_digest, at, number_digest, country, converted_at"
    "  FROM sending_guardevent"
    "  WHERE organization_id = p.own AND address_digest {among[addresses]}"
    "  AND address_digest <> 0 AND at > {day_ago} AND NOT is_held"
    f"  ORDER BY at DESC LIMIT {_MOST_OF_ADDRESS}) AS e"
    " GROUP BY address_digest, country) AS a"
)
# Each counter by its name (`counter_names`): what was sent in the hour, what of the window is old
# enough to be judged, how many of that were entered, and what all of it cost.
_COUNTERS = (
    "SELECT {by_name}(w.dimension || ' ' || b.value, {json}((SELECT {row}("
    "COALESCE(SUM(CASE WHEN minute >= {hour} THEN sent ELSE 0 END), 0),"
    " COALESCE(SUM(CASE WHEN minute <= {ripe} THEN sent ELSE 0 END), 0),"
    " COALESCE(SUM(CASE WHEN minute <= {ripe} THEN verified ELSE 0 END), 0),"
    " COALESCE(SUM(cost_micro), 0)) FROM sending_guardcounter WHERE organization_id = p.own"
    " AND dimension = w.dimension AND bucket = b.value AND minute >= w.since)))"
    " FROM {windows} CROSS JOIN {each}(w.buckets) AS b{value}"
)
# Minutes from which on, or until which, something is counted.
_MINUTES = {
    "ripe": f"p.minute + {ripe_minute(0)}",
    "long": f"p.minute + {first_minute(0, SIX_HOURS)}",
    "hour": f"p.minute + {first_minute(0, HOUR)}",
    "this_hour": "p.minute / {0} * {0}".format(MINUTES[Dimension.ORGANIZATION_HOUR]),
    "this_day": "p.minute / {0} * {0}".format(MINUTES[Dimension.ORGANIZATION_DAY]),
}
# Of each dimension, what it is counted of and from which minute on.
_WINDOWS = (
    (Dimension.TEN_THOUSAND, "p.tens", "long"),
    (Dimension.HUNDRED_THOUSAND, "p.lakhs", "long"),
    (Dimension.COUNTRY, "p.countries", "hour"),
    (Dimension.ORGANIZATION_HOUR, "{whole}", "this_hour"),
    (Dimension.ORGANIZATION_DAY, "{whole}", "this_day"),
    (Dimension.COUNTRY_HOUR, "p.countries", "this_hour"),
    (Dimension.COUNTRY_DAY, "p.countries", "this_day"),
    (Dimension.KEY_HOUR, "p.keys", "this_hour"),
    (Dimension.KEY_DAY, "p.keys", "this_day"),
)
_KEYS = (
    "SELECT {by_name}(k.value, (SELECT MIN(minute) FROM sending_guardcounter"
    " WHERE organization_id = p.own AND dimension = 'KH' AND bucket = k.value))"
    " FROM {each}(p.keys) AS k{value}"
)
_BLOCKS = (
    "SELECT {all}({row}(rule, dimension, bucket, action, counted, threshold, until, times,"
    " created_by_id IS NOT NULL)) FROM sending_guardblock"
    " WHERE organization_id = p.own AND dimension IN"
    " ('1k', '10k', 'lak', 'C', 'IP', 'OH', 'OD', 'CH', 'CD', 'KH', 'KD')"
    # A parameter of its own: PostgreSQL hashes a long list only if it knows it beforehand.
    " AND bucket {among_buckets} AND until > {day_ago}"
)
# What the document has, as PostgreSQL calls it.
_FIELDS = {
    "own": "bigint",
    "at": "timestamptz",
    "minute": "int",
    **dict.fromkeys(("known", "numbers", "thousands", "addresses"), "bigint[]"),
    **dict.fromkeys(("keys", "tens", "lakhs", "countries"), "text[]"),
}
_AGO = {"hour_ago": HOUR, "day_ago": DAY, "minutes_ago": SEQUENCE_SECONDS}
# {all}: an aggregate that lists all rows; {row}: one row of it.
_WORDS = {
    "postgresql": {
        "all": "json_agg",
        "row": "json_build_array",
        "by_name": "json_object_agg",
        "json": "",
        "among": {name: f"= ANY(p.{name})" for name in _FIELDS},
        "each": "unnest",
        "value": "(value)",
        "whole": "ARRAY['']",
        "among_buckets": "= ANY(%s::text[])",
        **{name: f"p.at - interval '{ago} seconds'" for name, ago in _AGO.items()},
    },
    "sqlite": {
        "all": "json_group_array",
        "row": "json_array",
        "by_name": "json_group_object",
        "json": "json",
        "among": {name: f"IN (SELECT value FROM json_each(p.{name}))" for name in _FIELDS},  # noqa: S608 - our own names.
        "each": "json_each",
        "value": "",
        "whole": """'[""]'""",
        "among_buckets": "IN (SELECT value FROM json_each(%s))",
        # The seconds only: it would round what is behind them.
        **{
            name: f"datetime(substr(p.at, 1, 19), '-{ago} seconds') || substr(p.at, 20)"
            for name, ago in _AGO.items()
        },
    },
}
# Of one message: what PostgreSQL calls its parts. They begin with `_`, since no column does.
_PARTS = {
    "_own": "bigint",
    "_at": "timestamptz",
    "_minute": "int",
    "_known": "bigint[]",
    **dict.fromkeys(("_number", "_thousand", "_ten", "_lakh"), "bigint"),
    "_country": "text",
    **dict.fromkeys(("_key", "_address"), "bigint"),
}
# The same columns as of a document, and the buckets of blocks.
_OF_ONE = (
    "(SELECT _own AS own, _at AS at, _minute AS minute, _known AS known, ARRAY[_number] AS numbers,"
    " ARRAY[_thousand] AS thousands, ARRAY[_address] AS addresses, ARRAY[_key::text] AS keys,"
    " ARRAY[_ten::text] AS tens, ARRAY[_lakh::text] AS lakhs, ARRAY[_country] AS countries,"
    " ARRAY['', _thousand::text, _address::text, _ten::text, _lakh::text, _country, _key::text]"
    " AS buckets) AS p"
)
READ_OF_ONE = "SELECT guard_read({})".format(", ".join(f"%s::{kind}" for kind in _PARTS.values()))
"""Takes one message: its organization, moment, minute, the digests of its number under each key,
number, blocks, country, key and address. It also locks the number, as the read of many is locked.
"""
# Volatile, so that the read sees what was committed while the lock was waited for.
_FUNCTION = """
CREATE FUNCTION guard_read({parts}) RETURNS text
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
PERFORM pg_advisory_xact_lock(_number);
RETURN ({read});
END $$
"""
_DOCUMENT = {
    "postgresql": "json_to_record(%s::json) AS p({})".format(
        ", ".join(f"{name} {kind}" for name, kind in _FIELDS.items())
    ),
    "sqlite": "(SELECT {} FROM (SELECT %s AS d)) AS p".format(  # noqa: S608 - our own names.
        ", ".join(f"json_extract(d, '$.{name}') AS {name}" for name in _FIELDS)
    ),
}


@cache
def text_of_read(database: str, *, with_addresses: bool) -> str:
    """Return the one statement, which gives a list with the rows of each question as JSON."""
    asked = _asked(database, with_addresses=with_addresses)
    return f"SELECT {asked} FROM {_DOCUMENT[database]}"  # noqa: S608 - our own names.


def function_of_read() -> str:
    """Return what makes `guard_read`; what is in the database comes from a migration."""
    asked = _asked("postgresql", with_addresses=True).replace("%s::text[]", "p.buckets")
    parts = ", ".join(f"{name} {kind}" for name, kind in _PARTS.items())
    return _FUNCTION.format(parts=parts, read=f"SELECT {asked} FROM {_OF_ONE}")  # noqa: S608 - our own names.


def _asked(database: str, *, with_addresses: bool) -> str:
    parts = [_TRUSTED, _NUMBERS, _THOUSANDS, _ADDRESSES if with_addresses else "SELECT NULL"]
    parts += [_COUNTERS, _KEYS, _BLOCKS]
    words = _WORDS[database] | _MINUTES
    words["windows"] = _windows(database).format(**words)
    asked = ", ".join(f"{words['json']}(({part.format(**words)}))" for part in parts)
    as_text = "::text" if database == "postgresql" else ""
    return f"{words['row']}({asked}){as_text}"


def _windows(database: str) -> str:
    rows = [(f"'{dimension.value}'", of, _MINUTES[since]) for dimension, of, since in _WINDOWS]
    if database == "postgresql":
        values = ", ".join(f"({', '.join(row)})" for row in rows)
        return f"(VALUES {values}) AS w(dimension, buckets, since)"
    # SQLite does not let a function read columns of VALUES.
    each = ("{} AS dimension, {} AS buckets, {} AS since".format(*row) for row in rows)
    return f"(SELECT {' UNION ALL SELECT '.join(each)}) AS w"
