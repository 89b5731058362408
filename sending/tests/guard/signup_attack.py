"""People and scripts at a sign-up form, and what the scripts cost: for a test and a benchmark."""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from django.db.models import Sum

from accounts import shared_time
from accounts.models import ApiKey, KeyKind, Organization
from sending.guard.rules.names import Dimension, GuardMode, Rule
from sending.models import GuardCounter, GuardHold, GuardRuleSetting, GuardSettings, Message
from sending.tests.factories import CODE_BODY, default_application
from sending.verify import service_settings
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

HOME = ("GB", "HK")
PRICES = {"GB": 39_500, "HK": 400_000, "": 900_000}
"""Of a code in millionths; the dearer one of the home countries is the one to pump."""
COUNTRY_CAP_MICRO = 12_000_000
"""What codes to one country may cost in an hour: the bound of what no rule about numbers sees."""
_GB_MICRO = PRICES["GB"]
_opener = build_opener(ProxyHandler({}))


class Attack(NamedTuple):
    """Numbers that a script asks for, from these addresses, and the most that it may cost."""

    name: str
    numbers: list[str]
    addresses: list[str]
    bound_micro: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attack came to, with the people who signed up meanwhile. Money in millionths."""

    name: str
    asked: int
    left: int
    spent_micro: int
    bound_micro: int
    honest: int
    honest_blocked: int


def attacks(size: int) -> Iterator[Attack]:
    """Yield attacks of so many numbers each, of a size at which each of them would hurt."""
    chance = random.Random(14)
    many = [f"198.51.{nth // 250}.{nth % 250 + 1}" for nth in range(size)]
    # Five of a block of 1,000; dense blocks get a little more.
    row = [f"+4474{77_000_100 + nth}" for nth in range(size)]
    yield Attack("numbers in a row", row, many, 10 * _GB_MICRO)
    block = [f"+4474{55_550_000 + each}" for each in chance.sample(range(10_000), size)]
    yield Attack("inside a block of 10,000", block, many, 100 * _GB_MICRO)
    spread = [f"+8525{1_000_000 + each}" for each in chance.sample(range(8_000_000), size)]
    yield Attack("across blocks, many addresses", spread, many, COUNTRY_CAP_MICRO)
    dear = [f"+3706{1_000_000 + nth * 37_003 % 8_000_000}" for nth in range(size)]
    yield Attack("an expensive country", dear, many, 0)
    lonely = [f"+4474{10_000_000 + each}" for each in chance.sample(range(40_000_000), size)]
    yield Attack("one address, many numbers", lonely, ["203.0.113.9"], 10 * _GB_MICRO)


def prepared(organization: Organization) -> Mapping[str, str]:
    """Let an organization have a Verify service and a guard that enforces; return who may ask it.

    It is known what is usual, each country has a cap, and its home countries are named.
    """
    application = default_application(organization)
    service = service_settings.create(
        application=application,
        friendly_name="Sign-up",
        text_template=approved_template(organization, CODE_BODY, SmsType.OTP),
    )
    token = ApiKey.objects.create(
        organization=organization,
        application=application,
        kind=KeyKind.TOKEN.value,
        secret_id=application.account_sid,
    )
    yesterday = int((shared_time.now() - timedelta(days=1)).timestamp() // 3600) * 60
    for dimension, buckets in (
        (Dimension.COUNTRY_HOUR, HOME),
        (Dimension.ORGANIZATION_HOUR, ("",)),
    ):
        for bucket in buckets:
            GuardCounter.objects.create(
                organization_id=organization.pk,
                dimension=dimension.value,
                bucket=bucket,
                minute=yesterday,
                sent=120,
                verified=84,
            )
    for rule in (Rule.TEN_THOUSAND, Rule.HUNDRED_THOUSAND, Rule.ADDRESS):
        GuardRuleSetting.objects.create(
            organization=organization, rule=rule.value, mode=GuardMode.ENFORCE.value
        )
    GuardSettings.objects.filter(organization=organization).update(
        home_countries=list(HOME), country_hour_micro=COUNTRY_CAP_MICRO
    )
    return {
        "ACCOUNT_SID": application.account_sid,
        "AUTH_TOKEN": token.secret_key,
        "SERVICE_SID": service.sid,
    }


class Visitors:
    """Scripts and people at the form of `url`. People read their messages in the database."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._chance = random.Random(59)
        self._people = 0

    def play(self, attack: Attack, *, people: int) -> Outcome:
        """Let a script ask for its numbers, and people sign up between them."""
        began = shared_time.now()
        every = max(1, len(attack.numbers) // people) if people else len(attack.numbers) + 1
        honest = blocked = 0
        for nth, number in enumerate(attack.numbers):
            self._post("/signup", attack.addresses[nth % len(attack.addresses)], number=number)
            if nth % every == 0 and honest < people:
                honest += 1
                blocked += not self._signs_up()
        sent = Message.objects.filter(msisdn__in=attack.numbers, created_at__gte=began)
        held = GuardHold.objects.filter(over_at=None).values("message_id")
        left = sent.exclude(pk__in=held)
        spent = left.aggregate(micro=Sum("cost_micro"))["micro"] or 0
        return Outcome(
            *(attack.name, len(attack.numbers), left.count(), spent, attack.bound_micro),
            *(honest, blocked),
        )

    def _signs_up(self) -> bool:
        """Ask for a code and mostly enter it, as a person; tell whether the code came."""
        self._people += 1
        number = f"+4474{self._chance.randrange(10_000_000, 50_000_000)}"
        address = f"192.0.2.{self._people % 250 + 1}"
        status, _answer = self._post("/signup", address, number=number)
        code = _received(number) if status == 202 else ""
        if code and self._chance.random() < 0.7:
            _status, answer = self._post("/confirm", address, number=number, code=code)
            return bool(answer["welcome"])
        return bool(code)

    def _post(self, path: str, address: str, **given: str) -> tuple[int, dict[str, object]]:
        request = Request(self._url + path, json.dumps(given).encode())
        request.add_header("X-Forwarded-For", address)
        try:
            with _opener.open(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            return error.code, json.load(error)


def _received(number: str) -> str:
    """Return the code that a phone shows; empty where the message waits or never came."""
    message = Message.objects.filter(msisdn=number).order_by("-pk").first()
    if message is None or GuardHold.objects.filter(pk=message.pk, over_at=None).exists():
        return ""
    return str(json.loads(message.variables)[0])
