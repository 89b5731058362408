"""Verifications: begun, looked at, ended by the program, and checked."""

import json
from collections.abc import Iterable
from ipaddress import ip_address

from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.sids import id_in
from sending.api.twilio import repeated
from sending.api.twilio.call import Body, Reply, TwilioCall
from sending.api.twilio.fields import is_vouched_for
from sending.api.twilio.repeated import KeepId
from sending.api.twilio.verify.asked import (
    SMS,
    bad,
    door_of,
    not_found,
    refusing,
    service_of,
    template_id,
    url_of,
)
from sending.api.waking import WAKE_UPS
from sending.dialects.twilio.dates import iso8601
from sending.dialects.twilio.error import TwilioError
from sending.dialects.twilio.verify_codes import CHANNEL
from sending.models import Verification, VerificationAttempt, VerificationState, VerifyService
from sending.models.verification import SID
from sending.sms import msisdn
from sending.verify import ending
from sending.verify.checking import check
from sending.verify.starting import Started, Wish, start

_LONGEST = 64
_LONGEST_CODE = 10
# What would change the text or what a code stands for, and is not here: better refused than lost.
_NOT_HERE = ("CustomMessage", "AppHash", "Amount", "Payee", "TemplateCustomSubstitutions")
_MOST_VALUES, _LONGEST_VALUE = 10, 256


@refusing
def create(call: TwilioCall) -> Reply:
    """Send a code, or the same one again while it counts."""
    service = service_of(call)
    form = call.form
    to = form.text("To", _LONGEST).strip()
    channel = form.text("Channel", _LONGEST).strip().lower()
    for name, value in (("To", to), ("Channel", channel)):
        if not value:
            raise bad(name, _("it is missing."))
    if channel != SMS:
        raise TwilioError(CHANNEL, _("Codes go by SMS only. Use sms as Channel."), 403)
    _refuse_what_is_not_here(call)
    wish = Wish(
        number=to,
        locale=form.text("Locale", _LONGEST).strip(),
        custom_code=form.text("CustomCode", _LONGEST),
        text_template_id=template_id(call, "TemplateSid"),
        client_ip=_device_ip(call),
        has_proved=is_vouched_for(form),
        rate_limits=_rate_limits(call),
    )
    made: list[Started] = []

    def act(keep: KeepId | None) -> int:
        made[:] = [start(service, wish, door_of(call), keep)]
        call.afterwards.append(WAKE_UPS.ask)
        return made[0].message_id

    message_id = repeated.once(call, act)
    # What was just accepted is answered without asking the database.
    found, attempts = (
        (made[0].verification, made[0].attempts) if made else _of_message(call, message_id)
    )
    return Reply(shape(call, service, found, attempts), 201)


@refusing
def fetch(call: TwilioCall) -> Reply:
    """Return a verification by its SID, or the one that waits for a number's code."""
    service = service_of(call)
    found = _named(service, call.path["To"])
    return Reply(shape(call, service, found, found.attempts.order_by("pk")))


@refusing
def change(call: TwilioCall) -> Reply:
    """Cancel a verification, or approve one whose code the program made."""
    service = service_of(call)
    found = _named(service, call.path["To"])
    ends = {"canceled": ending.cancel, "approved": ending.approve}
    wanted = call.form.text("Status", _LONGEST).strip().lower()
    if wanted not in ends:
        raise bad("Status", _("it must be canceled or approved."))
    attempts = list(found.attempts.order_by("pk"))
    return Reply(shape(call, service, ends[wanted](found), attempts))


@refusing
def check_code(call: TwilioCall) -> Reply:
    """Check a code: 200 with status pending for a wrong one."""
    service = service_of(call)
    form = call.form
    code = form.text("Code", _LONGEST).strip()
    if not code or len(code) > _LONGEST_CODE:
        raise bad("Code", _("give the code that somebody entered."))
    sid, to = form.text("VerificationSid", _LONGEST).strip(), form.text("To", _LONGEST).strip()
    if not sid and not to:
        raise bad("To", _("give the number, or VerificationSid."))
    found = check(service, code, msisdn=_e164(to), sid=sid)
    if found.state == VerificationState.APPROVED.value:
        # A conversion may let other codes go that waited for one.
        call.afterwards.append(WAKE_UPS.ask)
    return Reply(_core(call, service, found) | {"sna_attempts_error_codes": []})


