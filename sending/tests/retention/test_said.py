"""What people wrote to each other goes with the messages, and with the number it quotes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sending.lifecycle import MessageState, TaskState
from sending.models import SendApproval, SendTask, TaskEvent
from sending.retention import messages, sources
from sending.retention.number_export import export
from sending.tests.factories import a_number, make_messages, make_sender, make_task, move
from sending.tests.retention.numbers import NUMBER, erase
from templates_app.models import Review, ReviewQuestion, TextTemplateVersion
from templates_app.tests.factories import pending_template

pytestmark = pytest.mark.django_db(transaction=True)
SPELLED = "0044 7400 987-123"


def returned(member, state):
    """A task that came back with a note, and once from its schedule."""
    task = make_task(member, state, numbers=[a_number(1)])
    TaskEvent.objects.create(task=task, code="returned", params={"note": f"Not {SPELLED}"})
    SendApproval.objects.create(
        organization=task.organization,
        task=task,
        asked_by=member.user,
        messages=1,
        segments=1,
        cost_micro=1,
        outcome="RETURNED",
        note=f"Not {SPELLED}",
    )
    SendTask.objects.filter(pk=task.pk).update(not_sent={"code": "X", "params": {"n": SPELLED}})
    return task


def reviewed(member, state="REJECTED"):
    """A text whose review was talked about."""
    version = pending_template(member.organization).versions.get()
    about = {"organization": member.organization, "text_template_version": version}
    ReviewQuestion.objects.create(**about, text=f"Whose is {SPELLED}?", author=member.user)
    Review.objects.create(**about, approved=False, note=f"See {SPELLED}", reviewer=member.user)
    TextTemplateVersion.objects.filter(pk=version.pk).update(
        state=state, appeal=f"{SPELLED} is ours", appealed_at=timezone.now()
    )
    return version


def test_a_number_is_exported_from_what_was_said_and_hidden_in_it(member):
    task, version = returned(member, TaskState.READY), reviewed(member)
    known = export(NUMBER, member.organization)["quoted_in"]
    places = {"tasks", "task_events", "approvals", "questions", "reviews", "appeals_of_templates"}
    assert {name for name, rows in known.items() if rows} == places
    erase(member.organization)
    known = export(NUMBER, member.organization)["quoted_in"]
    assert not any(known.values())
    assert TaskEvent.objects.get(task=task).params["note"].endswith("***-***")
    version.refresh_from_db()
    assert version.appeal.endswith("is ours")


def test_of_another_organization_it_stays(member):
    returned(member, TaskState.READY)
    erase(make_sender().organization)
    assert SPELLED in TaskEvent.objects.get().params["note"]


def age(days):
    then = timezone.now() - timedelta(days=days)
    SendTask.objects.update(created_at=then)
    SendTask.objects.exclude(sent_at=None).update(sent_at=then)
    ReviewQuestion.objects.update(at=then)
    TextTemplateVersion.objects.update(appealed_at=then)


def kept():
    """How much of what was said is still there: of tasks, questions, appeals."""
    notes = [row.note for row in SendApproval.objects.all()]
    notes += [event.params["note"] for event in TaskEvent.objects.filter(code="returned")]
    appeals = TextTemplateVersion.objects.exclude(appeal="")
    said = sum(SPELLED in note for note in notes)
    return said, ReviewQuestion.objects.count(), appeals.count()


@pytest.mark.parametrize(("days", "left"), [(89, (2, 2, 2)), (91, (0, 1, 1))])
def test_it_is_kept_as_long_as_messages_are(member, days, left):
    move(make_messages(returned(member, TaskState.SENDING)), MessageState.DELIVERED)
    reviewed(member)
    # Somebody still decides about this one.
    reviewed(member, "PENDING")
    age(days)
    messages.erase_due()
    assert kept() == left


def test_of_a_task_that_was_never_sent_it_goes_with_its_source(member):
    task = returned(member, TaskState.READY)
    age(31)
    sources.erase_due()
    task.refresh_from_db()
    assert (task.state, task.not_sent, kept()) == ("CANCELLED", {}, (0, 0, 0))
