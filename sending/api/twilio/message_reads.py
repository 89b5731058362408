"""Messages of an application as a program asks for them: one, pages of many, their media."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import SmsApplication
from accounts.sids import id_in
from sending.api.twilio.call import Body, Reply, TwilioCall
from sending.api.twilio.envelope import page_of_2010
from sending.api.twilio.pages import PageAsked, RowsOfPage
from sending.api.twilio.resources import MESSAGE, resources
from sending.dialects.twilio.dates import read_moment
from sending.dialects.twilio.error import TwilioError
from sending.dialects.twilio.errors import INVALID, NOT_FOUND
from sending.models import ApiMessage, MessageNumber
from sending.models.message import first_id_at
from sending.sms import msisdn

_DAY = timedelta(days=1)


def fetch(call: TwilioCall) -> Reply:
    """Return one message."""
    return Reply(one_message(call, message_id(call)))


def list_(call: TwilioCall) -> Reply:
    """Return a page of the messages that programs sent, the newest first."""
    asked = PageAsked.read(call.query, MESSAGE)
    page = asked.of(_filtered(call, shown(call)), newest_first=True)
    call.items = len(page.rows)
    return Reply(page_of_2010(call, asked, "messages", resources(call.caller, page.rows), page))


def media(call: TwilioCall) -> Reply:
    """Return the media of a message: none."""
    one_message(call, message_id(call))
    asked = PageAsked.read(call.query, "ME")
    return Reply(page_of_2010(call, asked, "media_list", [], RowsOfPage([])))


def message_id(call: TwilioCall) -> int:
    """Return the id in the SID of the address; raise TwilioError."""
    found = id_in(MESSAGE, call.path["Sid"])
    if found is None:
        raise not_found(call)
    return found


def not_found(call: TwilioCall) -> TwilioError:
    """Return the refusal for a message that the application does not have."""
    sid = call.path.get("Sid", "")[:40]
    return TwilioError(NOT_FOUND, _("The account has no message %(sid)s.") % {"sid": sid}, 404)


def one_message(call: TwilioCall, pk: int) -> Body:
    """Return one message of the application; raise TwilioError."""
    found = resources(call.caller, list(shown(call).filter(message_id=pk)))
    if not found:
        raise not_found(call)
    return found[0]


def shown(call: TwilioCall) -> QuerySet[ApiMessage]:
    """Return the messages that programs of the application sent and did not delete."""
    # Any organization: an application is of one, and its key was proved.
    return ApiMessage.objects.of_programs().filter(
        application_id=call.caller.application_id, hidden_at=None
    )


def _filtered(call: TwilioCall, rows: QuerySet[ApiMessage]) -> QuerySet[ApiMessage]:
    query = call.query
    if query.get("To"):
        try:
            number = msisdn.parse(query.get("To")).e164
        except msisdn.MsisdnError:
            return rows.none()
        numbers: Any = MessageNumber.objects.for_organization(call.organization)
        numbers = numbers.filter(msisdn=number)
        rows = rows.filter(message_id__in=numbers.values("message_id"))
    if sender := query.get("From").strip():
        rows = rows.filter(_sent_as(call, sender))
    # An id holds the moment of acceptance.
    for name, value in query:
        if name.startswith("DateSent") and value:
            rows = _dated(rows, name.removeprefix("DateSent"), value)
    return rows


def _sent_as(call: TwilioCall, sender: str) -> Q:
    own = SmsApplication.objects.for_organization(call.organization)
    is_usual = own.filter(pk=call.caller.application_id, originator=sender).exists()
    return Q(originator=sender) | (Q(originator="") if is_usual else Q(pk__in=[]))


def _dated(rows: QuerySet[ApiMessage], sign: str, value: str) -> QuerySet[ApiMessage]:
    said = value.lstrip("<>=")
    sign = sign or value[: len(value) - len(said)]
    moment = read_moment(said)
    if moment is None:
        raise TwilioError(INVALID, _("DateSent must be a date such as 2026-12-24."))
    if sign.startswith("<"):
        return rows.filter(message_id__lt=_id_at(moment))
    if sign.startswith(">"):
        return rows.filter(message_id__gte=_id_at(moment))
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return rows.filter(message_id__gte=_id_at(day), message_id__lt=_id_at(day + _DAY))


def _id_at(moment: datetime) -> int:
    return max(0, min(first_id_at(moment), 2**63 - 1))
