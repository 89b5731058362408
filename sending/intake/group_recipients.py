"""Recipients of a task to a customer group: each number, with what is kept of its customer."""

import json
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from sending.models import GroupMembership, SendTask

NAME = "name"
FIELD = "field:"
"""Before the key of one of the organization's own columns."""
_AT_ONCE = 5_000


def lines(task: SendTask) -> Iterable[str]:
    """Return a line for each customer of the task's group, as the child reads them.

    A customer who is not known well enough has an empty value, and is refused like an empty cell.
    """
    members = GroupMembership.objects.filter(
        group_id=task.group_id, group__organization_id=task.organization_id
    ).order_by("pk")
    if not task.variable_columns:
        numbers = members.values_list("customer__msisdn", flat=True)
        return numbers.iterator(chunk_size=_AT_ONCE)
    return _with_values(members, task.variable_columns)


def _with_values(members: QuerySet[GroupMembership], columns: list[str]) -> Iterator[str]:
    wanted = ("customer__msisdn", "customer__name", "customer__fields")
    rows = members.values_list(*wanted)
    for msisdn, name, fields in rows.iterator(chunk_size=_AT_ONCE):
        known = {NAME: name} | {FIELD + key: value for key, value in (fields or {}).items()}
        yield json.dumps([msisdn, *(str(known.get(column, "")) for column in columns)])
