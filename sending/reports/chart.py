"""A chart of stacked bars: where each part lies. Widths are shares, so that text keeps its size."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import formats
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.lists import listed
from sending.models.figures import Figures
from sending.reports.queries import Statistics, StatisticsFilter, Step

# In pixels; the style sheet gives the picture room for what is written around it.
HEIGHT = 200
_BAR = 0.72
_MOST_LABELS, _MOST_ON_A_PHONE = 12, 4
_MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of messages, as every chart, legend and table shows it."""

    # The property of Figures that says how many.
    name: str
    tone: str
    icon: str
    label: Promise | str


# From the bottom of a bar to its top. Every message is in exactly one.
OUTCOMES = (
    Outcome("delivered", "ok", "delivered", gettext_lazy("Delivered")),
    Outcome("failed", "bad", "failed", gettext_lazy("Failed")),
    Outcome("doubtful", "doubt", "unknown", gettext_lazy("Unknown or in doubt")),
    Outcome("submitted", "busy", "submitted", gettext_lazy("No receipt yet")),
    Outcome("left", "idle", "cancelled", gettext_lazy("Not sent")),
)


def parts_of(figures: Figures) -> list[tuple[Outcome, int]]:
    """Return each outcome and how many messages came to it."""
    return [(outcome, getattr(figures, outcome.name)) for outcome in OUTCOMES]


class Numbers(dict[int, str]):
    """Numbers as the reader's language groups them: most of a page are noughts and repetitions."""

    def __missing__(self, n: int) -> str:
        """Put a number into digits and separators, once."""
        text = self[n] = formats.number_format(n, force_grouping=True)
        return text


@dataclass(frozen=True, slots=True)
class Rect:
    """A part of a bar: `x` and `width` in percent, `y` and `height` in pixels."""

    x: str
    y: str
    width: str
    height: str

    @property
    def svg(self) -> SafeString:
        """Return it as SVG: a template that fills in four figures takes ten times as long."""
        return SafeString(
            f'<rect x="{self.x}" y="{self.y}" width="{self.width}" height="{self.height}"/>'
        )


@dataclass(frozen=True, slots=True)
class Column:
    """A day or an hour: the strip (SVG) that says its figures, and what is written under it."""

    middle: str
    label: str
    # Too many for a phone: this one is left out there.
    wide: bool
    strip: SafeString


