"""Codes of messages, wordings and reports."""

from django.utils.translation import gettext_lazy as _

from sending.dialects.tencent.error_code import ErrorCode

MESSAGE_CODES = (
    # --- Numbers
    ErrorCode(
        "MissingParameter.EmptyPhoneNumberSet",
        _("PhoneNumberSet is missing or empty."),
        _("Name at least one number."),
    ),
    ErrorCode(
        "InvalidParameterValue.MultiSmsInfoSetEmpty",
        _("MultiSmsInfoSet is missing or empty."),
        _("Name at least one message."),
    ),
    ErrorCode(
        "LimitExceeded.PhoneNumberCountLimit",
        _("There are more than 200 numbers in one request."),
        _("Split it into requests of up to 200."),
    ),
    ErrorCode(
        "InvalidParameterValue.IncorrectPhoneNumber",
        _("It is no mobile number of any country."),
        _("Write + , the country code and the number, for example +60198890000."),
    ),
    ErrorCode(
        "FailedOperation.PhoneNumberParseFail",
        _("The number cannot be read as E.164."),
        _("Write + , the country code and the number, for example +60198890000."),
    ),
    ErrorCode(
        "UnsupportedOperation.ContainDomesticPhoneNumber",
        _("It is a number of the Chinese mainland, which is not served."),
        _("Leave the number out."),
    ),
    ErrorCode(
        "UnsupportedOperation.UnsupportedRegion",
        _(
            "The country is not served: it is not among the countries of the organization, has no"
            " price, or no gateway."
        ),
        _("Allow the country under Settings, or ask support to serve it."),
    ),
    ErrorCode(
        "FailedOperation.PhoneNumberInBlacklist",
        _("The number is on the suppression list of the organization, or is being erased."),
        _("Do not send to it. Its owner ends the suppression by replying START."),
    ),
    # --- What is said
    ErrorCode(
        "FailedOperation.TemplateUnapprovedOrNotExist",
        _("There is no text template with this TemplateId."),
        _("Copy the id from the page Text templates."),
    ),
    ErrorCode(
        "FailedOperation.TemplateIncorrectOrUnapproved",
        _("The text template has no approved version."),
        _("Wait for the review, or correct what the reviewer named."),
    ),
    ErrorCode(
        "FailedOperation.SignatureIncorrectOrUnapproved",
        _("No approved signature of the organization has this content."),
        _("Send the content of an approved signature, not its id, and no brackets."),
    ),
    ErrorCode(
        "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
        _("There are more or fewer values than the text template has variables, or one is empty."),
        _("Send one value for each variable, in the order of their numbers."),
    ),
    ErrorCode(
        "InvalidParameterValue.TemplateParameterFormatError",
        _("A value has a hidden character, or the code of an OTP is not 1 to 6 digits."),
        _("Correct the value that the message names."),
    ),
    ErrorCode(
        "InvalidParameterValue.TemplateParameterLengthLimit",
        _("A value is too long."),
        _("Shorten the value that the message names."),
    ),
    ErrorCode(
        "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
        _("A value contains a link. Links are reviewed with the text."),
        _("Write the link in the text template."),
    ),
    ErrorCode(
        "InvalidParameterValue.ContentLengthLimit",
        _("The whole text is longer than a message can be."),
        _("Shorten the values or the text template."),
    ),
    # --- Limits
    ErrorCode(
        "LimitExceeded.DailyLimit",
        _("The organization has used up its segments of the day."),
        _("Send tomorrow, or ask for a higher limit."),
    ),
    ErrorCode(
        "LimitExceeded.AppGlobalDailyLimit",
        _("The application has used up its segments of the day."),
        _("Raise its limit under Applications, or send tomorrow."),
    ),
    ErrorCode(
        "LimitExceeded.AppCountryOrRegionDailyLimit",
        _("The application has used up its segments of the day for this country."),
        _("Raise the limit of the country under Applications, or send tomorrow."),
    ),
    ErrorCode(
        "LimitExceeded.AppCountryOrRegionInBlacklist",
        _("The application may not send to this country."),
        _("Allow the country under Applications."),
    ),
    ErrorCode(
        "LimitExceeded.PhoneNumberThirtySecondLimit",
        _("The same text went to this number a moment ago."),
        _("Do not repeat it so soon. The seconds are set under Applications."),
        is_retryable=True,
    ),
    ErrorCode(
        "LimitExceeded.PhoneNumberOneHourLimit",
        _("The number has received as many messages as an hour allows."),
        _("Send later. The limit is set under Applications."),
        is_retryable=True,
    ),
    ErrorCode(
        "LimitExceeded.PhoneNumberDailyLimit",
        _("The number has received as many messages as a day allows."),
        _("Send tomorrow. The limit is set under Applications."),
    ),
    ErrorCode(
        "LimitExceeded.DeliveryFrequencyLimit",
        _(
            "The same text to the same number stands twice in one request, or the guard of one-time"
            " passwords stopped it; the message says which, and by which rule."
        ),
        _("Name each number once. Of the guard, do what the message says."),
    ),
    # --- Signatures and text templates
    ErrorCode(
        "InvalidParameterValue.InvalidInternational",
        _("International is not 1. Only Global SMS is served."),
        _("Send 1."),
    ),
    ErrorCode(
        "InvalidParameterValue.InvalidDocumentType",
        _("DocumentType does not exist, or does not belong to the SignType."),
        _("Send a DocumentType that the SignType allows."),
    ),
    ErrorCode(
        "InvalidParameterValue.InvalidSignPurpose",
        _("SignPurpose is neither 0 nor 1."),
        _("Send 0 for your own name, 1 for the name of another organization."),
    ),
    ErrorCode(
        "InvalidParameterValue.InvalidSmsType",
        _("SmsType is none of 1, 2 and 3."),
        _("Send 1 for marketing, 2 for a notification, 3 for an OTP."),
    ),
    ErrorCode(
        "InvalidParameterValue.ImageInvalid",
        _("The image is not base64 of a complete JPG or PNG up to 5 MB."),
        _("Encode the whole file, without the prefix “data:image/…;base64,”."),
    ),
    ErrorCode(
        "InvalidParameterValue.SignNameLengthTooLong",
        _("The signature has fewer than 2 or more than 15 characters."),
        _("Shorten it."),
    ),
    ErrorCode(
        "InvalidParameterValue.InvalidTemplateFormat",
        _("The text breaks a rule of wordings."),
        _("Correct what the message names."),
    ),
    ErrorCode(
        "InvalidParameterValue.MarketingTemplateWithoutUnsubscribe",
        _("A marketing text does not end with a way to opt out."),
        _("End it with, for example, “Reply STOP to opt out”."),
    ),
    ErrorCode(
        "InvalidParameterValue.SignExistAndUnapproved",
        _("The organization has the same signature in use or in review."),
        _("Use that one, or wait for its review."),
    ),
    ErrorCode(
        "InvalidParameterValue.SignAlreadyPassedCheck",
        _("The signature is approved, and an approved one is not modified by the API."),
        _("Make a new version on the page Signatures, or add another signature."),
    ),
    ErrorCode(
        "FailedOperation.TemplateAlreadyPassedCheck",
        _("The text template is approved, and an approved one is not modified by the API."),
        _("Make a new version on the page Text templates, or add another text template."),
    ),
    ErrorCode(
        "FailedOperation.MissingSignatureToModify",
        _("There is no signature with this SignId."),
        _("Copy the id from the page Signatures, or list them by DescribeSmsSignList."),
    ),
    ErrorCode(
        "FailedOperation.MissingTemplateToModify",
        _("There is no text template with this TemplateId."),
        _("Copy the id from the page Text templates, or list them by DescribeSmsTemplateList."),
    ),
    ErrorCode(
        "FailedOperation.SignIdNotExist",
        _("There is no signature with this SignId."),
        _("Copy the id from the page Signatures, or list them by DescribeSmsSignList."),
    ),
    ErrorCode(
        "FailedOperation.TemplateIdNotExist",
        _("There is no text template with this TemplateId."),
        _("Copy the id from the page Text templates, or list them by DescribeSmsTemplateList."),
    ),
    ErrorCode(
        "FailedOperation.SignNumberLimit",
        _("The organization has as many signatures as are allowed."),
        _("Delete one first."),
    ),
    ErrorCode(
        "FailedOperation.TemplateNumberLimit",
        _("The organization has as many text templates as are allowed."),
        _("Delete one first."),
    ),
    ErrorCode(
        "FailedOperation.OtherError",
        _("The state of what you named does not allow it; the message says why."),
        _("Do what the message says."),
    ),
    # --- What became of messages
    ErrorCode(
        "InvalidParameterValue.BeginTimeVerifyFail",
        _("BeginTime is malformed, or too long ago."),
        _("Use the format of the action, within the days that it answers for."),
    ),
    ErrorCode(
        "InvalidParameterValue.EndTimeVerifyFail",
        _("EndTime is malformed, or too far after BeginTime."),
        _("Use the format of the action, within the days that it answers for."),
    ),
    ErrorCode(
        "InvalidParameterValue.InvalidStartTime",
        _("BeginTime is later than EndTime, or than now."),
        _("Swap them, or send an earlier BeginTime."),
    ),
    ErrorCode(
        "InvalidParameterValue.LimitVerifyFail",
        _("Limit is outside of what the action allows."),
        _("Send a Limit within the bounds of the action."),
    ),
    ErrorCode(
        "InvalidParameterValue.OffsetVerifyFail",
        _("Offset is outside of what the action allows."),
        _("Send an Offset within the bounds of the action."),
    ),
)
