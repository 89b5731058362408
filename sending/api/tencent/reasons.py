"""The five reasons by which the dialect counts failures."""

from enum import StrEnum


class Bucket(StrEnum):
    """A reason, by the name of its count."""

    INTERNAL = "InternalErrorCount"
    NUMBER = "InvalidNumberCount"
    HANDSET = "ShutdownErrorCount"
    BLOCKED = "BlackListCount"
    FREQUENCY = "FrequencyLimitCount"


# Errors of 3GPP TS 29.002, 17.6.6, and command_status of SMPP 3.4, 5.1.3; see sending/error_codes.
_BUCKETS = {
    **dict.fromkeys(("001", "005", "009", "044", "ESME_RINVDSTADR"), Bucket.NUMBER),
    **dict.fromkeys(("006", "027", "031", "032", "045"), Bucket.HANDSET),
    **dict.fromkeys(("012", "013", "SUPPRESSED"), Bucket.BLOCKED),
    **dict.fromkeys(
        ("033", "051", "THROTTLED", "ESME_RTHROTTLED", "ESME_RMSGQFUL"), Bucket.FREQUENCY
    ),
}


def bucket_of(code: str) -> Bucket:
    """Return the reason of a code; networks write 001, 01 and 1 alike."""
    digits = code.lstrip("0").zfill(3) if code.isascii() and code.isdecimal() else code
    return _BUCKETS.get(digits, Bucket.INTERNAL)