@dataclass(frozen=True, slots=True)
class Row:
    """A day or an hour in the table of the chart.

    `hours` and `tasks` are what addresses say of a day with messages, and empty otherwise.
    """

    name: str
    hours: str
    tasks: str
    total: str
    cells: SafeString
    delivered: int
    handed_over: int


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the picture consists of."""

    stacks: Sequence[tuple[Outcome, Sequence[Rect]]]
    columns: Sequence[Column]
    lines: Sequence[tuple[str, str]]
    summary: str
    height: int = HEIGHT


def chart_of(found: Statistics, asked: StatisticsFilter) -> Chart:
    """Draw the steps of a period."""
    parts = [parts_of(step.figures) for step in found.steps]
    most = max(sum(n for _outcome, n in of_step) for of_step in parts)
    line = line_distance(most)
    top = line * -(-most // line)
    share = 100 / len(found.steps)
    stacks: list[list[Rect]] = [[] for _outcome in OUTCOMES]
    for at, of_step in enumerate(parts):
        y = float(HEIGHT)
        for stack, (_outcome, messages) in zip(stacks, of_step, strict=True):
            height = HEIGHT * messages / top
            y -= height
            if height > 0:
                x = share * (at + (1 - _BAR) / 2)
                stack.append(Rect(_percent(x), f"{y:.1f}", _percent(share * _BAR), f"{height:.1f}"))
    return Chart(
        stacks=list(zip(OUTCOMES, stacks, strict=True)),
        columns=_columns(_titles(found.steps, parts, asked), found.steps, asked, share),
        lines=[(f"{HEIGHT - HEIGHT * n / top:.1f}", _short(n)) for n in range(0, top + 1, line)],
        summary=_summary(found, asked),
    )


def line_distance(largest: int) -> int:
    """Return 1, 2 or 5 with noughts, so that a few lines reach above the largest bar."""
    power = 1
    while True:
        for leading in (1, 2, 5):
            if leading * power * _MOST_LINES >= largest:
                return leading * power
        power *= 10


def _columns(
    titles: Sequence[SafeString], steps: Sequence[Step], asked: StatisticsFilter, share: float
) -> list[Column]:
    """Return the strips; so many of them have a label as fit, the newest day always."""
    every = _distance(len(steps), _MOST_LABELS, asked)
    on_a_phone = _distance(len(steps), _MOST_ON_A_PHONE, asked, multiple_of=every)
    columns = []
    for at, step in enumerate(steps):
        place = at if asked.hourly else len(steps) - 1 - at
        columns.append(
            Column(
                middle=_percent(share * (at + 0.5)),
                label=_label(step, asked) if not place % every else "",
                wide=bool(place % on_a_phone),
                strip=format_html(
                    '<rect class="strip" x="{}" y="0" width="{}" height="{}">{}</rect>',
                    *(_percent(share * at), _percent(share), HEIGHT, titles[at]),
                ),
            )
        )
    return columns


def _distance(steps: int, most: int, asked: StatisticsFilter, multiple_of: int = 1) -> int:
    """Return after how many steps the next label comes."""
    usual = (1, 2, 3, 6, 12) if asked.hourly else (1, 2, 5, 7, 10, 14, 15, 28, 30, 60, 90, 120)
    fitting = (n for n in usual if not n % multiple_of and -(-steps // n) <= most)
    return next(fitting, steps)


def name_of(step: Step, asked: StatisticsFilter) -> str:
    """Return the day or the hour in full, as a table has it."""
    if asked.hourly:
        return f"{step.at:%H}:00"
    return formats.date_format(step.at, _("D j M Y"))


def _label(step: Step, asked: StatisticsFilter) -> str:
    return f"{step.at:%H}:00" if asked.hourly else formats.date_format(step.at, _("j M"))


def _titles(
    steps: Sequence[Step], parts: Sequence[list[tuple[Outcome, int]]], asked: StatisticsFilter
) -> list[SafeString]:
    """Return what a pointer that rests on a strip is told, of each step."""
    numbers, nothing = Numbers(), _("no messages")
    labels = {outcome: str(outcome.label) for outcome in OUTCOMES}
    titles = []
    for step, of_step in zip(steps, parts, strict=True):
        said = ", ".join(f"{labels[outcome]} {numbers[n]}" for outcome, n in of_step if n)
        title = f"{name_of(step, asked)}: {said or nothing}"
        titles.append(format_html("<title>{}</title>", title))
    return titles


def rows_of(found: Statistics, asked: StatisticsFilter) -> list[Row]:
    """Return the table of the chart, the newest day first; its hours in their order.

    Hundreds of cells, which the template would take longer for than for all else on the page.
    """
    numbers, labels = Numbers(), [str(outcome.label) for outcome in OUTCOMES]
    labels.append(_("Handed over"))
    rows = []
    for step in found.steps:
        parts = [n for _outcome, n in parts_of(step.figures)]
        cells = zip(labels, [numbers[n] for n in (*parts, step.figures.handed_over)], strict=True)
        day = None if asked.hourly or not any(parts) else asked.of_day(step.at.date())
        rows.append(
            Row(
                name=name_of(step, asked),
                hours=day.query if day else "",
                tasks=day.in_days if day else "",
                total=numbers[sum(parts)],
                cells=format_html_join("", '<td class="num" data-label="{}">{}</td>', cells),
                delivered=step.figures.delivered,
                handed_over=step.figures.handed_over,
            )
        )
    return rows if asked.hourly else rows[::-1]


def _summary(found: Statistics, asked: StatisticsFilter) -> str:
    """Return what there is to see, for those who cannot."""
    busiest = max(found.steps, key=lambda step: step.figures.total)
    numbers = Numbers()
    said = [f"{outcome.label} {numbers[n]}" for outcome, n in parts_of(found.whole)]
    return _("%(total)s messages: %(parts)s. Most, %(most)s, on %(when)s.") % {
        "total": numbers[found.whole.total],
        "parts": listed(said),
        "most": numbers[busiest.figures.total],
        "when": name_of(busiest, asked),
    }


def _percent(share: float) -> str:
    # Never with a decimal comma, whatever the reader's language.
    return f"{share:.3f}%"


def _short(n: int) -> str:
    """Return a round number as the axis has room for it."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if n >= size:
            return formats.number_format(f"{n / size:g}") + unit
    return str(n)
