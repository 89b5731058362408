"""Delivery receipts: writing them, keeping them for absent clients, delivering until stored."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime

from sending.smpp.clock import Clock
from sending.smpp.command_status import ESME_ROK, describe
from sending.smpp.errors import RequestError
from sending.smpp.pdu import DeliverSm, Pdu, SubmitSm
from sending.smpp.server import ServerSession
from sending.smpp.simulator.magic import MagicOutcome
from sending.smpp.tlv import Tag

logger = logging.getLogger(__name__)

ESM_CLASS_RECEIPT = 0x04
RETRY_FIRST = 1.0
RETRY_MOST = 30.0

# message_state, SMPP 3.4 clause 5.2.28, by the word of appendix B.
_MESSAGE_STATES = {
    "DELIVRD": 2,
    "EXPIRED": 3,
    "DELETED": 4,
    "UNDELIV": 5,
    "ACCEPTD": 6,
    "UNKNOWN": 7,
    "REJECTD": 8,
}


def receipt_for(
    submit_sm: SubmitSm,
    message_id: str,
    outcome: MagicOutcome,
    *,
    submitted: datetime,
    done: datetime,
) -> DeliverSm:
    """The receipt as carriers write it: the text of appendix B and the TLVs beside it."""
    delivered = "001" if outcome.stat == "DELIVRD" else "000"
    text = (
        f"id:{message_id} sub:001 dlvrd:{delivered} submit date:{submitted:%y%m%d%H%M} "
        f"done date:{done:%y%m%d%H%M} stat:{outcome.stat} err:{outcome.err} text:"
    )
    return DeliverSm(
        source_addr=submit_sm.destination_addr,
        source_addr_ton=submit_sm.dest_addr_ton,
        source_addr_npi=submit_sm.dest_addr_npi,
        destination_addr=submit_sm.source_addr,
        dest_addr_ton=submit_sm.source_addr_ton,
        dest_addr_npi=submit_sm.source_addr_npi,
        esm_class=ESM_CLASS_RECEIPT,
        short_message=text.encode("ascii"),
        tlvs={
            Tag.receipted_message_id: message_id.encode("ascii") + b"\0",
            Tag.message_state: bytes([_MESSAGE_STATES[outcome.stat]]),
        },
    )


@dataclass(slots=True)
class _Parcel:
    system_id: str
    deliver_sm: DeliverSm
    attempts: int = 0


class ReceiptPost:
    """Brings receipts to the clients they belong to; a refused or unanswered one comes again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sessions: dict[str, deque[ServerSession]] = defaultdict(deque)
        self._kept: dict[str, deque[_Parcel]] = defaultdict(deque)
        self.delivered = 0

    def session_bound(self, system_id: str, session: ServerSession) -> None:
        """Use this session from now on, first for what was kept."""
        self._sessions[system_id].append(session)
        kept, self._kept[system_id] = self._kept[system_id], deque()
        for parcel in kept:
            self._deliver(parcel)

    def session_gone(self, session: ServerSession) -> None:
        """Do not use it any more."""
        for sessions in self._sessions.values():
            if session in sessions:
                sessions.remove(session)

    def post(self, system_id: str, deliver_sm: DeliverSm) -> None:
        """Deliver as soon as the client is there."""
        self._deliver(_Parcel(system_id, deliver_sm))

    def _deliver(self, parcel: _Parcel) -> None:
        sessions = self._sessions[parcel.system_id]
        for _ in range(len(sessions)):
            sessions.rotate(-1)
            if sessions[-1].receives:
                answer = sessions[-1].request(parcel.deliver_sm)
                answer.add_done_callback(lambda done: self._answered(parcel, done))
                return
        self._kept[parcel.system_id].append(parcel)

    def _answered(self, parcel: _Parcel, answer: asyncio.Future[Pdu]) -> None:
        try:
            status = answer.result().command_status
        except RequestError:
            self._again(parcel)
            return
        if status == ESME_ROK:
            self.delivered += parcel.deliver_sm.esm_class == ESM_CLASS_RECEIPT
        elif describe(status).temporary:
            self._again(parcel)
        else:
            logger.warning("client refused a receipt permanently: %s", describe(status).name)

    def _again(self, parcel: _Parcel) -> None:
        pause = min(RETRY_FIRST * 2**parcel.attempts, RETRY_MOST)
        parcel.attempts += 1
        self._clock.call_later(pause, lambda: self._deliver(parcel))
