"""Whose a reply is: by the originator it was sent to, and the newest message to its number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model

from accounts.chosen_originators import read_originators
from sending.models import ApiMessage, AssignedBy, Gateway, Message, SendTask
from sending.retention.number_erasure import messages_to

# The newest messages to a number among which an originator is looked for.
_LOOKED_AT = 50
_DIGITS = re.compile(r"[0-9]{7,15}")


@dataclass(frozen=True, slots=True)
class Assigned:
    """A number as E.164, the message it answers, and why that one."""

    msisdn: str
    message: Message
    by: AssignedBy


def assign(gateway_id: int, source: str, destination: str, at: datetime) -> Assigned | None:
    """Return what a text from a handset answers; None where nobody had sent it anything.

    The newest message to the number from the originator it was sent to: through the gateway that
    brought it, or through another one, because some carriers bring replies over a bind of their
    own. Without such a message, the newest one through the gateway.
    """
    msisdn = msisdn_of(source)
    if not msisdn:
        return None
    sent = messages_to(msisdn, None).filter(attempt__gt=0, created_at__lte=at).order_by("-pk")
    through_it = sent.filter(gateway_id=gateway_id)
    if destination:
        for messages in (through_it, sent.exclude(gateway_id=gateway_id)):
            found = _from_originator(list(messages[:_LOOKED_AT]), destination)
            if found:
                return Assigned(msisdn, found, AssignedBy.ORIGINATOR)
    newest = through_it.first()
    return Assigned(msisdn, newest, AssignedBy.NEWEST) if newest else None


def msisdn_of(source: str) -> str:
    """Return the address of a handset as E.164, empty where it is none."""
    digits = re.sub(r"[\s()\-]", "", source).removeprefix("+").removeprefix("00")
    return f"+{digits}" if _DIGITS.fullmatch(digits) else ""


def _from_originator(messages: Sequence[Message], destination: str) -> Message | None:
    """Return the first message whose originator a reply was sent to."""
    wanted = _comparable(destination)
    for message, originator in zip(messages, originators_of(messages), strict=True):
        if _comparable(originator) == wanted:
            return message
    return None


def _comparable(originator: str) -> str:
    plain = "".join(originator.split()).casefold()
    digits = plain.removeprefix("+").removeprefix("00")
    return digits if digits.isdecimal() else plain


def originators_of(messages: Sequence[Message]) -> list[str]:
    """Return what handsets show as the sender of each message, in their order.

    As claims choose it: the task's, the program's own, the application's, the gateway's. The one of
    the gateway counts also where it may not be shown (any more): it once was.
    """
    tasks = SendTask.objects.in_bulk({m.task_id for m in messages if m.task_id})
    programs = _read(ApiMessage, {m.pk for m in messages if m.task_id is None}, "originator")
    gateways = _read(Gateway, {m.gateway_id for m in messages}, "originator")
    own = read_originators(m.application_id for m in messages)
    return [
        (tasks[message.task_id].named_originator(message.country) if message.task_id else "")
        or programs.get(message.pk)
        or own[message.application_id].of(
            message.country, shared=gateways.get(message.gateway_id, "")
        )
        for message in messages
    ]


def _read(model: type[Model], keys: set[int | None], column: str) -> dict[int | None, str]:
    wanted = [key for key in keys if key is not None]
    if not wanted:
        return {}
    return dict(model._default_manager.filter(pk__in=wanted).values_list("pk", column))
