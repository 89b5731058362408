"""Everything that an organization knows about one number, as its page shows it."""

from dataclasses import dataclass

from accounts.models import Contact, Organization
from sending.customers.finding import messages_to
from sending.models import (
    Customer,
    CustomerField,
    CustomerGroup,
    InboundMessage,
    Message,
    SendTask,
    Suppression,
)

MOST_MESSAGES = 20
MOST_REPLIES = 10


@dataclass(frozen=True, slots=True)
class SentTo:
    """A message to the number, and the task it belongs to; None if a program asked for it."""

    message: Message
    task: SendTask | None


@dataclass(frozen=True, slots=True)
class About:
    """One number: what is kept, what was sent, what came back."""

    msisdn: str
    customer: Customer | None
    values: list[tuple[CustomerField, str]]
    groups: list[CustomerGroup]
    messages: list[SentTo]
    replies: list[InboundMessage]
    suppression: Suppression | None
    contacts: list[Contact]

    @property
    def conversation(self) -> InboundMessage | None:
        """The reply by which the inbox names what was said."""
        return self.replies[0] if self.replies else None


def about(organization: Organization, msisdn: str) -> About:
    """Return what is known; the newest messages and replies."""
    customer = Customer.objects.for_organization(organization).filter(msisdn=msisdn).first()
    fields = CustomerField.objects.for_organization(organization) if customer else ()
    kept = customer.fields if customer else {}
    replies = InboundMessage.objects.for_organization(organization).filter(msisdn=msisdn)
    contacts = Contact.objects.for_organization(organization).filter(msisdn=msisdn)
    return About(
        msisdn=msisdn,
        customer=customer,
        values=[(field, kept.get(field.key, "")) for field in fields],
        groups=list(customer.groups.order_by("name")) if customer else [],
        messages=_sent_to(organization, msisdn),
        replies=list(replies.order_by("-pk")[:MOST_REPLIES]),
        suppression=Suppression.objects.of_number(msisdn, organization.pk).first(),
        contacts=list(contacts),
    )


def _sent_to(organization: Organization, msisdn: str) -> list[SentTo]:
    messages = messages_to(organization, msisdn, MOST_MESSAGES)
    ids = {message.task_id for message in messages if message.task_id}
    tasks = SendTask.objects.for_organization(organization).in_bulk(ids)
    return [SentTo(message, tasks.get(message.task_id or 0)) for message in messages]
