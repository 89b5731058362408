"""The export says what the page says."""

import pytest

from sending.tests.reports.rows import URL, count, export, figure, many_outcomes
from sending.tests.send_tasks.reader import Reader

pytestmark = pytest.mark.django_db


def test_the_export_says_what_the_page_says(reader: Reader) -> None:
    many_outcomes(reader.member.organization)
    count(reader.member.organization, 2026112010, "GB", task=3, DELIVERED=40, REJECTED=2)

    headings, *rows = export(reader, days=30)

    assert headings[:6] == [
        "Day",
        "Country code",
        "Country",
        "Messages",
        "Handed over",
        "Delivered",
    ]
    assert [row[:6] for row in rows] == [
        ["2026-11-18", "GB", "United Kingdom", "100", "100", "100"],
        ["2026-11-20", "GB", "United Kingdom", "42", "40", "40"],
        ["2026-11-20", "HK", "Hong Kong", "1009", "977", "900"],
    ]
    sums = {
        heading: sum(float(row[at]) for row in rows)
        for at, heading in enumerate(headings)
        if at >= 3
    }
    page = reader.get(URL, days=30)
    assert figure(page, "Handed to gateways") == "1,117 of 1,151 accepted"
    assert (sums["Handed over"], sums["Messages"]) == (1117, 1151)
    assert figure(page, "Failed").startswith(f"{sums['Failed']:.0f} ")
    assert figure(page, "Unknown or in doubt").startswith("10 ")
    assert sums["Unknown"] + sums["In doubt"] == 10
    assert sums["Cancelled or blocked"] + sums["Not yet with a gateway"] == 19
    assert figure(page, "Cost, estimated").startswith(f"USD {sums['Cost, estimated, USD']:.2f}")
    assert figure(page, "Segments").startswith(f"{sums['Segments handed over']:,.0f} ")


def test_the_export_is_filtered_as_the_page_is(reader: Reader) -> None:
    many_outcomes(reader.member.organization)
    page = reader.get(URL, first="2026-11-18", last="2026-11-20", country="GB")

    link = page.main.select_one(".page-actions a")["href"]
    response = reader.client.get(link)

    assert 'filename="statistics-2026-11-18-2026-11-20-GB.csv"' in response["Content-Disposition"]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert [line.split(",")[1] for line in text.splitlines()[1:]] == ["GB"]
