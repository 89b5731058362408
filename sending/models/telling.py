"""What programs are to be told of a step, written in its transaction: every end of a message.

Of messages that came in by Twilio's API also the steps on the way there: accepted (QUEUED), and
taken by a gateway (SUBMITTED). Nobody asks for those of a task, so they cost a task nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from accounts.models import CallbackDialect, SmsApplication
from accounts.statements import Statement
from sending.lifecycle import OVER_STATES, DoorName, MessageState, SaidBy
from sending.models.api_message import ApiMessage
from sending.models.bulk import insertion
from sending.models.callback_event import CallbackEvent, CallbackKind
from sending.models.smpp_receipt import SmppReceipt

if TYPE_CHECKING:
    from sending.models.stepping import Stepped

_COLUMNS = ("subject_id",)


class _Programs(NamedTuple):
    """Who of the messages that step is told, and how."""

    # Of applications that are called back.
    dialects: Mapping[int, str]
    # Of messages that came in by Twilio's API: the URL that each named, or "".
    urls: Mapping[int, str]

    def kind_of(self, row: Stepped) -> str:
        """Return where an event of a message goes."""
        kind = CallbackKind.NAMED if self.urls.get(row.message_id) else CallbackKind.STATUS
        return kind.value

    def are_told(self, row: Stepped) -> bool:
        """Tell whether anybody is called back about a message."""
        return row.application_id in self.dialects or bool(self.urls.get(row.message_id))

    def are_told_on_the_way(self, row: Stepped) -> bool:
        """Tell whether the steps of a message are told as well."""
        url = self.urls.get(row.message_id)
        return url is not None and is_told_on_the_way(url, self.dialects.get(row.application_id))


def is_told_on_the_way(status_callback: str, dialect: str | None) -> bool:
    """Tell whether the steps of a message of Twilio's API are told: to its own URL, or in forms.

    `dialect` is that of an application that is called back.
    """
    return bool(status_callback) or dialect == CallbackDialect.TWILIO.value


def tell(to: MessageState, stepped: Sequence[Stepped], said_by: SaidBy, at: datetime) -> None:
    """Write what programs are to be told: of their own messages, and of all where they have a URL.

    After UNKNOWN another end may follow.
    """
    if to in OVER_STATES:
        _tell_ends(to, stepped, said_by, at)
    elif to is MessageState.SUBMITTED:
        _tell_on_the_way(to, stepped, said_by, at)


def _tell_ends(to: MessageState, stepped: Sequence[Stepped], said_by: SaidBy, at: datetime) -> None:
    programs = _Programs(_dialects(stepped), _urls(stepped))
    events = []
    for row in stepped:
        if row.task_id is not None and row.application_id not in programs.dialects:
            continue
        # To those who were told SUBMITTED it is no news: nobody has said that it arrived.
        is_known = (
            to is MessageState.UNKNOWN
            and row.from_state is MessageState.SUBMITTED
            and programs.are_told_on_the_way(row)
        )
        event = _event(to, row, said_by, at, programs.kind_of(row))
        event.due_at = at if programs.are_told(row) and not is_known else None
        event.is_pullable = row.task_id is None
        events.append(event)
    CallbackEvent.objects.bulk_create(events)
    if own := {row.message_id: row.code for row in stepped if row.task_id is None}:
        SmppReceipt.objects.owe_ends(to, own, at)


def _tell_on_the_way(
    to: MessageState, stepped: Sequence[Stepped], said_by: SaidBy, at: datetime
) -> None:
    urls = _urls(stepped)
    if not urls:
        return
    programs = _Programs(_dialects(stepped), urls)
    CallbackEvent.objects.bulk_create(
        _event(to, row, said_by, at, programs.kind_of(row))
        for row in stepped
        if programs.are_told_on_the_way(row)
    )


def _event(
    to: MessageState, row: Stepped, said_by: SaidBy, at: datetime, kind: str
) -> CallbackEvent:
    return CallbackEvent(
        organization_id=row.organization_id,
        application_id=row.application_id,
        kind=kind,
        subject_id=row.message_id,
        state=to.value,
        code=row.code,
        said_by=said_by.value,
        at=at,
        due_at=at,
        is_pullable=False,
    )


def _dialects(stepped: Sequence[Stepped]) -> dict[int, str]:
    """Return the forms of callbacks by application, of those that have a URL."""
    applications = SmsApplication.objects.filter(pk__in={row.application_id for row in stepped})
    called_back = applications.exclude(callback_url="")
    return dict(called_back.values_list("pk", "callback_dialect"))


def _urls(stepped: Sequence[Stepped]) -> dict[int, str]:
    """Return the URLs that messages of Twilio's API named, by message."""
    of_programs = [row.message_id for row in stepped if row.task_id is None]
    if not of_programs:
        return {}
    asked = ApiMessage.objects.filter(message_id__among=of_programs, door=DoorName.TWILIO.value)
    return dict(asked.values_list("message_id", "status_callback"))


def accepted_event(
    organization_id: int, application_id: int, message_id: int, status_callback: str, at: datetime
) -> Statement:
    """Return what tells that a message was accepted, for the transaction that accepts it."""
    moment = connection.ops.adapt_datetimefield_value(at)
    kind = CallbackKind.NAMED if status_callback else CallbackKind.STATUS
    shared = {
        "organization_id": organization_id,
        "application_id": application_id,
        "kind": kind.value,
        "state": MessageState.QUEUED.value,
        "code": "",
        "said_by": SaidBy.US.value,
        "at": moment,
        "due_at": moment,
        "attempts": 0,
        "error": "",
        "is_pullable": False,
    }
    return insertion(CallbackEvent, shared, _COLUMNS, [(message_id,)])
