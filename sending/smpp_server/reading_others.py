"""data_sm and submit_multi as the submit_sm that say the same."""

from __future__ import annotations

from collections.abc import Iterator

from sending.smpp.multi import SmeAddress, SubmitMulti
from sending.smpp.operations import DataSm
from sending.smpp.pdu import SubmitSm


def as_submit_sm(body: DataSm) -> SubmitSm:
    """Return data_sm as the submit_sm that says the same."""
    return SubmitSm(
        source_addr=body.source_addr,
        destination_addr=body.destination_addr,
        short_message=b"",
        source_addr_ton=body.source_addr_ton,
        source_addr_npi=body.source_addr_npi,
        dest_addr_ton=body.dest_addr_ton,
        dest_addr_npi=body.dest_addr_npi,
        esm_class=body.esm_class,
        data_coding=body.data_coding,
        registered_delivery=body.registered_delivery,
        service_type=body.service_type,
        tlvs=body.tlvs,
    )


def each_submit_sm(body: SubmitMulti) -> Iterator[tuple[SmeAddress, SubmitSm | None]]:
    """Yield each destination with its submit_sm; None for a distribution list, under its name."""
    for to in body.destinations:
        if not isinstance(to, SmeAddress):
            yield SmeAddress(to.name), None
            continue
        yield (
            to,
            SubmitSm(
                source_addr=body.source_addr,
                destination_addr=to.address,
                short_message=body.short_message,
                source_addr_ton=body.source_addr_ton,
                source_addr_npi=body.source_addr_npi,
                dest_addr_ton=to.ton,
                dest_addr_npi=to.npi,
                esm_class=body.esm_class,
                data_coding=body.data_coding,
                registered_delivery=body.registered_delivery,
                service_type=body.service_type,
                schedule_delivery_time=body.schedule_delivery_time,
                validity_period=body.validity_period,
                replace_if_present_flag=body.replace_if_present_flag,
                tlvs=body.tlvs,
            ),
        )


def number_in(body: SubmitSm | DataSm | SubmitMulti) -> str:
    """Return a destination to show beside a refusal of all, empty for many."""
    return "" if isinstance(body, SubmitMulti) else body.destination_addr
