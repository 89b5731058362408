"""What a client is answered when everything that one PDU of its asks for is decided."""

from __future__ import annotations

from dataclasses import dataclass, field

from sending.models import SmppAccount
from sending.smpp.command_status import ESME_ROK, ESME_RSUBMITFAIL
from sending.smpp.multi import SmeAddress, SubmitMulti, SubmitMultiResp, UnsuccessSme
from sending.smpp.operations import DataSm, DataSmResp
from sending.smpp.pdu import SubmitSmResp
from sending.smpp_server.attempt import Outcome
from sending.smpp_server.connection import ClientConnection, Submit
from sending.smpp_server.reading import MultiId
from sending.smpp_server.reasons import reason_tlv
from sending.smpp_server.statuses import PduRefusal, shown


@dataclass(slots=True)
class SubmitAnswer:
    """The answer to one submit_sm, data_sm or submit_multi; it leaves with the last outcome."""

    connection: ClientConnection
    sequence: int
    submit: Submit
    # Of submit_multi: how many destinations are undecided, and the id of all.
    left: int = 1
    multi: MultiId | None = None
    _accepted: int = 0
    _unsuccess: list[UnsuccessSme] = field(default_factory=list)

    def tell(self, to: SmeAddress, outcome: Outcome, account: SmppAccount) -> None:
        """Note what one destination came to."""
        if isinstance(self.submit, SubmitMulti):
            self._tell_one_of_many(to, outcome, account)
        elif isinstance(outcome, PduRefusal):
            self.refuse(outcome, account)
        else:
            self.connection.answered(self.sequence, self._kind(str(outcome)))

    def refuse(self, refusal: PduRefusal, account: SmppAccount) -> None:
        """Refuse the PDU as a whole."""
        status = shown(refusal.status, plain=account.uses_plain_statuses)
        if isinstance(self.submit, SubmitMulti):
            self.connection.answered(self.sequence, SubmitMultiResp(), status)
            return
        tells_why = account.tells_reasons and self.connection.knows_tlvs
        tlvs = reason_tlv(refusal) if tells_why else {}
        self.connection.answered(self.sequence, self._kind(tlvs=tlvs), status)

    @property
    def _kind(self) -> type[SubmitSmResp | DataSmResp]:
        return DataSmResp if isinstance(self.submit, DataSm) else SubmitSmResp

    def _tell_one_of_many(self, to: SmeAddress, outcome: Outcome, account: SmppAccount) -> None:
        if isinstance(outcome, PduRefusal):
            status = shown(outcome.status, plain=account.uses_plain_statuses)
            self._unsuccess.append(UnsuccessSme(to, status))
        else:
            self._accepted += 1
        self.left -= 1
        if not self.left:
            self._answer_multi()

    def _answer_multi(self) -> None:
        """Answer with the id of all, or with the status that no destination got over."""
        statuses = {one.status for one in self._unsuccess}
        message_id = str(self.multi.id) if self.multi and self._accepted else ""
        if message_id:
            status = ESME_ROK
        else:
            status = statuses.pop() if len(statuses) == 1 else ESME_RSUBMITFAIL
        body = SubmitMultiResp(message_id, self._unsuccess)
        self.connection.answered(self.sequence, body, status)
