"""Who asks, by HTTP Basic (RFC 7617): an account SID with its token, or a key with its secret."""

import base64
import binascii
import hmac

from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.models import KeyKind
from sending.api.callers import Caller, caller_of
from sending.dialects.twilio.error import TwilioError
from sending.dialects.twilio.errors import AUTHENTICATE

_LONGEST = 500


class TwilioUnproved(TwilioError):
    """Nobody was proved, or not enough: a line of the security log. `caller` is who it claims."""

    def __init__(self, message: str, status: int = 401, caller: Caller | None = None) -> None:
        super().__init__(AUTHENTICATE, message, status)
        self.caller = caller


def authenticate(authorization: str, address: str) -> Caller:
    """Return the key whose secret is in the header; raise TwilioUnproved."""
    name, secret = _credentials(authorization)
    caller = caller_of(name)
    if caller is None or caller.kind is KeyKind.SIGNING:
        raise TwilioUnproved(
            _(
                "Nothing has the account SID or key SID that was sent as user name. Copy it from "
                "the page of the application, and make its auth token there first."
            )
        )
    if not _is_right(caller, secret):
        raise TwilioUnproved(
            _(
                "The SID exists, and the auth token or secret is wrong. Copy it again, or make a "
                "new one on the page of the application."
            ),
            caller=caller,
        )
    _check_key(caller, address)
    return caller


def _credentials(authorization: str) -> tuple[str, str]:
    scheme, _blank, encoded = authorization.partition(" ")
    if scheme.lower() != "basic" or len(encoded) > _LONGEST:
        raise TwilioUnproved(_("Authenticate with HTTP Basic: account SID and auth token."))
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise TwilioUnproved(_("The Authorization header cannot be read.")) from error
    name, _colon, secret = decoded.partition(":")
    if "\0" in name:
        raise TwilioUnproved(_("The Authorization header cannot be read."))
    return name.strip(), secret.strip()


def _is_right(caller: Caller, secret: str) -> bool:
    """Compare with both secrets, each in constant time."""
    given = secret.encode()
    known = [one.encode() for one in (caller.secret_key, caller.second_key)]
    fits = [bool(one) and hmac.compare_digest(one, given) for one in known]
    return any(fits)


def _check_key(caller: Caller, address: str) -> None:
    if caller.revoked_at is not None:
        raise TwilioUnproved(_("The key was revoked. Use another one."), 403, caller)
    if caller.expires_at is not None and caller.expires_at <= shared_time.now():
        raise TwilioUnproved(
            _("The key was replaced, and its time is over. Use the new one."), 403, caller
        )
    if not caller.may_ask_from(address):
        raise TwilioUnproved(
            _(
                "The key may not be used from %(address)s. Add this address to the key, or call "
                "from one of its addresses."
            )
            % {"address": address or "?"},
            403,
            caller,
        )
