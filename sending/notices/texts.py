"""The words of notices by SMS: one system template a kind and language, and what goes into it.

{1} is the organization, {2} what happened, as the first line of the e-mail says it. A wording that
changes here becomes the next version; nobody reviews it, because nobody but us can write it.
"""

from collections.abc import Mapping

from django.conf import settings

from accounts.notice_kinds import NoticeKind
from sending.sms import replacements, segments
from sending.sms.data_coding import DataCoding
from templates_app import wording
from templates_app.lint import lint_values
from templates_app.models import SmsType

SMS_TYPE = SmsType.NOTIFICATION.value
TEXTS: Mapping[str, Mapping[NoticeKind, str]] = {
    "en": {
        NoticeKind.REVIEW: "SMS Console, review result for {1}: {2}.",
        NoticeKind.LIMIT: "SMS Console, daily limit of {1}: {2}.",
        NoticeKind.GUARD: "SMS Console, guard of {1}: {2}.",
        NoticeKind.SUSPENSION: "SMS Console, notice for {1}: {2}.",
        NoticeKind.IMPORT: "SMS Console, import of {1}: {2}.",
        NoticeKind.TEST: "SMS Console, notices for {1}: {2}.",
    },
    "zh-hans": {
        NoticeKind.REVIEW: "SMS Console，{1}的审核结果：{2}。",
        NoticeKind.LIMIT: "SMS Console，{1}的每日限额：{2}。",
        NoticeKind.GUARD: "SMS Console，{1}的防护：{2}。",
        NoticeKind.SUSPENSION: "SMS Console，{1}的通知：{2}。",
        NoticeKind.IMPORT: "SMS Console，{1}的导入：{2}。",
        NoticeKind.TEST: "SMS Console，{1}的通知：{2}。",
    },
}
"""Languages without texts of their own get the installation's, and its alphabet."""
MOST_SEGMENTS: Mapping[DataCoding, int] = {DataCoding.GSM7: 1, DataCoding.UCS2: 2}
LONGEST_NAME = 30
LONGEST_HEADLINE = 160
_MORE = "..."
_NO_LINKS = str.maketrans("/.:", "   ")


def language_of(language: str) -> str:
    """Return the language of the texts for a reader's language."""
    return language if language in TEXTS else settings.LANGUAGE_CODE


def body_of(kind: NoticeKind, language: str) -> str:
    """Return the wording; every kind that a contact can be told by SMS has one."""
    return TEXTS[language_of(language)][kind]


def values_of(kind: NoticeKind, language: str, name: str, headline: str) -> tuple[str, str]:
    """Return values with which the text is one segment, or two where it needs UCS-2.

    Whatever people called themselves and their templates, nothing in it is a link.
    """
    body = wording.parse(body_of(kind, language))
    short = _cut(_plain(name), LONGEST_NAME)
    said = _plain(headline).rstrip(".\u3002")
    length = len(said)
    while length and not _fits(body.render((short, _cut(said, length)))):
        length -= 1
    return short, _cut(said, length) or _MORE


def _fits(text: str) -> bool:
    coding, count = segments.count(text)
    return count <= MOST_SEGMENTS[coding]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(most - len(_MORE), 0)].rstrip() + _MORE


def _plain(text: str) -> str:
    """Return a value as acceptance takes it: printable, in few alphabets, and without links."""
    simple = replacements.apply(_cut(text, LONGEST_HEADLINE))
    printable = " ".join("".join(c if c.isprintable() else " " for c in simple).split())
    if lint_values(SMS_TYPE, [printable]):
        # Whatever could be a web address no longer is one.
        printable = " ".join(printable.translate(_NO_LINKS).split())
    if not printable or lint_values(SMS_TYPE, [printable]):
        return _MORE
    return printable
