"""Valid mobile numbers outside the Chinese mainland for the demo, the same on every machine."""

import random

import phonenumbers
from phonenumbers import PhoneNumberType

from sending.sms.msisdn import MsisdnError, parse

REGIONS = (  # noqa: SIM905 - thirty codes read better as one line.
    "HK SG GB AU US DE FR JP TH MY PH ID TW MO NZ IE NL SE NO DK ES IT PL PT CH AT BE AE ZA BR"
).split()
# The last four digits that ask the simulator for something else than a delivery begin so.
MAGIC = "99"


def mobile_numbers(count: int, seed: int = 2026) -> list[str]:
    """Return `count` different MSISDNs with +, spread over REGIONS."""
    chance = random.Random(seed)  # noqa: S311 - invented numbers, no secret.
    examples = [
        example
        for region in REGIONS
        if (example := phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE))
    ]
    found: dict[str, None] = {}
    while len(found) < count:
        example = chance.choice(examples)
        digits = f"+{example.country_code}{phonenumbers.national_significant_number(example)}"
        number = digits[:-4] + f"{chance.randrange(10_000):04d}"
        if number[-4:].startswith(MAGIC):
            continue
        try:
            found[parse(number).e164] = None
        except MsisdnError:
            continue
    return list(found)


def magic_number(ending: str) -> str:
    """Return a valid Hong Kong mobile number whose last four digits are `ending`."""
    return parse(f"+8525123{ending}").e164
