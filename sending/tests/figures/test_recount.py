"""After any traffic every figure of every page is what a recount of the messages says."""

import random
import re
from collections import Counter as Tally
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.roles import Role
from sending.delivery.counters import archiving, compaction, day_tallies
from sending.lifecycle import (
    FAILED_STATES,
    MESSAGE_STEPS,
    NOT_SENT_STATES,
    MessageState,
    SaidBy,
    TaskState,
)
from sending.models import DayTally, Message, SendTask
from sending.models.stepping import MessageChange, step
from sending.tests.factories import a_number, make_sender, make_task
from sending.tests.program_factories import make_program_messages
from sending.tests.reports.rows import export, figure, table
from sending.tests.send_tasks.reader import Reader, sound, words

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
COUNTRIES = ("HK", "GB", "SG")
_S = MessageState
_TAKEN_BY = {_S.SUBMITTED, _S.DELIVERED, _S.UNDELIVERABLE}
_RECEIPTS = {_S.DELIVERED, _S.UNDELIVERABLE, _S.EXPIRED, _S.REJECTED, _S.UNKNOWN}


@dataclass
class Traffic:
    """Random tasks, messages of programs and steps, and what was seen of them."""

    seed: int
    # Messages that a gateway said yes to, whatever the network said later.
    taken: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.member = make_sender(Role.OWNER, time_zone="Asia/Kolkata", daily_segment_limit=10_000)
        self.organization = self.member.organization
        self.now = START
        self._numbers = 0

    def go_on(self, rounds: int) -> None:
        for _round in range(rounds):
            # Now and then over midnight in Kolkata, which is half past in UTC.
            self.now += timedelta(minutes=self.random.choice([7, 45, 200, 700]))
            with time_machine.travel(self.now, tick=False):
                self.random.choice(
                    [self.a_task, self.of_programs, self.some_steps, self.some_steps]
                )()
                self.some_steps()
                if not self.random.randrange(4):
                    compaction.compact()
                    archiving.archive()
                    day_tallies.compact()

    def _some_numbers(self) -> list[str]:
        count = self.random.randrange(1, 9)
        self._numbers += count
        first = self._numbers
        return [a_number(first + n, self.random.choice(COUNTRIES)) for n in range(count)]

    def a_task(self) -> None:
        values = [[str(n) * self.random.randrange(1, 90), "5"] for n in range(8)]
        numbers = self._some_numbers()
        make_task(
            self.member,
            TaskState.SENDING,
            numbers=numbers,
            values=self.random.choice([values[: len(numbers)], ()]),
        )

    def of_programs(self) -> None:
        make_program_messages(self.organization, self._some_numbers())

    def some_steps(self) -> None:
        """Move messages wherever they may go, most of them onward."""
        messages = list(Message.objects.filter(organization_id=self.organization.pk))
        for message in self.random.sample(messages, min(len(messages), 12)):
            onward = sorted(MESSAGE_STEPS[MessageState(message.state)])
            if not onward:
                continue
            to = self.random.choice(onward)
            code = self.random.choice(["", "001", "027"]) if to in FAILED_STATES else ""
            delays = {message.pk: self.random.expovariate(0.1)} if to is _S.DELIVERED else None
            changes = [MessageChange(message.pk, code)]
            (stepped,) = step(to, changes, said_by=SaidBy.NETWORK, delays=delays)
            before = stepped.from_state
            came_back = before in {_S.SUBMITTED, _S.IN_DOUBT, _S.UNKNOWN} and to in _RECEIPTS
            if to in _TAKEN_BY or came_back:
                self.taken.add(message.pk)


