"""How refusals of messages are called in this dialect; a test knows that none is left out."""

from collections.abc import Mapping

_NUMBER = "InvalidParameterValue.IncorrectPhoneNumber"
_COUNTRY = "UnsupportedOperation.UnsupportedRegion"
_VALUES = "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
_FORMAT = "InvalidParameterValue.TemplateParameterFormatError"
_LENGTH = "InvalidParameterValue.TemplateParameterLengthLimit"
_SIGNATURE = "FailedOperation.SignatureIncorrectOrUnapproved"
_BLOCKED = "FailedOperation.PhoneNumberInBlacklist"

OTHER = "FailedOperation.OtherError"
"""Whatever has no code of its own; its message says what it is."""

# Of one message: codes of acceptance and of the rules it asks.
CODE_OF_REFUSAL: Mapping[str, str] = {
    "MSISDN_MISSING": _NUMBER,
    "MSISDN_INVALID": _NUMBER,
    "MSISDN_MAINLAND": "UnsupportedOperation.ContainDomesticPhoneNumber",
    "MSISDN_PREMIUM": _NUMBER,
    "MSISDN_NOT_MOBILE": _NUMBER,
    "MSISDN_DIGITS_LOST": _NUMBER,
    "COUNTRY_CODE_UNCLEAR": _NUMBER,
    "COUNTRY_NOT_ALLOWED": _COUNTRY,
    "NO_PRICE": _COUNTRY,
    "NO_ROUTE": _COUNTRY,
    "SUPPRESSED": _BLOCKED,
    "NUMBER_ERASED": _BLOCKED,
    "TEMPLATE_UNKNOWN": "FailedOperation.TemplateUnapprovedOrNotExist",
    "TEMPLATE_NOT_APPROVED": "FailedOperation.TemplateIncorrectOrUnapproved",
    "SIGNATURE_UNKNOWN": _SIGNATURE,
    "SIGNATURE_NOT_APPROVED": _SIGNATURE,
    "VALUE_COUNT": _VALUES,
    "VARIABLE_MISSING": _VALUES,
    "VALUE_CHARACTER": _FORMAT,
    "VALUE_OTP_CODE": _FORMAT,
    "VALUE_OTP_LONG": _LENGTH,
    "VALUE_TOO_LONG": _LENGTH,
    "VALUE_LINK": "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
    "MESSAGE_TOO_LONG": "InvalidParameterValue.ContentLengthLimit",
    "ORIGINATOR_NOT_APPROVED": "InvalidParameterValue",
    "ORIGINATOR_MISSING": "InvalidParameterValue",
    "ORIGINATOR_TOO_LONG": "InvalidParameterValue",
    "ORIGINATOR_CHARACTER": "InvalidParameterValue",
    "ORIGINATOR_NUMBER": "InvalidParameterValue",
    "REPEATED_IN_REQUEST": "LimitExceeded.DeliveryFrequencyLimit",
    "DAILY_LIMIT": "LimitExceeded.DailyLimit",
    "APPLICATION_DAILY_LIMIT": "LimitExceeded.AppGlobalDailyLimit",
    "APPLICATION_COUNTRY": "LimitExceeded.AppCountryOrRegionInBlacklist",
    "APPLICATION_COUNTRY_DAILY_LIMIT": "LimitExceeded.AppCountryOrRegionDailyLimit",
    "REPEATED_TEXT": "LimitExceeded.PhoneNumberThirtySecondLimit",
    "NUMBER_HOURLY_LIMIT": "LimitExceeded.PhoneNumberOneHourLimit",
    "NUMBER_DAILY_LIMIT": "LimitExceeded.PhoneNumberDailyLimit",
    # Of whole texts.
    "TEXT_UNMATCHED": "FailedOperation.TemplateUnapprovedOrNotExist",
    "TEXT_CHARACTER": _FORMAT,
    "TEXT_LINK": "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
    "GUARD_BLOCKED": "LimitExceeded.DeliveryFrequencyLimit",
    "GUARD_CHALLENGE": "LimitExceeded.DeliveryFrequencyLimit",
}

# Of the whole request: codes of MayNotSend.
CODE_OF_STOP: Mapping[str, str] = {
    "ORGANIZATION_SUSPENDED": "UnauthorizedOperation.RequestPermissionDeny",
    "SERVICE_NOT_ACTIVE": "UnauthorizedOperation.RequestPermissionDeny",
    "APPLICATION_SUSPENDED": "UnauthorizedOperation.SdkAppIdIsDisabled",
    "APPLICATION_DISABLED": "UnauthorizedOperation.SdkAppIdIsDisabled",
    # Limits are nearly used up, and others took what was left each time.
    "LIMITS_CONTENDED": "RequestLimitExceeded",
}

# Of a wording that cannot be submitted: rules of templates_app.lint.
CODE_OF_FINDING: Mapping[str, str] = {
    "SIGNATURE_LENGTH": "InvalidParameterValue.SignNameLengthTooLong",
    "OPTOUT_MISSING": "InvalidParameterValue.MarketingTemplateWithoutUnsubscribe",
    "OPTOUT_NOT_LAST": "InvalidParameterValue.MarketingTemplateWithoutUnsubscribe",
}
ANY_OTHER_FINDING = "InvalidParameterValue.InvalidTemplateFormat"
