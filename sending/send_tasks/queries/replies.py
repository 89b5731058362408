"""Texts that ask for an answer, sent from a name that nobody can answer."""

from sending.sms import originator as originators
from templates_app.lint.links import links
from templates_app.lint.opt_out import reply_pattern
from templates_app.models import SmsType, TextTemplateVersion


def asks_to_reply(version: TextTemplateVersion | None, originator: str) -> str:
    """Return the words by which a text asks for an answer that cannot be given; mostly none.

    A link after them is another way. Who wants a one-time password has no use for the warning.
    """
    if version is None or version.sms_type == SmsType.OTP or not originator:
        return ""
    try:
        kind = originators.parse(originator).kind
    except originators.OriginatorError:
        return ""
    asked = reply_pattern().search(version.body)
    if kind is not originators.OriginatorKind.ALPHANUMERIC or asked is None:
        return ""
    return "" if any(links(version.body[asked.end() :])) else asked[0]
