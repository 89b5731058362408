"""Messaging services: the one of an account is its application, which chooses the sender."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import SmsApplication
from accounts.sids import MESSAGING_SERVICE, id_in
from sending.api.twilio.call import Body, Reply, TwilioCall
from sending.api.twilio.envelope import page_of_newer
from sending.api.twilio.pages import PageAsked
from sending.api.twilio.wanted import LONGEST_VALIDITY
from sending.dialects.twilio.dates import iso8601
from sending.dialects.twilio.error import TwilioError
from sending.dialects.twilio.errors import NOT_FOUND

# What SDKs look for, as it is here for everybody.
_FIXED: Body = {
    "inbound_method": "POST",
    "fallback_url": None,
    "fallback_method": "POST",
    "sticky_sender": True,
    "mms_converter": False,
    "smart_encoding": False,
    "scan_message_content": "inherit",
    "fallback_to_long_code": False,
    "area_code_geomatch": False,
    "synchronous_validation": False,
    "validity_period": LONGEST_VALIDITY,
    "usecase": None,
    "us_app_to_person_registered": False,
    "use_inbound_webhook_on_number": False,
}


def list_(call: TwilioCall) -> Reply:
    """List the messaging services of the account: one."""
    asked = PageAsked.read(call.query, MESSAGING_SERVICE)
    page = asked.of(_own(call))
    records = [_shape(call, row) for row in page.rows]
    return Reply(page_of_newer(call, asked, "services", records, page))


def fetch(call: TwilioCall) -> Reply:
    """Return the messaging service of the account."""
    if id_in(MESSAGING_SERVICE, call.path["Sid"]) != call.caller.application_id:
        raise TwilioError(NOT_FOUND, _("The account has no messaging service with this SID."), 404)
    return Reply(_shape(call, _own(call).get()))


def _own(call: TwilioCall) -> QuerySet[SmsApplication]:
    own = SmsApplication.objects.for_organization(call.organization)
    return own.filter(pk=call.caller.application_id)


def _shape(call: TwilioCall, application: SmsApplication) -> Body:
    sid = application.service_sid
    url = f"{call.origin}/v1/Services/{sid}"
    made = iso8601(application.created_at)
    links = {
        "phone_numbers": "PhoneNumbers",
        "short_codes": "ShortCodes",
        "alpha_senders": "AlphaSenders",
    }
    return {
        "sid": sid,
        "account_sid": call.caller.account_sid,
        "friendly_name": application.name,
        "date_created": made,
        "date_updated": made,
        "inbound_request_url": application.reply_callback_url or None,
        "status_callback": application.callback_url or None,
        **_FIXED,
        "url": url,
        "links": {name: f"{url}/{part}" for name, part in links.items()},
    }
