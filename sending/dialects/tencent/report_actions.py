"""Actions that tell what became of messages, what was replied, and how many there were."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from sending.dialects.tencent.declaring import (
    ALWAYS_ZERO_LIMIT,
    ALWAYS_ZERO_OFFSET,
    APPLICATION_CODES,
    LATEST_SECOND,
    PHONE_NUMBER,
    PULL_LIMIT,
    SDK_APP_ID,
    Action,
)
from sending.dialects.tencent.fields import ApiField, an_object, integer, objects, text

PULL_DAYS = 7
STATISTICS_DAYS = 32

_STATUS = objects(
    "PullSmsSendStatusSet",
    _("One row for each report, the oldest first."),
    (
        integer("UserReceiveTime", _("When it came to that, in Unix seconds.")),
        text("CountryCode", _("The country code of the number.")),
        text("SubscriberNumber", _("The number without country code.")),
        text("PhoneNumber", _("The number in E.164; empty once it was erased.")),
        text("SerialNo", _("The id of the message.")),
        text(
            "ReportStatus",
            _(
                "SUCCESS: the network confirmed delivery. FAIL: anything else that is final, and no"
                " receipt in time (Description UNKNOWN), which a late receipt may still correct."
            ),
        ),
        text("Description", _("The code of network, gateway or console, or the state.")),
        text("SessionContext", _("As in the request; null where there was none."), is_null=True),
    ),
)
_REPLIES = objects(
    "PullSmsReplyStatusSet",
    _("Replies, the oldest first."),
    (
        text("ExtendCode", _("Always empty.")),
        text("CountryCode", _("The country code of the number.")),
        text("PhoneNumber", _("The number in E.164; empty once it was erased.")),
        text("SignName", _("The signature of the message that it answers.")),
        text("ReplyContent", _("The text; empty once it was erased.")),
        integer("ReplyTime", _("When it came, in Unix seconds.")),
        text("SubscriberNumber", _("The number without country code.")),
    ),
)
_BEGIN = integer(
    "BeginTime",
    _("From when, in Unix seconds; at most seven days ago."),
    most=LATEST_SECOND,
    value_code="InvalidParameterValue.BeginTimeVerifyFail",
    is_required=True,
    example=1795361800,
)
_END = integer(
    "EndTime",
    _("Until when, in Unix seconds; without it, until now."),
    most=LATEST_SECOND,
    value_code="InvalidParameterValue.EndTimeVerifyFail",
    example=1795365400,
)
_BY_NUMBER: tuple[ApiField, ...] = (
    _BEGIN,
    ALWAYS_ZERO_OFFSET,
    PULL_LIMIT,
    PHONE_NUMBER,
    SDK_APP_ID,
    _END,
)
_BY_NUMBER_CODES = (
    *APPLICATION_CODES,
    "InvalidParameterValue.BeginTimeVerifyFail",
    "InvalidParameterValue.EndTimeVerifyFail",
    "InvalidParameterValue.InvalidStartTime",
    "InvalidParameterValue.LimitVerifyFail",
    "InvalidParameterValue.OffsetVerifyFail",
    "InvalidParameterValue.IncorrectPhoneNumber",
    "UnsupportedOperation.ContainDomesticPhoneNumber",
)
_HOUR = text(
    "BeginTime",
    _("The first hour, yyyymmddhh, in the time zone of the organization."),
    most=10,
    least=10,
    value_code="InvalidParameterValue.BeginTimeVerifyFail",
    is_required=True,
    example="2026112900",
)
_HOURS: tuple[ApiField, ...] = (
    _HOUR,
    replace(
        _HOUR,
        name="EndTime",
        doc=_("The last hour, yyyymmddhh, included; at most 32 days after the first."),
        value_code="InvalidParameterValue.EndTimeVerifyFail",
        example="2026112923",
    ),
    SDK_APP_ID,
    ALWAYS_ZERO_LIMIT,
    ALWAYS_ZERO_OFFSET,
)
_HOURS_CODES = (
    *APPLICATION_CODES,
    "InvalidParameterValue.BeginTimeVerifyFail",
    "InvalidParameterValue.EndTimeVerifyFail",
    "InvalidParameterValue.InvalidStartTime",
    "InvalidParameterValue.LimitVerifyFail",
    "InvalidParameterValue.OffsetVerifyFail",
)
_PULL_CODES = (*APPLICATION_CODES, "InvalidParameterValue.LimitVerifyFail")

REPORT_ACTIONS = (
    Action(
        "PullSmsSendStatus",
        _("Fetches reports about messages of programs; what was fetched does not come again."),
        (PULL_LIMIT, SDK_APP_ID),
        (_STATUS,),
        per_second=100,
        codes=_PULL_CODES,
    ),
    Action(
        "PullSmsReplyStatus",
        _("Fetches replies; what was fetched does not come again."),
        (PULL_LIMIT, SDK_APP_ID),
        (_REPLIES,),
        per_second=100,
        codes=_PULL_CODES,
    ),
    Action(
        "PullSmsSendStatusByPhoneNumber",
        _("Tells what became of the messages of the last seven days to one number."),
        _BY_NUMBER,
        (_STATUS,),
        per_second=20,
        codes=_BY_NUMBER_CODES,
    ),
    Action(
        "PullSmsReplyStatusByPhoneNumber",
        _("Tells the replies of the last seven days from one number."),
        _BY_NUMBER,
        (_REPLIES,),
        per_second=20,
        codes=_BY_NUMBER_CODES,
    ),
    Action(
        "SendStatusStatistics",
        _("Counts what the application sent, by the hour in which it was accepted."),
        _HOURS,
        (
            an_object(
                "SendStatusStatistics",
                _("The sums."),
                (
                    integer("FeeCount", _("Segments that gateways took.")),
                    integer("RequestCount", _("Messages that were accepted.")),
                    integer("RequestSuccessCount", _("Messages that gateways took.")),
                ),
            ),
        ),
        per_second=10,
        codes=_HOURS_CODES,
    ),
    Action(
        "CallbackStatusStatistics",
        _("Counts what became of what the application sent, by the hour of acceptance."),
        _HOURS,
        (
            an_object(
                "CallbackStatusStatistics",
                _("The sums. The five counts of reasons are of messages of programs."),
                (
                    integer("CallbackCount", _("Messages with a final report.")),
                    integer("RequestSuccessCount", _("Messages that gateways took.")),
                    integer("CallbackFailCount", _("Messages that failed.")),
                    integer("CallbackSuccessCount", _("Messages that were delivered.")),
                    integer("InternalErrorCount", _("Failed for any other reason.")),
                    integer("InvalidNumberCount", _("Failed: the number does not exist.")),
                    integer("ShutdownErrorCount", _("Failed: the handset could not be reached.")),
                    integer("BlackListCount", _("Failed: blocked by network or operator.")),
                    integer("FrequencyLimitCount", _("Failed: too many at a time.")),
                ),
            ),
        ),
        per_second=10,
        codes=_HOURS_CODES,
    ),
)
