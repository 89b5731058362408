"""query_sm and cancel_sm: what became of a message, and how it is taken back."""

from django.db.models import QuerySet

from sending.delivery import by_program
from sending.lifecycle import OVER_STATES, MessageState
from sending.models import Message, PartState, SmppAccount, SmppPart
from sending.smpp.operations import CancelSm, QuerySmResp
from sending.smpp_server.reading import SubmittedPdu
from sending.smpp_server.receipt_text import ENROUTE, error_number, message_state
from sending.smpp_server.times import absolute

_OVER = frozenset(state.value for state in OVER_STATES)
_DELIVERED, _REJECTED = 2, 8
_MOST_LOOKED_AT = 500
_MOST_ERROR = 255
_MOST_ID = 2**63


def parts_of(account: SmppAccount, message_id: str, source: str = "") -> list[SmppPart]:
    """Return what a client means by the message_id of our answer: one part, or all of submit_multi.

    Some clients give the source address too; then it must be the one that was submitted.
    """
    if not message_id.isascii() or not message_id.isdecimal() or len(message_id) > 19:
        return []
    pk = int(message_id)
    if pk >= _MOST_ID or str(pk) != message_id:
        return []
    own = SmppPart.objects.filter(account_id=account.pk)
    named = own.filter(pk=pk, multi_id=None) or own.filter(multi_id=pk).order_by("pk")
    return [part for part in named if not source or part.source_addr == source]


def query(account: SmppAccount, message_id: str, source: str) -> QuerySmResp | None:
    """Return what is known of a message; None where the account has none of this id.

    Of submit_multi, the message that is not delivered yet, or was not.
    """
    known = [_known(part, message_id) for part in parts_of(account, message_id, source)]
    worst = {_DELIVERED: 2, ENROUTE: 0}
    return min(known, key=lambda one: worst.get(one.message_state, 1), default=None)


def _known(part: SmppPart, message_id: str) -> QuerySmResp:
    if part.state == PartState.FAILED.value:
        error = min(error_number(MessageState.REJECTED.value, part.code), _MOST_ERROR)
        return QuerySmResp(message_id, absolute(part.at), _REJECTED, error)
    message = Message.objects.filter(pk=part.message_id or 0).first()
    if message is None:
        return QuerySmResp(message_id, "", ENROUTE, 0)
    final = absolute(message.state_at) if message.state in _OVER else ""
    error = min(error_number(message.state, message.code), _MOST_ERROR) if final else 0
    return QuerySmResp(message_id, final, message_state(message.state), error)


def cancel(account: SmppAccount, wanted: CancelSm) -> bool:
    """Cancel what still waits; tell whether anything was.

    One message by its id, or all of submit_multi; without an id all that were submitted from one
    address to another with a service_type.
    """
    if wanted.message_id:
        found = {part.message_id for part in parts_of(account, wanted.message_id)}
        done = [by_program.cancel(account.application_id, pk) for pk in found if pk]
        return any(done)
    if not wanted.destination_addr:
        return False
    named = SmppPart.objects.filter(
        account_id=account.pk,
        destination_addr=wanted.destination_addr,
        source_addr=wanted.source_addr,
        service_type=wanted.service_type[:6],
    )
    done = [by_program.cancel(account.application_id, pk) for pk in _waiting(named)]
    return any(done)


def cancel_replaced(account: SmppAccount, submission: SubmittedPdu, by: int) -> None:
    """Cancel what replace_if_present means: the newest that waits, but for the one that replaces.

    Within the transaction of the caller, so that exactly one of them stays.
    """
    named = SmppPart.objects.filter(
        account_id=account.pk,
        destination_addr=submission.destination_addr,
        source_addr=submission.source_addr,
        service_type=submission.service_type,
    ).exclude(message_id=by)
    for pk in _waiting(named):
        if by_program.cancel(account.application_id, pk):
            return


def _waiting(named: QuerySet[SmppPart]) -> list[int]:
    """Return the messages of parts that no sender has yet, the newest first."""
    accepted = named.filter(state=PartState.ACCEPTED.value, message_id__isnull=False)
    newest = accepted.order_by("-pk").values_list("message_id", flat=True)[:_MOST_LOOKED_AT]
    queued = Message.objects.filter(pk__among=set(newest), state=MessageState.QUEUED.value)
    return list(queued.order_by("-pk").values_list("pk", flat=True))
