"""The numbers that codes had in the interface before version 2021-01-11, where there was one.

Software that was moved over still knows them; they are shown beside the codes, and never answered.
"""

from collections.abc import Mapping

LEGACY_NUMBERS: Mapping[str, int] = {
    "FailedOperation.SignatureIncorrectOrUnapproved": 1012,
    "LimitExceeded.DeliveryFrequencyLimit": 1013,
    "FailedOperation.TemplateIncorrectOrUnapproved": 1014,
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": 1014,
    "FailedOperation.TemplateUnapprovedOrNotExist": 1014,
    "FailedOperation.PhoneNumberInBlacklist": 1015,
    "InvalidParameterValue.IncorrectPhoneNumber": 1016,
    "InvalidParameterValue.ContentLengthLimit": 1017,
    "InvalidParameterValue.SdkAppIdNotExist": 1019,
    "UnauthorizedOperation.SdkAppIdIsDisabled": 1020,
    "LimitExceeded.PhoneNumberThirtySecondLimit": 1023,
    "LimitExceeded.PhoneNumberOneHourLimit": 1024,
    "LimitExceeded.PhoneNumberDailyLimit": 1025,
    "UnsupportedOperation": 1030,
    "InvalidParameterValue.TemplateParameterLengthLimit": 1036,
    "InvalidParameterValue.TemplateParameterFormatError": 1038,
    "UnsupportedOperation.UnsupportedRegion": 1045,
    "LimitExceeded.PhoneNumberCountLimit": 1046,
    "LimitExceeded.DailyLimit": 1047,
    "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter": 1048,
    "LimitExceeded.AppGlobalDailyLimit": 1050,
    "LimitExceeded.AppCountryOrRegionInBlacklist": 1051,
    "LimitExceeded.AppCountryOrRegionDailyLimit": 1052,
    "UnauthorizedOperation.RequestIpNotInWhitelist": 1009,
    "UnauthorizedOperation.RequestPermissionDeny": 1006,
    "FailedOperation.OtherError": 1007,
}
