"""A number looked for in everything that an organization keeps: bounded, whatever is entered."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Max, Q, QuerySet

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
from sending.pool.number_terms import NumberTerms, first_of, terms_of

MOST_NUMBERS = 20
# No index knows how the numbers of messages end: so many of the newest ones are looked through.
NEWEST_MESSAGES = 10_000
_NEWEST_TASKS = 20
# So many messages at the beginning of a list of numbers mostly go to more numbers than are shown.
_HEAD = 200
_HIDDEN = 4
# Of numbers as they are said at home: one of them may have got very many messages.
_MESSAGES_OF_EXACT = 1_000


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """A number, and where it is known."""

    msisdn: str
    customer: Customer | None
    suppression: Suppression | None
    reply: InboundMessage | None
    message: Message | None
    """The newest one to it."""


@dataclass(frozen=True, slots=True)
class FoundNumbers:
    """The first numbers that fit, and whether there are more."""

    numbers: list[KnownNumber]
    more: bool


def find(organization: Organization, text: str) -> FoundNumbers:
    """Return the numbers that may be meant."""
    terms = terms_of(text)
    if terms is None:
        return FoundNumbers([], more=False)
    found: set[str] = set()
    for model in (Customer, Suppression):
        found |= _in_table(model.objects.for_organization(organization), terms)
    found |= _in_replies(organization, terms)
    found |= _in_messages(organization, terms)
    # Whole numbers first: what was entered is most likely all of one.
    whole = {terms.begins, *terms.exact}
    order = sorted(found, key=lambda number: (number not in whole, number))
    return FoundNumbers(_known(organization, order[:MOST_NUMBERS]), len(order) > MOST_NUMBERS)


def _in_table(rows: QuerySet[Any], terms: NumberTerms) -> set[str]:
    """Look by index in each way; erased numbers do not begin with a plus."""
    found: set[str] = set()
    for condition in terms.conditions():
        own = first_of(rows.filter(msisdn__begins="+"), condition, MOST_NUMBERS + 1)
        found |= set(own.values_list("msisdn", flat=True))
    return found


def _in_replies(organization: Organization, terms: NumberTerms) -> set[str]:
    rows = InboundMessage.objects.for_organization(organization).conversations()
    begin = rows.filter(msisdn__begins=terms.begins).order_by("msisdn")
    found = set(begin.values_list("msisdn", flat=True)[: MOST_NUMBERS + 1])
    found |= set(rows.filter(msisdn__in=terms.exact).values_list("msisdn", flat=True))
    if terms.ends:
        newest = rows.order_by("-pk").values_list("msisdn", flat=True)[:NEWEST_MESSAGES]
        found |= _ending(newest, terms.ends)
    return found


def _in_messages(organization: Organization, terms: NumberTerms) -> set[str]:
    rows = MessageNumber.objects.for_organization(organization)
    found = _first_numbers(organization, terms.begins)
    exact = rows.filter(msisdn__in=terms.exact).values_list("msisdn", flat=True)
    found |= set(exact[:_MESSAGES_OF_EXACT])
    if terms.ends:
        found |= _ending(_newest_numbers(organization), terms.ends)
    return found


def _first_numbers(organization: Organization, begins: str) -> set[str]:
    """Return the first numbers of messages that begin so, more than are shown if there are more."""
    own = MessageNumber.objects.for_organization(organization).filter(msisdn__begins=begins)
    head = list(own.order_by("msisdn").values_list("msisdn", flat=True)[:_HEAD])
    found = set(head)
    if len(head) < _HEAD or len(found) > MOST_NUMBERS:
        return found
    return _stepped_numbers(organization, begins)


def _stepped_numbers(organization: Organization, begins: str) -> set[str]:
    """Return the same where few numbers got many messages.

    One step of the index for each number, not one for each message to it; but in every month anew.
    """
    table = MessageNumber._meta.db_table
    own = f"SELECT min(msisdn) FROM {table} WHERE organization_id = %s AND msisdn"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE steps (msisdn, place) AS ("  # noqa: S608 - our own names.
            f"SELECT ({own} >= %s AND msisdn < %s), 0"
            f" UNION ALL SELECT ({own} > steps.msisdn AND msisdn < %s), place + 1 FROM steps"
            " WHERE steps.msisdn IS NOT NULL AND place < %s"
            ") SELECT msisdn FROM steps WHERE msisdn IS NOT NULL",
            [
                *(organization.pk, begins, f"{begins}:"),
                *(organization.pk, f"{begins}:", MOST_NUMBERS),
            ],
        )
        return {number for (number,) in cursor.fetchall()}


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


def _known(organization: Organization, numbers: list[str]) -> list[KnownNumber]:
    """Say where each number is known."""
    customers: Any = Customer.objects.for_organization(organization)
    suppressions: Any = Suppression.objects.for_organization(organization)
    replies: Any = InboundMessage.objects.for_organization(organization).conversations()
    customer_of, suppression_of, reply_of = (
        {row.msisdn: row for row in rows.filter(msisdn__in=numbers)}
        for rows in (customers, suppressions, replies)
    )
    message_of = _newest_to(organization, numbers)
    return [
        KnownNumber(
            number,
            customer_of.get(number),
            suppression_of.get(number),
            reply_of.get(number),
            message_of.get(number),
        )
        for number in numbers
    ]


def _newest_to(organization: Organization, numbers: list[str]) -> dict[str, Message]:
    """Return the newest message to each number, unless a few tasks that nobody sent hide it."""
    own = MessageNumber.objects.for_organization(organization)
    wanted, newest = Q(msisdn__in=numbers), dict[str, Message]()
    for _look in range(_HIDDEN + 1):
        rows = own.filter(wanted).values_list("msisdn").annotate(newest=Max("message_id"))
        ids = dict(rows)
        newest |= {each.msisdn: each for each in _sent(organization, list(ids.values()))}
        hidden = ids.keys() - newest.keys()
        if not hidden:
            break
        # Those before the ones that were hidden.
        wanted = Q()
        for number in hidden:
            wanted |= Q(msisdn=number, message_id__lt=ids[number])
    return newest


def messages_to(organization: Organization, msisdn: str, most: int) -> list[Message]:
    """Return the newest messages to a number; primary key of MessageNumber.

    Those of tasks that nobody has sent are no messages yet.
    """
    own = MessageNumber.objects.for_organization(organization).filter(msisdn=msisdn)
    ids = list(own.order_by("-message_id").values_list("message_id", flat=True)[:most])
    return _sent(organization, ids)


def _sent(organization: Organization, ids: list[int]) -> list[Message]:
    """Return those of the messages that somebody has sent, the newest first."""
    found = list(Message.objects.filter(pk__in=ids).order_by("-pk"))
    of_tasks = {message.task_id for message in found if message.task_id}
    unsent = SendTask.objects.for_organization(organization).filter(accepted_hour=None)
    hidden = set(unsent.filter(pk__in=of_tasks).values_list("pk", flat=True))
    return [message for message in found if message.task_id not in hidden]
