"""What is declared of an action, and the parameters that several actions share."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sending.dialects.tencent.fields import ApiField, ShownAs, integer, text

VERSION = "2021-01-11"
NUMBERS_AT_ONCE = 200
LIST_AT_ONCE = 100
# 2100-01-01T00:00:00Z.
LATEST_SECOND = 4_102_444_800


@dataclass(frozen=True, slots=True)
class Action:
    """One action.

    `per_second` is how often one API key may ask. `is_repeatable`: an Idempotency-Key keeps it
    from being done twice. `is_for_sending`: closed while the organization is suspended.
    `codes` are those that only this action answers, beside `COMMON_CODES`.
    """

    name: str
    doc: str | Promise
    parameters: tuple[ApiField, ...]
    answer: tuple[ApiField, ...]
    per_second: int
    codes: tuple[str, ...] = ()
    has_dry_run: bool = False
    is_repeatable: bool = False
    is_for_sending: bool = False


# What any action may answer.
COMMON_CODES = (
    "AuthFailure.InvalidAuthorization",
    "AuthFailure.SecretIdNotFound",
    "AuthFailure.InvalidSecretId",
    "AuthFailure.SignatureFailure",
    "AuthFailure.SignatureExpire",
    "AuthFailure.TokenFailure",
    "UnauthorizedOperation.RequestIpNotInWhitelist",
    "UnauthorizedOperation.SdkAppIdIsDisabled",
    "InvalidAction",
    "UnsupportedOperation",
    "NoSuchVersion",
    "InvalidRequest",
    "UnsupportedProtocol",
    "RequestSizeLimitExceeded",
    "RequestLimitExceeded",
    "FailedOperation.JsonParseFail",
    "InvalidParameter",
    "InvalidParameterValue",
    "MissingParameter",
    "UnknownParameter",
    "ServiceUnavailable",
    "InternalError",
)
APPLICATION_CODES = (
    "InvalidParameterValue.SdkAppIdNotExist",
    "UnauthorizedOperation.SmsSdkAppIdVerifyFail",
)
REPEAT_CODES = ("InvalidParameterValue.IdempotencyKeyUsed", "ResourceInUse")

SDK_APP_ID = text(
    "SmsSdkAppId",
    _("The SdkAppId of the application that the API key belongs to."),
    most=20,
    least=1,
    is_required=True,
    example="2400006666",
)
PHONE_NUMBER = text(
    "PhoneNumber",
    _("A number in E.164: +, country code, subscriber number."),
    most=64,
    least=1,
    is_required=True,
    shown=ShownAs.MASKED,
    example="+60198890000",
)
INTERNATIONAL = integer(
    "International",
    _("1 for Global SMS. The mainland of China (0) is not served."),
    choices=(1,),
    value_code="InvalidParameterValue.InvalidInternational",
    is_required=True,
    example=1,
)
PULL_LIMIT = integer(
    "Limit",
    _("How many rows at most."),
    least=1,
    most=LIST_AT_ONCE,
    value_code="InvalidParameterValue.LimitVerifyFail",
    is_required=True,
    example=100,
)
LIST_LIMIT = integer(
    "Limit",
    _("How many rows at most; without it 10. Of use where no ids are given."),
    most=LIST_AT_ONCE,
    value_code="InvalidParameterValue.LimitVerifyFail",
    example=10,
)
LIST_OFFSET = integer(
    "Offset",
    _("How many rows to skip. Of use where no ids are given."),
    most=1_000_000,
    value_code="InvalidParameterValue.OffsetVerifyFail",
    example=0,
)
ALWAYS_ZERO_LIMIT = integer(
    "Limit",
    _("Always 0."),
    choices=(0,),
    value_code="InvalidParameterValue.LimitVerifyFail",
    is_required=True,
    example=0,
)
ALWAYS_ZERO_OFFSET = integer(
    "Offset",
    _("Always 0."),
    choices=(0,),
    value_code="InvalidParameterValue.OffsetVerifyFail",
    is_required=True,
    example=0,
)
