"""Which function does which action."""

from collections.abc import Mapping

from sending.api.tencent import messages, numbers, replies, reports, signatures, statistics
from sending.api.tencent import text_templates as templates
from sending.api.tencent.repeating import Handler

HANDLERS: Mapping[str, Handler] = {
    "SendSms": messages.send_sms,
    "SendMultiGlobalSms": messages.send_multi,
    "DescribePhoneNumberInfo": numbers.describe_phone_number_info,
    "ReportConversion": reports.report_conversion,
    "AddSmsSign": signatures.add_sign,
    "ModifySmsSign": signatures.modify_sign,
    "DeleteSmsSign": signatures.delete_sign,
    "DescribeSmsSignList": signatures.describe_signs,
    "AddSmsTemplate": templates.add_template,
    "ModifySmsTemplate": templates.modify_template,
    "DeleteSmsTemplate": templates.delete_template,
    "DescribeSmsTemplateList": templates.describe_templates,
    "PullSmsSendStatus": reports.pull_send_status,
    "PullSmsReplyStatus": replies.pull_reply_status,
    "PullSmsSendStatusByPhoneNumber": reports.pull_send_status_by_number,
    "PullSmsReplyStatusByPhoneNumber": replies.pull_reply_status_by_number,
    "SendStatusStatistics": statistics.send_status_statistics,
    "CallbackStatusStatistics": statistics.callback_status_statistics,
}
