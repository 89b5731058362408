"""The answers to query_sm, cancel_sm and replace_sm."""

from collections.abc import Mapping

from sending.models import SmppAccount
from sending.smpp.command_status import ESME_RCANCELFAIL, ESME_ROK, ESME_RQUERYFAIL
from sending.smpp.commands import CommandId
from sending.smpp.operations import CancelSm, QuerySm, QuerySmResp
from sending.smpp.pdu import Body, Empty
from sending.smpp_server import cancelling, replacing
from sending.smpp_server.connection import Question
from sending.smpp_server.statuses import shown

EMPTY: Mapping[CommandId, Body] = {
    CommandId.query_sm: QuerySmResp(),
    CommandId.cancel_sm: Empty(CommandId.cancel_sm_resp),
    CommandId.replace_sm: Empty(CommandId.replace_sm_resp),
}


def answer(account: SmppAccount, question: Question) -> tuple[Body, int]:
    """Return the body of the answer and its command_status."""
    empty = EMPTY[question.command_id]
    if isinstance(question, QuerySm):
        found = cancelling.query(account, question.message_id, question.source_addr)
        return (found, ESME_ROK) if found else (empty, ESME_RQUERYFAIL)
    if isinstance(question, CancelSm):
        return empty, ESME_ROK if cancelling.cancel(account, question) else ESME_RCANCELFAIL
    refusal = replacing.replace(account, question)
    if refusal is None:
        return empty, ESME_ROK
    return empty, shown(refusal.status, plain=account.uses_plain_statuses)
