"""Codes of ours, for what no gateway and no network said."""

from enum import StrEnum


class Reason(StrEnum):
    """Codes of ours for what no gateway said; `table` has the sentences."""

    NOT_SENT = "NOT_SENT"
    NO_ANSWER = "NO_ANSWER"
    SENDER_DIED = "SENDER_DIED"
    RESTORED = "RESTORED"
    CANNOT_RENDER = "CANNOT_RENDER"
    ORIGINATOR_NOT_APPROVED = "ORIGINATOR_NOT_APPROVED"
    PARTLY_SENT = "PARTLY_SENT"
    VALIDITY_OVER = "VALIDITY_OVER"
    NO_RECEIPT = "NO_RECEIPT"
    CANCELLED = "CANCELLED"
    TEXT_REVOKED = "TEXT_REVOKED"
    SUPPRESSED = "SUPPRESSED"
    GUARD_HELD = "GUARD_HELD"
    NUMBER_ERASED = "NUMBER_ERASED"
    SENT_AGAIN_BY_PERSON = "SENT_AGAIN_BY_PERSON"
    GIVEN_UP_BY_PERSON = "GIVEN_UP_BY_PERSON"
