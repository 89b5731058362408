"""What a program does to a message of its own: redact, cancel, delete, and say that it worked."""

from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.sids import sid_of
from sending.api.twilio.call import Reply, TwilioCall
from sending.api.twilio.message_reads import message_id, not_found, one_message
from sending.api.twilio.resources import MESSAGE
from sending.delivery import by_program
from sending.dialects.twilio.dates import rfc2822
from sending.dialects.twilio.error import TwilioError
from sending.dialects.twilio.errors import INVALID
from sending.dialects.twilio.statuses import CANCELLED

_OUTCOMES = ("confirmed", "unconfirmed")


def update(call: TwilioCall) -> Reply:
    """Cancel with Status=canceled, or erase the text with an empty Body."""
    pk = message_id(call)
    one_message(call, pk)
    status = call.form.get("Status").strip().lower()
    if status:
        if status != CANCELLED:
            raise TwilioError(INVALID, _("Status can be set to “canceled” alone."))
        _cancel(call, pk)
    elif "Body" not in call.form:
        raise TwilioError(INVALID, _("Give Status=canceled, or an empty Body."))
    elif call.form.get("Body"):
        raise TwilioError(INVALID, _("A Body can be erased, not changed. Leave it empty."))
    elif not by_program.redact(call.caller.application_id, pk):
        raise _unsent()
    return Reply(one_message(call, pk))


def delete(call: TwilioCall) -> Reply:
    """Erase the text, and show the message to programs no more. The console still counts it."""
    pk = message_id(call)
    one_message(call, pk)
    if not by_program.hide(call.caller.application_id, pk):
        raise _unsent()
    return Reply(None, 204)


def feedback(call: TwilioCall) -> Reply:
    """Note whether the recipient did what the message was for."""
    pk = message_id(call)
    outcome = call.form.get("Outcome", "confirmed").strip().lower()
    if outcome not in _OUTCOMES:
        raise TwilioError(INVALID, _("Outcome must be “confirmed” or “unconfirmed”."))
    one_message(call, pk)
    now = shared_time.now()
    at = now if outcome == _OUTCOMES[0] else None
    if not by_program.note_conversion(call.caller.application_id, pk, at):
        raise not_found(call)
    sid, account = sid_of(MESSAGE, pk), call.caller.account_sid
    return Reply(
        {
            "account_sid": account,
            "message_sid": sid,
            "outcome": outcome,
            "date_created": rfc2822(now),
            "date_updated": rfc2822(now),
            "uri": f"/2010-04-01/Accounts/{account}/Messages/{sid}/Feedback.json",
        },
        201,
    )


def _cancel(call: TwilioCall, pk: int) -> None:
    if not by_program.cancel(call.caller.application_id, pk):
        raise TwilioError(
            30409, _("The message can no longer be cancelled: it was sent, or it is over.")
        )


def _unsent() -> TwilioError:
    return TwilioError(
        20009,
        _("The message is not sent yet, and its text is needed. Cancel it, or wait."),
        409,
    )
