"""Do the tables of months reach far enough ahead?"""

from collections.abc import Iterator

from accounts import shared_time
from sending.operations.readiness import PARTITIONS_AHEAD
from sending.partitions import making
from smsconsole.doctor.registry import Diagnosis, check, problem, well


@check("partitions")
def partitions() -> Iterator[Diagnosis]:
    """Look how far they reach; SQLite has none."""
    if reach := making.reach():
        yield reaching((reach - shared_time.now()).days)


def reaching(days: int) -> Diagnosis:
    """Return what it means that the tables of months reach so many days ahead."""
    sentence = f"The tables of months reach {days} days ahead."
    if days >= PARTITIONS_AHEAD.days:
        return well("partitions", sentence)
    return problem(
        "partitions",
        sentence,
        "The worker `work` and beat make them every hour: read their logs (Messages by month).",
    )