class Recount:
    """Figures of some messages, counted one by one."""

    def __init__(self, messages: Iterable[Message], taken: set[int]) -> None:
        self.messages = list(messages)
        self.states = Tally(MessageState(message.state) for message in self.messages)
        self.taken = [message for message in self.messages if message.pk in taken]

    def of(self, states: Iterable[MessageState]) -> int:
        return sum(self.states[state] for state in states)

    @property
    def total(self) -> int:
        return len(self.messages)

    @property
    def delivered(self) -> int:
        return self.states[_S.DELIVERED]

    @property
    def failed(self) -> int:
        return self.of(FAILED_STATES)

    @property
    def segments(self) -> int:
        return sum(message.segments for message in self.taken)

    @property
    def cost(self) -> str:
        micro = sum(message.cost_micro for message in self.taken)
        return shown(micro)


def shown(micro: int) -> str:
    """An amount as pages have it: two decimals, or all four there are."""
    amount = Decimal(micro) / 1_000_000
    return f"{amount:,.{4 if micro % 10_000 else 2}f}"


def first(words_: str) -> str:
    return words_.split(maxsplit=1)[0]


def days_of(traffic: Traffic) -> Callable[[Message], int]:
    hours = dict(SendTask.objects.values_list("pk", "accepted_hour"))
    return lambda m: (hours[m.task_id] if m.task_id else m.accepted_hour) // 100


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_number_is_what_a_recount_says(seed: int) -> None:
    traffic = Traffic(seed)
    traffic.go_on(14)
    if seed == 2:
        with time_machine.travel(traffic.now, tick=False):
            move_away(traffic)
    traffic.go_on(4)

    with time_machine.travel(traffic.now, tick=False):
        reader = Reader(traffic.member)
        traffic.organization.refresh_from_db()
        messages = list(Message.objects.filter(organization_id=traffic.organization.pk))
        check_overview(reader, traffic, messages)
        check_statistics(reader, traffic, messages)
        check_breakdown(reader, traffic, messages)
        check_tasks(reader, traffic, messages)
        check_customer(reader, messages)


def move_away(traffic: Traffic) -> None:
    """Change the time zone: today's messages and what they took of the limit stay."""
    organization = traffic.organization
    organization.move_to("America/Los_Angeles", traffic.now)
    organization.save()


def check_overview(reader: Reader, traffic: Traffic, messages: list[Message]) -> None:
    day_of = days_of(traffic)
    today = int(f"{traffic.organization.local_day(traffic.now):%Y%m%d}")
    found = Recount([m for m in messages if day_of(m) == today], traffic.taken)
    page = reader.get(reverse("overview:overview"))
    assert first(figure(page, "Sent to carriers")) == str(len(found.taken))
    assert first(figure(page, "Delivered, confirmed")) == str(found.delivered)
    assert first(figure(page, "Failed")) == str(found.failed)
    assert first(figure(page, "Waiting for a receipt")) == str(found.states[_S.SUBMITTED])
    assert first(figure(page, "Not known")) == str(found.of({_S.IN_DOUBT, _S.UNKNOWN}))
    assert figure(page, "Cost, estimated").split()[1] == found.cost
    counting = [m for m in found.messages if MessageState(m.state) not in NOT_SENT_STATES]
    left = 10_000 - sum(message.segments for message in counting)
    assert f"{left:,} left" in words(page)


def check_statistics(reader: Reader, traffic: Traffic, messages: list[Message]) -> None:
    whole = Recount(messages, traffic.taken)
    page = reader.get(reverse("reports:statistics"), days=30)
    assert first(figure(page, "Handed to gateways")) == str(len(whole.taken))
    assert first(figure(page, "Delivered, confirmed")) == str(whole.delivered)
    assert first(figure(page, "Failed")) == str(whole.failed)
    assert first(figure(page, "Segments")) == str(whole.segments)
    assert figure(page, "Cost, estimated").split()[1] == whole.cost
    names = {"HK": "Hong Kong", "GB": "United Kingdom", "SG": "Singapore"}
    rows = {row[0]: row for row in table(page, "By country")}
    for code, name in names.items():
        of_one = Recount([m for m in messages if m.country == code], traffic.taken)
        (row,) = [row for key, row in rows.items() if key.startswith(name)] or [[]]
        if of_one.total:
            assert row[1:3] == [str(of_one.total), str(of_one.delivered)]
            assert row[4:6] == [str(of_one.failed), str(of_one.segments)]
            # All amounts of the column have as many decimals as the one with the most.
            assert Decimal(row[6]) == Decimal(of_one.cost)
    total = rows["All countries"]
    assert total[1] == str(whole.total)
    assert sum(Decimal(row[6]) for code, row in rows.items() if row[6][0].isdigit()) == 2 * Decimal(
        whole.cost
    )
    day_of = days_of(traffic)
    lines = export(reader, days=30)[1:]
    by_day: Tally[str] = Tally()
    for line in lines:
        by_day[line[0].replace("-", "")] += int(line[4])
    taken = Tally(str(day_of(m)) for m in messages if m.pk in traffic.taken)
    assert +by_day == taken


