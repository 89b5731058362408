"""The reasons that a new console offers for rejections; staff edit them in the administration.

What is here is added once, after each migrate, and never changes what staff have made of it. Words
are in both languages because decisions keep both, whatever the reviewer reads.
"""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as all_apps
from django.utils import translation

from templates_app.sentences import REASONS

ROWS_APART = 10
TITLES_ZH = {
    "OWNER_UNCLEAR": "看不出属于谁",
    "SIGNATURE_GENERIC": "名称无法表明身份",
    "SYMBOL_FORBIDDEN": "含有不允许的符号",
    "EVIDENCE_MISSING": "缺少证明文件",
    "EVIDENCE_UNREADABLE": "证明文件无法辨认",
    "EVIDENCE_MISMATCH": "证明文件上是别人的名称",
    "SUBJECT_FORBIDDEN": "内容主题不允许",
    "TYPE_WRONG": "类型不对",
    "CONTENT_UNCLEAR": "内容不清楚",
    "VARIABLE_FORMAT": "变量写法不正确",
    "VARIABLE_UNCLEAR": "变量含义不清楚",
    "VARIABLE_IN_LINK": "变量是链接或号码的一部分",
    "VARIABLES_MANY": "变量太多",
    "OTP_CODE_WORD": "没有说明是验证码",
    "OTP_LINK": "验证码短信含有链接",
    "OPTOUT_MISSING": "缺少退订方式",
    "OPTOUT_NO_REPLY": "退订方式无效",
    "MARKETING_IN_NOTIFICATION": "这是营销内容，不是通知",
    "LINK_INVALID": "链接打不开或与内容不符",
    "NOT_REGISTERED": "尚未在该国家或地区登记",
    "ABUSE_RISK": "可能被滥用",
    "OUT_OF_DATE": "内容已过期",
    "PURPOSE_UNCLEAR": "发送什么、发给谁不清楚",
    "WEBSITE_UNREACHABLE": "网站打不开",
    "VOLUME_UNCLEAR": "数量与用途不符",
    "OTHER": "其他原因",
}
_OTHER = ("OTHER", "", "See the note from the reviewer.", "请看审核员的说明。")
_FORBIDDEN = (
    "SUBJECT_FORBIDDEN",
    "",
    "We do not carry this subject. Remove it.",
    "我们不发送这类内容。请删除。",
)
# By kind, in the order of the list: code, field, and what to do in English and Chinese.
REASON_ROWS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "activation": (
        (
            "OWNER_UNCLEAR",
            "legal_name",
            "Write the name as it is registered, and the country of registration.",
            "请按注册登记填写名称和注册国家或地区。",
        ),
        (
            "PURPOSE_UNCLEAR",
            "purpose",
            "Say what you will send, to whom, and why they expect it.",
            "请说明发送什么、发给谁，以及他们为什么会收到。",
        ),
        (
            "WEBSITE_UNREACHABLE",
            "website",
            "Give the address of a website that opens and shows who you are.",
            "请填写可以打开并表明你们身份的网站地址。",
        ),
        (
            "VOLUME_UNCLEAR",
            "monthly_messages",
            "Estimate the messages per month from the people you will send to.",
            "请按接收人数估计每月的短信数量。",
        ),
        _FORBIDDEN,
        (
            "ABUSE_RISK",
            "purpose",
            "Say how you make sure that only people who agreed get your messages.",
            "请说明如何确保只有同意的人才会收到短信。",
        ),
        _OTHER,
    ),
    "originator": (
        (
            "OWNER_UNCLEAR",
            "address",
            "Say in the remarks what shows that the name or number is yours.",
            "请在备注中说明什么可以证明该名称或号码属于你们。",
        ),
        (
            "SIGNATURE_GENERIC",
            "address",
            "Request the name of your company, app, website or brand.",
            "请申请公司、应用、网站或品牌的名称。",
        ),
        (
            "NOT_REGISTERED",
            "country",
            "Register it with the carriers of the country first, then request it again.",
            "请先在该国家或地区的运营商处登记，再重新申请。",
        ),
        (
            "ABUSE_RISK",
            "address",
            "It could be taken for someone else's. Request one that cannot.",
            "它可能被误认为是别人的。请申请不会混淆的名称。",
        ),
        _OTHER,
    ),
    "signature": (
        (
            "OWNER_UNCLEAR",
            "content",
            "Say in the remarks whose name it is, or upload a certificate.",
            "请在备注中说明这是谁的名称，或上传证明文件。",
        ),
        (
            "SIGNATURE_GENERIC",
            "content",
            "Use the name of your company, app, website or brand.",
            "请使用公司、应用、网站或品牌的名称。",
        ),
        (
            "SYMBOL_FORBIDDEN",
            "content",
            "Use letters and digits only.",
            "请只使用文字和数字。",
        ),
        (
            "EVIDENCE_MISSING",
            "evidence",
            "Upload a certificate that shows the name and its owner.",
            "请上传写有该名称及其所有者的证明文件。",
        ),
        (
            "EVIDENCE_UNREADABLE",
            "evidence",
            "Upload a sharper picture of the whole certificate.",
            "请上传更清晰、完整的证明文件图片。",
        ),
        (
            "EVIDENCE_MISMATCH",
            "evidence",
            "Upload a certificate of this name, or a letter of its owner that allows it.",
            "请上传该名称的证明文件，或其所有者允许你们使用的授权书。",
        ),
        _FORBIDDEN,
        _OTHER,
    ),
    "template": (
        (
            "TYPE_WRONG",
            "sms_type",
            "Choose OTP for codes, Notification for what people expect, Marketing for offers.",
            "请选择合适的类型：验证码用于代码，通知用于对方预期的消息，营销用于优惠推广。",
        ),
        (
            "CONTENT_UNCLEAR",
            "body",
            "Write the text so that it says who writes, and about what.",
            "请写明是谁发送、关于什么事。",
        ),
        (
            "VARIABLE_FORMAT",
            "body",
            "Write variables as {1}, {2} … with half-width braces.",
            "请用半角大括号书写变量：{1}、{2}……",
        ),
        (
            "VARIABLE_UNCLEAR",
            "samples",
            "Give a sample value for each variable, and say in the remarks what it holds.",
            "请为每个变量提供示例值，并在备注中说明其内容。",
        ),
        (
            "VARIABLE_IN_LINK",
            "body",
            "Take the variable out of the link or number, which must be the same in every message.",
            "请把变量移出链接或号码，它们在每条短信中必须相同。",
        ),
        (
            "VARIABLES_MANY",
            "body",
            "Write more of the text as fixed words.",
            "请把更多内容写成固定文字。",
        ),
        (
            "OTP_CODE_WORD",
            "body",
            "Include “code”, or the word for it in the language of the text.",
            "请写上“验证码”，或文本所用语言中的相应词语。",
        ),
        (
            "OTP_LINK",
            "body",
            "Remove the link, or change the type to Notification.",
            "请删除链接，或把类型改为通知。",
        ),
        (
            "OPTOUT_MISSING",
            "body",
            "End the text with a way to opt out, for example “Reply STOP to opt out”.",
            "请在文本末尾写上退订方式，例如“回复T退订”。",
        ),
        (
            "OPTOUT_NO_REPLY",
            "body",
            "People cannot reply to this originator. Give an opt-out link instead.",
            "接收人无法回复该发送方。请改用退订链接。",
        ),
        (
            "MARKETING_IN_NOTIFICATION",
            "sms_type",
            "Take the offer out, or change the type to Marketing and add a way to opt out.",
            "请删除推广内容，或把类型改为营销并写上退订方式。",
        ),
        (
            "LINK_INVALID",
            "body",
            "Use a link that opens and belongs to your own website.",
            "请使用可以打开、属于你们自己网站的链接。",
        ),
        (
            "SYMBOL_FORBIDDEN",
            "body",
            "Remove the symbols that networks refuse.",
            "请删除网络不接受的符号。",
        ),
        _FORBIDDEN,
        (
            "ABUSE_RISK",
            "body",
            "The text could be used to deceive people. Say in the remarks how you prevent that.",
            "该文本可能被用来欺骗他人。请在备注中说明如何防止。",
        ),
        (
            "OUT_OF_DATE",
            "body",
            "Replace the dates that have passed.",
            "请更换已经过去的日期。",
        ),
        _OTHER,
    ),
}


def fill_catalogue(sender: AppConfig, using: str, apps: Any = all_apps, **_: Any) -> None:
    """Add the reasons that are not there yet (post_migrate); those of staff stay as they are."""
    del sender
    try:
        reason = apps.get_model("templates_app", "CatalogueReason")
    except LookupError:
        # Migrations ran backwards.
        return
    rows = []
    with translation.override("en"):
        for kind, reasons in REASON_ROWS.items():
            for place, (code, field, fix_en, fix_zh) in enumerate(reasons, 1):
                words = {
                    "title_en": str(REASONS[code]),
                    "title_zh": TITLES_ZH[code],
                    "fix_en": fix_en,
                    "fix_zh": fix_zh,
                }
                rows.append(
                    reason(kind=kind, code=code, field=field, place=place * ROWS_APART, **words)
                )
    reason.objects.using(using).bulk_create(rows, ignore_conflicts=True)
