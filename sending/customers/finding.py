"""A number looked for in everything that an organization keeps: bounded, whatever is entered."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Organization
from sending.models import (
    ApiMessage,
    Customer,
    InboundMessage,
    Message,
    MessageNumber,
    SendTask,
    Suppression,
)
from sending.pool.number_terms import NumberTerms, terms_of, with_last_digits

MOST_NUMBERS = 20
# No index knows how the numbers of messages end: so many of the newest ones are looked through.
NEWEST_MESSAGES = 10_000
_NEWEST_TASKS = 20
# Of numbers as they are said at home: one of them may have got very many messages.
_MESSAGES_OF_EXACT = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """A number, and where it is known."""

    msisdn: str
    customer: Customer | None
    suppression: Suppression | None
    reply: InboundMessage | None
    message: Message | None
    """The newest one to it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The first numbers that fit, and whether there are more."""

    numbers: list[Found]
    more: bool


def find(organization: Organization, text: str) -> Finding:
    """Return the numbers that may be meant."""
    terms = terms_of(text)
    if terms is None:
        return Finding([], more=False)
    found: set[str] = set()
    for model in (Customer, Suppression):
        found |= _in_table(model.objects.for_organization(organization), terms)
    found |= _in_replies(organization, terms)
    found |= _in_messages(organization, terms)
    # Whole numbers first: what was entered is most likely all of one.
    whole = {terms.begins, *terms.exact}
    order = sorted(found, key=lambda number: (number not in whole, number))
    return Finding(_known(organization, order[:MOST_NUMBERS]), len(order) > MOST_NUMBERS)


def _in_table(rows: QuerySet[Any], terms: NumberTerms) -> set[str]:
    """Look by index in each way; erased numbers do not begin with a plus."""
    found: set[str] = set()
    for condition in terms.conditions():
        own = with_last_digits(rows).filter(condition, msisdn__begins="+")
        found |= set(own.order_by("msisdn").values_list("msisdn", flat=True)[: MOST_NUMBERS + 1])
    return found


def _in_replies(organization: Organization, terms: NumberTerms) -> set[str]:
    rows = InboundMessage.objects.for_organization(organization).conversations()
    found = set(_steps(rows, terms.begins))
    found |= set(rows.filter(msisdn__in=terms.exact).values_list("msisdn", flat=True))
    if terms.ends:
        newest = rows.order_by("-pk").values_list("msisdn", flat=True)[:NEWEST_MESSAGES]
        found |= _ending(newest, terms.ends)
    return found


def _in_messages(organization: Organization, terms: NumberTerms) -> set[str]:
    rows = MessageNumber.objects.for_organization(organization)
    found = set(_steps(rows, terms.begins))
    exact = rows.filter(msisdn__in=terms.exact).values_list("msisdn", flat=True)
    found |= set(exact[:_MESSAGES_OF_EXACT])
    if terms.ends:
        found |= _ending(_newest_numbers(organization), terms.ends)
    return found


def _steps(rows: QuerySet[Any], begins: str) -> Iterable[str]:
    """Yield the first numbers that begin so: one step of an index for each, not one a message."""
    begin = Q(msisdn__gte=begins)
    for _step in range(MOST_NUMBERS + 1):
        ahead = rows.filter(begin, msisdn__begins=begins).order_by("msisdn")
        number = ahead.values_list("msisdn", flat=True).first()
        if number is None:
            return
        yield number
        begin = Q(msisdn__gt=number)


def _newest_numbers(organization: Organization) -> Iterable[str]:
    """Yield the numbers of the newest messages, of programs and of tasks."""
    asked = ApiMessage.objects.for_organization(organization).order_by("-message_id")
    ids = list(asked.values_list("message_id", flat=True)[: NEWEST_MESSAGES // 2])
    yield from Message.objects.filter(pk__among=ids).values_list("msisdn", flat=True)
    left = NEWEST_MESSAGES // 2
    tasks = SendTask.objects.for_organization(organization).filter(accepted__gt=0)
    for pk in tasks.order_by("-pk").values_list("pk", flat=True)[:_NEWEST_TASKS]:
        numbers = Message.objects.filter(task_id=pk).values_list("msisdn", flat=True)
        head = list(numbers.order_by("row")[:left])
        yield from head
        left -= len(head)
        if left <= 0:
            return


def _ending(numbers: Iterable[str], ends: str) -> set[str]:
    """Return those that end so, no more than are shown."""
    found: set[str] = set()
    for number in numbers:
        if number.endswith(ends):
            found.add(number)
            if len(found) > MOST_NUMBERS:
                break
    return found


def _known(organization: Organization, numbers: list[str]) -> list[Found]:
    """Say where each number is known."""
    customers = Customer.objects.for_organization(organization)
    suppressions = Suppression.objects.for_organization(organization)
    replies = InboundMessage.objects.for_organization(organization).conversations()
    by_number: list[dict[str, Any]] = [
        {row.msisdn: row for row in rows.filter(msisdn__in=numbers)}
        for rows in (customers, suppressions, replies)
    ]
    return [
        Found(number, *(known.get(number) for known in by_number), newest_to(organization, number))
        for number in numbers
    ]


def newest_to(organization: Organization, msisdn: str) -> Message | None:
    """Return the newest message to a number."""
    return next(iter(messages_to(organization, msisdn, 1)), None)


def messages_to(organization: Organization, msisdn: str, most: int) -> list[Message]:
    """Return the newest messages to a number; primary key of MessageNumber."""
    own = MessageNumber.objects.for_organization(organization).filter(msisdn=msisdn)
    ids = list(own.order_by("-message_id").values_list("message_id", flat=True)[:most])
    return list(Message.objects.filter(pk__in=ids).order_by("-pk"))
