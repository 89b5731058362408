"""How often an application may send to one number: exact, whoever sends at the same moment.

One statement adds and looks at the limits under the lock of each row. Where it finds one passed,
everything is undone, and the messages are looked at one by one before the next try.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b, sha256

from django.conf import settings
from django.db import connection

from accounts.models import SmsApplication
from accounts.statements import Rows, Statement
from sending.acceptance.checks import Checked
from sending.acceptance.refusals import Refused
from sending.acceptance.request import RefusalCode
from sending.lifecycle import Lane
from sending.models import NumberUse
from sending.models.number_use import WHATEVER_TEXT

# Digests of a number and of a text.
Key = tuple[int, int]

_ADD = {
    "postgresql": (
        "INSERT INTO sending_numberuse AS n"
        " (application_id, number_digest, text_digest, hour, in_hour, in_day, last_at)"
        " SELECT %s, number, text, %s, times, times, %s"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS v(number, text, times)"
    ),
    "sqlite": (
        "INSERT INTO sending_numberuse AS n"
        " (application_id, number_digest, text_digest, hour, in_hour, in_day, last_at)"
        " SELECT %s, json_extract(value, '$[0]'), json_extract(value, '$[1]'), %s,"
        " json_extract(value, '$[2]'), json_extract(value, '$[2]'), %s"
        " FROM json_each(%s) WHERE true"
    ),
}
_IN_HOUR = "CASE WHEN n.hour = excluded.hour THEN n.in_hour ELSE 0 END + excluded.in_hour"
_IN_DAY = "CASE WHEN n.hour / 100 = excluded.hour / 100 THEN n.in_day ELSE 0 END + excluded.in_day"
_WITHIN_LIMITS = (
    " ON CONFLICT (application_id, number_digest, text_digest) DO UPDATE SET"
    f" in_hour = {_IN_HOUR}, in_day = {_IN_DAY},"
    " hour = excluded.hour, last_at = excluded.last_at"
    f" WHERE CASE WHEN n.text_digest = {WHATEVER_TEXT}"
    f" THEN {_IN_HOUR} <= %s AND {_IN_DAY} <= %s ELSE n.last_at <= %s END"
    " RETURNING 1"
)
_NO_LIMIT = 2**31 - 1


@cache
def _digest_key(secret: str) -> bytes:
    return sha256(b"number use:" + secret.encode()).digest()


def _digest(key: bytes, text: str) -> int:
    """Return 63 bits that mean nothing without the key; never WHATEVER_TEXT."""
    octets = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
    return (int.from_bytes(octets, "big") >> 1) or 1


@dataclass(frozen=True, slots=True)
class _Use:
    """What a row says."""

    hour: int
    in_hour: int
    in_day: int
    last_at: datetime

    def after(self, hour: int, at: datetime) -> "_Use":
        """Return what it says after one more message."""
        in_hour = self.in_hour if self.hour == hour else 0
        in_day = self.in_day if self.hour // 100 == hour // 100 else 0
        return _Use(hour, in_hour + 1, in_day + 1, at)


@dataclass(frozen=True, slots=True)
class Addition:
    """Statements that count messages: run them, then ask `is_within` with the rows of the last.

    `fits` tells whether the messages alone are few enough: the database asks about rows that are
    there already, not about new ones.
    """

    statements: Sequence[Statement]
    uses: int
    fits: bool

    def is_within(self, rows: Rows) -> bool:
        """Tell whether no limit is passed; else undo everything."""
        return self.fits and (not self.statements or len(rows) == self.uses)


class NumberLimits:
    """The frequency limits of an application at a moment."""

    def __init__(self, application: SmsApplication, hour: int, at: datetime) -> None:
        self._application = application
        self._hour, self._at = hour, at
        self._repeat = timedelta(seconds=application.repeat_seconds)
        hourly, daily = application.number_hourly_limit, application.number_daily_limit
        self._hourly: int = _NO_LIMIT if hourly is None else hourly
        self._daily: int = _NO_LIMIT if daily is None else daily
        self._counts = min(self._hourly, self._daily) < _NO_LIMIT
        self._digest_key = _digest_key(settings.SECRET_KEY)
        self._texts: dict[str, int] = {}

    def addition(self, messages: Iterable[Checked]) -> Addition:
        """Return what counts messages; the rows it writes are locked until the transaction ends."""
        times: dict[Key, int] = {}
        for message in messages:
            for key in self._keys(message):
                times[key] = times.get(key, 0) + 1
        if not times:
            return Addition([], 0, fits=True)
        rows = [(*key, times[key]) for key in sorted(times)]
        if connection.vendor == "postgresql":
            given = ["{" + ",".join(map(str, column)) + "}" for column in zip(*rows, strict=True)]
        else:
            given = [json.dumps(rows)]
        moment = connection.ops.adapt_datetimefield_value
        parameters = [
            self._application.pk,
            self._hour,
            moment(self._at),
            *given,
            self._hourly,
            self._daily,
            moment(self._at - self._repeat),
        ]
        statement = Statement(_ADD[connection.vendor] + _WITHIN_LIMITS, parameters)
        most = min(self._hourly, self._daily)
        fits = all(
            count <= (most if text == WHATEVER_TEXT else 1)
            for (_number, text), count in times.items()
        )
        return Addition([statement], len(rows), fits=fits)

    def refuse(self, messages: Sequence[Checked]) -> dict[int, Refused]:
        """Return {place: why} of messages that pass a limit, one by one in their order."""
        keys = [self._keys(message) for message in messages]
        uses = self._read({number for each in keys for number, _text in each})
        refused: dict[int, Refused] = {}
        for place, each in enumerate(keys):
            now = {key: uses[key].after(self._hour, self._at) for key in each if key in uses}
            why = self._passed(each, uses)
            if why is not None:
                refused[place] = why
                continue
            first = _Use(self._hour, 1, 1, self._at)
            uses.update({key: now.get(key, first) for key in each})
        return refused

    def _passed(self, keys: Sequence[Key], uses: dict[Key, _Use]) -> Refused | None:
        """Return the limit that one more message passes."""
        for key in keys:
            use = uses.get(key)
            if key[1] != WHATEVER_TEXT:
                if use and use.last_at > self._at - self._repeat:
                    seconds = self._application.repeat_seconds
                    return Refused(RefusalCode.REPEATED_TEXT, seconds=seconds)
                continue
            then = use.after(self._hour, self._at) if use else _Use(self._hour, 1, 1, self._at)
            if then.in_hour > self._hourly:
                return Refused(RefusalCode.NUMBER_HOURLY_LIMIT, limit=self._hourly)
            if then.in_day > self._daily:
                return Refused(RefusalCode.NUMBER_DAILY_LIMIT, limit=self._daily)
        return None

    def _read(self, numbers: set[int]) -> dict[Key, _Use]:
        rows = NumberUse.objects.filter(
            application_id=self._application.pk, number_digest__among=sorted(numbers)
        ).values_list("number_digest", "text_digest", "hour", "in_hour", "in_day", "last_at")
        return {
            (number, text): _Use(hour, in_hour, in_day, last_at)
            for number, text, hour, in_hour, in_day, last_at in rows
        }

    def _keys(self, message: Checked) -> list[Key]:
        """Return the rows that know of a message: none where no limit holds for it."""
        if message.content.lane is Lane.OTP and not self._application.limits_one_time_passwords:
            return []
        if not (self._repeat or self._counts):
            return []
        number = _digest(self._digest_key, message.msisdn)
        keys = []
        if self._repeat:
            keys.append((number, self._text(message.content.text)))
        if self._counts:
            keys.append((number, WHATEVER_TEXT))
        return keys

    def _text(self, text: str) -> int:
        digest = self._texts.get(text)
        if digest is None:
            digest = self._texts[text] = _digest(self._digest_key, text)
        return digest
