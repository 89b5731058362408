"""Counters are added to with every step; this keeps their rows few."""

from django.db.models import CharField, Count, Max, Q
from django.db.models.functions import Cast, Concat

from sending.delivery.counters.rows import AT_ONCE, key_of, replace, sum_by, take_rows
from sending.delivery.database import durably
from sending.models import Counter

# So many rows more than it has figures make a task or an hour worth summing up.
_MANY = 20
# What is added to is found among the newest rows: the table grows for years, a minute does not.
_NEWEST = 100_000
# Transactions for one figure.
_MOST_TIMES = 100


def compact(most: int = 50) -> int:
    """Replace the rows of the figures that have many by one row each; return how many went.

    The sum of any figure is the same before, during, and after.
    """
    newest = Counter.objects.aggregate(pk=Max("pk"))["pk"] or 0
    figures = Count(Concat("country", "state", Cast("given_up_later", CharField())), distinct=True)
    crowded = (
        Counter.objects.filter(pk__gt=newest - _NEWEST)
        .values("organization_id", "task_id", "hour")
        .annotate(spare=Count("pk") - figures)
        .filter(spare__gte=_MANY)
        .order_by("-spare")[:most]
    )
    return sum(
        _compact_figure(
            Q(organization_id=row["organization_id"], task_id=row["task_id"], hour=row["hour"])
        )
        for row in crowded
    )


def _compact_figure(figure: Q) -> int:
    """Delete rows and add their sums until few are left; return how many went.

    Programs add rows by the thousand to one hour.
    """
    gone = 0
    for _time in range(_MOST_TIMES):
        with durably():
            taken = take_rows(Counter.objects.filter(figure).order_by("pk"))
            # Only what this transaction deletes is summed.
            sums = sum_by(taken, lambda row: [key_of(row)])
            if len(sums) >= len(taken):
                break
            gone += len(taken) - replace(taken, sums)
        if len(taken) < AT_ONCE:
            break
    return gone
