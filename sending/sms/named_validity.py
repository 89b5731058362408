"""How long a text says that it is valid: "valid for 5 minutes", "5分钟内有效", "1 heure".

Digits of any script before or after the word for minutes or hours, in the languages below. Where
several times are named the longest one counts: nothing ends earlier than its text promises.
"""

import re

MOST_MINUTES = 24 * 60
# They are kept for a day, whatever becomes of them.
MOST_MINUTES_OF_CODES = 12 * 60
# Of a one-time password whose text does not say.
UNNAMED_MINUTES = 15

_MINUTES = (
    r"min(?:s|it|ut\w{0,3}|uut\w{0,3})?\b|menit\b|dakika|phút|минут\w{0,2}|хвилин\w{0,2}|分钟|分鐘|分間|分"
    r"|분|دقيقة|دقائق|دقیقه|דקות|דקה|मिनट|นาที"
)
_HOURS = (
    r"hours?\b|hrs?\b|h\b|heures?\b|horas?\b|or[ae]\b|stunden?\b|uur\b|uren\b|godzin\w{0,2}|saat|jam\b"
    r"|giờ|час\w{0,2}|годин\w{0,2}|小时|小時|時間|시간|ساعة|ساعات|שעות|שעה|घंटे|घंटा|ชั่วโมง"
)
_GAP = r"[\s\u00a0-]{0,2}"
_BEFORE = re.compile(
    rf"(?P<number>\d{{1,4}}){_GAP}(?:(?:{_MINUTES})|(?P<hours>{_HOURS}))", re.IGNORECASE
)
_AFTER = re.compile(
    rf"(?:(?:{_MINUTES})|(?P<hours>{_HOURS}))\s?[:：]\s?(?P<number>\d{{1,4}})(?!\d)", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+")
# Looking for a unit everywhere takes long; most texts have no number after a colon.
_MAY_BE_AFTER = re.compile(r"[:：]\s?\d")


def named_minutes(text: str) -> int | None:
    """Return for how many minutes a text says that it is valid; None if it does not say."""
    numbers = _NUMBER.finditer(text)
    found = [match for each in numbers if (match := _BEFORE.match(text, each.start()))]
    if _MAY_BE_AFTER.search(text):
        found += _AFTER.finditer(text)
    named = [minutes for match in found if (minutes := _minutes(match))]
    return min(max(named), MOST_MINUTES) if named else None


def _minutes(match: re.Match[str]) -> int:
    number = int(match["number"])
    return number * 60 if match["hours"] else number
