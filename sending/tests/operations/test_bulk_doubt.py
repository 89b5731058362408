"""Many messages in doubt decided at once: which are meant, and what stays."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from sending.lifecycle import MessageState, TaskState
from sending.models import Attention, Batch, Gateway, Message, SendTask
from sending.operations.queries import doubts
from sending.tests.factories import a_number, make_gateway, make_messages, make_task, move

URL = "/operations/doubt/"


@pytest.fixture
def both(task: SendTask, db: None) -> list[Message]:
    """Messages in doubt of two tasks of two organizations at two gateways."""
    other = make_task(
        state=TaskState.SENDING, numbers=[a_number(n) for n in range(3)], gateway=make_gateway()
    )
    messages = [*make_messages(task), *make_messages(other)]
    move(messages, MessageState.IN_DOUBT, code="NO_ANSWER")
    Batch.objects.all().delete()
    return messages


def decide(client: Client, decision: str, **wanted: object) -> str:
    form = {"decision": decision, "sure": "yes", "until": timezone.now().isoformat(), **wanted}
    return client.post(URL, form, follow=True).text


def in_doubt() -> int:
    return Attention.objects.filter(state=MessageState.IN_DOUBT.value).count()


def test_the_list_is_by_gateway_task_and_organization(
    task: SendTask, gateway: Gateway, both: list[Message], operator: Client
) -> None:
    for wanted in (
        {"gateway": gateway.pk}, {"task": task.pk}, {"organization": task.organization_id},
    ):  # fmt: skip
        rows = operator.get(URL, wanted).context["page"].rows
        assert {row.message.task_id for row in rows} == {task.pk}
        assert len(rows) == 5
    assert len(operator.get(URL, {"task": "x"}).context["page"].rows) == 8


def test_a_gateway_is_looked_for_in_pieces(
    gateway: Gateway, both: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doubts, "LOOKED_THROUGH", 2)
    wanted, seen, after = doubts.DoubtFilter(gateway=gateway.pk), [], None
    for _page in range(5):
        page = doubts.messages_in_doubt(wanted, after)
        seen += [row.message.pk for row in page.rows]
        if not page.next:
            break
        row = Attention.objects.get(pk=int(page.next.partition("~")[2]))
        after = (row.at, row.message_id)
    assert len(seen) == len(set(seen)) == 5


def test_all_at_a_gateway_are_left_as_unknown_and_each_trail_says_so(
    task: SendTask, gateway: Gateway, both: list[Message], operator: Client
) -> None:
    assert "5 messages are unknown now." in decide(operator, "unknown", gateway=gateway.pk)
    assert in_doubt() == 3
    entry = AuditEntry.objects.get(action="message.settled_in_bulk")
    assert (entry.organization_id, entry.details["messages"]) == (task.organization_id, 5)


def test_sent_again_they_are_in_the_queue_once(both: list[Message], operator: Client) -> None:
    assert "8 messages are in the queue again." in decide(operator, "again")
    assert sorted(pk for batch in Batch.objects.all() for pk in batch.ids) == sorted(
        message.pk for message in both
    )
    decide(operator, "again")
    assert sum(len(batch.ids) for batch in Batch.objects.all()) == 8


def test_what_may_not_be_sent_again_stays_in_doubt(
    gateway: Gateway, both: list[Message], operator: Client
) -> None:
    Gateway.objects.filter(pk=gateway.pk).update(mode=Gateway.Mode.STOPPED)
    assert "3 messages are in the queue again." in decide(operator, "again")
    assert in_doubt() == 5


def test_what_came_into_doubt_after_the_page_is_not_decided(
    both: list[Message], operator: Client
) -> None:
    Attention.objects.update(at=timezone.now())
    before = (timezone.now() - timezone.timedelta(minutes=1)).isoformat()
    assert "0 messages" in decide(operator, "unknown", until=before)
    assert in_doubt() == 8


@pytest.mark.parametrize("missing", [{"sure": ""}, {"until": "soon"}, {"decision": "delete"}])
def test_nothing_is_decided_by_half_a_form(
    both: list[Message], operator: Client, missing: dict[str, str]
) -> None:
    form = {"decision": "again", "sure": "yes", "until": timezone.now().isoformat(), **missing}
    assert "Choose what to do" in operator.post(URL, form, follow=True).text
    assert in_doubt() == 8
