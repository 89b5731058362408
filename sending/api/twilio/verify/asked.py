"""What requests of Verify share: their service, their door, and refusals as programs read them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.utils.translation import gettext as _

from accounts.acting import acting_by_key
from accounts.sids import id_in
from sending.acceptance.request import Door
from sending.api.twilio.call import Reply, TwilioCall
from sending.dialects.twilio.error import TwilioError
from sending.dialects.twilio.errors import CODE_OF_REFUSAL, NOT_FOUND, status_of
from sending.dialects.twilio.verify_codes import CODE_OF_VERIFY_REFUSAL, PARAMETER
from sending.lifecycle import DoorName
from sending.models import VerifyService
from sending.verify.refusals import VerifyRefused

SMS = "sms"
# Of Verify alone, and as those for content are named.
_TEMPLATE_LETTERS = ("HJ", "HX")
TEMPLATE = _TEMPLATE_LETTERS[0]
_LONGEST_SID = 64


def refusing(handler: Callable[[TwilioCall], Reply]) -> Callable[[TwilioCall], Reply]:
    """Answer a refusal of Verify with its code; what is done is done by the key."""

    @wraps(handler)
    def answered(call: TwilioCall) -> Reply:
        try:
            with acting_by_key(call.caller.api_key_id):
                return handler(call)
        except VerifyRefused as refused:
            raise _error(refused) from refused

    return answered


def _error(refused: VerifyRefused) -> TwilioError:
    code = CODE_OF_VERIFY_REFUSAL.get(refused.code) or CODE_OF_REFUSAL.get(refused.code, PARAMETER)
    return TwilioError(
        code,
        str(refused),
        status_of(code),
        details=refused.details,
        retry_after=refused.retry_after,
    )


def not_found(what: str) -> TwilioError:
    """Return the refusal of something that is not the caller's, or not there."""
    return TwilioError(
        NOT_FOUND, _("The account has no %(what)s with this SID.") % {"what": what}, 404
    )


def bad(name: str, sentence: Any) -> TwilioError:
    """Return the refusal of a parameter."""
    return TwilioError(PARAMETER, f"{name}: {sentence}", details={"field": name})


def service_of(call: TwilioCall, part: str = "ServiceSid") -> VerifyService:
    """Return the service in the address; raise TwilioError unless it is the caller's."""
    own = VerifyService.objects.for_organization(call.organization).kept()
    own = own.filter(application_id=call.caller.application_id).with_sid(call.path[part])
    found: VerifyService | None = own.select_related("organization", "signature__approved").first()
    if found is None:
        raise not_found("Verify service")
    return found


def door_of(call: TwilioCall) -> Door:
    """Return who asks acceptance."""
    caller = call.caller
    return Door(
        caller.organization_id,
        caller.application_id,
        caller.api_key_id,
        call.request_id,
        DoorName.VERIFY,
    )


def template_id(call: TwilioCall, name: str) -> int:
    """Return the text template that a field names; 0 if it names none. Raise TwilioError."""
    sid = call.form.text(name, _LONGEST_SID).strip()
    if not sid:
        return 0
    for letters in _TEMPLATE_LETTERS:
        if (pk := id_in(letters, sid)) is not None:
            return pk
    raise bad(name, _("this is no SID of a text template."))


def url_of(call: TwilioCall, *parts: str) -> str:
    """Return a whole address of the API, for programs that go on from it."""
    return "/".join([f"{call.origin}/v2", *parts])
