"""Why a task is not sent: stable codes, and what each means to people in their language.

Code and params are kept with a task that came back from its schedule (`SendTask.not_sent`).
"""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from accounts.errors import MayNotSend
from sending.acceptance.request import RefusalCode
from sending.guard import console_sends
from sending.sms.originator import ORIGINATOR_MISSING

MISSED = "SCHEDULE_MISSED"
NUMBER_ERASED = "NUMBER_ERASED"

_SENTENCES: Mapping[str, Promise] = {
    "NOTHING_TO_SEND": lazy(
        "This task has no recipient that can be sent to. Choose other recipients."
    ),
    "TEMPLATE_NOT_APPROVED": lazy(
        "Version %(number)s of the text template “%(name)s” is no longer approved. "
        "Go back and choose an approved text template."
    ),
    "SIGNATURE_NOT_APPROVED": lazy(
        "The signature “%(name)s” is no longer approved. "
        "Go back and choose an approved signature, or none."
    ),
    RefusalCode.ORIGINATOR_NOT_APPROVED: lazy(
        "The originator “%(name)s” is no longer approved for your organization. Compose the task "
        "again with an approved originator."
    ),
    ORIGINATOR_MISSING: lazy(
        "Your organization has no approved originator for these countries: %(countries)s. Request "
        "one under Settings, then choose it in the application."
    ),
    "PRICE_CHANGED": lazy(
        "The price list has changed since the check. Go back to check the cost again."
    ),
    NUMBER_ERASED: lazy(
        "A number in this task is being erased. Wait a minute, look at the new figures, then send."
    ),
    "PACE_TOO_SLOW": lazy(
        "At this pace the last messages would go out after their validity has "
        "ended. Choose a longer "
        "validity, or more messages at once."
    ),
    RefusalCode.APPLICATION_COUNTRY: lazy(
        "The application “%(application)s” does not send to these countries: "
        "%(countries)s. Remove their numbers, or allow the countries in the application."
    ),
    RefusalCode.DAILY_LIMIT: lazy(
        "This task needs %(needed)s segments, and %(left)s of the %(limit)s segments a day are "
        "left. Send fewer recipients, send tomorrow, or ask for a higher limit."
    ),
    RefusalCode.APPLICATION_DAILY_LIMIT: lazy(
        "This task needs %(needed)s segments, and %(left)s of the %(limit)s segments a day of the "
        "application “%(application)s” are left. Send fewer recipients, send tomorrow, or raise "
        "the limit of the application."
    ),
    RefusalCode.APPLICATION_COUNTRY_DAILY_LIMIT: lazy(
        "This task needs %(needed)s segments to %(country)s, and %(left)s of the %(limit)s "
        "segments a day that the application “%(application)s” may send there are left. Send fewer "
        "recipients, send tomorrow, or raise the limit of the country in the application."
    ),
    console_sends.COUNTRIES: lazy(
        "The guard lets no one-time passwords go to these countries: %(countries)s. Remove their "
        "numbers, or have an administrator add the countries under Guard."
    ),
    console_sends.MONEY: lazy(
        "This task would pass the cap on money for one-time passwords. Send it later, or have an "
        "administrator raise the cap under Guard."
    ),
    MISSED: lazy(
        "The console could not send it until %(minutes)s minutes after the time "
        "chosen, which is too late. Choose another time, or send it now."
    ),
    "RESTORED": lazy(
        "The console was restored from a backup, and this task may have been sent after the backup "
        "was made. Send it only if you know that it was not."
    ),
    "NO_RIGHT_TO_SEND": lazy(
        "%(person)s can no longer send messages here. Someone who can has to send this task."
    ),
    "TOO_MANY_FOR_MEMBER": lazy(
        "This task has more messages than %(person)s can send in one task: the limit is %(most)s. "
        "Ask someone who can send more."
    ),
    "APPROVAL_NEEDED": lazy(
        "Someone else in your organization has to approve this task. Open it and ask for approval."
    ),
    "CHECKED_AGAIN": lazy(
        "The recipients have been checked again. Look at the new figures before you send."
    ),
}
# Somebody else's rule, whose sentence comes with it.
_ALREADY_SAID = lazy("%(said)s")


class NotAccepted(Exception):
    """The task cannot be sent now; `code` is stable, the text says why and what to do."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = str(code)
        self.params = params

    @classmethod
    def because(cls, refusal: MayNotSend) -> "NotAccepted":
        """Return what accounts refused."""
        return cls(refusal.code, said=str(refusal))

    def __str__(self) -> str:
        return not_accepted_sentence(self.code, self.params)


def not_accepted_sentence(code: str, params: Mapping[str, Any]) -> str:
    """Return why a task was not sent, and what to do."""
    words = {
        name: number_format(value, force_grouping=True) if isinstance(value, int) else value
        for name, value in params.items()
    }
    return str(_SENTENCES.get(code, _ALREADY_SAID)) % {"said": code, **words}
