"""Labels of states as people read them, and choices that stay out of migrations."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sending.lifecycle import DoorName, Lane, MessageState, SaidBy, TaskState

TASK_STATE_LABELS: Mapping[TaskState, Promise] = {
    TaskState.DRAFT: _("Waiting to be checked"),
    TaskState.CHECKING: _("Checking"),
    TaskState.READY: _("Ready to send"),
    TaskState.WAITING: _("Waiting for approval"),
    TaskState.SCHEDULED: _("Scheduled"),
    TaskState.SENDING: _("Sending"),
    TaskState.PAUSED: _("Paused"),
    TaskState.FINISHED: _("Finished"),
    TaskState.CANCELLED: _("Cancelled"),
    TaskState.REJECTED: _("File refused"),
}
MESSAGE_STATE_LABELS: Mapping[MessageState, Promise] = {
    MessageState.QUEUED: _("Queued"),
    MessageState.SUBMITTING: _("Submitting"),
    MessageState.SUBMITTED: pgettext_lazy("message", "Submitted"),
    MessageState.DELIVERED: _("Delivered"),
    MessageState.UNDELIVERABLE: _("Undeliverable"),
    MessageState.EXPIRED: _("Expired"),
    MessageState.REJECTED: pgettext_lazy("message", "Rejected"),
    MessageState.UNKNOWN: _("Unknown"),
    MessageState.IN_DOUBT: _("In doubt"),
    MessageState.CANCELLED: _("Cancelled"),
    MessageState.BLOCKED: _("Blocked"),
}
SAID_BY_LABELS: Mapping[SaidBy, Promise] = {
    SaidBy.US: _("Us"),
    SaidBy.GATEWAY: _("Gateway"),
    SaidBy.NETWORK: _("Network"),
    SaidBy.HANDSET: _("Handset"),
}
LANE_LABELS: Mapping[Lane, Promise] = {
    Lane.OTP: _("OTP"),
    Lane.API: _("API"),
    Lane.BULK: _("Bulk"),
}
# Names of programs, which no language translates.
DOOR_LABELS: Mapping[DoorName, str | Promise] = {
    DoorName.CONSOLE: _("Console"),
    DoorName.TENCENT: "API",
    DoorName.TWILIO: "Twilio",
    DoorName.VERIFY: "Verify",
    DoorName.SMPP: "SMPP",
}


Choices = list[tuple[str, str | Promise]]


def choices_of(labels: Mapping[Any, Any]) -> Choices:
    """Return labels in the form that `choices` wants."""
    return [(value.value, label) for value, label in labels.items()]


# Fields are given these functions, not the lists, so that no migration repeats the states.


def task_state_choices() -> Choices:
    """Return the states of a task."""
    return choices_of(TASK_STATE_LABELS)


def message_state_choices() -> Choices:
    """Return the states of a message."""
    return choices_of(MESSAGE_STATE_LABELS)


def said_by_choices() -> Choices:
    """Return who may vouch for a state."""
    return choices_of(SAID_BY_LABELS)


def lane_choices() -> Choices:
    """Return the lanes."""
    return choices_of(LANE_LABELS)


def door_choices() -> Choices:
    """Return the doors."""
    return choices_of(DOOR_LABELS)