def _of_message(
    call: TwilioCall, message_id: int
) -> tuple[Verification, Iterable[VerificationAttempt]]:
    """Return the verification of a request that came before."""
    own = VerificationAttempt.objects.for_organization(call.organization).filter(
        application_id=call.caller.application_id, message_id=message_id
    )
    attempt = own.select_related("verification").order_by("-at").first()
    if attempt is None:
        raise not_found("verification")
    found: Verification = attempt.verification
    return found, found.attempts.order_by("pk")


def _refuse_what_is_not_here(call: TwilioCall) -> None:
    for name in _NOT_HERE:
        if _is_said(call.form.get(name)):
            raise bad(name, _("it is not supported here. Leave it out."))


def _rate_limits(call: TwilioCall) -> dict[str, str]:
    """Return the values by the names of rate limits."""
    text = call.form.get("RateLimits")
    if not _is_said(text):
        return {}
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or len(said) > _MOST_VALUES:
        raise bad("RateLimits", _("give a JSON object of names and values, at most 10."))
    values = {
        name: value if isinstance(value, str) else json.dumps(value) for name, value in said.items()
    }
    if any(len(one) > _LONGEST_VALUE or "\0" in one for pair in values.items() for one in pair):
        raise bad("RateLimits", _("a name or value is longer than 256 characters."))
    return values


def _device_ip(call: TwilioCall) -> str:
    """Return the address of the person who asked the program."""
    text = call.form.text("DeviceIp", _LONGEST).strip()
    try:
        return str(ip_address(text)) if text else ""
    except ValueError:
        raise bad("DeviceIp", _("this is no IP address.")) from None


def _is_said(text: str) -> bool:
    """Tell whether a field says anything; an empty object in JSON does not."""
    try:
        return bool(json.loads(text)) if text.strip() else False
    except (ValueError, RecursionError):
        return True


def _named(service: VerifyService, name: str) -> Verification:
    own = Verification.objects.for_organization(service.organization).filter(service=service)
    if id_in(SID, name) is not None:
        own = own.with_sid(name)
    else:
        own = own.of_number(_e164(name), service.organization_id).open_at(shared_time.now())
    found: Verification | None = own.order_by("-pk").first()
    if found is None:
        raise not_found("verification")
    return found


def _e164(written: str) -> str:
    """Return a number as it is stored; what is none is returned as it is, and found nowhere."""
    try:
        return msisdn.parse(written).e164
    except msisdn.MsisdnError:
        return written


def _core(call: TwilioCall, service: VerifyService, found: Verification) -> Body:
    state = found.state_at(shared_time.now())
    return {
        "sid": found.sid,
        "service_sid": service.sid,
        "account_sid": call.caller.account_sid,
        # It was erased when the verification had ended.
        "to": found.msisdn or None,
        "channel": SMS,
        "status": state.value.lower(),
        "valid": state is VerificationState.APPROVED,
        "amount": None,
        "payee": None,
        "date_created": iso8601(found.created_at),
        "date_updated": iso8601(found.updated_at),
    }


def shape(
    call: TwilioCall,
    service: VerifyService,
    found: Verification,
    attempts: Iterable[VerificationAttempt],
) -> Body:
    """Return a verification as SDKs read it."""
    return {
        **_core(call, service, found),
        "lookup": {},
        "send_code_attempts": [
            {"attempt_sid": one.sid, "channel": SMS, "time": iso8601(one.at)} for one in attempts
        ],
        "sna": None,
        "url": url_of(call, "Services", service.sid, "Verifications", found.sid),
    }
