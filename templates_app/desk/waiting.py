"""What waits for a reviewer, of all kinds: one statement finds it, since each step asks for it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from accounts.models import User
from accounts.statements import Rows, Statement, run_together

_LISTED = ("state", "due_at", "organization__name")
_LISTED_VERSION = (*_LISTED, "number", "asked_at", "appealed_at")
LISTED: dict[str, tuple[str, ...]] = {
    "activation": _LISTED,
    "originator": _LISTED,
    "signature": (*_LISTED_VERSION, "kind"),
    "template": (*_LISTED_VERSION, "sms_type"),
}
"""What the list of open items shows of each kind."""
# Not what the desk has decided about, nor what another reviewer must see.
_WAITS = """
FROM {table} item
WHERE item.state = 'PENDING' {of_others}
AND NOT EXISTS (
    SELECT 1 FROM templates_app_deskdecision given
    WHERE given.kind = '{kind}' AND given.item_id = item.id AND given.state IN ('HELD', 'FIRST')
    AND (given.state = 'HELD' OR given.reviewer_id = %s)
)
{not_reviewed}
"""
# An appeal is decided by somebody else.
_NOT_REVIEWED = """
AND NOT EXISTS (
    SELECT 1 FROM templates_app_review review
    WHERE review.{version} = item.id AND review.reviewer_id = %s
)
"""
_OF_ONE_KIND = """
SELECT * FROM (
    SELECT '{kind}' AS kind, {place} AS place, item.id AS id, item.due_at AS due_at,
        {is_asked} AS is_asked
    {waits}
    ORDER BY item.due_at, item.id LIMIT %s
) AS of_one_kind
"""
_ALL = "SELECT kind, id, is_asked FROM ({}) AS waiting ORDER BY is_asked, due_at, place, id"


class WaitingItems(NamedTuple):
    """Kind and id of what waits, and whether it waits for an answer; `total` is how many do."""

    items: list[tuple[str, int, bool]]
    total: int


def what_waits(
    models: Mapping[str, Any], reviewer: User, refused: Iterable[int], most: int
) -> WaitingItems:
    """Return what `reviewer` may decide, the most urgent first, and last what waits for answers.

    Of each of the kinds with their `models` at most `most` are read, and nothing of the
    organizations `refused`.
    """
    left_out = sorted(refused)
    kinds = {kind: _waits(kind, model, reviewer, left_out) for kind, model in models.items()}
    parts = [
        _OF_ONE_KIND.format(
            kind=kind,
            place=place,
            is_asked="item.asked_at IS NOT NULL" if _version(models[kind]) else "1 = 0",
            waits=waits.sql,
        )
        for place, (kind, waits) in enumerate(kinds.items())
    ]
    values = [value for waits in kinds.values() for value in (*waits.parameters, most)]
    rows = _rows(Statement(_ALL.format(" UNION ALL ".join(parts)), values))
    read = Counter(kind for kind, _pk, _is_asked in rows)
    # Counting costs as much as reading.
    total = sum(read[kind] if read[kind] < most else _count(kinds[kind]) for kind in kinds)
    return WaitingItems([(kind, pk, bool(is_asked)) for kind, pk, is_asked in rows[:most]], total)


def listed_rows(
    models: Mapping[str, Any], keys: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], Any]:
    """Return rows by kind and id, with what a list shows of them."""
    found = {}
    for kind in dict.fromkeys(kind for kind, _pk in keys):
        # Any organization: the desk is of all of them.
        rows = models[kind].objects.filter(pk__in=[pk for one, pk in keys if one == kind])
        for row in rows.select_related("organization").only(*LISTED[kind]):
            found[kind, row.pk] = row
    return found


def _waits(kind: str, model: Any, reviewer: User, left_out: Sequence[int]) -> Statement:
    """Return the part of a statement that says what of one kind waits, with its values."""
    version = _version(model)
    places = ", ".join(["%s"] * len(left_out))
    sql = _WAITS.format(
        table=model._meta.db_table,
        kind=kind,
        of_others=f"AND item.organization_id NOT IN ({places})" if left_out else "",
        not_reviewed=_NOT_REVIEWED.format(version=version) if version else "",
    )
    asked_twice = (reviewer.pk, reviewer.pk) if version else (reviewer.pk,)
    return Statement(sql, (*left_out, *asked_twice))


@cache
def _version(model: Any) -> str:
    """Return the column by which a review names its version; empty for what has no versions."""
    fields = {field.name for field in model._meta.get_fields()}
    return model._meta.get_field("reviews").field.column if "reviews" in fields else ""


def _count(waits: Statement) -> int:
    ((count,),) = _rows(waits._replace(sql=f"SELECT COUNT(*) {waits.sql}"))
    return int(count)


def _rows(statement: Statement) -> Rows:
    (rows,) = run_together([statement])
    return rows
