"""Attempts: each code that was sent, and how many of them converted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.sids import id_in
from sending.api.twilio.call import Body, Reply, TwilioCall
from sending.api.twilio.envelope import page_of_newer
from sending.api.twilio.pages import PageAsked
from sending.api.twilio.verify.asked import SMS, bad, not_found, url_of
from sending.dialects.twilio.dates import iso8601, read_moment
from sending.models import Message, VerificationAttempt
from sending.models.verification import PREFIX_DIGITS
from sending.models.verification import SID as VERIFICATION
from sending.models.verification_attempt import SID
from sending.models.verify_service import SID as SERVICE
from sending.sms.pricing import MICRO
from sending.verify.figures import of_attempts

_USUAL_DAYS = 30
_LONGEST = 64
_UNCONVERTED = {"converted": False, "unconverted": True}


def list_(call: TwilioCall) -> Reply:
    """List attempts, the newest first."""
    asked = PageAsked.read(call.query, SID)
    page = asked.of(_filtered(call), ("at", "pk"), newest_first=True)
    return Reply(page_of_newer(call, asked, "attempts", _shapes(call, page.rows), page))


def fetch(call: TwilioCall) -> Reply:
    """Return one attempt."""
    found = _own(call).filter(pk=id_in(SID, call.path["Sid"])).first()
    if found is None:
        raise not_found("attempt")
    (shape,) = _shapes(call, [found])
    return Reply(shape)


def summary(call: TwilioCall) -> Reply:
    """Return how many attempts converted, of the last 30 days unless a time is given."""
    figures = of_attempts(_filtered(call, since=timedelta(days=_USUAL_DAYS)))
    return Reply(
        {
            "total_attempts": figures.attempts,
            "total_converted": figures.converted,
            "total_unconverted": figures.unconverted,
            "conversion_rate_percentage": f"{figures.percentage:.2f}",
            "url": url_of(call, "Attempts", "Summary"),
        }
    )


def _own(call: TwilioCall) -> QuerySet[Any]:
    own = VerificationAttempt.objects.for_organization(call.organization)
    return own.filter(application_id=call.caller.application_id)


def _filtered(call: TwilioCall, since: timedelta | None = None) -> QuerySet[Any]:
    """Return what the query means; without a first moment, what began `since` then."""
    first, end = _moment(call, "DateCreatedAfter"), _moment(call, "DateCreatedBefore")
    if first is None and since is not None:
        first = shared_time.now() - since
    wanted = {
        "at__gte": first,
        "at__lt": end,
        "country": call.query.text("Country", _LONGEST).upper() or None,
        "prefix__startswith": _prefix(call.query.text("DestinationPrefix", _LONGEST).strip()),
        "converted_at__isnull": _is_unconverted(call.query.get("Status").lower()),
    }
    own = _own(call).filter(**{name: value for name, value in wanted.items() if value is not None})
    # A SID that names nothing leaves nothing.
    if sid := call.query.get("VerifyServiceSid"):
        own = own.filter(service=id_in(SERVICE, sid))
    if sid := call.query.get("VerificationSid"):
        own = own.filter(verification=id_in(VERIFICATION, sid))
    return own if call.query.get("Channel", SMS).lower() == SMS else own.none()


def _is_unconverted(status: str) -> bool | None:
    if status and status not in _UNCONVERTED:
        raise bad("Status", _("it must be converted or unconverted."))
    return _UNCONVERTED.get(status)


def _prefix(written: str) -> str | None:
    if not written:
        return None
    digits = written.removeprefix("+")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= PREFIX_DIGITS):
        raise bad(
            "DestinationPrefix",
            _("give + and at most %(most)s digits: more are not kept.") % {"most": PREFIX_DIGITS},
        )
    return f"+{digits}"


def _moment(call: TwilioCall, name: str) -> datetime | None:
    text = call.query.text(name, _LONGEST)
    if not text:
        return None
    moment = read_moment(text)
    if moment is None:
        raise bad(name, _("give a time such as 2026-11-30T12:00:00Z."))
    return moment


def _shapes(call: TwilioCall, attempts: Sequence[Any]) -> list[Body]:
    ids = [one.message_id for one in attempts]
    own = Message.objects.for_organization(call.organization).filter(pk__among=ids)
    numbers = dict(own.values_list("pk", "msisdn"))
    return [_shape(call, one, numbers.get(one.message_id, "")) for one in attempts]


def _shape(call: TwilioCall, one: VerificationAttempt, number: str) -> Body:
    is_converted = one.converted_at is not None
    return {
        "sid": one.sid,
        "account_sid": call.caller.account_sid,
        "service_sid": one.service_sid,
        "verification_sid": one.verification_sid,
        "date_created": iso8601(one.at),
        "date_updated": iso8601(one.converted_at or one.at),
        "conversion_status": "converted" if is_converted else "unconverted",
        "channel": SMS,
        "price": {
            "value": f"{one.cost_micro / MICRO:.5f}",
            "currency": one.currency.lower() or None,
        },
        # Kept as long as the number of its message.
        "channel_data": {"to": number or None, "country": one.country},
        "url": url_of(call, "Attempts", one.sid),
    }
