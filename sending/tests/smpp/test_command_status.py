"""Names and meaning of every command_status."""

import re

import pytest

from sending.smpp.command_status import ESME_ROK, STATUSES, RetryAdvice, describe


@pytest.mark.parametrize(
    ("value", "name", "retry"),
    [
        (0x00, "ESME_ROK", RetryAdvice.PERMANENT),
        (0x08, "ESME_RSYSERR", RetryAdvice.TEMPORARY),
        (0x0B, "ESME_RINVDSTADR", RetryAdvice.PERMANENT),
        (0x14, "ESME_RMSGQFUL", RetryAdvice.THROTTLED),
        (0x45, "ESME_RSUBMITFAIL", RetryAdvice.PERMANENT),
        (0x58, "ESME_RTHROTTLED", RetryAdvice.THROTTLED),
        (0x64, "ESME_RX_T_APPN", RetryAdvice.TEMPORARY),
        (0x400, "VENDOR_0x00000400", RetryAdvice.PERMANENT),
        (0x4FF, "VENDOR_0x000004FF", RetryAdvice.PERMANENT),
        (0x500, "RESERVED_0x00000500", RetryAdvice.PERMANENT),
        (0xFFFFFFFF, "RESERVED_0xFFFFFFFF", RetryAdvice.PERMANENT),
    ],
)
def test_a_status_is_described(value, name, retry):
    status = describe(value)
    assert (status.value, status.name, status.retry) == (value, name, retry)


# SMPP 3.4 issue 1.2, table 5-2, without the values that it reserves.
TABLE_5_2 = """
    00 ROK 01 RINVMSGLEN 02 RINVCMDLEN 03 RINVCMDID 04 RINVBNDSTS 05 RALYBND 06 RINVPRTFLG
    07 RINVREGDLVFLG 08 RSYSERR 0A RINVSRCADR 0B RINVDSTADR 0C RINVMSGID 0D RBINDFAIL
    0E RINVPASWD 0F RINVSYSID 11 RCANCELFAIL 13 RREPLACEFAIL 14 RMSGQFUL 15 RINVSERTYP
    33 RINVNUMDESTS 34 RINVDLNAME 40 RINVDESTFLAG 42 RINVSUBREP 43 RINVESMCLASS 44 RCNTSUBDL
    45 RSUBMITFAIL 48 RINVSRCTON 49 RINVSRCNPI 50 RINVDSTTON 51 RINVDSTNPI 53 RINVSYSTYP
    54 RINVREPFLAG 55 RINVNUMMSGS 58 RTHROTTLED 61 RINVSCHED 62 RINVEXPIRY 63 RINVDFTMSGID
    64 RX_T_APPN 65 RX_P_APPN 66 RX_R_APPN 67 RQUERYFAIL C0 RINVOPTPARSTREAM
    C1 ROPTPARNOTALLWD C2 RINVPARLEN C3 RMISSINGOPTPARAM C4 RINVOPTPARAMVAL
    FE RDELIVERYFAILURE FF RUNKNOWNERR
"""


def test_every_value_of_the_specification_is_in_the_table_and_no_other():
    pairs = re.findall(r"([0-9A-F]{2}) (R[A-Z_]+)", TABLE_5_2)
    specified = {int(value, 16): f"ESME_{name}" for value, name in pairs}
    assert len(specified) == 48
    assert {value: status.name for value, status in STATUSES.items()} == specified


def test_throttled_is_also_temporary():
    assert describe(0x58).temporary
    assert describe(0x58).throttled
    assert not describe(0x08).throttled


def test_a_carrier_may_declare_a_status_temporary_but_not_lift_a_throttle():
    declared = frozenset({0x410, 0x58})
    assert describe(0x410, declared).temporary
    assert not describe(0x411, declared).temporary
    assert describe(0x58, declared).throttled


def test_names_are_unique():
    assert len({status.name for status in STATUSES.values()}) == len(STATUSES)
    assert ESME_ROK in STATUSES
