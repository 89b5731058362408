"""What a form wants sent: its fields in the words of acceptance, each refused with its own code."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.sids import CONTENT, MESSAGING_SERVICE, id_in
from sending.acceptance import memory
from sending.acceptance.request import WantedMessage
from sending.api.twilio.call import TwilioCall
from sending.api.twilio.fields import Fields, is_vouched_for
from sending.api.twilio.smart_encoding import smart_text, smart_values
from sending.callbacks.target import BadUrl, read_url
from sending.dialects.twilio.dates import read_moment
from sending.dialects.twilio.error import TwilioError
from sending.dialects.twilio.errors import INVALID
from sending.models.api_message import STATUS_CALLBACK_CHARS
from sending.sms.pricing import MICRO

LONGEST_TEXT = 1_600
LONGEST_VALIDITY = 36_000
SOONEST, LATEST = timedelta(minutes=15), timedelta(days=35)
_LONGEST_TO = 60
_MOST_VARIABLES = 99
_LARGEST_PRICE = 1e9


@dataclass(frozen=True, slots=True)
class WantedSms:
    """One message, its whole text, and where the program wants to be told about it.

    `most_micro` is what it may cost at most, in millionths of the account's currency.
    """

    message: WantedMessage
    text: str
    status_callback: str
    most_micro: int | None


def wanted(call: TwilioCall) -> WantedSms:
    """Return what a request asks for; raise TwilioError."""
    form = call.form
    if not form.get("To").strip():
        raise TwilioError(21604, _("To is missing. Give the number of the recipient."))
    if any(form.all("MediaUrl")):
        raise TwilioError(21620, _("There are no multimedia messages here. Leave MediaUrl out."))
    _refuse_lost_promises(form)
    originator = _sender(call)
    now = shared_time.now()
    due_at = _due_at(form, now)
    template_id, values, text = _content(call)
    return WantedSms(
        WantedMessage(
            number=form.text("To", _LONGEST_TO).strip(),
            text_template_id=template_id,
            values=values,
            originator=originator,
            due_at=due_at,
            valid_until=_valid_until(form, due_at or now),
            text="" if template_id else text,
            has_proved=is_vouched_for(form),
        ),
        text,
        status_callback(form),
        _most_micro(form),
    )


def _refuse_lost_promises(form: Fields) -> None:
    """Refuse what would keep less of a message than this console does: it must not be ignored."""
    for name in ("ContentRetention", "AddressRetention"):
        if form.get(name).strip().lower() not in {"", "retain"}:
            raise TwilioError(
                INVALID,
                _("%(name)s must be “retain”. Erase the text, or delete the message, afterwards.")
                % {"name": name},
            )


def _sender(call: TwilioCall) -> str:
    """Return the originator that was named, empty for that of the application."""
    sender = call.form.text("From", _LONGEST_TO).strip()
    service = call.form.get("MessagingServiceSid").strip()
    if not sender and not service:
        raise TwilioError(
            21603, _("Give From or MessagingServiceSid, which is on the page of the application.")
        )
    if service and id_in(MESSAGING_SERVICE, service) != call.caller.application_id:
        raise TwilioError(
            21701,
            _("The account has no messaging service %(sid)s. Copy the SID from its application.")
            % {"sid": service[:40]},
        )
    return sender


def _due_at(form: Fields, now: datetime) -> datetime | None:
    kind, said = form.get("ScheduleType").strip(), form.get("SendAt").strip()
    if not kind and not said:
        return None
    if kind != "fixed":
        raise TwilioError(35126, _("With SendAt, ScheduleType must be “fixed”."))
    if not form.get("MessagingServiceSid"):
        raise TwilioError(35118, _("A message with SendAt needs MessagingServiceSid."))
    if not said:
        raise TwilioError(35111, _("ScheduleType is set and SendAt is missing."))
    moment = read_moment(said)
    if moment is None:
        raise TwilioError(INVALID, _("SendAt is no time such as 2026-12-24T18:00:00Z."))
    if not now + SOONEST <= moment <= now + LATEST:
        raise TwilioError(35114, _("SendAt must be between 15 minutes and 35 days from now."))
    return moment


def _valid_until(form: Fields, since: datetime) -> datetime | None:
    seconds = form.whole("ValidityPeriod", 0, 1, LONGEST_VALIDITY, 21624)
    return since + timedelta(seconds=seconds) if seconds else None


def _most_micro(form: Fields) -> int | None:
    """Return MaxPrice in millionths; raise TwilioError 21627."""
    said = form.get("MaxPrice").strip()
    if not said:
        return None
    try:
        return round(min(float(said), _LARGEST_PRICE) * MICRO)
    except (ValueError, OverflowError):
        raise TwilioError(21627, _("MaxPrice must be a number, such as 0.05.")) from None


def _content(call: TwilioCall) -> tuple[int, tuple[str, ...], str]:
    """Return the text template, 0 for a whole text, its values, and the text itself."""
    form = call.form
    if form.get("ContentSid"):
        return _of_template(call)
    text = form.get("Body")
    if form.get("ContentVariables") and not text.strip():
        raise TwilioError(21654, _("ContentVariables need the ContentSid of a text template."))
    if not text.strip():
        raise TwilioError(21602, _("Give a Body, or the ContentSid of a text template."))
    if len(text) > LONGEST_TEXT:
        raise TwilioError(
            21617, _("Body has more than %(most)s characters.") % {"most": LONGEST_TEXT}
        )
    if form.flag("SmartEncoded"):
        text = smart_text(call.caller.organization_id, text)
    return 0, (), text


def _of_template(call: TwilioCall) -> tuple[int, tuple[str, ...], str]:
    sid = call.form.get("ContentSid").strip()
    template_id = id_in(CONTENT, sid)
    if template_id is None:
        raise TwilioError(
            21655,
            _("ContentSid %(sid)s is none of this console. Copy it from the text template.")
            % {"sid": sid[:40]},
        )
    values = variables(call.form.get("ContentVariables"))
    found = memory.text((call.caller.organization_id, template_id))
    if isinstance(found, memory.ApprovedText) and found.wording.variables == len(values):
        if call.form.flag("SmartEncoded"):
            values = smart_values(found.wording, values)
        return template_id, values, found.wording.render(values)
    # Acceptance says what is wrong with it.
    return template_id, values, ""


def variables(said: str) -> tuple[str, ...]:
    """Return the values in ContentVariables in their order; raise TwilioError."""
    if not said.strip():
        return ()
    try:
        given = json.loads(said)
    except (ValueError, RecursionError) as error:
        raise TwilioError(21656, _("ContentVariables are not JSON.")) from error
    if not isinstance(given, dict) or len(given) > _MOST_VARIABLES:
        raise TwilioError(21656, _("ContentVariables must be an object in JSON."))
    if set(given) != {str(number) for number in range(1, len(given) + 1)}:
        raise TwilioError(
            21656, _("Name the variables “1”, “2” and so on, without a gap, as the template does.")
        )
    return tuple(_value(given[str(number)]) for number in range(1, len(given) + 1))


def _value(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TwilioError(21656, _("The value of a variable must be a text or a number."))
    text = str(value)
    if "\0" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise TwilioError(21656, _("A variable has a character that is none."))
    return text


def status_callback(form: Fields) -> str:
    """Return where a program wants to be told about its message; raise TwilioError 21609.

    Its fragment would say how often to try; that is ours to decide.
    """
    url = form.get("StatusCallback").strip().partition("#")[0]
    if not url:
        return ""
    try:
        read_url(url)
    except BadUrl:
        url = ""
    if not url or len(url) > STATUS_CALLBACK_CHARS:
        raise TwilioError(
            21609,
            _("StatusCallback must be a URL with https or http, of at most %(most)s characters.")
            % {"most": STATUS_CALLBACK_CHARS},
        )
    return url
