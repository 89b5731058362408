"""What the log of callbacks shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import Organization, SmsApplication
from accounts.paging import Page, page_of
from sending.callbacks import backlog
from sending.callbacks.backlog import Backlog
from sending.callbacks.endpoints import url_of
from sending.developers.callbacks import words
from sending.models import CallbackEndpoint, CallbackEvent, CallbackKind, InboundMessage, Message
from sending.models.callback_event import TEST_SUBJECT

PAGE_SIZE = 50
APPLICATIONS_A_PAGE = 50
_STATES: Mapping[str, Q] = {
    words.WAITING: Q(due_at__isnull=False),
    words.DELIVERED: Q(delivered_at__isnull=False),
    words.DEAD: Q(dead_at__isnull=False),
}


@dataclass(frozen=True, slots=True)
class CallbackHealth:
    """One endpoint of an application. `backlog` is None in a list of many."""

    kind: str
    label: str
    url: str
    endpoint: CallbackEndpoint | None
    error: str
    backlog: Backlog | None = None

    @property
    def shown_url(self) -> str:
        """Return the URL without its query, which may hold a secret of the receiver."""
        address, question, _query = self.url.partition("?")
        return f"{address}?…" if question else address

    @property
    def down_since(self) -> datetime | None:
        """Since when nothing was taken; None if the last POST was, or there was none."""
        return self.endpoint.down_since if self.endpoint else None

    @property
    def next_attempt_at(self) -> datetime | None:
        """Return when it is asked again, if that is not at once."""
        return self.endpoint.next_attempt_at if self.endpoint and self.down_since else None


@dataclass(frozen=True, slots=True)
class CallbackLogRow:
    """One event: whom it is about, and what became of it."""

    event: CallbackEvent
    msisdn: str
    task_id: int | None
    state: str
    tone: str
    icon: str
    label: str
    error: str

    @property
    def is_test(self) -> bool:
        """Tell whether somebody only wanted to try."""
        return bool(self.event.subject_id == TEST_SUBJECT)


def applications_page(
    organization: Organization, after: int | None
) -> Page[tuple[SmsApplication, list[CallbackHealth]]]:
    """Return the applications, each with its endpoints."""
    own = CallbackEndpoint.objects.for_organization(organization)
    rows = SmsApplication.objects.for_organization(organization)
    if after:
        rows = rows.filter(pk__gt=after)
    page = page_of(rows.order_by("pk"), APPLICATIONS_A_PAGE, lambda row: row.pk)
    found = {
        (endpoint.application_id, endpoint.kind): endpoint
        for endpoint in own.filter(application_id__in=[row.pk for row in page.rows])
    }
    listed = [(row, list(_healths(row, found))) for row in page.rows]
    return Page(listed, page.next)


def healths(application: SmsApplication) -> list[CallbackHealth]:
    """Return both endpoints of an application, with what waits for them."""
    organization = application.organization
    own = CallbackEndpoint.objects.for_organization(organization)
    found = {
        (endpoint.application_id, endpoint.kind): endpoint
        for endpoint in own.filter(application_id=application.pk)
    }
    return list(_healths(application, found, counted=True))


def _healths(
    application: SmsApplication,
    found: Mapping[tuple[int, str], CallbackEndpoint],
    *,
    counted: bool = False,
) -> Iterator[CallbackHealth]:
    for kind in CallbackKind:
        endpoint = found.get((application.pk, kind.value))
        if kind is CallbackKind.NAMED and endpoint is None:
            continue
        url = url_of(application, kind.value)
        yield CallbackHealth(
            kind=kind.value,
            label=str(words.KIND_LABELS[kind.value]),
            url=url,
            endpoint=endpoint,
            error=words.error_sentence(endpoint.error) if endpoint else "",
            backlog=backlog.of_endpoint(application.pk, kind.value) if counted else None,
        )


def events_page(
    application: SmsApplication, kind: str, state: str, after: int | None
) -> Page[CallbackLogRow]:
    """Return the events of one kind after event `after`, the newest first; "" is any state.

    Each state has an index of its own, so that a page costs a page.
    """
    own = CallbackEvent.objects.for_organization(application.organization)
    own = own.filter(application_id=application.pk, kind=kind)
    events = own.filter(_STATES.get(state, Q()))
    if last := own.filter(pk=after).first() if after else None:
        older = Q(at__lt=last.at) | Q(pk__lt=last.pk)
        events = events.filter(older, at__lte=last.at)
    page = page_of(events.newest_first(), PAGE_SIZE, lambda row: row.pk)
    return Page(_rows(application.organization, kind, page.rows), page.next)


def _rows(
    organization: Organization, kind: str, events: Sequence[CallbackEvent]
) -> list[CallbackLogRow]:
    subjects = _subjects(organization, kind, {event.subject_id for event in events})
    return [_row(event, *subjects.get(event.subject_id, ("", None))) for event in events]


def _row(event: CallbackEvent, msisdn: str, task_id: int | None) -> CallbackLogRow:
    state = words.state_of(event)
    error = words.error_sentence(event.error)
    return CallbackLogRow(event, msisdn, task_id, state, *words.look_of(state), error)


def _subjects(
    organization: Organization, kind: str, pks: set[int]
) -> dict[int, tuple[str, int | None]]:
    """Return {message or reply: (number, task)}."""
    if kind == CallbackKind.REPLY.value:
        replies = InboundMessage.objects.for_organization(organization).filter(pk__in=pks)
        return {pk: (msisdn, None) for pk, msisdn in replies.values_list("pk", "msisdn")}
    messages = Message.objects.for_organization(organization).filter(pk__in=pks)
    rows = messages.values_list("pk", "msisdn", "task_id")
    return {pk: (msisdn, task_id) for pk, msisdn, task_id in rows}


def dead_events(application: SmsApplication, kind: str) -> QuerySet[CallbackEvent]:
    """Return the events of an endpoint that were given up."""
    own = CallbackEvent.objects.for_organization(application.organization)
    return own.filter(application_id=application.pk, kind=kind, dead_at__isnull=False)
