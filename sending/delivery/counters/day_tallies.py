"""Tallies of days are added to with every failure and receipt; this keeps their rows few."""

from collections import Counter as Tally

from django.db.models import Count, Max

from sending.delivery.counters.rows import take_rows
from sending.delivery.database import durably
from sending.models import DayTally
from sending.models.day_tally import TallyKey, TallyKind

# So many rows more than it has subjects make a day worth summing up.
_MANY = 50
# What is added to is found among the newest rows.
_NEWEST = 100_000
_OF_DAY = ("organization_id", "kind", "day")


def compact(most: int = 20) -> int:
    """Replace the rows of days that have many by one row for each key; return how many went."""
    newest = DayTally.objects.aggregate(pk=Max("pk"))["pk"] or 0
    keys = Count("subject", distinct=True) * Count("country", distinct=True)
    crowded = (
        DayTally.objects.filter(pk__gt=newest - _NEWEST)
        .values(*_OF_DAY)
        .annotate(spare=Count("pk") - keys)
        .filter(spare__gte=_MANY)
        .order_by("-spare")[:most]
    )
    return sum(_compact_day(**{name: row[name] for name in _OF_DAY}) for row in crowded)


def _compact_day(**of_day: int | str) -> int:
    """Delete rows and add their sums, so many at once; return how many fewer there are."""
    with durably():
        taken = take_rows(DayTally.objects.filter(**of_day).order_by("pk"))
        sums: Tally[TallyKey] = Tally()
        for row in taken:
            key = TallyKey(
                row.organization_id,
                row.application_id,
                row.day,
                row.country,
                TallyKind(row.kind),
                row.subject,
            )
            sums[key] += row.messages
        if len(sums) >= len(taken):
            return 0
        DayTally.objects.filter(pk__in=[row.pk for row in taken]).delete()
        DayTally.objects.add(sums)
    return len(taken) - len(sums)
