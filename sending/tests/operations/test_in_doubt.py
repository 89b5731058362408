"""Messages in doubt: the list, the evidence, and the decision of a person."""

import pytest
from django.test import Client

from accounts.models import AuditEntry
from sending.lifecycle import MessageState, TaskState
from sending.message_history import histories_of
from sending.models import Batch, Gateway, Message, ReceiptInbox, SendTask
from sending.models.stepping import step, step_task
from sending.operations.queries import doubts
from sending.tests.factories import move
from sending.tests.operations.rows import submit


@pytest.fixture
def doubtful(messages: list[Message]) -> Message:
    """One message in doubt; the queue no longer names it."""
    move(messages[:1], MessageState.IN_DOUBT, code="NO_ANSWER")
    Batch.objects.all().delete()
    messages[0].refresh_from_db()
    return messages[0]


def decide(client: Client, message: Message, decision: str) -> str:
    data = {"decision": decision, "attempt": str(message.attempt)}
    page = client.post(f"/operations/doubt/{message.pk}/", data, follow=True).content.decode()
    message.refresh_from_db()
    return page


def test_the_evidence_is_shown(gateway: Gateway, doubtful: Message, operator: Client) -> None:
    submit(doubtful, command_status="ESME_RTHROTTLED", gateway_message_id="")
    now = doubtful.state_at
    ReceiptInbox.objects.create(
        gateway_id=gateway.pk, gateway_message_id="7f3a", msisdn=doubtful.msisdn,
        message_state="DELIVERED", said_by="HANDSET", received_at=now, next_try_at=now,
    )  # fmt: skip
    assert "+852" in operator.get("/operations/doubt/").content.decode()
    page = operator.get(f"/operations/doubt/{doubtful.pk}/").content.decode()
    for piece in ("ESME_RTHROTTLED", "7f3a", "NO_ANSWER", "hk-direct-1"):
        assert piece in page


def test_sent_again_it_is_in_the_queue_once(doubtful: Message, operator: Client) -> None:
    decide(operator, doubtful, "again")
    assert doubtful.state == MessageState.QUEUED
    batch = Batch.objects.get()
    assert (batch.ids, batch.owner) == ([doubtful.pk], "")
    assert batch.due_at is not None
    entry = AuditEntry.objects.get(action="message.sent_again")
    assert entry.organization_id == doubtful.organization_id
    # The same button again, from a page that is still open.
    decide(operator, doubtful, "again")
    assert Batch.objects.count() == 1


def test_left_as_unknown_it_is_not_sent(doubtful: Message, operator: Client) -> None:
    decide(operator, doubtful, "unknown")
    assert (doubtful.state, doubtful.code) == (MessageState.UNKNOWN, "GIVEN_UP_BY_PERSON")
    assert not Batch.objects.exists()
    assert AuditEntry.objects.filter(action="message.given_up").count() == 1


@pytest.mark.parametrize("decision", ["again", "unknown"])
def test_what_a_receipt_has_settled_stays(
    doubtful: Message, operator: Client, decision: str
) -> None:
    step(MessageState.DELIVERED, [doubtful.pk])
    page = decide(operator, doubtful, decision)
    assert "no longer in doubt" in page
    assert doubtful.state == MessageState.DELIVERED
    assert not AuditEntry.objects.filter(action__startswith="message.").exists()


def test_what_was_submitted_meanwhile_is_not_given_up(doubtful: Message, operator: Client) -> None:
    # UNKNOWN could be reached from SUBMITTED too, but that was not decided about.
    step(MessageState.SUBMITTED, [doubtful.pk])
    decide(operator, doubtful, "unknown")
    assert doubtful.state == MessageState.SUBMITTED


def test_a_cancelled_task_sends_nothing_again(
    task: SendTask, doubtful: Message, operator: Client
) -> None:
    step_task(TaskState.CANCELLED, task.pk)
    assert "was cancelled" in decide(operator, doubtful, "again")
    assert doubtful.state == MessageState.IN_DOUBT


def test_a_stopped_gateway_sends_nothing_again(doubtful: Message, operator: Client) -> None:
    Gateway.objects.update(mode=Gateway.Mode.STOPPED)
    assert "not active" in decide(operator, doubtful, "again")
    assert doubtful.state == MessageState.IN_DOUBT


def test_a_decision_about_an_older_attempt_is_not_taken(
    doubtful: Message, operator: Client
) -> None:
    data = {"decision": "again", "attempt": str(doubtful.attempt - 1)}
    operator.post(f"/operations/doubt/{doubtful.pk}/", data)
    doubtful.refresh_from_db()
    assert doubtful.state == MessageState.IN_DOUBT


def test_the_list_goes_on_where_a_page_ends(
    messages: list[Message], operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doubts, "IN_DOUBT_A_PAGE", 2)
    # All at one moment: the id decides.
    move(messages, MessageState.IN_DOUBT, code="NO_ANSWER")
    seen: list[int] = []
    after = ""
    for _page in range(3):
        context = operator.get("/operations/doubt/", {"after": after}).context
        seen += [row.message.pk for row in context["page"].rows]
        after = context["page"].next
    assert seen == sorted(message.pk for message in messages)
    assert after == ""


@pytest.mark.parametrize(
    "after", ["~", "x~1", "2026-13-99T99:99~1", "2026-01-01T00:00~1", "~" * 99]
)
def test_a_cursor_that_is_none_is_the_first_page(
    doubtful: Message, operator: Client, after: str
) -> None:
    context = operator.get("/operations/doubt/", {"after": after}).context
    assert len(context["page"].rows) == 1


def test_a_server_error_in_doubt_is_not_called_refused(
    messages: list[Message], operator: Client
) -> None:
    move(messages[:1], MessageState.IN_DOUBT, code="HTTP_500")
    for url in ("/operations/doubt/", f"/operations/doubt/{messages[0].pk}/"):
        page = operator.get(url).content.decode()
        assert "It may have the message." in page
        assert "refused it" not in page


def test_unknown_says_who_decided_that(doubtful: Message, operator: Client) -> None:
    decide(operator, doubtful, "unknown")
    (last,) = histories_of([doubtful])[0].lines[-1:]
    assert last.sentence.startswith("It was in doubt, and an operator decided")
