"""What people do in the inbox."""

from typing import Any

from django.db import transaction

from accounts import shared_time
from accounts.models import AuditEntry, Organization, User
from sending.models import InboundMessage, ReplySettings
from sending.models.suppression import IN_THE_INBOX
from sending.replies import suppressing
from templates_app.models import TextTemplate


def mark_read(*, reply: InboundMessage) -> None:
    """Mark all replies of a number as read."""
    InboundMessage.objects.filter(
        organization_id=reply.organization_id, msisdn=reply.msisdn, read_at=None
    ).update(read_at=shared_time.now())


def mark_unread(*, reply: InboundMessage) -> None:
    """Mark a conversation as unread again: its newest reply."""
    InboundMessage.objects.conversations().filter(
        organization_id=reply.organization_id, msisdn=reply.msisdn
    ).update(read_at=None)


@transaction.atomic
def suppress(*, organization: Organization, reply: InboundMessage, user: User) -> bool:
    """Put the number of a conversation on the suppression list; return whether it was not there."""
    return suppressing.suppress(
        organization=organization,
        msisdn=reply.msisdn,
        reason=IN_THE_INBOX,
        actor=user,
    )


@transaction.atomic
def unsuppress(*, organization: Organization, reply: InboundMessage, user: User) -> bool:
    """Take the number of a conversation off the list; return whether it was there."""
    return suppressing.unsuppress(organization=organization, msisdn=reply.msisdn, actor=user)


@transaction.atomic
def choose_confirmations(
    *,
    organization: Organization,
    user: User,
    stop_template: TextTemplate | None,
    start_template: TextTemplate | None,
) -> None:
    """Store what STOP and START are confirmed with; None confirms nothing."""
    chosen: dict[str, Any] = {"stop_template": stop_template, "start_template": start_template}
    ReplySettings.objects.update_or_create(organization=organization, defaults=chosen)
    AuditEntry.record(
        action="replies.confirmations_changed",
        subject=organization.name,
        organization=organization,
        actor=user,
        **{name: template.name if template else "" for name, template in chosen.items()},
    )
