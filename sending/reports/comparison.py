"""A period beside the one of the same length before it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

from django.utils import formats
from django.utils.translation import gettext as _

from accounts.models import Organization
from sending.models import Counter
from sending.models.figures import Figures, together
from sending.reports.queries import StatisticsFilter


class Difference(NamedTuple):
    """One figure now and before, and the difference in words."""

    label: str
    now: int
    before: int
    words: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The days before, and each figure beside what it was."""

    before: StatisticsFilter
    days: int
    rows: Sequence[Difference]
    rate: str


def comparison(
    organization: Organization, asked: StatisticsFilter, whole: Figures
) -> Comparison | None:
    """Compare the figures of a period with those before it; None when there were none."""
    days = len(asked.days)
    before = replace(
        asked,
        first=asked.first - timedelta(days),
        last=asked.first - timedelta(1),
        preset=None,
    )
    counters = Counter.objects.for_organization(organization).of_days(before.first, before.last)
    if asked.country:
        counters = counters.filter(country=asked.country)
    if asked.application:
        counters = counters.filter(application_id=asked.application)
    found = together(counters.figures_by("organization_id", Figures).values())
    if not found.total:
        return None
    labels = {
        "total": _("Messages"),
        "handed_over": _("Handed over"),
        "delivered": _("Delivered"),
        "failed": _("Failed"),
        "segments": _("Segments"),
    }
    rows = [_difference(label, whole, found, name) for name, label in labels.items()]
    return Comparison(before, days, rows, _rate(whole, found))


def _difference(label: str, whole: Figures, found: Figures, name: str) -> Difference:
    now, before = getattr(whole, name), getattr(found, name)
    return Difference(label, now, before, difference_in_words(now, before))


def difference_in_words(now: int, before: int) -> str:
    """Say how much more or less something is, as a number and as a share."""
    if now == before:
        return _("the same")
    number = formats.number_format(abs(now - before), force_grouping=True)
    if not before:
        return _("%(n)s more; none before") % {"n": number}
    share = formats.number_format(100 * abs(now - before) / before, decimal_pos=1)
    sentence = _("%(n)s more (+%(share)s %%)") if now > before else _("%(n)s less (−%(share)s %%)")
    return sentence % {"n": number, "share": share}


def _rate(now: Figures, before: Figures) -> str:
    """Say how the delivery rate has changed, or nothing without one of the two."""
    if not (now.handed_over and before.handed_over):
        return ""
    rates = [100 * each.delivered / each.handed_over for each in (now, before)]
    points = round(rates[0], 1) - round(rates[1], 1)
    shown = [formats.number_format(rate, decimal_pos=1) for rate in (*rates, abs(points))]
    words = {"now": shown[0], "before": shown[1], "points": shown[2]}
    if round(points, 1) == 0:
        return _("The delivery rate is %(now)s %%, as before.") % words
    if points > 0:
        return (
            _(
                "The delivery rate is %(now)s %%, %(points)s points higher than "
                "%(before)s %% before."
            )
            % words
        )
    return (
        _("The delivery rate is %(now)s %%, %(points)s points lower than %(before)s %% before.")
        % words
    )
