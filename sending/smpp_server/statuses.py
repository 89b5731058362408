"""Which command_status a refusal is, and what clients get that know only those of SMPP 3.4."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

from sending.smpp.command_status import (
    ESME_RINVDSTADR,
    ESME_RINVMSGLEN,
    ESME_RINVSRCADR,
    ESME_RSUBMITFAIL,
    ESME_RTHROTTLED,
)


class Vendor(IntEnum):
    """Ours, in the range that SMPP 3.4 clause 5.1.3 leaves to message centres."""

    LIMIT_REACHED = 0x401
    TEXT_NOT_APPROVED = 0x402
    RECIPIENT_OPTED_OUT = 0x403
    COUNTRY_CLOSED = 0x404
    HELD_BACK = 0x405
    NUMBER_LIMIT = 0x406


_PLAIN: Mapping[int, int] = {
    Vendor.LIMIT_REACHED: ESME_RSUBMITFAIL,
    Vendor.TEXT_NOT_APPROVED: ESME_RSUBMITFAIL,
    Vendor.RECIPIENT_OPTED_OUT: ESME_RSUBMITFAIL,
    Vendor.COUNTRY_CLOSED: ESME_RINVDSTADR,
    Vendor.HELD_BACK: ESME_RSUBMITFAIL,
    Vendor.NUMBER_LIMIT: ESME_RSUBMITFAIL,
}

_OF_CODE: Mapping[str, int] = {
    "DAILY_LIMIT": Vendor.LIMIT_REACHED,
    "APPLICATION_DAILY_LIMIT": Vendor.LIMIT_REACHED,
    "APPLICATION_COUNTRY_DAILY_LIMIT": Vendor.LIMIT_REACHED,
    "MESSAGE_TOO_LONG": ESME_RINVMSGLEN,
    "SUPPRESSED": Vendor.RECIPIENT_OPTED_OUT,
    "NUMBER_ERASED": Vendor.RECIPIENT_OPTED_OUT,
    "COUNTRY_NOT_ALLOWED": Vendor.COUNTRY_CLOSED,
    "APPLICATION_COUNTRY": Vendor.COUNTRY_CLOSED,
    "NO_PRICE": Vendor.COUNTRY_CLOSED,
    "NO_ROUTE": Vendor.COUNTRY_CLOSED,
    "COUNTRY_CODE_UNCLEAR": ESME_RINVDSTADR,
    "TEXT_UNMATCHED": Vendor.TEXT_NOT_APPROVED,
    "REPEATED_TEXT": Vendor.NUMBER_LIMIT,
    "REPEATED_IN_REQUEST": Vendor.NUMBER_LIMIT,
    "NUMBER_HOURLY_LIMIT": Vendor.NUMBER_LIMIT,
    "NUMBER_DAILY_LIMIT": Vendor.NUMBER_LIMIT,
    "GUARD_BLOCKED": Vendor.HELD_BACK,
    "GUARD_CHALLENGE": Vendor.HELD_BACK,
    # Of the whole application, see accounts.queries.check_may_send.
    "LIMITS_CONTENDED": ESME_RTHROTTLED,
    "ORGANIZATION_SUSPENDED": Vendor.HELD_BACK,
    "APPLICATION_SUSPENDED": Vendor.HELD_BACK,
    "APPLICATION_DISABLED": Vendor.HELD_BACK,
    "SERVICE_NOT_ACTIVE": Vendor.HELD_BACK,
}
_OF_KIND: Mapping[str, int] = {
    "MSISDN_": ESME_RINVDSTADR,
    "ORIGINATOR_": ESME_RINVSRCADR,
}


def status_of(code: str) -> int:
    """Return the command_status of a refusal of acceptance.

    What is not listed is about the text: its template, its values, its signature.
    """
    if code in _OF_CODE:
        return _OF_CODE[code]
    kinds = (status for kind, status in _OF_KIND.items() if code.startswith(kind))
    return next(kinds, Vendor.TEXT_NOT_APPROVED)


def shown(status: int, *, plain: bool) -> int:
    """Return what a client is given; `plain` is for those that know no status of ours."""
    return _PLAIN.get(status, status) if plain else status


class PduRefusal(NamedTuple):
    """Why one PDU is refused: its status, a stable code, and what people read about it."""

    status: int
    code: str
    sentence: str = ""


class PduRefused(Exception):
    """A PDU is refused for what stands in it."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.refusal = PduRefusal(status, code)
