"""From a request of HTTP to its answer: every refusal and every failure becomes JSON."""

import logging
import math
import time
import uuid
from functools import partial

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from structlog.contextvars import bind_contextvars

from accounts import security_log
from accounts.errors import MayNotSend, Refusal
from sending.api import rates
from sending.api.callers import Caller
from sending.api.request_log import REQUEST_LOG, RequestLine
from sending.api.response import JsonAnswer
from sending.api.twilio import repeated
from sending.api.twilio.asked import TwilioRequest
from sending.api.twilio.authentication import TwilioUnproved, authenticate
from sending.api.twilio.call import Reply, TwilioCall
from sending.api.twilio.envelope import encoded, error
from sending.api.twilio.operation import Operation
from sending.api.twilio.routes import routed
from sending.api.twilio.summary import summary
from sending.dialects.twilio.error import TwilioError
from sending.dialects.twilio.errors import (
    CODE_OF_STOP,
    FAILED,
    INVALID,
    NOT_FOUND,
    TOO_MANY,
    UNAVAILABLE,
    status_of,
)

log = logging.getLogger(__name__)

_LONGEST_KEY = 255


def answer(request: HttpRequest) -> JsonAnswer:
    """Return the answer to any request; it never raises."""
    # Programs have one language; the thread may have answered a person in another.
    with translation.override(settings.LANGUAGE_CODE):
        return _TwilioAnswering(request).run()


class _TwilioAnswering:
    """One request on its way, so that the request log knows how far it came."""

    def __init__(self, request: HttpRequest) -> None:
        self._asked = TwilioRequest(request)
        self._request_id = str(uuid.uuid4())
        bind_contextvars(request_id=self._request_id)
        self._began = time.monotonic()
        self._caller: Caller | None = None
        self._route: Operation | None = None
        self._call: TwilioCall | None = None

    def run(self) -> JsonAnswer:
        """Answer, and write the line of the request log afterwards."""
        refusal: TwilioError | None = None
        reply = Reply(None)
        try:
            reply = self._answer()
        except (TwilioError, Refusal) as refused:
            refusal = self._refusal(refused)
        except (DatabaseError, InterfaceError):
            log.exception("request %s: the database failed", self._request_id)
            refusal = TwilioError(
                UNAVAILABLE, _("The database cannot be reached. Send the request again."), 503
            )
        except Exception:
            log.exception("request %s failed", self._request_id)
            refusal = TwilioError(
                FAILED,
                _("Something went wrong here. Tell support the X-Request-Id if it happens again."),
                500,
            )
        if refusal is not None:
            reply = Reply(error(refusal), refusal.status)
            self._note_error(refusal)
        content = b"" if reply.body is None else encoded(reply.body)
        response = JsonAnswer(content, self._afterwards(refusal), reply.status)
        if reply.status == 204:
            del response.headers["Content-Type"], response.headers["Content-Length"]
        response.headers["X-Request-Id"] = self._request_id
        if refusal is not None:
            _add_headers(response, refusal)
        if self._call is not None and self._call.is_replay:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    def _answer(self) -> Reply:
        asked = self._asked
        asked.check_form()
        self._caller = caller = authenticate(asked.header("authorization"), asked.address)
        bind_contextvars(organization_id=caller.organization_id)
        self._route, parts = route, _parts = routed(asked.method, asked.path)
        _check_account(caller, parts.get("AccountSid"))
        self._take_turn(caller, route)
        self._call = call = TwilioCall(
            request_id=self._request_id,
            caller=caller,
            name=route.name,
            address=asked.path,
            origin=asked.origin,
            path=parts,
            query=asked.query,
            form=asked.form,
            idempotency_key=_idempotency_key(asked),
        )
        return route.handler(call)

    def _take_turn(self, caller: Caller, route: Operation) -> None:
        seconds = rates.seconds_to_wait(caller.api_key_id, route.name, route.per_second)
        if seconds:
            raise TwilioError(
                TOO_MANY,
                _("%(name)s may be asked for %(most)s times a second by one key. Send it again.")
                % {"name": route.name, "most": route.per_second},
                429,
                retry_after=math.ceil(seconds),
            )

    def _note_error(self, refusal: TwilioError) -> None:
        if refusal.status >= 500 and self._call and self._route and self._route.is_once:
            repeated.note_error(self._call)

    def _refusal(self, refused: TwilioError | Refusal) -> TwilioError:
        """Return what a refusal is to the program."""
        if isinstance(refused, TwilioUnproved):
            self._write_refusal(refused)
        if isinstance(refused, TwilioError):
            return refused
        if isinstance(refused, MayNotSend):
            code = CODE_OF_STOP[refused.code]
            return TwilioError(code, str(refused), status_of(code))
        return TwilioError(INVALID, str(refused))

    def _afterwards(self, refusal: TwilioError | None) -> list[partial[None]]:
        call = self._call
        acts = [partial(act) for act in call.afterwards] if call is not None else []
        if self._caller is not None:
            line = RequestLine(
                caller=self._caller,
                request_id=self._request_id,
                action=self._route.name if self._route else self._asked.method,
                code=str(refusal.code) if refusal else "",
                address=self._asked.address,
                client=self._asked.header("user-agent"),
                milliseconds=round((time.monotonic() - self._began) * 1000),
                items=call.items if call else 0,
                refused=1 if refusal else 0,
                summary=summary(call) if call else {},
            )
            acts.append(partial(REQUEST_LOG.write, line))
        return acts

    def _write_refusal(self, refusal: TwilioUnproved) -> None:
        caller = refusal.caller
        security_log.write(
            "api.refused",
            address=self._asked.address,
            code=str(refusal.code),
            request=self._request_id,
            api_key=caller.api_key_id if caller else None,
            organization=caller.organization_id if caller else None,
        )


def _add_headers(response: JsonAnswer, refusal: TwilioError) -> None:
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="SMS Console"'
    if refusal.retry_after or refusal.status in {429, 503}:
        response.headers["Retry-After"] = str(refusal.retry_after or 1)


def _check_account(caller: Caller, account_sid: str | None) -> None:
    """Refuse another account than that of the key: nobody learns whether it exists."""
    if account_sid is not None and account_sid != caller.account_sid:
        raise TwilioError(
            NOT_FOUND,
            _(
                "The key is not one of the account in the address. Give the client the account SID "
                "of the application, %(sid)s."
            )
            % {"sid": caller.account_sid},
            404,
        )


def _idempotency_key(asked: TwilioRequest) -> str:
    key = asked.header("idempotency-key") or asked.header("i-twilio-idempotency-token")
    if len(key) > _LONGEST_KEY or not key.isprintable():
        raise TwilioError(
            INVALID,
            _("Idempotency-Key must have at most %(most)s printable characters.")
            % {"most": _LONGEST_KEY},
        )
    return key
