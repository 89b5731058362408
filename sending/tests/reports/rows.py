"""Counters as they lie, and what pages and exports say of them."""

import csv
import io
from datetime import date

from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.models import Organization
from sending.lifecycle import MessageState
from sending.models import Counter
from sending.tests.send_tasks.reader import Reader

URL, EXPORT = reverse("reports:statistics"), reverse("reports:statistics_export")
TODAY = date(2026, 11, 20)


def count(
    organization: Organization,
    hour: int,
    country: str = "HK",
    task: int = 1,
    **states: int,
) -> None:
    """Write counters; a message has two segments, and a segment costs 0.05."""
    Counter.objects.bulk_create(
        Counter(
            organization_id=organization.pk,
            application_id=1,
            task_id=task,
            hour=hour,
            country=country,
            state=MessageState[state].value,
            given_up_later=state == "EXPIRED",
            messages=n,
            segments=2 * n,
            cost_micro=100_000 * n,
        )
        for state, n in states.items()
    )


def figure(page: BeautifulSoup, label: str) -> str:
    """Return what a figure of the page says, with what stands under it."""
    (term,) = (term for term in page.main.find_all("dt") if term.text.strip() == label)
    return " ".join(term.find_next("dd").get_text(" ").split())


def table(page: BeautifulSoup, heading: str) -> list[list[str]]:
    """Return the rows of the table in a section."""
    (title,) = (title for title in page.main.find_all("h2") if title.text.strip() == heading)
    section = title.find_parent("section")
    return [
        [" ".join(cell.text.split()) for cell in row.find_all(["th", "td"])]
        for row in section.find("table").find_all("tr")
    ]


def export(reader: Reader, **params: object) -> list[list[str]]:
    response = reader.client.get(EXPORT, params)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def many_outcomes(organization: Organization) -> None:
    """Write one task's messages in every state, and a few of another one."""
    count(
        organization,
        2026112009,
        DELIVERED=900,
        UNDELIVERABLE=20,
        EXPIRED=3,
        REJECTED=7,
        SUBMITTED=50,
        UNKNOWN=4,
        IN_DOUBT=6,
        CANCELLED=11,
        BLOCKED=2,
        QUEUED=5,
        SUBMITTING=1,
    )
    count(organization, 2026111823, "GB", task=2, DELIVERED=100)
