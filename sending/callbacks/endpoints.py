"""Which endpoints are due, and whose turn each is: one lease an endpoint, for one POST."""

import secrets
from collections import Counter as Tally
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import shared_time
from accounts.models import SmsApplication
from accounts.models.application import new_callback_secret
from sending.models import CallbackEndpoint, CallbackEvent, CallbackKind

# The POST ends within ten seconds; what is left is for a database that is slow. When a worker was
# killed, its endpoints wait as long.
LEASE = timedelta(seconds=30)
URL_FIELDS: Mapping[str, str] = {
    CallbackKind.STATUS.value: "callback_url",
    CallbackKind.REPLY.value: "reply_callback_url",
}
_NEW_A_TIME = 1_000


def ensure() -> None:
    """Make the endpoints of applications that have a URL and none yet, and their secrets."""
    for kind, url_field in URL_FIELDS.items():
        known = CallbackEndpoint.objects.filter(application_id=OuterRef("pk"), kind=kind)
        named = SmsApplication.objects.exclude(**{url_field: ""}).filter(~Exists(known))
        for pk, organization_id in named.values_list("pk", "organization_id")[:_NEW_A_TIME]:
            CallbackEndpoint.objects.bulk_create(
                [CallbackEndpoint(application_id=pk, organization_id=organization_id, kind=kind)],
                ignore_conflicts=True,
            )
            # Nothing goes out unsigned.
            unsigned = SmsApplication.objects.filter(pk=pk, callback_secret="")
            unsigned.update(callback_secret=new_callback_secret())


def due(now: datetime) -> QuerySet[CallbackEndpoint]:
    """Return the endpoints that are free and have something to be told now, longest due first.

    Each is asked for by one look into index callback_event_due, however much waits.
    """
    events = CallbackEvent.objects.waiting(OuterRef("application_id"), OuterRef("kind"))
    return (
        _free(CallbackEndpoint.objects.filter(next_attempt_at__lte=now), now)
        .filter(Exists(events.tellable(now)))
        .order_by("next_attempt_at", "pk")
    )


def _free(endpoints: QuerySet[CallbackEndpoint], now: datetime) -> QuerySet[CallbackEndpoint]:
    return endpoints.filter(Q(leased_until=None) | Q(leased_until__lte=now))


def claim(places: int, of_an_organization: int, held: Tally[int]) -> Iterator[CallbackEndpoint]:
    """Yield up to so many due endpoints, each leased to the caller.

    `held` says how many an organization has in the caller's hands; with `of_an_organization` of
    them it gets no more, so that none can take all places. It is kept up to date.
    """
    now = shared_time.now()
    full = [pk for pk, count in held.items() if count >= of_an_organization]
    for endpoint in due(now).exclude(organization_id__in=full)[:places]:
        if held[endpoint.organization_id] < of_an_organization and _lease(endpoint, now):
            held[endpoint.organization_id] += 1
            yield endpoint


def _lease(endpoint: CallbackEndpoint, now: datetime) -> bool:
    """Take the lease of an endpoint; of two workers at the same moment exactly one gets it."""
    lease, sequence = secrets.token_hex(16), endpoint.sequence + 1
    as_seen = CallbackEndpoint.objects.filter(pk=endpoint.pk, sequence=endpoint.sequence)
    taken = _free(as_seen, now).update(leased_until=now + LEASE, lease=lease, sequence=sequence)
    endpoint.lease, endpoint.sequence = lease, sequence
    return bool(taken)


def held_by(endpoint: CallbackEndpoint) -> QuerySet[CallbackEndpoint]:
    """Return the row of an endpoint if its lease is still the one that it was claimed with."""
    return CallbackEndpoint.objects.filter(pk=endpoint.pk, lease=endpoint.lease)


def release(endpoint: CallbackEndpoint, next_attempt_at: datetime) -> None:
    """Give an endpoint back without a POST."""
    held_by(endpoint).update(leased_until=None, lease="", next_attempt_at=next_attempt_at)


def url_of(application: SmsApplication, kind: str) -> str:
    """Return where an application wants to be told of events of one kind; empty for nowhere.

    Of messages that name a URL themselves there is none.
    """
    return str(getattr(application, URL_FIELDS[kind])) if kind in URL_FIELDS else ""
