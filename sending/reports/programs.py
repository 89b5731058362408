"""What became of programs' messages by application, template, country and code.

Counters know neither templates nor codes, so the messages themselves are added up: at most the
newest MOST_MESSAGES of a period, by the index of their ids.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Sum

from accounts.models import Organization
from sending.error_codes.table import CodeMeaning, explain
from sending.lifecycle import RARE_MESSAGE_STATES, MessageState, is_handed_over
from sending.models import ApiMessage, Message
from sending.models.figures import Figures, Sums, add_up, together
from sending.models.message import first_id_at
from sending.reports.queries import StatisticsFilter, largest
from templates_app.models import TextTemplateVersion

MOST_MESSAGES = 20_000
_GONE = (0, "")
_KEYS = (
    *("application_id", "text_template_version_id", "country"),
    *("state", "from_state", "code"),
)


@dataclass(frozen=True, slots=True)
class ProgramStatistics:
    """All that the page shows. `templates` are by (id, name); `countries` are all.

    `since` is when the oldest message that was read was accepted, if the period has older ones.
    """

    whole: Figures
    applications: Sequence[tuple[int, Figures]]
    templates: Sequence[tuple[tuple[int, str], Figures]]
    countries: Sequence[tuple[str, Figures]]
    codes: Sequence[tuple[CodeMeaning, int]]
    since: datetime | None
    # How many recipients did what the message was for, as programs reported.
    converted: int


def program_statistics(organization: Organization, asked: StatisticsFilter) -> ProgramStatistics:
    """Add up the messages that programs sent in a period."""
    ids = _newest(organization, asked)
    read, has_older = ids[:MOST_MESSAGES], len(ids) > MOST_MESSAGES
    messages = Message.objects.for_organization(organization).filter(pk__among=read)
    since = messages.filter(pk=read[-1]).values_list("created_at", flat=True) if has_older else None
    sums = messages.order_by().values_list(*_KEYS)
    everywhere = list(sums.annotate(n=Count("pk"), taken=Sum("segments"), cost=Sum("cost_micro")))
    rows = [row for row in everywhere if asked.country in ("", row[2])]
    templates = _templates(organization, {row[1] for row in rows})
    return ProgramStatistics(
        whole=together(_figures((0, row) for row in rows).values()),
        applications=largest(_figures((row[0], row) for row in rows)),
        templates=largest(_figures((templates.get(row[1], _GONE), row) for row in rows)),
        countries=largest(_figures((row[2], row) for row in everywhere)),
        codes=_codes(rows),
        since=since.first() if since is not None else None,
        converted=_converted(organization, read),
    )


def _newest(organization: Organization, asked: StatisticsFilter) -> list[int]:
    """Return ids of the period, the newest first, one more than are read."""
    first, end = (
        first_id_at(datetime.combine(day, time(), organization.zone))
        for day in (asked.first, asked.last + timedelta(1))
    )
    own = ApiMessage.objects.for_organization(organization).of_programs()
    if asked.application:
        own = own.filter(application_id=asked.application)
    own = own.filter(message_id__gte=first, message_id__lt=end).order_by("-message_id")
    return list(own.values_list("message_id", flat=True)[: MOST_MESSAGES + 1])


def _converted(organization: Organization, ids: list[int]) -> int:
    own = ApiMessage.objects.for_organization(organization).filter(message_id__among=ids)
    return int(own.exclude(converted_at=None).count())


def _figures(rows: Iterable[tuple[Any, Any]]) -> dict[Any, Figures]:
    sums: Iterable[Sums] = (
        (key, row[3], is_handed_over(MessageState(row[3]), _state(row[4])), *row[6:])
        for key, row in rows
    )
    return add_up(sums, Figures)


def _state(name: str) -> MessageState | None:
    return MessageState(name) if name else None


def _templates(organization: Organization, versions: set[int]) -> dict[int, tuple[int, str]]:
    own = TextTemplateVersion.objects.for_organization(organization).filter(pk__in=versions)
    named = own.values_list("pk", "text_template_id", "text_template__name")
    return {pk: (template, name) for pk, template, name in named}


def _codes(rows: Iterable[tuple[Any, ...]]) -> list[tuple[CodeMeaning, int]]:
    """Return what stands beside messages that failed or are in doubt, the most frequent first."""
    counts: dict[str, int] = {}
    for _application, _version, _country, state, _from, code, n, *_sums in rows:
        if state in RARE_MESSAGE_STATES and code:
            counts[code] = counts.get(code, 0) + n
    found = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(explain(code), n) for code, n in found]
