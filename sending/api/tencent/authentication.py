"""Who asks: each check that may fail has a code, and a sentence that says which one it was."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.models import KeyKind
from sending.api.callers import Caller, caller_of
from sending.api.tencent.asked import AskedRequest
from sending.dialects.tencent.fields import TencentError
from sending.dialects.tencent.signing import (
    ALGORITHM,
    NEEDED_HEADERS,
    WINDOW_SECONDS,
    Authorization,
    is_signed,
    read_authorization,
    utc_date,
)


class Unproved(TencentError):
    """Nobody was proved, or not enough: a line of the security log. `caller` is who it claims."""

    def __init__(self, code: str, message: str, caller: Caller | None = None) -> None:
        super().__init__(code, message)
        self.caller = caller


def authenticate(asked: AskedRequest) -> Caller:
    """Return the key that signed; raise Unproved."""
    authorization = _authorization(asked)
    timestamp = _timestamp(asked, authorization)
    if asked.header("x-tc-token"):
        raise Unproved(
            "AuthFailure.TokenFailure",
            _("X-TC-Token is set, and there are no temporary keys here. Sign without a token."),
        )
    caller = caller_of(authorization.secret_id)
    if caller is None or caller.kind is not KeyKind.SIGNING:
        raise Unproved(
            "AuthFailure.SecretIdNotFound",
            _(
                "No API key has this SecretId. Copy it again, without blanks, from the page of the "
                "application."
            ),
        )
    if not is_signed(authorization, caller.secret_key, asked.signed(timestamp)):
        raise Unproved(
            "AuthFailure.SignatureFailure",
            _(
                "The SecretId exists and the clock is right, but the signature does not fit. Check "
                "the SecretKey, and that nothing between changes body, Host or Content-Type."
            ),
            caller,
        )
    _check_key(caller)
    _check_address(caller, asked.address)
    _check_application(caller)
    return caller


def _authorization(asked: AskedRequest) -> Authorization:
    header = asked.header("authorization")
    code = "AuthFailure.InvalidAuthorization"
    if not header:
        if asked.is_of_version_1():
            raise Unproved(
                code,
                _(
                    "HmacSHA1 and HmacSHA256 are not taken. Set the signature method of the client "
                    "to TC3-HMAC-SHA256."
                ),
            )
        raise Unproved(code, _("The Authorization header is missing. Sign the request."))
    authorization = read_authorization(header)
    if authorization is None:
        raise Unproved(
            code,
            _(
                "The Authorization header cannot be read. It must be: %(algorithm)s "
                "Credential=SecretId/date/sms/tc3_request, SignedHeaders=content-type;host, "
                "Signature=64 hexadecimal digits."
            )
            % {"algorithm": ALGORITHM},
        )
    if not set(authorization.signed_headers) >= NEEDED_HEADERS:
        raise Unproved(
            code, _("SignedHeaders must name content-type and host. Sign at least these.")
        )
    return authorization


def _timestamp(asked: AskedRequest, authorization: Authorization) -> int:
    timestamp = asked.timestamp
    if timestamp is None:
        raise Unproved(
            "AuthFailure.InvalidAuthorization",
            _("X-TC-Timestamp is missing or no number. Send the time in Unix seconds."),
        )
    now = int(shared_time.now().timestamp())
    if abs(now - timestamp) > WINDOW_SECONDS:
        raise Unproved(
            "AuthFailure.SignatureExpire",
            _(
                "X-TC-Timestamp is %(seconds)s seconds away from the time here, %(now)s. At most "
                "%(most)s are allowed: set the clock of the calling machine."
            )
            % {
                "seconds": abs(now - timestamp),
                "now": f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d %H:%M:%S} UTC",
                "most": WINDOW_SECONDS,
            },
        )
    if authorization.date != utc_date(timestamp):
        raise Unproved(
            "AuthFailure.InvalidAuthorization",
            _("The date in Credential is %(date)s, and X-TC-Timestamp is of %(day)s in UTC.")
            % {"date": authorization.date, "day": utc_date(timestamp)},
        )
    return timestamp


def _check_key(caller: Caller) -> None:
    code = "AuthFailure.InvalidSecretId"
    if caller.revoked_at is not None:
        raise Unproved(code, _("The API key was revoked. Use another key."), caller)
    if caller.expires_at is not None and caller.expires_at <= shared_time.now():
        raise Unproved(
            code, _("The API key was replaced, and its time is over. Use the new key."), caller
        )


def _check_address(caller: Caller, address: str) -> None:
    if not caller.may_ask_from(address):
        raise Unproved(
            "UnauthorizedOperation.RequestIpNotInWhitelist",
            _(
                "The API key may not be used from %(address)s. Add this address to the key, or "
                "call from one of its addresses."
            )
            % {"address": address or "?"},
            caller,
        )


def _check_application(caller: Caller) -> None:
    name = {"name": caller.application_name}
    code = "UnauthorizedOperation.SdkAppIdIsDisabled"
    if not caller.is_application_enabled:
        raise Unproved(
            code, _("The application “%(name)s” is switched off. Switch it on.") % name, caller
        )
