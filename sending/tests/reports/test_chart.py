"""The chart of the statistics shows the figures beside it, and labels that can be read."""

from datetime import date

import pytest

from accounts.models import Member
from sending.reports import queries
from sending.reports.chart import HEIGHT, OUTCOMES, chart_of, line_distance
from sending.reports.queries import StatisticsFilter
from sending.tests.reports.rows import TODAY, URL, count, many_outcomes
from sending.tests.send_tasks.reader import Reader

pytestmark = pytest.mark.django_db


def test_a_bar_is_as_high_as_its_figures(member: Member) -> None:
    count(member.organization, 2026112012, DELIVERED=60, UNDELIVERABLE=20, QUEUED=20)
    asked = StatisticsFilter(date(2026, 11, 19), TODAY)

    chart = chart_of(queries.statistics(member.organization, asked), asked)

    drawn = {outcome.name: rects for outcome, rects in chart.stacks if rects}
    assert set(drawn) == {"delivered", "failed", "left"}
    heights = {name: float(rect.height) for name, (rect,) in drawn.items()}
    assert heights == {"delivered": 0.6 * HEIGHT, "failed": 0.2 * HEIGHT, "left": 0.2 * HEIGHT}
    assert float(drawn["left"][0].y) == 0
    assert {rect.x for (rect,) in drawn.values()} == {"57.000%"}
    assert [label for _y, label in chart.lines] == ["0", "50", "100"]
    assert "Most, 100, on Fri 20 Nov 2026" in chart.summary


def test_the_chart_says_what_it_shows(reader: Reader) -> None:
    many_outcomes(reader.member.organization)

    page = reader.get(URL)

    picture = page.main.find("svg", class_="chart")
    assert picture["role"] == "img"
    assert picture.find("desc").text.startswith("1,109 messages: Delivered 1,000, Failed 30,")
    assert "Wed 18 Nov 2026: Delivered 100" in picture.text
    legend = page.main.find("ul", class_="legend")
    assert [item.text.strip() for item in legend.find_all("li")] == [o.label for o in OUTCOMES]


@pytest.mark.parametrize(
    ("largest", "distance"),
    [(1, 1), (4, 1), (5, 2), (20, 5), (21, 10), (999, 500), (2_000_000, 500_000)],
)
def test_lines_of_the_chart_are_round(largest: int, distance: int) -> None:
    assert line_distance(largest) == distance


@pytest.mark.parametrize("days", [2, 7, 8, 30, 31, 90, 366])
def test_labels_leave_each_other_room(member: Member, days: int) -> None:
    first = date.fromordinal(TODAY.toordinal() - days + 1)
    count(member.organization, 2026112012, DELIVERED=1)
    asked = StatisticsFilter(first, TODAY)

    columns = chart_of(queries.statistics(member.organization, asked), asked).columns

    labelled = [column for column in columns if column.label]
    assert 2 <= len(labelled) <= 12
    assert 1 <= len([column for column in labelled if not column.wide]) <= 4
    assert columns[-1].label == "20 Nov"
