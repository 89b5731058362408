"""All that is known about one number, or one message, whoever sent it."""

from accounts.models import Organization
from accounts.paging import Page, page_of
from sending.message_history import MessageHistory, histories_of
from sending.models import Message, MessageNumber, ReceiptInbox

MESSAGES_A_PAGE = 50
_LONGEST_INBOX = 1_000


def messages_to(msisdn: str, after: int | None = None) -> Page[MessageHistory]:
    """Return a page of messages to an E.164 number, of all organizations, the newest first.

    Primary key of MessageNumber (organization, msisdn, message), once for each organization.
    """
    organizations = list(Organization.objects.values_list("pk", flat=True))
    numbers = MessageNumber.objects.filter(organization_id__in=organizations, msisdn=msisdn)
    if after is not None:
        numbers = numbers.filter(message_id__lt=after)
    newest = numbers.order_by("-message_id").values_list("message_id", flat=True)
    page = page_of(newest, MESSAGES_A_PAGE, lambda message_id: message_id)
    return Page(histories_of(Message.objects.filter(pk__in=page.rows).order_by("-pk")), page.next)


def receipts_for(message: Message) -> list[ReceiptInbox]:
    """Return receipts in the inbox that may be meant for a message in doubt.

    The inbox is small, and only its newest thousand rows are searched.
    """
    newest = ReceiptInbox.objects.order_by("-pk")[:_LONGEST_INBOX]
    return [
        row
        for row in newest
        if row.gateway_id == message.gateway_id and row.msisdn == message.msisdn
    ]
