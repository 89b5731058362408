"""The organization's audit trail with its filter, and the events of one's own account."""

import csv
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.account_events import record_account_event
from accounts.models import AuditEntry, Member, Organization
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db
TRAIL, EVENTS = "accounts:audit_trail", "accounts:security_events"


@pytest.fixture
def owner() -> Member:
    return make_member(Role.OWNER, make_organization(time_zone="Asia/Hong_Kong"))


def record(organization: Organization | None, action: str, subject: str, **fields: Any) -> None:
    AuditEntry.record(action=action, subject=subject, organization=organization, **fields)


def subjects(client: Client, **filters: Any) -> list[str]:
    page = client.get(reverse(TRAIL), filters)
    assert page.status_code == 200
    return [entry.subject for entry in page.context["page"].rows]


def test_the_trail_is_found_by_person_and_kind(client: Client, owner: Member) -> None:
    other = make_member(Role.SENDER, owner.organization).user
    record(owner.organization, "send_task.sent", "a", actor=owner.user)
    record(owner.organization, "send_task.sent", "b", actor=other)
    record(owner.organization, "contact.created", "c", actor=other)
    record(owner.organization, "member.joined", "d")
    log_in(client, owner)
    assert subjects(client) == ["d", "c", "b", "a"]
    assert subjects(client, actor=other.pk) == ["c", "b"]
    assert subjects(client, about="send_task") == ["b", "a"]
    assert subjects(client, actor=other.pk, about="send_task") == ["b"]


