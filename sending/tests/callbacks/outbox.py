"""Applications with a URL, and events in their outbox as `step` writes them."""

from django.utils import timezone

from sending.callbacks import endpoints, rounds
from sending.lifecycle import MessageState, SaidBy, TaskState
from sending.models import CallbackEndpoint, CallbackEvent, CallbackKind, InboundMessage
from sending.models.stepping import MessageChange, step
from sending.tests.factories import a_number, make_messages, make_sender, make_task, move

SECRET = "a secret of the application"


def make_application(url="", reply_url="", secret=SECRET, **fields):
    """The application of an organization that may send, called back at these URLs."""
    member = make_sender(**fields)
    application = member.organization.applications.get()
    application.callback_url = url
    application.reply_callback_url = reply_url
    application.callback_secret = secret
    application.save()
    application.member = member
    return application


def make_submitted(application, count=1, first=1):
    """Messages that a gateway accepted and nothing else is known of."""
    numbers = [a_number(index) for index in range(first, first + count)]
    task = make_task(application.member, TaskState.SENDING, numbers=numbers)
    messages = make_messages(task)
    move(messages, MessageState.SUBMITTED)
    return messages


def make_reports(application, count=1, first=1, state=MessageState.DELIVERED, code=""):
    """So many delivery reports; the ids of their events."""
    messages = make_submitted(application, count, first)
    changes = [MessageChange(message.pk, code) for message in messages]
    assert len(step(state, changes, said_by=SaidBy.NETWORK)) == count
    pks = [message.pk for message in messages]
    events = CallbackEvent.objects.filter(subject_id__in=pks).order_by("pk")
    return list(events.values_list("pk", flat=True))


def make_reply(application, text="Yes please", **fields):
    """A reply and its event, as the room of replies writes them."""
    now = timezone.now()
    own = {"organization_id": application.organization_id, "application_id": application.pk}
    given = {"msisdn": a_number(1), "country": "HK", "gateway_id": 1, "received_at": now}
    reply = InboundMessage.objects.create(**own, **given | fields, text=text)
    return CallbackEvent.objects.create(
        **own, kind=CallbackKind.REPLY.value, subject_id=reply.pk, at=now, due_at=now
    )


def endpoint_of(application, kind=CallbackKind.STATUS):
    """The endpoint as it is now."""
    endpoints.ensure()
    return CallbackEndpoint.objects.get(application_id=application.pk, kind=kind.value)


def time_has_come():
    """Let the time of every next attempt come."""
    now = timezone.now()
    CallbackEndpoint.objects.update(next_attempt_at=now)
    CallbackEvent.objects.filter(aside_until__isnull=False).update(aside_until=now)


def deliver_until_told(most=40):
    """Deliver round after round, each as if its time had come, until nothing waits."""
    for _round in range(most):
        rounds.deliver()
        if not CallbackEvent.objects.filter(due_at__isnull=False).exists():
            return
        time_has_come()
    raise AssertionError(f"still waiting after {most} rounds")


def make_told_event(task):
    """Make an event that was told, and one that was given up."""
    application = task.application
    application.callback_url = "https://shop.example/sms"
    application.save()
    now = timezone.now()
    own = {"organization_id": task.organization_id, "application_id": application.pk}
    CallbackEndpoint.objects.create(**own, kind="STATUS", down_since=now, error="HTTP_503")
    subject = {"kind": "STATUS", "subject_id": make_messages(task)[0].pk, "state": "DELIVERED"}
    CallbackEvent.objects.create(**own, **subject, at=now, dead_at=now, error="HTTP_503")
    return CallbackEvent.objects.create(**own, **subject, at=now, delivered_at=now)
