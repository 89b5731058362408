"""What became of the messages of a period by what they were, who sent them and why they failed.

Counters know tasks, and tasks know the rest: at most the newest MOST_TASKS of a period are added
up. Codes and delays are tallied by day.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from accounts.models import Organization, User
from sending.error_codes.table import CodeMeaning, explain
from sending.models import Counter, DayTally, SendTask, TallyKind
from sending.models.figures import Figures, together
from sending.reports.queries import StatisticsFilter, largest
from sending.sms.delays import percentile
from sending.sms.shares import shares_of

MOST_TASKS = 500
SHOWN_TASKS = 10


class Named(NamedTuple):
    """What figures are of: its id, 0 for none, and its name."""

    name: str
    pk: int


class CodeShare(NamedTuple):
    """A code, how many messages failed with it, and what share of all failures that is."""

    meaning: CodeMeaning
    messages: int
    share: int


class Delays(NamedTuple):
    """Seconds from a gateway's yes to the receipt, of so many messages."""

    messages: int
    half: float
    most: float


@dataclass(frozen=True, slots=True)
class Breakdown:
    """All that the page shows."""

    whole: Figures
    templates: Sequence[tuple[Named, Figures]]
    signatures: Sequence[tuple[Named, Figures]]
    people: Sequence[tuple[Named, Figures]]
    tasks: Sequence[tuple[Named, Figures]]
    failures: Sequence[CodeShare]
    delays: Delays | None
    countries: Sequence[tuple[str, Delays]]
    # The period has more tasks than were added up.
    has_older: bool


class _Task(NamedTuple):
    pk: int
    name: str
    template: Named
    signature: Named
    person: Named


def breakdown(organization: Organization, asked: StatisticsFilter) -> Breakdown:
    """Add up the tasks of a period, and its tallies."""
    tasks = _tasks(organization, asked)
    read, has_older = tasks[:MOST_TASKS], len(tasks) > MOST_TASKS
    counters = Counter.objects.for_organization(organization).filter(
        task_id__in=[task.pk for task in read]
    )
    if asked.country:
        counters = counters.filter(country=asked.country)
    figures = counters.figures_by("task_id", Figures)
    delays = _tallies(organization, asked, TallyKind.DELAY).by_country()
    return Breakdown(
        whole=together(figures.values()),
        templates=_by(read, figures, lambda task: task.template),
        signatures=_by(read, figures, lambda task: task.signature),
        people=_by(read, figures, lambda task: task.person),
        tasks=_by(read, figures, lambda task: Named(task.name, task.pk))[:SHOWN_TASKS],
        failures=_failures(organization, asked),
        delays=_delays_of(_together(delays.values())),
        countries=_by_country(delays),
        has_older=has_older,
    )


def _tasks(organization: Organization, asked: StatisticsFilter) -> list[_Task]:
    """Return the tasks that were sent in a period, the newest first; index send_task_accepted."""
    own = SendTask.objects.for_organization(organization).filter(
        accepted_hour__gte=int(f"{asked.first:%Y%m%d}00"),
        accepted_hour__lte=int(f"{asked.last:%Y%m%d}23"),
    )
    if asked.application:
        own = own.filter(application_id=asked.application)
    rows = own.order_by("-accepted_hour", "-pk").values_list(
        "pk",
        "name",
        "text_template_version__text_template__name",
        "text_template_version__text_template_id",
        "signature_version__content",
        "signature_version__signature_id",
        "sent_by_id",
    )
    found = list(rows[: MOST_TASKS + 1])
    people = User.objects.in_bulk({row[-1] for row in found if row[-1]})
    return [
        _Task(
            pk,
            name,
            Named(template, template_id),
            Named(signature or "", signature_id or 0),
            Named(str(people.get(sender, "")), sender or 0),
        )
        for pk, name, template, template_id, signature, signature_id, sender in found
    ]


def _by(
    tasks: Iterable[_Task], figures: dict[int, Figures], key_of: Callable[[_Task], Named]
) -> list[tuple[Any, Figures]]:
    """Return the figures of what tasks have in common, the largest first; names of one id too."""
    parts: dict[int, list[Figures]] = {}
    names: dict[int, Named] = {}
    for task in tasks:
        named = key_of(task)
        # The newest name counts.
        names.setdefault(named.pk, named)
        parts.setdefault(named.pk, []).append(figures.get(task.pk, Figures()))
    return largest({names[pk]: together(of_one) for pk, of_one in parts.items()})


def _tallies(organization: Organization, asked: StatisticsFilter, kind: TallyKind) -> Any:
    own = DayTally.objects.for_organization(organization)
    own = own.of_days(kind, asked.first, asked.last)
    if asked.country:
        own = own.filter(country=asked.country)
    return own.filter(application_id=asked.application) if asked.application else own


def _failures(organization: Organization, asked: StatisticsFilter) -> list[CodeShare]:
    """Return why messages failed or were held back, the most frequent first."""
    counts = _tallies(organization, asked, TallyKind.CODE).by_subject()
    found = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    shares = shares_of([n for _code, n in found])
    return [
        CodeShare(explain(code), n, share) for (code, n), share in zip(found, shares, strict=True)
    ]


def _together(parts: Iterable[dict[str, int]]) -> Tally[str]:
    """Return how many messages each step has in all countries."""
    whole: Tally[str] = Tally()
    for part in parts:
        whole.update(part)
    return whole


def _delays_of(counts: Mapping[str, int]) -> Delays | None:
    steps = {int(step): n for step, n in counts.items()}
    half, most = percentile(steps, 50), percentile(steps, 95)
    if half is None or most is None:
        return None
    return Delays(sum(steps.values()), half, most)


def _by_country(counts: dict[str, dict[str, int]]) -> list[tuple[str, Delays]]:
    """Return how long messages took to each country, the most messages first."""
    found = [(country, _delays_of(of_one)) for country, of_one in counts.items()]
    known = [(country, delays) for country, delays in found if delays]
    return sorted(known, key=lambda pair: (-pair[1].messages, pair[0]))
