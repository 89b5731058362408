"""Claims: two reviewers never work on the same item, and nobody keeps one for ever."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import log_in, make_activation, make_organization, make_reviewer
from templates_app.desk.actions import claim, claim_first, release
from templates_app.desk.queries import Item, item, queue
from templates_app.models import DeskClaim
from templates_app.models.desk_claim import CLAIM_TIME
from templates_app.tests.factories import pending_signature, pending_template

DESK = "/admin/templates_app/review/desk/"


def pending(**fields: object) -> Item:
    found = item("template", pending_template(**fields).versions.get().pk)
    assert found is not None
    return found


def claim_next(reviewer: User) -> Item | None:
    return claim_first(queue(reviewer).items, reviewer)


@pytest.mark.django_db
def test_the_most_urgent_item_that_nobody_works_on_is_next() -> None:
    now = timezone.now()
    ann, ben = make_reviewer(), make_reviewer()
    late = pending(due_at=now - timedelta(hours=1))
    soon = make_activation(make_organization(), due_at=now + timedelta(minutes=5))
    first, second = claim_next(ann), claim_next(ben)
    assert first == late
    assert second is not None
    assert second.key == ("activation", soon.pk)
    assert claim_next(make_reviewer()) is None


@pytest.mark.django_db
def test_who_asks_again_keeps_the_item() -> None:
    reviewer = make_reviewer()
    one = pending()
    pending()
    assert claim_next(reviewer) == claim_next(reviewer) == one


@pytest.mark.django_db
def test_a_reviewer_holds_one_item_at_a_time() -> None:
    ann, ben = make_reviewer(), make_reviewer()
    one, other = pending(), pending()
    claim(one, ann)
    claim(other, ann)
    assert [held.item_id for held in DeskClaim.objects.filter(reviewer=ann)] == [other.row.pk]
    held = claim(one, ben)
    assert held is not None
    assert held.reviewer == ben


@pytest.mark.django_db
def test_a_claim_ends_by_itself_and_by_hand() -> None:
    ann, ben = make_reviewer(), make_reviewer()
    one = pending()
    claim(one, ann)
    held = claim(one, ben)
    assert held is not None
    assert (held.reviewer, held.is_over) == (ann, False)
    DeskClaim.objects.update(until=timezone.now() - timedelta(seconds=1))
    held = claim(one, ben)
    assert held is not None
    assert held.reviewer == ben
    assert timedelta() < held.until - timezone.now() <= CLAIM_TIME
    release(one, ann)
    assert DeskClaim.objects.get().reviewer == ben
    release(one, ben)
    assert not DeskClaim.objects.exists()


@pytest.mark.django_db
def test_what_waits_for_an_answer_is_not_next() -> None:
    pending(asked_at=timezone.now(), due_at=timezone.now() - timedelta(hours=1))
    assert claim_next(make_reviewer()) is None


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_get_two_items() -> None:
    reviewers = [make_reviewer() for _ in range(4)]
    for _ in range(4):
        pending_template()
    got: list[Item | None] = []
    ready = threading.Barrier(len(reviewers))

    def work(reviewer: User) -> None:
        try:
            ready.wait()
            got.append(claim_next(reviewer))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[reviewer]) for reviewer in reviewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.key for one in got if one}) == len(reviewers)
    assert connection.is_usable()


@pytest.mark.django_db
def test_the_page_says_who_works_on_an_item_and_until_when(client: Client) -> None:
    ann, ben = make_reviewer(), make_reviewer()
    version = pending_signature().versions.get()
    address = reverse("admin:review_item", args=["signature", version.pk])
    log_in(client, ann)
    assert "You are working on this until" in client.get(address).text
    log_in(client, ben)
    shown = client.get(address)
    assert f"{ann} is working on this until" in " ".join(shown.text.split())
    assert 'name="decision"' not in shown.text
    assert str(ann) in client.get(DESK).text
    refused = client.post(address, {"decision": "approve"}, follow=True)
    assert f"{ann} is working on this" in refused.text
    version.refresh_from_db()
    assert version.state == "PENDING"


@pytest.mark.django_db
def test_the_button_leads_to_the_next_item_and_back_to_the_desk(client: Client) -> None:
    log_in(client, make_reviewer())
    assert client.post(DESK, {"next": "1"})["Location"] == DESK
    version = pending_template().versions.get()
    address = reverse("admin:review_item", args=["template", version.pk])
    assert client.post(DESK, {"next": "1"})["Location"] == address
