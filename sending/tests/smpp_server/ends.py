"""Messages on their way to an end, by the steps that senders and receipts take."""

from collections.abc import Iterable

from sending.lifecycle import MessageState, SaidBy
from sending.models.stepping import MessageChange, step


def end(ids: Iterable[int], state: MessageState = MessageState.DELIVERED, code: str = "") -> None:
    """Let a gateway take messages, and the network say what became of them."""
    found = list(ids)
    step(MessageState.SUBMITTING, found)
    step(MessageState.SUBMITTED, found, said_by=SaidBy.GATEWAY)
    step(state, [MessageChange(pk, code) for pk in found], said_by=SaidBy.NETWORK)
