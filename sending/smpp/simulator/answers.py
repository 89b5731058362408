"""What imagined handsets answer: deliver_sm as networks bring them, long ones in segments."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from sending.smpp.pdu import DeliverSm, SubmitSm
from sending.sms import data_coding, udh
from sending.sms.segments import segment
from sending.sms.udh import ESM_CLASS_UDHI, Concatenation

_references = count(1)


def answers_to(submit_sm: SubmitSm, text: str) -> Iterator[DeliverSm]:
    """Yield the segments of an answer, the last first: networks keep no order.

    Of a text in several segments only the last one is answered.
    """
    if not _is_last(submit_sm):
        return
    cut = segment(text)
    total, reference = len(cut.segments), next(_references) % 256
    for number in range(total, 0, -1):
        octets = data_coding.encode(cut.segments[number - 1], cut.data_coding)
        header = b"" if cut.single else udh.encode(Concatenation(reference, total, number))
        yield DeliverSm(
            source_addr=submit_sm.destination_addr,
            source_addr_ton=submit_sm.dest_addr_ton,
            source_addr_npi=submit_sm.dest_addr_npi,
            destination_addr=submit_sm.source_addr,
            dest_addr_ton=submit_sm.source_addr_ton,
            dest_addr_npi=submit_sm.source_addr_npi,
            data_coding=int(cut.data_coding),
            esm_class=0 if cut.single else ESM_CLASS_UDHI,
            short_message=header + octets,
        )


def _is_last(submit_sm: SubmitSm) -> bool:
    if not submit_sm.esm_class & ESM_CLASS_UDHI:
        return True
    part, _octets = udh.decode(submit_sm.short_message)
    return part is None or part.segment == part.segments
