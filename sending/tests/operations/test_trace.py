"""The trace of one number, over all organizations."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry
from sending.lifecycle import MessageState, TaskState
from sending.models import Message
from sending.operations.queries import trace as queries
from sending.tests.factories import a_number, make_sender, make_task, move
from sending.tests.operations.rows import receive, submit

NUMBER = a_number(0)


def looked_up(operator: Client, number: str = NUMBER) -> Any:
    """Return the page a search leads to."""
    return operator.post("/operations/trace/", {"number": number}, follow=True)


def test_it_finds_the_number_in_every_organization(
    messages: list[Message], operator: Client
) -> None:
    other = make_task(make_sender(), TaskState.SENDING, numbers=[NUMBER, a_number(9)])
    move(messages[:1], MessageState.UNDELIVERABLE, code="027")
    receive(submit(messages[0], 60), 3)
    found = looked_up(operator, "00852 5123-0000").context["page"].rows
    assert [row.message.organization_id for row in found] == [
        other.organization_id,
        messages[0].organization_id,
    ]
    page = looked_up(operator).content.decode()
    assert "Absent subscriber" in page
    assert f"id-{messages[0].pk}" in page
    assert "hk-direct-1, deliver_sm DELIVERED" in page
    # Texts are the organization's own business.
    assert "Harbourline stores close" not in page


def test_every_look_is_written_down_with_the_number_masked(
    messages: list[Message], operator: Client
) -> None:
    looked_up(operator)
    entry = AuditEntry.objects.get(action="number.traced")
    assert entry.subject == "+852******00"
    assert entry.details == {"messages": 1}
    assert entry.actor is not None


@pytest.mark.parametrize("number", ["", "12", "no number", "1" * 16, "٣" * 11])
def test_what_is_no_number_is_explained_and_kept(db: None, operator: Client, number: str) -> None:
    response = operator.post("/operations/trace/", {"number": number})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not AuditEntry.objects.filter(action="number.traced").exists()


def test_older_messages_are_on_the_next_page(
    operator: Client, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    monkeypatch.setattr(queries, "MESSAGES_A_PAGE", 1)
    member = make_sender()
    for _task in range(2):
        make_task(member, TaskState.SENDING, numbers=[NUMBER])
    first = looked_up(operator).context
    key, after = first["search"].key, first["page"].next
    second = operator.get("/operations/trace/", {"search": key, "after": after}).context
    assert first["page"].rows[0].message.pk > second["page"].rows[0].message.pk
    assert second["page"].next == ""


def test_what_was_only_checked_is_said_not_to_be_sent(operator: Client, db: None) -> None:
    make_task(state=TaskState.READY, numbers=[NUMBER])
    page = looked_up(operator).content.decode()
    assert "checked but not sent" in page
