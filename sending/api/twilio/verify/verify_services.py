"""Verify services of an account: made, listed, changed, deleted."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import SmsApplication
from accounts.sids import sid_of
from sending.api.twilio.call import Body, Reply, TwilioCall
from sending.api.twilio.envelope import page_of_newer
from sending.api.twilio.pages import PageAsked
from sending.api.twilio.verify.asked import TEMPLATE, bad, refusing, service_of, template_id, url_of
from sending.dialects.twilio.dates import iso8601
from sending.dialects.twilio.error import TwilioError
from sending.dialects.twilio.errors import CONFLICT
from sending.dialects.twilio.verify_codes import PARAMETER
from sending.models import VerifyService
from sending.models.verify_service import LONGEST_CODE, SHORTEST_CODE, SID
from sending.verify import ending, service_settings

_FLAGS = {
    "CustomCodeEnabled": "custom_code_enabled",
    "LookupEnabled": "lookup_enabled",
    "SkipSmsToLandlines": "skip_sms_to_landlines",
    "DoNotShareWarningEnabled": "do_not_share_warning_enabled",
    "Psd2Enabled": "psd2_enabled",
}
_LONGEST_NAME = 200
# What SDKs look for in a service: none of it is here.
_ABSENT: Body = {
    "dtmf_input_required": False,
    "tts_name": None,
    "push": {},
    "totp": {},
    "whatsapp": {},
    "passkeys": {},
    "verify_event_subscription_enabled": False,
}


@refusing
def create(call: TwilioCall) -> Reply:
    """Make a service."""
    if not call.form.get("FriendlyName").strip():
        raise bad("FriendlyName", _("give the service a name."))
    own = SmsApplication.objects.for_organization(call.organization)
    application = own.select_related("organization").get(pk=call.caller.application_id)
    wanted = _wanted(call, application)
    try:
        service = service_settings.create(application=application, **wanted)
    except service_settings.TooManyServices:
        raise TwilioError(
            CONFLICT,
            _("The account has %(most)s services. Delete one of them first.")
            % {"most": service_settings.MOST_SERVICES},
            409,
        ) from None
    return Reply(shape(call, service), 201)


@refusing
def fetch(call: TwilioCall) -> Reply:
    """Return a service."""
    return Reply(shape(call, service_of(call, "Sid")))


@refusing
def change(call: TwilioCall) -> Reply:
    """Change what the form names; the rest stays."""
    service = service_of(call, "Sid")
    service_settings.change(service, **_wanted(call, service.application))
    return Reply(shape(call, service))


@refusing
def delete(call: TwilioCall) -> Reply:
    """Delete a service; codes that wait count no more."""
    ending.delete_service(service_of(call, "Sid"))
    return Reply(None, 204)


def list_(call: TwilioCall) -> Reply:
    """List the services of the account, the oldest first."""
    asked = PageAsked.read(call.query, SID)
    own = VerifyService.objects.for_organization(call.organization).kept()
    page = asked.of(own.filter(application_id=call.caller.application_id))
    records = [shape(call, row) for row in page.rows]
    return Reply(page_of_newer(call, asked, "services", records, page))


def _wanted(call: TwilioCall, application: SmsApplication) -> dict[str, Any]:
    form = call.form
    wanted: dict[str, Any] = {
        name: form.flag(field) for field, name in _FLAGS.items() if form.get(field)
    }
    if "FriendlyName" in form:
        wanted["friendly_name"] = form.text("FriendlyName", _LONGEST_NAME)
    if form.get("CodeLength"):
        wanted["code_length"] = form.whole("CodeLength", 0, SHORTEST_CODE, LONGEST_CODE, PARAMETER)
    if "DefaultTemplateSid" in form:
        pk = template_id(call, "DefaultTemplateSid")
        found = service_settings.text_template_of(application, pk) if pk else None
        wanted["text_template"] = found
    return wanted


def shape(call: TwilioCall, service: VerifyService) -> Body:
    """Return a service as SDKs read it."""
    url = url_of(call, "Services", service.sid)
    links = {
        "verifications": "Verifications",
        "verification_checks": "VerificationCheck",
        "rate_limits": "RateLimits",
        "messaging_configurations": "MessagingConfigurations",
        "entities": "Entities",
        "webhooks": "Webhooks",
        "access_tokens": "AccessTokens",
    }
    return {
        "sid": service.sid,
        "account_sid": call.caller.account_sid,
        "friendly_name": service.friendly_name,
        "code_length": service.code_length,
        **{name: getattr(service, name) for name in _FLAGS.values()},
        **_ABSENT,
        "default_template_sid": (
            sid_of(TEMPLATE, service.text_template_id) if service.text_template_id else None
        ),
        "date_created": iso8601(service.created_at),
        "date_updated": iso8601(service.updated_at),
        "url": url,
        "links": {name: f"{url}/{part}" for name, part in links.items()},
    }
