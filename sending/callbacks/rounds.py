"""Rounds of delivery: what is due goes out side by side, until nothing is due.

One thread asks the database and hands requests to the wire; a receiver that is slow holds its own
place, and the others go on. At-least-once: what was told and not yet written down when a worker is
killed is told again.
"""

import logging
import time
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from sending.callbacks import delivery, endpoints
from sending.callbacks.delivery import Delivery
from sending.callbacks.post import FAILED, CallbackAnswer
from sending.callbacks.wire import Wire
from sending.models import CallbackEndpoint

log = logging.getLogger(__name__)

# Requests at a time: of all, and of one organization, which alone could name hundreds of endpoints.
PLACES = 64
OF_AN_ORGANIZATION = 8
# A lookup whose name servers are silent outlives its request a few times.
_LOOKUPS = 4 * PLACES
# A worker that is asked to stop waits for its round.
ROUND_SECONDS = 15.0
_LOOK_SECONDS = 0.25


Heard = Callable[[Delivery, CallbackAnswer], CallbackAnswer]


def _as_it_is(_delivery: Delivery, answer: CallbackAnswer) -> CallbackAnswer:
    return answer


def deliver(
    *,
    seconds: float = ROUND_SECONDS,
    stopping: Callable[[], bool] = lambda: False,
    heard: Heard = _as_it_is,
) -> int:
    """Tell all endpoints what is due, for about so long; return how many POSTs there were.

    `heard` is given each answer before it is written down, and returns it, or a failure.
    """
    endpoints.ensure()
    held: Tally[int] = Tally()
    first = list(_claimed(PLACES, held))
    return _go_on(first, held, seconds, stopping, heard) if first else 0


def _go_on(
    first: list[Delivery],
    held: Tally[int],
    seconds: float,
    stopping: Callable[[], bool],
    heard: Heard,
) -> int:
    deadline = time.monotonic() + seconds
    under_way: dict[Future[CallbackAnswer], Delivery] = {}
    posts = 0
    with Wire(settings.CALLBACK_NETWORKS, _LOOKUPS) as wire:
        claimed = first
        while claimed or under_way:
            under_way |= {wire.post(each.posting): each for each in claimed}
            posts += len(claimed)
            done, _waiting = wait(under_way, _LOOK_SECONDS, FIRST_COMPLETED)
            for future in done:
                ended = under_way.pop(future)
                answer = heard(ended, future.result())
                delivery.record(ended.endpoint, ended.event_ids, answer)
                held[ended.endpoint.organization_id] -= 1
            going_on = not stopping() and time.monotonic() < deadline
            claimed = list(_claimed(PLACES - len(under_way), held)) if going_on else []
    return posts


def _claimed(places: int, held: Tally[int]) -> Iterator[Delivery]:
    """Yield a delivery of each endpoint that could be claimed."""
    for endpoint in endpoints.claim(places, OF_AN_ORGANIZATION, held):
        if prepared := _prepared(endpoint):
            yield prepared
        else:
            held[endpoint.organization_id] -= 1


def _prepared(endpoint: CallbackEndpoint) -> Delivery | None:
    """Return what an endpoint is told; one that cannot be read waits, and delays nobody else."""
    try:
        return delivery.prepare(endpoint)
    except (DatabaseError, InterfaceError):
        raise
    except Exception:
        log.exception("endpoint %s cannot be told anything", endpoint.pk)
        delivery.record(endpoint, [], CallbackAnswer(None, 0, FAILED))
        return None
