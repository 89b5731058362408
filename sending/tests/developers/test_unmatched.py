"""Unmatched texts: put together, beside the nearest text templates, and made into one."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import shared_time
from accounts.models import Member
from accounts.roles import Role
from accounts.tests.factories import make_member, make_operator
from sending.developers.unmatched import queries
from sending.models import UnmatchedText
from sending.operations.free_text_actions import grant_free_text
from sending.tests.factories import make_sender
from sending.tests.program_factories import make_unmatched
from sending.tests.send_tasks.reader import Reader, words
from templates_app.models import SmsType, TextTemplate
from templates_app.review import ReviewState
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
URL = reverse("developers:unmatched")


@pytest.fixture
def parcels(member: Member) -> list[UnmatchedText]:
    organization = member.organization
    return [
        make_unmatched(organization, "Dear Ann, your parcel 00 is at the shop", count=3),
        make_unmatched(organization, "Dear Bob, your parcel 0 is at the shop", count=2),
        make_unmatched(organization, "Good morning", count=9),
    ]


@pytest.fixture
def member() -> Member:
    return make_sender()


def said(tag) -> str:
    return " ".join(tag.get_text(" ").split())


def test_texts_with_most_words_in_common_are_one_line(member, parcels):
    make_unmatched(make_sender().organization, "Somebody else's text")
    page = Reader(member).get(URL)
    rows = [said(row) for row in page.select("tbody tr")]
    assert [row.split(" SMPP")[0] for row in rows] == [
        "Good morning 9",
        "Dear {1}, your parcel {2} is at the shop 5",
    ]


def test_a_group_shows_the_nearest_text_templates_and_what_differs(member, parcels):
    near = approved_template(
        member.organization, "Dear {1}, your parcel {2} is in the shop", SmsType.NOTIFICATION
    )
    page = Reader(member).get(reverse("developers:unmatched_text", args=[parcels[0].pk]))
    assert near.name in words(page)
    assert "in" in [said(one) for one in page.select("del")]
    assert "at" in [said(one) for one in page.select("ins")]


def test_a_draft_is_made_of_what_a_group_has_in_common(member, parcels):
    reader = Reader(member)
    url = reverse("developers:unmatched_template", args=[parcels[1].pk])
    names = []
    for _twice in range(2):
        reader.post(url)
        draft = TextTemplate.objects.order_by("-pk").first()
        version = draft.versions.get()
        assert version.body == "Dear {1}, your parcel {2} is at the shop"
        assert (version.state, len(version.samples)) == (ReviewState.DRAFT.value, 2)
        names.append(draft.name)
    assert names == [
        "Dear …, your parcel … is at the shop",
        "Dear …, your parcel … is at the shop 2",
    ]


def test_a_group_can_be_taken_off_the_list(member, parcels):
    Reader(member).post(reverse("developers:unmatched_remove", args=[parcels[0].pk]))
    assert list(UnmatchedText.objects.all()) == [parcels[2]]


def test_viewers_see_texts_and_change_nothing(member, parcels):
    reader = Reader(make_member(Role.VIEWER, member.organization))
    page = reader.get(reverse("developers:unmatched_text", args=[parcels[0].pk]))
    assert not page.select("main form[method=post]")


def test_the_end_of_learning_mode_is_shown(member):
    grant_free_text(actor=make_operator(), organization=member.organization, is_learning=True)
    assert "Learning mode: until" in words(Reader(member).get(URL))
    right = member.organization.free_text_right
    type(right).objects.update(until=shared_time.now() - timedelta(seconds=1))
    assert queries.right_of(member.organization) is None
    assert "Learning mode" not in words(Reader(member).get(URL))


def test_a_wording_that_is_too_long_is_no_text_template(member):
    text = make_unmatched(member.organization, "word " * 200)
    page = Reader(member).get(reverse("developers:unmatched_text", args=[text.pk]))
    assert "longer than a text template can be" in words(page)
