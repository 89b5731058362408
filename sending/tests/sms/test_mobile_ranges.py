"""The fast decision about a number against `phonenumbers`, over all countries.

MSISDN_NUMBERS sets how many numbers are tried.
"""

import contextlib
import os
import random
from collections.abc import Iterator

import phonenumbers
import pytest

from sending.sms.mobile_ranges import country_of_mobile, is_no_number
from sending.sms.msisdn import Msisdn, MsisdnError, decide

NUMBERS = int(os.environ.get("MSISDN_NUMBERS", "20000"))
KINDS = range(11)  # phonenumbers.PhoneNumberType without UNKNOWN


def examples() -> list[tuple[int, str]]:
    """Return digits of each kind of number of each region, with the length of the calling code.

    Mobiles stand there four times: what the fast decision accepts is what must be right.
    """
    found = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        calling_code = len(str(phonenumbers.country_code_for_region(region)))
        for kind in KINDS:
            example = phonenumbers.example_number_for_type(region, kind)
            if example is not None:
                e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
                times = 4 if kind in {1, 2} else 1
                found += [(calling_code, e164[1:])] * times
    return found


def numbers(count: int) -> Iterator[str]:
    """Yield examples with other last digits, and mutated ones: the same at each run."""
    dice = random.Random(20261122)
    seeds = examples()
    for number in range(count):
        calling_code, digits = dice.choice(seeds)
        change = number % 8
        if change < 5:
            kept = len(digits) - dice.randint(1, 6)
            digits = digits[:kept] + "".join(dice.choices("0123456789", k=len(digits) - kept))
        elif change == 5:
            place = dice.randrange(len(digits))
            digits = digits[:place] + dice.choice("0123456789") + digits[place + 1 :]
        elif change == 6:
            place = dice.randint(0, len(digits))
            inserted = dice.choice(["", "0", "1", "8", "9", "15", "00", "044"])
            digits = digits[:place] + inserted + digits[place + dice.randint(0, 1) :]
        else:
            rest = dice.choices("0123456789", k=dice.randint(3, 13))
            digits = digits[:calling_code] + "".join(rest)
        yield digits


def slow(digits: str) -> Msisdn | None:
    try:
        return decide(digits)
    except MsisdnError:
        return None


@pytest.mark.slow
def test_it_accepts_exactly_what_phonenumbers_accepts():
    wrong, decided = [], 0
    for digits in numbers(NUMBERS):
        country = country_of_mobile(digits)
        if country is None:
            continue  # Left to phonenumbers: nothing to differ in.
        decided += 1
        if slow(digits) != Msisdn("+" + digits, country):
            wrong.append((digits, country))
    assert wrong == []
    assert decided > NUMBERS // 10


def test_it_leaves_few_mobiles_to_the_slow_path():
    undecided = accepted = 0
    for digits in numbers(NUMBERS // 40):
        answer = slow(digits)
        if answer is not None and answer.e164 == "+" + digits:
            accepted += 1
            undecided += country_of_mobile(digits) is None
    assert accepted > NUMBERS // 400
    assert undecided <= accepted // 50


def test_it_knows_the_mobile_of_nearly_every_country():
    left = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS - {"CN"}):
        example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
        if example is not None:
            digits = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)[1:]
            answer = slow(digits)
            country = country_of_mobile(digits)
            assert answer is None or country in {answer.country, None}
            if country is None:
                left.append(region)
    assert len(left) < 12, left


@pytest.mark.parametrize(
    "digits",
    [
        "",
        "8",
        "85",
        "852",
        "0",
        "085261234567",
        "8613800138000",
        "870301234567",
        "1" * 16,
        "9" * 500,
    ],
)
def test_what_it_does_not_know_it_leaves(digits):
    assert country_of_mobile(digits) is None


def test_what_it_calls_no_number_phonenumbers_refuses():
    refused = [digits for digits in numbers(NUMBERS // 5) if is_no_number(digits)]
    assert len(refused) > NUMBERS // 50
    for digits in refused:
        with contextlib.suppress(phonenumbers.NumberParseException):
            assert not phonenumbers.is_valid_number(phonenumbers.parse(f"+{digits}"))


@pytest.mark.parametrize("digits", ["", "0", "999123456789", "44740", "4474001234561234567"])
def test_what_no_country_has_is_no_number(digits):
    assert is_no_number(digits)


# The trunk prefixes 0 and 06 fall away, and nobody knows +870 by length.
@pytest.mark.parametrize(
    "digits", ["447400123456", "4407400123456", "3606201234567", "870773111632"]
)
def test_what_may_be_a_number_is_left_to_phonenumbers(digits):
    assert not is_no_number(digits)