def check_breakdown(reader: Reader, traffic: Traffic, messages: list[Message]) -> None:
    of_tasks = Recount([m for m in messages if m.task_id], traffic.taken)
    page = reader.get(reverse("reports:breakdown"), days=30)
    for heading in ("By text template", "By signature", "By person"):
        rows = table(page, heading)[1:]
        assert sum(int(row[1]) for row in rows) == of_tasks.total
        assert sum(int(row[2]) for row in rows) == len(of_tasks.taken)
        assert sum(int(row[6]) for row in rows) == of_tasks.segments
    lost = [m for m in messages if MessageState(m.state) in FAILED_STATES | {_S.BLOCKED}]
    codes = Tally(m.code or "No code" for m in lost)
    if lost:
        rows = table(page, "By error")[1:]
        assert {row[0]: int(row[1]) for row in rows} == dict(codes)
        assert round(sum(float(row[2].split("\xa0")[0].split()[0]) for row in rows), 1) == 100.0
    arrived = sum(m.state == _S.DELIVERED for m in messages)
    measured = DayTally.objects.filter(kind="DELAY").values_list("messages", flat=True)
    assert sum(measured) == arrived


def check_tasks(reader: Reader, traffic: Traffic, messages: list[Message]) -> None:
    listed = reader.get(reverse("send_tasks:list"))
    rows = {row.find("a").text: row for row in listed.select("tbody tr")}
    for task in SendTask.objects.filter(organization=traffic.organization):
        found = Recount([m for m in messages if m.task_id == task.pk], traffic.taken)
        page = reader.get(reverse("send_tasks:detail", args=[task.pk]))
        printed = reader.get(reverse("send_tasks:report", args=[task.pk]))
        for each in (page, printed):
            assert first(figure(each, "Handed to gateways")) == str(len(found.taken))
            assert first(figure(each, "Delivered, confirmed")) == str(found.delivered)
            assert first(figure(each, "Failed")) == str(found.failed)
            assert figure(each, "Cost so far").split()[1] == found.cost
        states = table(page, "Messages by state")[1:-1]
        assert sum(int(row[1]) for row in states) == found.total
        assert round(sum(float(re.split(r"[\s\xa0]", row[2])[0]) for row in states), 1) == 100.0
        if task.name in rows:
            cells = [" ".join(cell.text.split()) for cell in rows[task.name].find_all("td")]
            assert cells[1:4] == [str(found.total), str(found.delivered), str(found.failed)]
            bar: BeautifulSoup = rows[task.name].select_one("svg.bar")
            assert bar["aria-label"] == f"{len(found.taken)} of {found.total} handed over"
        check = reader.get(reverse("send_tasks:check", args=[task.pk]))
        assert first(figure(check, "Segments")) == str(sum(m.segments for m in found.messages))
        assert shown(sum(m.cost_micro for m in found.messages)) in words(check)


def check_customer(reader: Reader, messages: list[Message]) -> None:
    number = messages[0].msisdn
    response = reader.client.post(reverse("groups:number"), {"number": number})
    page = sound(response)
    assert figure(page, "Messages") == str(sum(m.msisdn == number for m in messages))
