"""The command_status table (SMPP 3.4 clause 5.1.3) and what each value means for a retry."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ESME_ROK = 0x00000000
ESME_RINVMSGLEN = 0x00000001
ESME_RINVCMDLEN = 0x00000002
ESME_RINVCMDID = 0x00000003
ESME_RINVBNDSTS = 0x00000004
ESME_RALYBND = 0x00000005
ESME_RSYSERR = 0x00000008
ESME_RINVSRCADR = 0x0000000A
ESME_RINVDSTADR = 0x0000000B
ESME_RBINDFAIL = 0x0000000D
ESME_RINVPASWD = 0x0000000E
ESME_RINVSYSID = 0x0000000F
ESME_RCANCELFAIL = 0x00000011
ESME_RREPLACEFAIL = 0x00000013
ESME_RMSGQFUL = 0x00000014
ESME_RINVNUMDESTS = 0x00000033
ESME_RINVDLNAME = 0x00000034
ESME_RINVDESTFLAG = 0x00000040
ESME_RINVESMCLASS = 0x00000043
ESME_RSUBMITFAIL = 0x00000045
ESME_RTHROTTLED = 0x00000058
ESME_RINVSCHED = 0x00000061
ESME_RINVEXPIRY = 0x00000062
ESME_RX_T_APPN = 0x00000064
ESME_RX_P_APPN = 0x00000065
ESME_RX_R_APPN = 0x00000066
ESME_RQUERYFAIL = 0x00000067
ESME_RINVOPTPARSTREAM = 0x000000C0
ESME_ROPTPARNOTALLWD = 0x000000C1

VENDOR_STATUSES = range(0x400, 0x500)


class RetryAdvice(StrEnum):
    """Whether the same PDU may be accepted later."""

    PERMANENT = "PERMANENT"
    TEMPORARY = "TEMPORARY"
    THROTTLED = "THROTTLED"


@dataclass(frozen=True, slots=True)
class Status:
    """One command_status: its value, its name, whether to retry."""

    value: int
    name: str
    retry: RetryAdvice = RetryAdvice.PERMANENT

    @property
    def temporary(self) -> bool:
        """True when the same PDU may be tried again (throttling included)."""
        return self.retry is not RetryAdvice.PERMANENT

    @property
    def throttled(self) -> bool:
        """True when the peer asks for fewer messages a second."""
        return self.retry is RetryAdvice.THROTTLED


_TEMPORARY = RetryAdvice.TEMPORARY
_THROTTLED = RetryAdvice.THROTTLED

STATUSES: dict[int, Status] = {
    status.value: status
    for status in (
        Status(ESME_ROK, "ESME_ROK"),
        Status(ESME_RINVMSGLEN, "ESME_RINVMSGLEN"),
        Status(ESME_RINVCMDLEN, "ESME_RINVCMDLEN"),
        Status(ESME_RINVCMDID, "ESME_RINVCMDID"),
        # The bind was lost on the peer's side: the same segment goes after the next bind.
        Status(ESME_RINVBNDSTS, "ESME_RINVBNDSTS", _TEMPORARY),
        Status(ESME_RALYBND, "ESME_RALYBND", _TEMPORARY),
        Status(0x06, "ESME_RINVPRTFLG"),
        Status(0x07, "ESME_RINVREGDLVFLG"),
        Status(ESME_RSYSERR, "ESME_RSYSERR", _TEMPORARY),
        Status(ESME_RINVSRCADR, "ESME_RINVSRCADR"),
        Status(ESME_RINVDSTADR, "ESME_RINVDSTADR"),
        Status(0x0C, "ESME_RINVMSGID"),
        Status(ESME_RBINDFAIL, "ESME_RBINDFAIL", _TEMPORARY),
        Status(ESME_RINVPASWD, "ESME_RINVPASWD"),
        Status(ESME_RINVSYSID, "ESME_RINVSYSID"),
        Status(ESME_RCANCELFAIL, "ESME_RCANCELFAIL"),
        Status(ESME_RREPLACEFAIL, "ESME_RREPLACEFAIL"),
        Status(ESME_RMSGQFUL, "ESME_RMSGQFUL", _THROTTLED),
        Status(0x15, "ESME_RINVSERTYP"),
        Status(ESME_RINVNUMDESTS, "ESME_RINVNUMDESTS"),
        Status(ESME_RINVDLNAME, "ESME_RINVDLNAME"),
        Status(ESME_RINVDESTFLAG, "ESME_RINVDESTFLAG"),
        Status(0x42, "ESME_RINVSUBREP"),
        Status(ESME_RINVESMCLASS, "ESME_RINVESMCLASS"),
        Status(0x44, "ESME_RCNTSUBDL"),
        Status(ESME_RSUBMITFAIL, "ESME_RSUBMITFAIL"),
        Status(0x48, "ESME_RINVSRCTON"),
        Status(0x49, "ESME_RINVSRCNPI"),
        Status(0x50, "ESME_RINVDSTTON"),
        Status(0x51, "ESME_RINVDSTNPI"),
        Status(0x53, "ESME_RINVSYSTYP"),
        Status(0x54, "ESME_RINVREPFLAG"),
        Status(0x55, "ESME_RINVNUMMSGS"),
        Status(ESME_RTHROTTLED, "ESME_RTHROTTLED", _THROTTLED),
        Status(ESME_RINVSCHED, "ESME_RINVSCHED"),
        Status(ESME_RINVEXPIRY, "ESME_RINVEXPIRY"),
        Status(0x63, "ESME_RINVDFTMSGID"),
        Status(ESME_RX_T_APPN, "ESME_RX_T_APPN", _TEMPORARY),
        Status(ESME_RX_P_APPN, "ESME_RX_P_APPN"),
        Status(ESME_RX_R_APPN, "ESME_RX_R_APPN"),
        Status(ESME_RQUERYFAIL, "ESME_RQUERYFAIL"),
        Status(ESME_RINVOPTPARSTREAM, "ESME_RINVOPTPARSTREAM"),
        Status(ESME_ROPTPARNOTALLWD, "ESME_ROPTPARNOTALLWD"),
        Status(0xC2, "ESME_RINVPARLEN"),
        Status(0xC3, "ESME_RMISSINGOPTPARAM"),
        Status(0xC4, "ESME_RINVOPTPARAMVAL"),
        Status(0xFE, "ESME_RDELIVERYFAILURE"),
        Status(0xFF, "ESME_RUNKNOWNERR"),
    )
}


def describe(value: int, temporary: frozenset[int] = frozenset()) -> Status:
    """The status of any value; reserved and vendor values (0x400-0x4FF) get a name of their own.

    A value nobody knows is permanent, because trying it again for ever would hide it;
    ``temporary`` lists the values that a carrier documents as worth trying again.
    """
    known = STATUSES.get(value)
    if known is None:
        prefix = "VENDOR" if value in VENDOR_STATUSES else "RESERVED"
        known = Status(value, f"{prefix}_0x{value:08X}")
    if value in temporary and not known.temporary:
        return Status(value, known.name, RetryAdvice.TEMPORARY)
    return known
