"""Why a verification was not begun, checked or changed, in words for people."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sending.acceptance.request import RefusedMessage


class VerifyCode(StrEnum):
    """What only Verify refuses; codes of acceptance stay what they are."""

    FRIENDLY_NAME = "FRIENDLY_NAME"
    CODE_LENGTH = "CODE_LENGTH"
    TEXT_UNKNOWN = "TEXT_UNKNOWN"
    TEXT_MISSING = "TEXT_MISSING"
    CUSTOM_CODE_NOT_ALLOWED = "CUSTOM_CODE_NOT_ALLOWED"
    CUSTOM_CODE_INVALID = "CUSTOM_CODE_INVALID"
    MAX_SENDS = "MAX_SENDS"
    MAX_CHECKS = "MAX_CHECKS"
    AT_THE_SAME_MOMENT = "AT_THE_SAME_MOMENT"
    NOT_PENDING = "NOT_PENDING"
    NOT_CUSTOM = "NOT_CUSTOM"
    SERVICE_DELETED = "SERVICE_DELETED"
    RATE_LIMIT = "RATE_LIMIT"
    RATE_LIMIT_UNKNOWN = "RATE_LIMIT_UNKNOWN"
    ALREADY_THERE = "ALREADY_THERE"
    TOO_MANY_HERE = "TOO_MANY_HERE"


_SENTENCES: Mapping[VerifyCode, str | Promise] = {
    VerifyCode.FRIENDLY_NAME: _(
        "The name must have 1 to 30 characters, at most 4 digits, and no link. Change the name."
    ),
    VerifyCode.CODE_LENGTH: _("A code has 4 to 10 digits. Choose a length between them."),
    VerifyCode.TEXT_UNKNOWN: _(
        "Your organization has no approved OTP text template with this number whose only variables "
        "are the code and the minutes. Use another one."
    ),
    VerifyCode.TEXT_MISSING: _(
        "Your organization has no approved OTP text template whose only variables are the code and "
        "the minutes. Have one approved."
    ),
    VerifyCode.CUSTOM_CODE_NOT_ALLOWED: _(
        "This service does not take codes of programs. Allow it in the settings of the service."
    ),
    VerifyCode.CUSTOM_CODE_INVALID: _("A code of your own has 4 to 10 digits and nothing else."),
    VerifyCode.MAX_SENDS: _(
        "5 codes were sent to this number. Wait until the verification ends, then begin anew."
    ),
    VerifyCode.MAX_CHECKS: _(
        "5 wrong codes were entered. Wait until the verification ends, then begin anew."
    ),
    VerifyCode.AT_THE_SAME_MOMENT: _(
        "Several codes for this number were asked for at the same moment. Try again."
    ),
    VerifyCode.NOT_PENDING: _("No verification waits for a code here. Begin a new one."),
    VerifyCode.NOT_CUSTOM: _(
        "Only a verification whose code your program made can be approved by it. Check the code."
    ),
    VerifyCode.SERVICE_DELETED: _("This service was deleted. Use another one."),
    VerifyCode.RATE_LIMIT: _("A rate limit of the service is used up. Wait, then try again."),
    VerifyCode.RATE_LIMIT_UNKNOWN: _(
        "The service has no rate limit with this name. Make it first."
    ),
    VerifyCode.ALREADY_THERE: _("There is one like it already. Change that one."),
    VerifyCode.TOO_MANY_HERE: _("There are as many as there may be. Delete one of them first."),
}


class VerifyRefused(Exception):
    """It was not done. `code` is stable, `str(error)` says what to do.

    `rule` is the rule of the guard that says so; `retry_after` seconds, 0 where waiting is no help.
    """

    def __init__(
        self, code: str, *, sentence: str = "", rule: str = "", retry_after: int = 0
    ) -> None:
        super().__init__(sentence or str(_SENTENCES[VerifyCode(code)]))
        self.code = str(code)
        self.rule = rule
        self.retry_after = retry_after

    @property
    def details(self) -> dict[str, Any]:
        """Return what programs are told besides code and sentence."""
        found: dict[str, Any] = {"rule": self.rule or self.code}
        if self.retry_after:
            found["retry_after"] = self.retry_after
        return found


def refused_message(answer: RefusedMessage) -> VerifyRefused:
    """Return what acceptance refused as a refusal of Verify."""
    return VerifyRefused(
        answer.code,
        sentence=answer.sentence,
        rule=answer.rule,
        retry_after=answer.retry_after,
    )
