"""What people can be told, by which way, and what they get unless they choose otherwise."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class NoticeKind(StrEnum):
    """What people can be told. Its words are the template `notices/<kind in lower case>.txt`."""

    REVIEW = "REVIEW"
    LIMIT = "LIMIT"
    RECEIPTS = "RECEIPTS"
    GUARD = "GUARD"
    SUSPENSION = "SUSPENSION"
    IMPORT = "IMPORT"
    EXPORT = "EXPORT"
    TASK_WAITING = "TASK_WAITING"
    TASK_ENDED = "TASK_ENDED"
    TASK_FAILED = "TASK_FAILED"
    QUESTION = "QUESTION"
    TEST = "TEST"


class NoticeChannel(StrEnum):
    """How a notice reaches its reader."""

    EMAIL = "EMAIL"
    SMS = "SMS"


class NoticeState(StrEnum):
    """How far a notice is. What became of an SMS after that, its message says."""

    WAITING = "WAITING"
    SENT = "SENT"
    FAILED = "FAILED"


NOTICE_STEPS: Mapping[NoticeState, frozenset[NoticeState]] = {
    NoticeState.WAITING: frozenset({NoticeState.SENT, NoticeState.FAILED}),
    NoticeState.SENT: frozenset(),
    NoticeState.FAILED: frozenset(),
}
NOTICE_LABELS: Mapping[NoticeKind, Promise] = {
    NoticeKind.REVIEW: _("Review results"),
    NoticeKind.LIMIT: _("Alarms and limits"),
    NoticeKind.RECEIPTS: _("Receipts that wait for an SMPP client"),
    NoticeKind.GUARD: _("Alarms of the guard"),
    NoticeKind.SUSPENSION: _("Suspensions"),
    NoticeKind.IMPORT: _("Finished imports"),
    NoticeKind.EXPORT: _("Finished exports"),
    NoticeKind.TASK_WAITING: _("Tasks that wait for someone"),
    NoticeKind.TASK_ENDED: _("Tasks that have ended"),
    NoticeKind.TASK_FAILED: _("Tasks that could not be sent"),
    NoticeKind.QUESTION: _("Questions about a review"),
    NoticeKind.TEST: _("Test message"),
}
CHANNEL_LABELS: Mapping[NoticeChannel, Promise] = {
    NoticeChannel.EMAIL: _("E-mail"),
    NoticeChannel.SMS: _("SMS"),
}

_BY_EMAIL = frozenset({NoticeChannel.EMAIL})
_BY_BOTH = frozenset(NoticeChannel)
CONTACT_CHOICES: Mapping[NoticeKind, frozenset[NoticeChannel]] = {
    NoticeKind.REVIEW: _BY_BOTH,
    NoticeKind.LIMIT: _BY_BOTH,
    NoticeKind.GUARD: _BY_BOTH,
    NoticeKind.SUSPENSION: _BY_BOTH,
    NoticeKind.IMPORT: _BY_EMAIL,
}
"""What a contact can be told, and how unless somebody chooses otherwise."""

WITHOUT_CHOICE: Mapping[NoticeKind, frozenset[NoticeChannel]] = {
    kind: _BY_BOTH if kind is NoticeKind.TEST else _BY_EMAIL
    for kind in NoticeKind
    if kind not in CONTACT_CHOICES
}
"""How a contact is told of all else."""

PERSON_CHOICES: tuple[NoticeKind, ...] = (
    NoticeKind.TASK_FAILED,
    NoticeKind.TASK_WAITING,
    NoticeKind.TASK_ENDED,
    NoticeKind.EXPORT,
    NoticeKind.IMPORT,
    NoticeKind.REVIEW,
    NoticeKind.QUESTION,
)
"""What members are told by e-mail until they choose otherwise. A suspension is told to owners
whatever they choose."""


def labels_of(labels: Mapping[StrEnum, Promise]) -> list[tuple[str, object]]:
    """Return labels as choices of a field."""
    return [(key.value, label) for key, label in labels.items()]


def notice_kind_choices() -> list[tuple[str, object]]:
    """Return the choices; a callable keeps them out of migrations."""
    return labels_of(NOTICE_LABELS)  # type: ignore[arg-type]


def channel_choices() -> list[tuple[str, object]]:
    """Return the choices; a callable keeps them out of migrations."""
    return labels_of(CHANNEL_LABELS)  # type: ignore[arg-type]
