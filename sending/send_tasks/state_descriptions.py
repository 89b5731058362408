"""What each state means to people; of a message, also who says so."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sending.lifecycle import MessageState, TaskState

_US, _GATEWAY = _("Us"), _("Gateway")
_NETWORK, _NETWORK_OR_US = _("Network"), _("Network or us")

# state: (who vouches for it, what it means)
STATE_DESCRIPTIONS: Mapping[MessageState, tuple[Promise, Promise]] = {
    MessageState.QUEUED: (
        _US,
        _("Not yet submitted. You can still pause or cancel these."),
    ),
    MessageState.SUBMITTING: (_US, _("Being sent to the gateway now.")),
    MessageState.SUBMITTED: (
        _GATEWAY,
        _("Accepted by the gateway. It counts as delivered only when a receipt says so."),
    ),
    MessageState.DELIVERED: (
        _("Network or handset"),
        _("A delivery receipt says DELIVRD."),
    ),
    MessageState.UNDELIVERABLE: (
        _NETWORK,
        _("A delivery receipt says UNDELIV: the handset cannot be reached."),
    ),
    MessageState.EXPIRED: (
        _NETWORK_OR_US,
        _("Its validity period ended before it was delivered."),
    ),
    MessageState.REJECTED: (
        _("Gateway or network"),
        _("Refused at submission, or a delivery receipt says REJECTD."),
    ),
    MessageState.UNKNOWN: (
        _("Us, the network or an operator"),
        _(
            "No receipt within %(hours)s hours of submission, a receipt that says UNKNOWN, or an "
            "operator's decision: its code says which. A late receipt still counts."
        ),
    ),
    MessageState.IN_DOUBT: (
        _US,
        _("The connection was lost before the gateway answered. Never sent again automatically."),
    ),
    MessageState.CANCELLED: (_US, _("Cancelled before it was submitted.")),
    MessageState.BLOCKED: (
        _US,
        _("Stopped by one of our rules. Its code says which."),
    ),
}

TASK_STATE_DESCRIPTIONS: Mapping[TaskState, Promise] = {
    TaskState.DRAFT: _("About to be checked again, because it is to be read in another way."),
    TaskState.CHECKING: _("Its recipients are being read, checked and priced. Nothing is sent."),
    TaskState.READY: _("Checked. Nothing is sent until someone presses Send."),
    TaskState.WAITING: _("Someone pressed Send. A second person must approve it first."),
    TaskState.SCHEDULED: _("It is sent at the time shown. Until then you can unschedule it."),
    TaskState.SENDING: _("Its messages are being handed to gateways."),
    TaskState.PAUSED: _("Nothing more is handed over until someone resumes it."),
    TaskState.FINISHED: _("Nothing is left for us to send. Receipts may follow for days."),
    TaskState.CANCELLED: _("What was still queued is not sent. Gateways keep what they have."),
    TaskState.REJECTED: _("Its file could not be read. The check page says why."),
}


def state_description(state: MessageState) -> tuple[str, str]:
    """Return who vouches for a state, and what it means."""
    who, meaning = STATE_DESCRIPTIONS[state]
    return str(who), str(meaning) % {"hours": settings.RECEIPT_WAIT_HOURS}
