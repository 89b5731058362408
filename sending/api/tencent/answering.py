"""From a request of HTTP to its envelope: every refusal and every failure becomes one."""

import json
import logging
import time
import uuid
from functools import partial
from typing import Any, NoReturn

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from structlog.contextvars import bind_contextvars

from accounts import security_log
from accounts.errors import MayNotSend, Refusal
from sending.api.callers import Caller
from sending.api.request_log import REQUEST_LOG, RequestLine
from sending.api.response import JsonAnswer
from sending.api.tencent import limits, repeating
from sending.api.tencent.asked import AskedRequest
from sending.api.tencent.authentication import Unproved, authenticate
from sending.api.tencent.call import Answer, ApiCall
from sending.api.tencent.envelope import enveloped, error
from sending.api.tencent.handlers import HANDLERS
from sending.api.tencent.options import check_sending, read_options
from sending.api.tencent.summary import summary
from sending.dialects.tencent.actions import ACTIONS, ELSEWHERE, VERSION, Action
from sending.dialects.tencent.fields import TencentError, read
from sending.dialects.tencent.flattened import unflatten
from sending.dialects.tencent.refusals import CODE_OF_STOP, OTHER

log = logging.getLogger(__name__)

_SHOWN_NAME = 60


def answer(request: HttpRequest) -> JsonAnswer:
    """Return the answer to any request; it never raises."""
    # Programs have one language; the thread may have answered a person in another.
    with translation.override(settings.LANGUAGE_CODE):
        return _Answering(request).run()


class _Answering:
    """One request on its way, so that the request log knows how far it came."""

    def __init__(self, request: HttpRequest) -> None:
        self._asked = AskedRequest(request)
        self._request_id = str(uuid.uuid4())
        bind_contextvars(request_id=self._request_id)
        self._began = time.monotonic()
        self._caller: Caller | None = None
        self._call: ApiCall | None = None

    def run(self) -> JsonAnswer:
        """Answer, and write the line of the request log afterwards."""
        code, content = "", {}
        try:
            content = self._answer()
        except TencentError as refusal:
            code, content = refusal.code, error(refusal.code, str(refusal))
            if isinstance(refusal, Unproved):
                self._write_refusal(refusal)
        except MayNotSend as stop:
            code = CODE_OF_STOP[stop.code]
            content = error(code, str(stop))
        except Refusal as refusal:
            code, content = OTHER, error(OTHER, str(refusal))
        except (DatabaseError, InterfaceError):
            log.exception("request %s: the database failed", self._request_id)
            code = "ServiceUnavailable"
            content = error(code, _("The database cannot be reached. Send the request again."))
        except Exception:
            log.exception("request %s failed", self._request_id)
            code = "InternalError"
            content = error(
                code,
                _("Something went wrong here. Tell support the RequestId if it happens again."),
            )
        response = JsonAnswer(enveloped(self._request_id, content), self._afterwards(code))
        if self._call is not None and self._call.is_replay:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    def _answer(self) -> Answer:
        asked = self._asked
        asked.check_form()
        self._caller = authenticate(asked)
        bind_contextvars(organization_id=self._caller.organization_id)
        action = self._action()
        limits.take(self._caller, action)
        asked.check_content_type()
        is_text = asked.http.method == "GET"
        given = unflatten(asked.query) if is_text else read_json(asked.body)
        values = read(action.parameters, given, as_text=is_text)
        call = ApiCall(self._request_id, self._caller, action, values)
        read_options(call, asked)
        self._call = call
        check_sending(call)
        handler = HANDLERS[action.name]
        if call.idempotency_key:
            return repeating.once(call, handler)
        return handler(call, repeating.keeps_nothing)

    def _action(self) -> Action:
        name = self._asked.header("x-tc-action")
        if self._asked.header("x-tc-version") != VERSION:
            raise TencentError(
                "NoSuchVersion",
                _("X-TC-Version must be %(version)s.") % {"version": VERSION},
            )
        action = ACTIONS.get(name)
        if action is None:
            shown = {"name": name[:_SHOWN_NAME]}
            if name in ELSEWHERE:
                raise TencentError(
                    "UnsupportedOperation", _("There is no %(name)s in this console.") % shown
                )
            raise TencentError(
                "InvalidAction", _("There is no action “%(name)s”. Check its spelling.") % shown
            )
        return action

    def _afterwards(self, code: str) -> list[Any]:
        acts = list(self._call.afterwards) if self._call is not None else []
        if self._caller is not None:
            call = self._call
            line = RequestLine(
                caller=self._caller,
                request_id=self._request_id,
                action=self._asked.header("x-tc-action"),
                code=code or (call.first_refusal if call else ""),
                address=self._asked.address,
                client=self._asked.header("x-tc-requestclient"),
                milliseconds=round((time.monotonic() - self._began) * 1000),
                **(_about(call) if call else {}),
            )
            acts.append(partial(REQUEST_LOG.write, line))
        return acts

    def _write_refusal(self, refusal: Unproved) -> None:
        caller = refusal.caller
        security_log.write(
            "api.refused",
            address=self._asked.address,
            code=refusal.code,
            request=self._request_id,
            api_key=caller.api_key_id if caller else None,
            organization=caller.organization_id if caller else None,
        )


def _about(call: ApiCall) -> dict[str, Any]:
    """Return what the request log says of a request that could be read."""
    return {
        "items": call.items,
        "refused": call.refused,
        "is_dry_run": call.is_dry_run,
        "summary": summary(call),
    }


def read_json(body: bytes) -> dict[str, Any]:
    """Return the parameters in a body; an empty one has none. Raises TencentError."""
    if not body.strip():
        return {}
    try:
        given = json.loads(body.decode(), parse_constant=_no_number)
    # The parser goes down a step for each bracket, and bounds the digits of a number.
    except (ValueError, RecursionError) as failure:
        raise TencentError(
            "FailedOperation.JsonParseFail", _("The body is not JSON in UTF-8.")
        ) from failure
    if not isinstance(given, dict):
        raise TencentError("FailedOperation.JsonParseFail", _("The body is not a JSON object."))
    return given


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")
