"""What the page of a checked task says about sending it: limits, times, and what has changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from accounts import shared_time
from accounts.countries import country_name
from sending.acceptance import first_part
from sending.acceptance.refusals import Refused
from sending.acceptance.request import RefusalCode
from sending.intake.formatting import formatted
from sending.models import PriceVersion, SendTask
from sending.send_tasks.reading import can_be_checked_again

_SHORT: Mapping[str, Promise] = {
    RefusalCode.DAILY_LIMIT: lazy(
        "This task needs %(needed)s segments. Your organization has %(left)s of its %(limit)s "
        "segments left today."
    ),
    RefusalCode.APPLICATION_DAILY_LIMIT: lazy(
        "This task needs %(needed)s segments. The application “%(application)s” has %(left)s of "
        "its %(limit)s segments left today."
    ),
    RefusalCode.APPLICATION_COUNTRY_DAILY_LIMIT: lazy(
        "This task needs %(needed)s segments to %(country)s. The application “%(application)s” has "
        "%(left)s of its %(limit)s segments left there today."
    ),
}


@dataclass(frozen=True, slots=True)
class Foresight:
    """The limits that a task would pass today, and how many of its messages fit."""

    sentences: list[str]
    first: int
    rest: int


def foresight(task: SendTask) -> Foresight | None:
    """Return what limits leave of a task if it was sent now; None if all of it fits."""
    limits = first_part.limits_today(task)
    short = first_part.shortages(task, limits)
    if not short:
        return None
    first = min(first_part.that_fit(task, limits), task.accepted - 1)
    return Foresight([_sentence(each) for each in short], first, task.accepted - first)


def _sentence(short: Refused) -> str:
    country = country_name(short.params["country"])
    return formatted(_SHORT[short.code], {**short.params, "country": country})


@dataclass(frozen=True, slots=True)
class Slots:
    """When a task with a pace begins its last slot, counted from a moment."""

    count: int
    last_at: datetime


def slots(task: SendTask, begin: datetime) -> Slots | None:
    """Return the slots of a task that begins then, if it has a pace."""
    if task.pace is None:
        return None
    count = -(-task.accepted // task.pace.messages)
    return Slots(count, begin + task.pace.until_last_slot(task.accepted))


def price_has_changed(task: SendTask) -> bool:
    """Tell whether the costs of a checked task are those of a price list that is gone."""
    current = PriceVersion.current(task.organization_id)
    return current is None or current.pk != task.price_version_id


def new_check_helps(task: SendTask) -> bool:
    """Tell whether reading the recipients once more makes a task one that can be sent."""
    return price_has_changed(task) and can_be_checked_again(task)


def begins_at(task: SendTask) -> datetime:
    """Return when a task that is not sent yet would begin."""
    if task.state == "SCHEDULED" and task.scheduled_at:
        return task.scheduled_at
    return shared_time.now()
