"""What people do about callbacks: try an endpoint, ask it at once, and tell events again."""

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts import shared_time
from accounts.models import AuditEntry, SmsApplication, User
from sending import tasks
from sending.callbacks.endpoints import url_of
from sending.developers.callbacks.queries import dead_events
from sending.lifecycle import MessageState, SaidBy
from sending.models import CallbackEndpoint, CallbackEvent, CallbackKind
from sending.models.callback_event import TEST_SUBJECT

# Of one press; whoever has more presses again.
MOST_AGAIN = 10_000


class NoUrl(Exception):
    """There is nowhere to call back."""


def send_test(*, application: SmsApplication, kind: str) -> None:
    """Put a test event into the outbox of an endpoint, and ask it at once; raise NoUrl."""
    _refuse_without_url(application, kind)
    now = shared_time.now()
    reports = kind != CallbackKind.REPLY.value
    with transaction.atomic():
        CallbackEvent.objects.create(
            organization_id=application.organization_id,
            application_id=application.pk,
            kind=kind,
            subject_id=TEST_SUBJECT,
            state=MessageState.DELIVERED.value if reports else "",
            said_by=SaidBy.US.value,
            at=now,
            due_at=now,
            is_pullable=False,
        )
        _ask_at_once(application, kind)


def ask_now(*, application: SmsApplication, kind: str) -> None:
    """Let the next attempt of an endpoint come now; raise NoUrl."""
    _refuse_without_url(application, kind)
    with transaction.atomic():
        _ask_at_once(application, kind)


def tell_again(*, application: SmsApplication, event: CallbackEvent, user: User) -> bool:
    """Let one event that was told or given up wait again; False for any other; raise NoUrl."""
    own = CallbackEvent.objects.for_organization(application.organization).filter(pk=event.pk)
    return bool(_again(application, event.kind, own.filter(due_at=None), user, event=event.pk))


def tell_dead_again(
    *, application: SmsApplication, kind: str, first: date, last: date, user: User
) -> int:
    """Let events wait again that were given up on these days; raise NoUrl.

    The days are those of the organization. At most MOST_AGAIN, the oldest; return how many.
    """
    zone = application.organization.zone
    begin = datetime.combine(first, time.min, zone)
    end = datetime.combine(last + timedelta(days=1), time.min, zone)
    dead = dead_events(application, kind).filter(dead_at__gte=begin, dead_at__lt=end)
    ids = list(dead.order_by("pk").values_list("pk", flat=True)[:MOST_AGAIN])
    own = CallbackEvent.objects.for_organization(application.organization)
    return _again(application, kind, own.filter(pk__among=ids, due_at=None), user)


def _again(
    application: SmsApplication, kind: str, rows: QuerySet[CallbackEvent], user: User, **said: Any
) -> int:
    _refuse_without_url(application, kind)
    now = shared_time.now()
    again = {"due_at": now, "delivered_at": None, "dead_at": None, "aside_until": None}
    with transaction.atomic():
        count = rows.exclude(delivered_at=None, dead_at=None).update(**again)
        if count:
            _ask_at_once(application, kind)
            AuditEntry.record(
                action="smsapplication.told_again",
                subject=application,
                organization=application.organization,
                actor=user,
                kind=kind,
                count=count,
                **said,
            )
    return count


def _refuse_without_url(application: SmsApplication, kind: str) -> None:
    if kind != CallbackKind.NAMED.value and not url_of(application, kind):
        raise NoUrl


def _ask_at_once(application: SmsApplication, kind: str) -> None:
    own = CallbackEndpoint.objects.for_organization(application.organization)
    own.filter(application_id=application.pk, kind=kind).update(next_attempt_at=shared_time.now())
    transaction.on_commit(partial(tasks.deliver_callbacks.delay))
