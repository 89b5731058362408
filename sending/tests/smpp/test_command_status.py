"""Names and meaning of every command_status."""

import pytest

from sending.smpp.command_status import ESME_ROK, STATUSES, Retry, describe


@pytest.mark.parametrize(
    ("value", "name", "retry"),
    [
        (0x00, "ESME_ROK", Retry.PERMANENT),
        (0x08, "ESME_RSYSERR", Retry.TEMPORARY),
        (0x0B, "ESME_RINVDSTADR", Retry.PERMANENT),
        (0x14, "ESME_RMSGQFUL", Retry.THROTTLED),
        (0x45, "ESME_RSUBMITFAIL", Retry.PERMANENT),
        (0x58, "ESME_RTHROTTLED", Retry.THROTTLED),
        (0x64, "ESME_RX_T_APPN", Retry.TEMPORARY),
        (0x400, "VENDOR_0x00000400", Retry.PERMANENT),
        (0x4FF, "VENDOR_0x000004FF", Retry.PERMANENT),
        (0x500, "RESERVED_0x00000500", Retry.PERMANENT),
        (0xFFFFFFFF, "RESERVED_0xFFFFFFFF", Retry.PERMANENT),
    ],
)
def test_a_status_is_described(value, name, retry):
    status = describe(value)
    assert (status.value, status.name, status.retry) == (value, name, retry)


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
