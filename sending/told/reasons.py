"""Why a notice did not go out, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.notice_delivery import BROKEN, CONTACT_CHANGED, MAIL_REFUSED, MAIL_SERVER_AWAY
from sending.acceptance.request import RefusalCode
from sending.notices.delivery import TOO_MANY
from sending.sms import msisdn
from sending.spreadsheets.problems import RowCode


@dataclass(frozen=True, slots=True)
class NoticeReason:
    """What happened, and what to do."""

    what: str | Promise
    to_do: str | Promise


_ASK = _("Ask the operator of the console. E-mails still go out.")
_CHECK_NUMBER = _("Correct the number of the contact.")
_NO_MOBILE = NoticeReason(_("This is not a mobile number to which we can send."), _CHECK_NUMBER)
_FULL = NoticeReason(
    _("This number has already had the most notices it can get in an hour or a day."),
    _("Nothing to do: later notices go out again."),
)
REASONS: Mapping[str, NoticeReason] = {
    MAIL_SERVER_AWAY: NoticeReason(
        _("The mail server did not answer."), _("Nothing to do: we keep trying for some hours.")
    ),
    MAIL_REFUSED: NoticeReason(
        _("The mail server refused the address or the e-mail."), _("Correct the e-mail address.")
    ),
    CONTACT_CHANGED: NoticeReason(
        _("The contact was deleted, or has another address now."),
        _("Nothing to do: later notices go to the new address."),
    ),
    BROKEN: NoticeReason(_("The console could not send it."), _ASK),
    TOO_MANY: NoticeReason(
        _("Your contacts have already had as many texts as the console pays for in a day."),
        _("Choose e-mail where a text is not needed."),
    ),
    RowCode.NO_ROUTE: NoticeReason(_("No gateway of the console serves this number."), _ASK),
    RowCode.NO_PRICE: NoticeReason(_("There is no price for the country of this number."), _ASK),
    RowCode.COUNTRY_NOT_ALLOWED: NoticeReason(
        _("The console does not send its own texts to this country."), _ASK
    ),
    RowCode.SUPPRESSED: NoticeReason(
        _("The contact has replied STOP to a notice."),
        _("The contact can reply START. Until then, choose e-mail."),
    ),
    RefusalCode.NUMBER_ERASED: NoticeReason(
        _("What is known about this number is being erased."), _CHECK_NUMBER
    ),
    RefusalCode.REPEATED_TEXT: NoticeReason(
        _("The same text went to this number a moment ago."), _("Nothing to do.")
    ),
    RefusalCode.NUMBER_HOURLY_LIMIT: _FULL,
    RefusalCode.NUMBER_DAILY_LIMIT: _FULL,
    RefusalCode.DAILY_LIMIT: NoticeReason(
        _("The console has used up its own segments for today."), _ASK
    ),
    "APPLICATION_DISABLED": NoticeReason(
        _("The operator of the console has switched off notices by SMS."), _ASK
    ),
    msisdn.MSISDN_MAINLAND: NoticeReason(
        _("This number is on the Chinese mainland, where we do not send."), _CHECK_NUMBER
    ),
    **dict.fromkeys(
        (
            msisdn.MSISDN_INVALID,
            msisdn.MSISDN_MISSING,
            msisdn.MSISDN_NOT_MOBILE,
            msisdn.MSISDN_PREMIUM,
            msisdn.MSISDN_DIGITS_LOST,
        ),
        _NO_MOBILE,
    ),
}
_GIVEN_UP = NoticeReason(
    _("The mail server did not answer for hours, so the e-mail was given up."),
    _("Look in the console instead, or ask its operator."),
)
_OTHER = NoticeReason(_("It could not be sent."), _ASK)


def reason_of(code: str, *, is_final: bool = False) -> NoticeReason:
    """Return what a code of a notice means; the last one, or one that another try may change."""
    if is_final and code == MAIL_SERVER_AWAY:
        return _GIVEN_UP
    return REASONS.get(code, _OTHER)
