"""All that is known about one number, as data that a program can read."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from accounts.models import Contact, Notice, Organization
from sending.delivery.queue import rendering
from sending.models import (
    ApiMessage,
    Customer,
    CustomerField,
    DeliveryReceipt,
    InboundMessage,
    Message,
    SendTask,
    SmppAccount,
    SmppPart,
    Submission,
    Suppression,
)
from sending.retention import guard_rows, verifications
from sending.retention.number_erasure import messages_to
from sending.retention.number_rows import FROM_GATEWAYS, QUOTING, Quoting
from sending.sms.number_pattern import NumberPattern

# Nobody gets so many; a number that tests were sent to must not fill the memory.
MOST_MESSAGES = 10_000
_ABOUT_MESSAGE = (
    *("id", "organization_id", "task_id", "row", "country", "state", "said_by", "code"),
    *("segments", "created_at", "state_at"),
)

_SAID_BY_PROGRAM = (
    *("request_id", "session_context", "originator", "converted_at"),
    *("due_at", "valid_until", "status_callback"),
)


def export(msisdn: str, organization: Organization | None) -> dict[str, Any]:
    """Return what an organization, or the whole installation, knows about a number.

    {"number", "messages": [..], "customers": [..], …}; times are aware datetimes. The newest
    MOST_MESSAGES messages, and "messages_left_off" if there are more.
    """
    own = {"organization": organization} if organization else {}
    pattern = NumberPattern(msisdn)
    messages = messages_to(msisdn, organization)
    known: dict[str, Any] = {
        "number": msisdn,
        "messages": list(_messages(messages)),
        "messages_left_off": max(0, messages.count() - MOST_MESSAGES),
        "customers": [
            _customer(customer) for customer in Customer.objects.filter(msisdn=msisdn, **own)
        ],
        "suppressions": [
            {"reason": row.reason, "since": row.since}
            for row in _suppressions(msisdn, organization)
        ],
        "contacts": list(
            Contact.objects.filter(msisdn=msisdn, **own).values("name", "email", "created_at")
        ),
        "notices": list(
            Notice.objects.filter(to=msisdn, **own).values("kind", "subject", "state", "created_at")
        ),
        "replies": list(_replies(msisdn, organization)),
        "smpp": list(_over_smpp(pattern, organization)),
        "verifications": list(verifications.about_number(msisdn, organization)),
        "guard": list(guard_rows.about_number(msisdn, organization)),
        "quoted_in": {
            name: list(_quotes(quoting, pattern, organization)) for name, quoting in QUOTING.items()
        },
    }
    if organization is None:
        known["from_gateways"] = {
            name: list(_quotes(quoting, pattern, None)) for name, quoting in FROM_GATEWAYS.items()
        }
    return known


def _customer(customer: Customer) -> dict[str, Any]:
    """Return all that is kept of a customer, own columns by their labels."""
    own = CustomerField.objects.filter(organization_id=customer.organization_id)
    kept = ("name", "language", "consent", "consent_at", "source", "source_name", "created_at")
    return {
        **{name: getattr(customer, name) for name in kept},
        "columns": {
            field.label: customer.fields[field.key] for field in own if field.key in customer.fields
        },
        "groups": [group.name for group in customer.groups.all()],
    }


def _replies(msisdn: str, organization: Organization | None) -> Iterator[dict[str, Any]]:
    """Yield what the number answered; by index of each organization's numbers."""
    for owner in [organization] if organization else Organization.objects.order_by("pk"):
        replies = InboundMessage.objects.for_organization(owner).filter(msisdn=msisdn)
        columns = ("id", "organization_id", "originator", "text", "keyword", "received_at")
        yield from replies.order_by("-pk").values(*columns)[:MOST_MESSAGES]


def _over_smpp(
    pattern: NumberPattern, organization: Organization | None
) -> Iterator[dict[str, Any]]:
    """Yield what clients submitted over SMPP to the number; index smpp_part_to."""
    own = {"organization": organization} if organization else {}
    parts = SmppPart.objects.filter(
        account_id__in=SmppAccount.objects.filter(**own).values("pk"),
        destination_addr__in=pattern.addresses(),
    )
    columns = ("id", "organization_id", "message_id", "source_addr", "shown", "state", "at")
    yield from parts.order_by("-pk").values(*columns)[:MOST_MESSAGES]


def _suppressions(msisdn: str, organization: Organization | None) -> Iterator[Suppression]:
    owners = [organization] if organization else Organization.objects.order_by("pk")
    for owner in owners:
        yield from Suppression.objects.of_number(msisdn, owner.pk)


def _quotes(
    quoting: Quoting, pattern: NumberPattern, organization: Organization | None
) -> Iterator[dict[str, Any]]:
    for row in quoting.rows(pattern, organization):
        yield {"id": row.pk, **{column: getattr(row, column) for column in quoting.columns}}


def _messages(messages: QuerySet[Message]) -> Iterator[dict[str, Any]]:
    found = list(messages.order_by("-pk")[:MOST_MESSAGES])
    names = dict(
        SendTask.objects.filter(pk__in={m.task_id for m in found}).values_list("pk", "name")
    )
    programs = ApiMessage.objects.in_bulk([message.pk for message in found])
    for message in found:
        yield {
            **_said_by_program(programs.get(message.pk)),
            **{column: getattr(message, column) for column in _ABOUT_MESSAGE},
            "task": names.get(message.task_id or 0, ""),
            "text": _text_of(message),
            "submissions": _rows(
                Submission, message, "segment", "attempt", "command_status", "submitted_at"
            ),
            "receipts": _rows(
                DeliveryReceipt, message, "segment", "message_state", "error", "raw", "received_at"
            ),
        }


def _said_by_program(row: ApiMessage | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {column: getattr(row, column) for column in _SAID_BY_PROGRAM}


def _text_of(message: Message) -> str:
    """Return the text, or an empty one when its variables were erased or never fitted."""
    try:
        return rendering.text_of(message)
    except ValueError:
        return ""


def _rows(model: Any, message: Message, *columns: str) -> list[dict[str, Any]]:
    return list(model.objects.filter(message_id=message.pk).order_by("pk").values(*columns))
