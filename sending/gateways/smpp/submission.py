"""A submit request as a submit_sm, and its answer as a result or a refusal."""

from __future__ import annotations

from sending.gateways.base import GatewayConfig, SubmitRefused, SubmitRequest, SubmitResult
from sending.smpp.command_status import ESME_ROK, describe
from sending.smpp.pdu import Pdu, SubmitSm, SubmitSmResp
from sending.smpp.validity import relative_validity


def to_submit_sm(request: SubmitRequest, config: GatewayConfig) -> SubmitSm:
    """Write a request as this carrier wants it; the number has no plus sign."""
    given = config.addressing
    ton, npi = given.source_ton, given.source_npi
    return SubmitSm(
        service_type=config.service_type,
        source_addr=request.source_addr,
        source_addr_ton=request.source_ton if ton is None else ton,
        source_addr_npi=request.source_npi if npi is None else npi,
        destination_addr=request.destination.removeprefix("+"),
        dest_addr_ton=given.dest_ton,
        dest_addr_npi=given.dest_npi,
        esm_class=request.esm_class,
        data_coding=request.data_coding,
        registered_delivery=int(config.registered_delivery),
        validity_period=relative_validity(request.validity_seconds),
        short_message=request.short_message,
    )


def to_result(answer: Pdu, temporary_statuses: frozenset[int]) -> SubmitResult:
    """The message id of an accepted submit_sm; raise SubmitRefused for any other status."""
    if answer.command_status == ESME_ROK and isinstance(answer.body, SubmitSmResp):
        return SubmitResult(answer.body.message_id)
    status = describe(answer.command_status, temporary_statuses)
    code = status.name if answer.command_status != ESME_ROK else "GENERIC_NACK"
    raise SubmitRefused(code, temporary=status.temporary, throttled=status.throttled)
