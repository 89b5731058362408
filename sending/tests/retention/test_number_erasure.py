"""One number is forgotten: what waits is cancelled, what is on its way is waited for."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.errors import Conflict
from accounts.models import AuditEntry
from accounts.tests.factories import make_contact
from sending.delivery import in_doubt
from sending.delivery.queue.claims import claim
from sending.intake.task_check import check_task
from sending.lifecycle import MessageState, TaskState
from sending.models import (
    Customer,
    GroupImport,
    InboundMessage,
    InboundSegment,
    Message,
    NumberErasure,
    Problem,
    ReceiptInbox,
    SendTask,
    Suppression,
    TaskCountry,
)
from sending.models.number_digest import number_digest
from sending.retention import number_erasure
from sending.retention.number_erasure import _delete_customer as delete_customer
from sending.retention.number_erasure import _take_out as take_out
from sending.send_tasks import actions
from sending.tests.delivery.fakes import press_send
from sending.tests.factories import (
    counted,
    make_gateway,
    make_group,
    make_messages,
    make_problem,
    make_reply,
    make_sender,
    make_task,
    make_upload,
)
from sending.tests.meeting import both
from sending.tests.operations.rows import submit
from sending.tests.retention.numbers import NUMBER, OTHER, erase, numbers_of, over

pytestmark = pytest.mark.django_db(transaction=True)


def test_messages_that_are_over_keep_their_state_and_lose_their_number(member):
    task = over(member)
    erasure = erase(member.organization)
    assert numbers_of(task) == ["", OTHER]
    assert {m.state for m in make_messages(task)} == {"DELIVERED"}
    assert counted(task_id=task.pk) == {"DELIVERED": 2}
    assert erasure.finished_at
    assert erasure.msisdn == ""
    assert erasure.counts["messages"] == 1


def test_another_organization_keeps_its_own(member):
    theirs = over(make_sender())
    make_group(theirs.organization, [NUMBER])
    erase(member.organization)
    assert numbers_of(theirs) == [NUMBER, OTHER]
    assert Customer.objects.filter(msisdn=NUMBER).exists()
    erase()
    assert numbers_of(theirs) == ["", OTHER]
    assert not Customer.objects.filter(msisdn=NUMBER).exists()


def test_what_waits_to_be_sent_is_cancelled_first(member):
    gateway = make_gateway()
    task = press_send(make_task(member, TaskState.READY, numbers=[NUMBER, OTHER], gateway=gateway))
    erasure = erase(member.organization)
    assert erasure.finished_at
    first, second = make_messages(task)
    assert (first.state, first.code, first.msisdn) == ("CANCELLED", "NUMBER_ERASED", "")
    assert counted(task_id=task.pk) == {"CANCELLED": 1, "QUEUED": 1}
    claimed = claim(gateway, "journal", 500).outgoing
    assert [item.key.message_id for item in claimed] == [second.pk]


@pytest.mark.usefixtures("no_wake_ups")
def test_a_task_that_nobody_sent_loses_the_message_and_its_figures_follow(member):
    gateway = make_gateway()
    task = make_task(member, TaskState.READY, numbers=[NUMBER, OTHER], gateway=gateway)
    erase(member.organization)
    task.refresh_from_db()
    assert numbers_of(task) == [OTHER]
    assert (task.accepted, task.segments) == (1, 1)
    assert task.cost_micro == TaskCountry.objects.get(task=task, country="HK").cost_micro
    assert TaskCountry.objects.get(task=task, country="GB").messages == 0
    assert not counted(task_id=task.pk)
    actions.send_task(task=task, user=task.created_by, messages=1)
    assert len(claim(gateway, "journal", 500).outgoing) == 1
    assert counted(task_id=task.pk) == {"SUBMITTING": 1}


@pytest.mark.parametrize(
    "state", [MessageState.SUBMITTING, MessageState.SUBMITTED, MessageState.IN_DOUBT]
)
def test_what_a_gateway_may_have_is_waited_for(member, state):
    on_its_way, done = over(member, state), over(member)
    erasure = erase(member.organization)
    assert erasure.finished_at is None
    assert erasure.in_flight == 1
    assert erasure.msisdn == NUMBER
    # A receipt must still find the only message that it can mean.
    assert numbers_of(on_its_way) == numbers_of(done) == [NUMBER, OTHER]
    assert number_erasure.unfinished() == [erasure.pk]
    Message.objects.filter(task_id=on_its_way.pk).update(state="DELIVERED")
    assert number_erasure.run(erasure.pk)
    assert numbers_of(on_its_way) == numbers_of(done) == ["", OTHER]
    assert number_erasure.unfinished() == []


def test_an_attempt_that_was_never_answered_is_waited_for_as_long_as_for_receipts(member):
    task = over(member, MessageState.UNKNOWN, answered=False)
    first = make_messages(task)[0]
    assert first.attempt == 1
    erasure = erase(member.organization)
    assert erasure.in_flight == 1
    submit(first)
    number_erasure.run(erasure.pk)
    assert numbers_of(task) == ["", OTHER]


def test_a_check_that_runs_is_waited_for(member):
    make_gateway()
    task = make_task(member, TaskState.CHECKING, source="NUMBERS")
    SendTask.objects.filter(pk=task.pk).update(numbers=f"{OTHER}\n{NUMBER}")
    erasure = erase(member.organization)
    assert erasure.finished_at is None
    SendTask.objects.filter(pk=task.pk).update(numbers=f"{OTHER}\n{NUMBER}")
    check_task(task.pk)
    assert NUMBER in numbers_of(task)
    number_erasure.run(erasure.pk)
    assert numbers_of(task) == [OTHER]
    task.refresh_from_db()
    assert "987123" not in task.numbers


@pytest.mark.usefixtures("no_wake_ups")
def test_nobody_sends_to_it_between_the_check_and_the_next_pass(member):
    gateway = make_gateway()
    task = make_task(member, TaskState.READY, numbers=[NUMBER, OTHER], gateway=gateway)
    SendTask.objects.filter(pk=task.pk).update(state=TaskState.CHECKING)
    erasure = erase(member.organization)
    SendTask.objects.filter(pk=task.pk).update(state=TaskState.READY)
    other = make_task(make_sender(), TaskState.READY, numbers=[NUMBER])
    actions.send_task(task=other, user=other.created_by, messages=1)
    with pytest.raises(Conflict, match="is being erased"):
        actions.send_task(task=task, user=task.created_by, messages=2)
    assert {item.task_id for item in claim(gateway, "journal", 500).outgoing} == {other.pk}
    assert number_erasure.run(erasure.pk)
    task.refresh_from_db()
    assert actions.send_task(task=task, user=task.created_by, messages=1)
    assert numbers_of(task) == [OTHER]


def test_a_message_in_doubt_is_not_sent_again_to_it(member):
    task = over(member, MessageState.IN_DOUBT)
    erasure = erase(member.organization)
    message, other = make_messages(task)
    with pytest.raises(in_doubt.NotDecided, match="being erased"):
        in_doubt.send_again(message)
    in_doubt.send_again(other)
    in_doubt.give_up(message)
    Message.objects.filter(pk=other.pk).update(state="DELIVERED")
    assert number_erasure.run(erasure.pk)
    assert numbers_of(task) == ["", OTHER]


def test_customers_leave_all_groups_and_their_sizes_follow(member):
    groups = [make_group(member.organization, [NUMBER, OTHER]) for _ in range(2)]
    erase(member.organization)
    for group in groups:
        group.refresh_from_db()
        assert group.size == group.memberships.count() == 1


def test_who_asked_to_stop_stays_suppressed(member):
    Suppression.objects.create(
        organization=member.organization, msisdn=NUMBER, reason="Mr Chan asked to stop"
    )
    erase(member.organization)
    row = Suppression.objects.get()
    assert row.is_erased
    assert row.reason == ""
    gateway = make_gateway()
    task = press_send(make_task(member, TaskState.READY, numbers=[NUMBER, OTHER], gateway=gateway))
    assert len(claim(gateway, "journal", 500).outgoing) == 1
    first = make_messages(task)[0]
    assert (first.state, first.code) == ("BLOCKED", "SUPPRESSED")


def test_it_stays_suppressed_when_the_secret_key_changes(member, settings):
    Suppression.objects.create(organization=member.organization, msisdn=NUMBER)
    erase(member.organization)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key " * 10
    found = Suppression.objects.suppressed(member.organization_id, [NUMBER, OTHER])
    assert found == {NUMBER}


def test_a_digest_tells_nobody_in_which_organizations_a_number_is(member):
    other = make_sender().organization
    for organization in (member.organization, other):
        Suppression.objects.create(organization=organization, msisdn=NUMBER)
        erase(organization)
    digests = list(Suppression.objects.values_list("msisdn", flat=True))
    assert len(set(digests)) == 2


def test_suppressing_twice_and_erasing_twice_leaves_one_row(member):
    for _time in range(2):
        Suppression.objects.create(organization=member.organization, msisdn=NUMBER)
        erase(member.organization)
    assert Suppression.objects.count() == 1


def test_rows_that_quote_it_lose_it_and_stay(member):
    task = over(member)
    problem = make_problem(
        task, value="07400 987123", cells=["07400 987123", "Mr Chan"], suggestion="447400987123"
    )
    erase(member.organization)
    problem.refresh_from_db()
    assert problem.cells == ["0**** ******", "Mr Chan"]
    assert "987123" not in f"{problem.value}{problem.suggestion}"


def test_names_and_reasons_that_quote_it_lose_it(member):
    organization, quote = member.organization, f"as {NUMBER} said"
    group = make_group(organization, [OTHER], name=quote)
    Customer.objects.update(name=quote)
    Suppression.objects.create(organization=organization, msisdn=OTHER, reason=quote)
    make_task(member, TaskState.REJECTED, name=quote, failure_params={"shown": [quote]})
    GroupImport.objects.create(
        organization=organization,
        group=group,
        started_by=member.user,
        state="FINISHED",
        numbers=quote,
    )
    make_upload(member, name="07400-987123.csv")
    counts = erase(organization).counts
    assert {name for name, count in counts.items() if count == 1} >= {
        "groups",
        "customers",
        "suppressions",
        "tasks",
        "imports",
        "uploads",
    }
    hidden = "as +44********** said"
    group.refresh_from_db()
    assert group.name == hidden
    assert SendTask.objects.get().failure_params == {"shown": [hidden]}
    assert Customer.objects.get().msisdn == Suppression.objects.get().msisdn == OTHER


def test_contacts_keep_their_name(member):
    contact = make_contact(member.organization, msisdn=NUMBER)
    erase(member.organization)
    contact.refresh_from_db()
    assert contact.name
    assert contact.msisdn == ""


def test_every_stored_spreadsheet_goes_because_it_may_have_the_number(member):
    mine, theirs = make_upload(member), make_upload(make_sender())
    erasure = erase(member.organization)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert mine.erased_at
    assert theirs.erased_at is None
    assert erasure.counts["files"] == 1


def test_a_spreadsheet_that_is_being_read_stays_until_it_is_read(member):
    upload = make_upload(member)
    GroupImport.objects.create(
        organization=member.organization, upload=upload, started_by=member.user
    )
    erasure = erase(member.organization)
    upload.refresh_from_db()
    assert (upload.erased_at, erasure.finished_at) == (None, None)


def test_what_gateways_brought_goes_with_the_whole_installation_only(member):
    now = timezone.now()
    InboundSegment.objects.create(
        gateway_id=1, source="07400987123", data_coding=0, esm_class=0, octets=b"", received_at=now
    )
    ReceiptInbox.objects.create(
        gateway_id=1, msisdn=NUMBER, raw="{}", received_at=now, next_try_at=now
    )
    erase(member.organization)
    assert InboundSegment.objects.exists()
    erase()
    assert not InboundSegment.objects.exists()
    assert not ReceiptInbox.objects.exists()


def test_the_trail_says_what_was_done_without_the_number(member):
    over(member)
    erase(member.organization)
    first, second = AuditEntry.objects.order_by("pk")
    assert (first.action, second.action) == ("number.erasure_requested", "number.erased")
    assert first.subject == second.subject == number_digest(NUMBER)
    assert second.details["messages"] == 1
    assert NumberErasure.objects.get().digest == first.subject


def test_a_second_request_is_the_first_one(member):
    over(member, MessageState.SUBMITTED)
    assert erase(member.organization) == erase(member.organization)
    assert NumberErasure.objects.count() == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time anyway")
def test_two_passes_at_once_count_a_message_once(member):
    """That of the button, and that of every minute."""
    task = make_task(member, TaskState.READY, numbers=[NUMBER, OTHER])
    erasure = number_erasure.request(msisdn=NUMBER, organization=None, actor=None)
    both(
        lambda: SendTask.objects.select_for_update().get(pk=task.pk) and None,
        lambda: take_out(make_messages(task)[0]),
        lambda: number_erasure.run(erasure.pk),
    )
    task.refresh_from_db()
    assert (numbers_of(task), task.accepted, task.segments) == ([OTHER], 1, 1)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time anyway")
def test_two_passes_at_once_count_a_customer_once(member):
    group = make_group(member.organization, [NUMBER, OTHER])
    erasure = number_erasure.request(msisdn=NUMBER, organization=None, actor=None)
    customer = Customer.objects.get(msisdn=NUMBER)
    both(
        lambda: delete_customer(customer),
        lambda: None,
        lambda: number_erasure.run(erasure.pk),
    )
    group.refresh_from_db()
    assert group.size == 1


def test_what_came_after_the_request_is_not_waited_for(member):
    erasure = number_erasure.request(msisdn=NUMBER, organization=member.organization, actor=None)
    NumberErasure.objects.filter(pk=erasure.pk).update(
        requested_at=timezone.now() - timedelta(hours=1)
    )
    make_task(member, TaskState.CHECKING)
    assert number_erasure.run(erasure.pk)


def test_problems_of_others_stay(member):
    problem = make_problem(over(member), value="+852 5555 0012")
    erase()
    assert Problem.objects.get(pk=problem.pk).value == "+852 5555 0012"


def test_replies_lose_number_and_text_in_their_organization_only(member):
    task = over(member)
    mine = make_reply(make_messages(task)[0], "It is me")
    quoting = make_reply(make_messages(task)[1], f"Tell {NUMBER[1:]} too")
    theirs = make_reply(make_messages(over(make_sender()))[0], "Me again")
    done = {"gateway_id": 1, "source": NUMBER[1:], "data_coding": 0, "esm_class": 64}
    InboundSegment.objects.create(
        **done, octets=b"digest", received_at=timezone.now(), done_at=timezone.now()
    )
    erasure = erase(member.organization)
    assert erasure.counts["replies"] == 2
    for reply in (mine, quoting, theirs):
        reply.refresh_from_db()
    assert (mine.msisdn, mine.text, mine.is_newest) == ("", "", False)
    assert mine.erased_at
    assert (quoting.msisdn, quoting.text) == (OTHER, "Tell 44********** too")
    assert (theirs.msisdn, theirs.text) == (NUMBER, "Me again")
    assert not InboundSegment.objects.exists()
    erase()
    assert not InboundMessage.objects.filter(msisdn=NUMBER).exists()
