"""What a step of a sitting costs, and how far the queue reaches beyond what pages list of it."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import log_in, make_activation, make_organization, make_reviewer
from templates_app.desk import queries
from templates_app.desk.queries import QUEUE_SHOWN, queue
from templates_app.tests.factories import pending_template

pytestmark = pytest.mark.django_db
DESK = "/admin/templates_app/review/desk/"


def test_a_step_asks_no_more_however_long_the_queue_is(client: Client, settings: Any) -> None:
    settings.REVIEW_UNDO_SECONDS = 30
    log_in(client, make_reviewer())
    for _ in range(5):
        pending_template()
    part = {"HTTP_HX_REQUEST": "true"}
    address = client.post(DESK, {"next": "1"}, **part)["HX-Push-Url"]

    def step() -> int:
        nonlocal address
        with CaptureQueriesContext(connection) as asked:
            address = client.post(address, {"decision": "approve"}, **part)["HX-Push-Url"]
        return len(asked)

    step()
    few = step()
    for _ in range(2 * QUEUE_SHOWN):
        pending_template()
    assert step() == few


def test_items_beyond_the_list_have_their_neighbours(client: Client) -> None:
    log_in(client, make_reviewer())
    now = timezone.now()
    addresses = [
        reverse("admin:review_item", args=["template", version.pk])
        for place in range(QUEUE_SHOWN + 4)
        for version in pending_template(due_at=now + timedelta(minutes=place)).versions.all()
    ]
    for place in (QUEUE_SHOWN - 1, QUEUE_SHOWN + 1):
        shown = BeautifulSoup(client.get(addresses[place]).content, "html.parser")
        beside = [link["href"] for link in shown.select(".beside a")]
        assert beside == [addresses[place - 1], addresses[place + 1]]
        assert len(shown.select(".queue a")) == QUEUE_SHOWN


def test_what_waits_for_an_answer_comes_last_in_a_long_queue_of_all_kinds() -> None:
    now = timezone.now()
    asked = pending_template(asked_at=now, due_at=now - timedelta(days=1)).versions.get()
    for place in range(QUEUE_SHOWN):
        pending_template(due_at=now + timedelta(minutes=place))
    late = make_activation(make_organization(), due_at=now - timedelta(minutes=1))
    found = queue(make_reviewer())
    assert found.items[0].key == ("activation", late.pk)
    assert (found.items[-1].key, found.items[-1].is_asked) == (("template", asked.pk), True)
    assert (found.total, found.more) == (QUEUE_SHOWN + 2, 2)


def test_more_than_are_read_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "QUEUE_READ", 2)
    for _ in range(4):
        pending_template()
    found = queue(make_reviewer())
    assert (len(found.items), found.total) == (2, 4)
