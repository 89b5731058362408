"""For how long after Send messages of a task may be sent, as people may choose it."""

from dataclasses import dataclass

from django.utils.translation import ngettext

from sending.sms.named_validity import MOST_MINUTES_OF_CODES, UNNAMED_MINUTES, named_minutes
from templates_app import wording
from templates_app.models import SmsType, TextTemplateVersion

_DEFAULT = 24 * 60
_MOST = 72 * 60
# Where a variable says it, each message has its own; nobody waits longer for any.
_NAMED_BY_VARIABLE = 60
_CHOICES = (60, 120, 240, 480, 720, 1440, 2880, 4320)
_CHOICES_OF_CODES = (1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 240, 480, 720)


@dataclass(frozen=True, slots=True)
class ValidityRule:
    """Minutes: what is taken if nobody chooses, the longest, and whether the text names them.

    `set` says that the text template has them besides its text.
    """

    default: int
    most: int
    is_code: bool = False
    named: bool = False
    set: bool = False

    @property
    def choices(self) -> list[int]:
        """Return the minutes that can be chosen, the shortest first."""
        usual = _CHOICES_OF_CODES if self.is_code else _CHOICES
        return sorted({self.default, *(n for n in usual if n <= self.most)})


def validity_rule(version: TextTemplateVersion) -> ValidityRule:
    """Return what holds for a text template: a one-time password is valid as its text says."""
    if version.sms_type != SmsType.OTP:
        return ValidityRule(_DEFAULT, _MOST)
    if minutes := version.validity_minutes:
        return ValidityRule(minutes, minutes, is_code=True, set=True)
    if minutes := named_minutes(version.body):
        return ValidityRule(minutes, minutes, is_code=True, named=True)
    text = wording.parse(version.body)
    if named_minutes(text.render(["9"] * text.variables)):
        return ValidityRule(_NAMED_BY_VARIABLE, _NAMED_BY_VARIABLE, is_code=True, named=True)
    return ValidityRule(UNNAMED_MINUTES, MOST_MINUTES_OF_CODES, is_code=True)


def in_units(minutes: int) -> str:
    """Return a time as “15 minutes”, “2 hours” or “3 days”."""
    if minutes % 60 or minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours % 24 or hours == 24:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}
