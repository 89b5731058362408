"""Actions that send, and what they ask and tell about numbers."""

from django.utils.translation import gettext_lazy as _

from sending.dialects.tencent.declaring import (
    APPLICATION_CODES,
    COMMON_CODES,
    LATEST_SECOND,
    NUMBERS_AT_ONCE,
    PHONE_NUMBER,
    REPEAT_CODES,
    SDK_APP_ID,
    Action,
)
from sending.dialects.tencent.fields import (
    ApiField,
    ShownAs,
    an_object,
    integer,
    objects,
    text,
    texts,
)
from sending.dialects.tencent.refusals import CODE_OF_REFUSAL, CODE_OF_STOP

_SESSION_CONTEXT_BYTES = 511
_VALUE_CODE = "InvalidParameterValue.TemplateParameterLengthLimit"

PHONE_NUMBERS = texts(
    "PhoneNumberSet",
    _("Up to 200 numbers in E.164."),
    most_items=NUMBERS_AT_ONCE,
    most=64,
    is_required=True,
    empty_code="MissingParameter.EmptyPhoneNumberSet",
    items_code="LimitExceeded.PhoneNumberCountLimit",
    value_code="InvalidParameterValue.IncorrectPhoneNumber",
    shown=ShownAs.MASKED,
    example=["+60198890000"],
)
TEMPLATE_ID = text(
    "TemplateId",
    _("The id of an approved text template, as a string."),
    most=20,
    least=1,
    is_required=True,
    example="1110",
)
TEMPLATE_VALUES = texts(
    "TemplateParamSet",
    _("One value for each variable of the text template, in their order."),
    most_items=100,
    most=2_000,
    items_code="FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
    value_code=_VALUE_CODE,
    shown=ShownAs.LENGTH,
    example=["123456", "5"],
)
SENDER_ID = text(
    "SenderId",
    _(
        "The originator that handsets show: an approved one of the organization. Without it, the "
        "application's."
    ),
    most=20,
    example="Harbourline",
)
SESSION_CONTEXT = text(
    "SessionContext",
    _("Your own words, less than 512 bytes, told again with every report about the message."),
    most=511,
    most_bytes=_SESSION_CONTEXT_BYTES,
    shown=ShownAs.LENGTH,
    example="order-4711",
)
DRY_RUN_ANSWER = an_object(
    "DryRun",
    _("Only in a dry run: what sending it would be. Missing where it would be refused."),
    (
        integer("Segments", _("Segments of the text.")),
        text("Encoding", _("GSM7 or UCS2.")),
        text("Cost", _("The estimated cost, in the currency.")),
        text("Currency", _("The currency of the price list, ISO 4217.")),
        text("Lane", _("The lane it would take: OTP or API.")),
    ),
)


def _status(name: str) -> ApiField:
    return objects(
        name,
        _("What became of each number, in the order of the request. A refusal stands here too."),
        (
            text("SerialNo", _("The id of the message; empty where it was refused.")),
            text("PhoneNumber", _("The number in E.164, or as it was sent.")),
            integer("Fee", _("Segments; 0 where it was refused.")),
            text("SessionContext", _("As in the request.")),
            text("Code", _("Ok, or why it was refused.")),
            text("Message", _("What the code means for this number.")),
            text("IsoCode", _("The country, ISO 3166; DEF where it is unknown.")),
            DRY_RUN_ANSWER,
        ),
    )


_SEND_CODES = (
    *APPLICATION_CODES,
    *(
        code
        for code in dict.fromkeys([*CODE_OF_STOP.values(), *CODE_OF_REFUSAL.values()])
        if code not in COMMON_CODES
    ),
    *REPEAT_CODES,
)

SEND_ACTIONS = (
    Action(
        "SendSms",
        _("Sends one text template with one set of values to up to 200 numbers."),
        (
            PHONE_NUMBERS,
            SDK_APP_ID,
            TEMPLATE_ID,
            text(
                "SignName",
                _("The content of an approved signature. Without it, the text has none."),
                most=60,
                example="Harbourline",
            ),
            TEMPLATE_VALUES,
            text("ExtendCode", _("Taken and not used: originators have no extension."), most=20),
            SESSION_CONTEXT,
            SENDER_ID,
        ),
        (_status("SendStatusSet"),),
        per_second=3_000,
        codes=(
            "MissingParameter.EmptyPhoneNumberSet",
            "LimitExceeded.PhoneNumberCountLimit",
            *_SEND_CODES,
        ),
        has_dry_run=True,
        is_repeatable=True,
        is_for_sending=True,
    ),
    Action(
        "SendMultiGlobalSms",
        _("Sends up to 200 messages, each with its own number, text template and values."),
        (
            SDK_APP_ID,
            objects(
                "MultiSmsInfoSet",
                _("Up to 200 messages."),
                (PHONE_NUMBER, TEMPLATE_ID, TEMPLATE_VALUES, SENDER_ID, SESSION_CONTEXT),
                most_items=NUMBERS_AT_ONCE,
                is_required=True,
                empty_code="InvalidParameterValue.MultiSmsInfoSetEmpty",
                items_code="LimitExceeded.PhoneNumberCountLimit",
            ),
        ),
        (_status("SendMultiStatusSet"),),
        per_second=10,
        codes=(
            "InvalidParameterValue.MultiSmsInfoSetEmpty",
            "LimitExceeded.PhoneNumberCountLimit",
            *_SEND_CODES,
        ),
        has_dry_run=True,
        is_repeatable=True,
        is_for_sending=True,
    ),
    Action(
        "DescribePhoneNumberInfo",
        _("Tells country and country code of up to 200 numbers."),
        (PHONE_NUMBERS,),
        (
            objects(
                "PhoneNumberInfoSet",
                _("What is known of each number, in the order of the request."),
                (
                    text("Code", _("Ok, or FailedOperation.PhoneNumberParseFail.")),
                    text("Message", _("What the code means.")),
                    text("NationCode", _("The country code.")),
                    text("SubscriberNumber", _("The number without country code.")),
                    text("PhoneNumber", _("The number in E.164, or as it was sent.")),
                    text("IsoCode", _("The country, ISO 3166; DEF where it is unknown.")),
                    text("IsoName", _("The name of the country.")),
                ),
            ),
        ),
        per_second=1_000,
        codes=(
            "MissingParameter.EmptyPhoneNumberSet",
            "LimitExceeded.PhoneNumberCountLimit",
            "InvalidParameterValue.IncorrectPhoneNumber",
            "FailedOperation.PhoneNumberParseFail",
        ),
    ),
    Action(
        "ReportConversion",
        _("Tells that the recipient did what a message was for, such as entering its code."),
        (
            SDK_APP_ID,
            text(
                "SerialNo",
                _("The SerialNo of the message."),
                most=64,
                least=1,
                is_required=True,
                example="93700201906733057",
            ),
            integer(
                "ConversionTime",
                _("When, in Unix seconds."),
                most=LATEST_SECOND,
                is_required=True,
                example=1795361800,
            ),
        ),
        (
            an_object(
                "ReportConversionStatus",
                _("Whether it was noted."),
                (
                    text("Code", _("ok, or FailedOperation.OtherError for an unknown SerialNo.")),
                    text("Message", _("What the code means.")),
                ),
            ),
        ),
        per_second=1_000,
        codes=(*APPLICATION_CODES, "FailedOperation.OtherError"),
    ),
)
