"""One number, found in whatever people and gateways wrote."""

import re
from collections.abc import Mapping
from typing import Any

import phonenumbers

# Fewer digits would be found in the numbers of others.
_FEWEST = 7
# What people put between the digits of a number.
_BETWEEN = r"[\s().\-/_]*"


class NumberPattern:
    """Finds an E.164 number in texts, with or without its country code, however it is spaced."""

    def __init__(self, msisdn: str) -> None:
        self.msisdn = msisdn
        self._digits = msisdn.removeprefix("+")
        self._national = self._digits
        try:
            national = phonenumbers.national_significant_number(phonenumbers.parse(msisdn))
        except phonenumbers.NumberParseException:
            national = ""
        if len(national) >= _FEWEST:
            self._national = national
        self._pattern = re.compile(_BETWEEN.join(self._national))

    def addresses(self) -> list[str]:
        """Return the ways in which gateways write the number as an address."""
        return [self.msisdn, self._digits, f"00{self._digits}", f"0{self._national}"]

    def is_in(self, value: Any) -> bool:
        """Tell whether a text, or anything inside lists and dictionaries, has the number."""
        if isinstance(value, Mapping):
            return any(map(self.is_in, value.values()))
        if isinstance(value, list | tuple):
            return any(map(self.is_in, value))
        return self._pattern.search(_plain(str(value))) is not None

    def hidden_in(self, value: Any) -> Any:
        """Return the value with stars in place of the number's digits."""
        if isinstance(value, Mapping):
            return {key: self.hidden_in(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.hidden_in(inner) for inner in value]
        if not self.is_in(value):
            return value
        text = str(value)
        for found in self._pattern.finditer(_plain(text)):
            stars = re.sub(r"[0-9]", "*", found[0])
            text = text[: found.start()] + stars + text[found.end() :]
        return text


# What people type for a digit, and the check of recipients reads as one.
_LOOK_ALIKES = str.maketrans("OoIl|", "00111")


def _plain(text: str) -> str:
    """Return a text as long as this one, with the digits of all scripts as 0 to 9."""
    if not text.isascii():
        text = "".join(str(int(each)) if each.isdecimal() else each for each in text)
    return text.translate(_LOOK_ALIKES)