def test_the_trail_is_found_by_days_of_the_organizations_zone(
    client: Client, owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 23:30 and 00:30 in Hong Kong.
    for hour, subject in ((15, "late on the 28th"), (16, "early on the 29th")):
        moment = datetime(2026, 11, 28, hour, 30, tzinfo=UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
        record(owner.organization, "x.y", subject)
    monkeypatch.undo()
    log_in(client, owner)
    assert subjects(client, first="2026-11-29", last="2026-11-29") == ["early on the 29th"]
    assert subjects(client, last="2026-11-28") == ["late on the 28th"]


def test_pages_keep_the_filter(client: Client, owner: Member) -> None:
    for number in range(55):
        record(owner.organization, "contact.created", f"c{number}")
        record(owner.organization, "send_task.sent", f"t{number}")
    log_in(client, owner)
    page = client.get(reverse(TRAIL), {"about": "contact"})
    after = page.context["page"].next
    assert f"?about=contact&amp;after={after}" in page.content.decode()
    older = subjects(client, about="contact", after=after)
    assert older == ["c4", "c3", "c2", "c1", "c0"]


def test_the_trail_is_searched_for_words_a_stretch_at_a_time(
    client: Client, owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.trail_queries.LOOKED_THROUGH", 3)
    for subject in ("Spring offer", "a", "b", "c", "d", "Spring news", "e"):
        record(owner.organization, "send_task.sent", subject, actor=owner.user)
    log_in(client, owner)
    page = client.get(reverse(TRAIL), {"words": "spring"})
    assert [entry.subject for entry in page.context["page"].rows] == ["Spring news"]
    found, after = [], page.context["page"].next
    while after:
        page = client.get(reverse(TRAIL), {"words": "spring", "after": after})
        found += [entry.subject for entry in page.context["page"].rows]
        after = page.context["page"].next
    assert found == ["Spring offer"]
    # Several on one page go on behind the last of them.
    assert subjects(client, words="Spring", about="contact") == []


def exported(client: Client, **filters: Any) -> list[list[str]]:
    answer = client.get(reverse("accounts:audit_trail_export"), filters)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(text.splitlines()))


def test_the_trail_is_taken_away_as_it_is_filtered_and_that_is_written_down(
    client: Client, owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.trail_queries._AT_ONCE", 2)
    moment = datetime(2026, 11, 28, 16, 30, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    for subject in ("a", "=b", "c", "d", "e"):
        record(owner.organization, "send_task.sent", subject, actor=owner.user)
    record(owner.organization, "contact.created", "f")
    monkeypatch.undo()
    record(make_member(Role.OWNER).organization, "send_task.sent", "not yours")
    log_in(client, owner)
    headings, *rows = exported(client, about="send_task")
    assert headings == ["What", "About", "Who", "When", "Number", "Seal"]
    assert [row[1] for row in rows] == ["e", "d", "c", "'=b", "a"]
    assert rows[0][2:5] == [str(owner.user), "2026-11-29T00:30:00+08:00", "5"]
    entry = AuditEntry.objects.for_organization(owner.organization).latest("pk")
    assert (entry.action, entry.details) == (
        "audit_trail.exported",
        {"filter": {"about": "send_task"}},
    )
    assert [row[1] for row in exported(client, words="C")[1:]] == ["c"]


def test_an_export_is_bounded(
    client: Client, owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.trail_queries.MOST_EXPORTED", 3)
    for number in range(5):
        record(owner.organization, "contact.created", f"c{number}")
    log_in(client, owner)
    assert [row[1] for row in exported(client, about="contact")[1:]] == ["c4", "c3", "c2"]


@pytest.mark.parametrize(
    "filters",
    [
        {"words": "x" * 61},
        {"actor": "x"},
        {"actor": "999999"},
        {"about": "nothing"},
        {"first": "yesterday"},
        {"first": "0001-01-01"},
        {"last": "9999-12-31"},
        {"after": "9" * 30},
    ],
)
def test_a_bent_filter_is_said_and_is_no_error(
    client: Client, owner: Member, filters: dict[str, str]
) -> None:
    record(owner.organization, "x.y", "a")
    log_in(client, owner)
    assert subjects(client, **filters) == ["a"]


def test_people_of_another_organization_are_not_offered(client: Client, owner: Member) -> None:
    stranger = make_member(Role.OWNER)
    record(stranger.organization, "x.y", "a", actor=stranger.user)
    record(owner.organization, "x.y", "b", actor=owner.user)
    log_in(client, owner)
    page = client.get(reverse(TRAIL))
    offered = [person for person, _label in page.context["form"].fields["actor"].choices]
    assert [getattr(person, "value", person) for person in offered] == ["", owner.user_id]


def test_people_see_what_happened_to_their_own_account(client: Client, owner: Member) -> None:
    person = owner.user
    record_account_event("signed_in", person, person, steps=["password", "mfa"])
    record_account_event("second_step_added", person, person, type="totp")
    record_account_event("sign_in_failed", person)
    record_account_event("signed_in", make_user(name="Somebody Else"))
    roles = {"before": "VIEWER", "after": "OWNER"}
    record(owner.organization, "member.role_changed", "z", person=person, **roles)
    page = log_in(client, owner).get(reverse(EVENTS))
    text = page.content.decode()
    assert [entry.action for entry in page.context["page"].rows] == [
        "member.role_changed",
        "account.sign_in_failed",
        "account.second_step_added",
        "account.signed_in",
    ]
    assert "Signed in (with the second step)" in text
    assert "Second step added (authenticator app)" in text
    assert "Role changed" in text
    assert "Wrong password at sign-in" in text
    assert "Somebody Else" not in text


def test_events_are_paged(client: Client) -> None:
    person = make_user()
    for _ in range(60):
        record_account_event("signed_in", person, person)
    log_in(client, person)
    first = client.get(reverse(EVENTS))
    older = client.get(reverse(EVENTS), {"after": first.context["page"].next})
    assert (len(first.context["page"].rows), len(older.context["page"].rows)) == (50, 10)
    assert older.context["page"].next == ""


def test_the_menu_leads_there(client: Client, owner: Member) -> None:
    page = log_in(client, owner).get(reverse("accounts:settings")).content.decode()
    assert reverse(EVENTS) in page
