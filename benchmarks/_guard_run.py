"""One part of `bench guard` in a process of its own; prints what it found as a JSON line.

    python -m benchmarks._guard_run PART

It runs in the environment that the measured programs get: VAR_DIR, DATABASE_URL, REDIS_URL.
"""

import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import _sending

_sending.set_up()

from django.conf import settings  # noqa: E402 - after Django is ready.
from django.db import connection, transaction  # noqa: E402

from accounts import shared_time  # noqa: E402
from accounts.garbage import leave_out_what_is_loaded  # noqa: E402
from sending.acceptance.guarded import guard_terms  # noqa: E402
from sending.guard.conversions import ConversionSource, converted  # noqa: E402
from sending.guard.guarding import Guarding  # noqa: E402
from sending.guard.judged import Candidate  # noqa: E402
from sending.guard.rules.names import CHOSEN_RULES, Dimension, GuardMode, Rule  # noqa: E402
from sending.models import (  # noqa: E402
    GuardCounter,
    GuardHold,
    GuardRuleSetting,
    GuardSettings,
)
from sending.sms import msisdn  # noqa: E402
from sending.tests.acceptance.program import Program  # noqa: E402
from sending.tests.guard.golden.cases import ATTACK, Row, rows_of  # noqa: E402

FOLDER = Path(os.environ.get("VAR_DIR", "var"))
SIZES = {1: 400, 20: 40, 200: 10}
"""Messages of a request, and how many requests."""
AT_ONCE, EACH, ROUNDS = 20, 5, 12
"""Programs that send at the same moment, what each of them sends one by one, and how often."""
PER_SECOND = 1_000_000 / 3_600
LOAD_SECONDS, LOAD_ROUNDS = 2.0, 6
"""A million codes an hour, each in a request of its own: how long at a time, and how often."""
COST = 0.0395
# Codes of an attack that may leave, at that cost each, by the decisions that the tests keep.
BOUNDS = {"sequence_600": 25, "block_10k_60": 30}
# Of each day of the tests some honest traffic, then the beginning of the attack.
FROM, UNTIL = 1.9 * 3_600, 2.7 * 3_600
SCRIPTED, PEOPLE = 200, 20
"""Numbers of each attack on the form, and people who sign up during it."""
_numbers = itertools.count(1)


def cost() -> dict[str, Any]:
    """Measure processor time with the guard and without, with what a process remembers."""
    settings.ACCEPTANCE_MEMORY_SECONDS, settings.GUARD_MEMORY_SECONDS = 30.0, 60.0
    # As the web and the SMPP server do.
    leave_out_what_is_loaded()
    return {
        "costs": {size: _cost(size, requests) for size, requests in SIZES.items()},
        "at_once": _cost_at_once(),
        "load": _cost_under_load(),
        "floor": _floor(),
    }


def attacks() -> dict[str, Any]:
    """Let attacks of the tests come through acceptance."""
    settings.ACCEPTANCE_MEMORY_SECONDS, settings.GUARD_MEMORY_SECONDS = 1.0, 60.0
    return {"attacks": {name: _attack(name, most) for name, most in BOUNDS.items()}}


def signup() -> dict[str, Any]:
    """Attack a sign-up form that asks a live console, while people sign up."""
    from benchmarks._api_run import console_web, web
    from sending.tests import factories
    from sending.tests.guard import signup_attack
    from smsconsole.tests.ports import free_port

    _sending.make_gateway(1)
    member = _sending.make_member()
    factories.make_prices(signup_attack.PRICES)
    port = free_port()
    line = [sys.executable, "examples/signup.py", str(port)]
    with console_web() as console:
        os.environ.update(signup_attack.prepared(member.organization))
        os.environ["CONSOLE_URL"] = f"http://127.0.0.1:{console}"
        with web("signup", line, port):
            visitors = signup_attack.Visitors(f"http://127.0.0.1:{port}")
            played = [
                visitors.play(attack, people=PEOPLE) for attack in signup_attack.attacks(SCRIPTED)
            ]
    return {
        "outcomes": [
            {**asdict(one), "spent": one.spent_micro / 1e6, "bound": one.bound_micro / 1e6}
            for one in played
        ]
    }


def _program() -> Program:
    program = Program(daily_segment_limit=50_000_000)
    program.limit(repeat_seconds=0)
    minute = int((shared_time.now() - timedelta(days=1)).timestamp() // 3600) * 60
    for dimension, bucket in ((Dimension.COUNTRY_HOUR, "GB"), (Dimension.ORGANIZATION_HOUR, "")):
        GuardCounter.objects.create(
            organization_id=program.organization.pk,
            dimension=dimension.value,
            bucket=bucket,
            minute=minute,
            sent=120,
            verified=84,
        )
    return program


def _modes(program: Program, modes: dict[Rule, GuardMode]) -> None:
    GuardRuleSetting.objects.filter(organization=program.organization).delete()
    for rule, mode in modes.items():
        GuardRuleSetting.objects.create(
            organization=program.organization, rule=rule.value, mode=mode.value
        )


def _cost(size: int, requests: int) -> dict[str, float]:
    """Return the processor time of a message with the guard and without, in milliseconds.

    Two organizations take turns, so that a machine that gets slower slows both.
    """
    return _in_turns(requests, size, lambda program: _send(program, size, shared_time.now()))


def _cost_at_once() -> dict[str, float]:
    """Return the same where programs send one message each at the same moment."""
    with ThreadPoolExecutor(AT_ONCE) as pool:

        def send(program: Program) -> None:
            for answered in [pool.submit(_send_one_by_one, program) for _each in range(AT_ONCE)]:
                answered.result()

        return _in_turns(ROUNDS, AT_ONCE * EACH, send)


def _cost_under_load() -> dict[str, float]:
    """Return the same where codes keep coming, whether or not those before are answered."""
    messages = round(PER_SECOND * LOAD_SECONDS)
    with ThreadPoolExecutor(AT_ONCE) as pool:

        def send_at(program: Program, due: float) -> None:
            _sending.rest(max(due - time.monotonic(), 0))
            _send(program, 1, None)

        def send(program: Program) -> None:
            began = time.monotonic()
            dues = (began + nth / PER_SECOND for nth in range(messages))
            for answered in [pool.submit(send_at, program, due) for due in dues]:
                answered.result()

        return _in_turns(LOAD_ROUNDS, messages, send)


def _send_one_by_one(program: Program) -> None:
    for _each in range(EACH):
        # Without a moment of its own it is accepted together with others.
        _send(program, 1, None)


def _in_turns(requests: int, messages: int, send: Callable[[Program], object]) -> dict[str, float]:
    programs = {True: _program(), False: _program()}
    _modes(programs[False], dict.fromkeys(CHOSEN_RULES, GuardMode.OFF))
    times: dict[bool, list[float]] = {True: [], False: []}
    for request in range(-3, requests):
        for is_on, program in programs.items():
            began = time.process_time()
            send(program)
            # The first ones fill what the process remembers.
            if request >= 0:
                times[is_on].append((time.process_time() - began) * 1_000 / messages)
    without, with_guard = statistics.median(times[False]), statistics.median(times[True])
    return {
        "without": without,
        "with": with_guard,
        "guard": with_guard - without,
        "ratio": with_guard / without,
    }


def _floor() -> float:
    """Return the processor time of the bare statements of the guard for one message.

    Their text is made before, and nobody looks at their rows; beside two round trips of nothing.
    """
    program = _program()
    at = shared_time.now()
    candidate = Candidate(_sending.number(1), "GB", int(COST * 1e6), program.key.pk)
    owner = program.organization.pk, program.application.pk
    guarding = Guarding(guard_terms(owner[0]), *owner, at, [candidate])
    times: dict[bool, list[float]] = {True: [], False: []}
    with transaction.atomic(), connection.cursor() as cursor:
        for nth in range(400):
            cursor.execute(_text(cursor, guarding.questions))
            cursor.nextset()
            guarding.judge([cursor.fetchall()], [0])
            stored = _text(cursor, guarding.statements([10_000_000 + nth]))
            for is_ours in (True, False):
                wanted = (
                    [_text(cursor, guarding.questions), stored] if is_ours else ["SELECT 1"] * 2
                )
                began = time.process_time()
                for text in wanted:
                    cursor.execute(text)
                    while cursor.nextset():
                        pass
                times[is_ours].append((time.process_time() - began) * 1_000)
        transaction.set_rollback(True)
    return statistics.median(times[True]) - statistics.median(times[False])


def _text(cursor: Any, statements: Any) -> str:
    return "; ".join(cursor.mogrify(one.sql, one.parameters) for one in statements)


def _send(program: Program, size: int, at: datetime | None) -> None:
    wanted = [
        # Neighbours of nobody, so that nothing is stopped.
        program.wants_code(_sending.number(next(_numbers) * 137 % 99_000_000))
        for _each in range(size)
    ]
    program.send(*wanted, at=at)


def _attack(name: str, most: int) -> dict[str, Any]:
    """Let a case of the tests come through the door, from an hour ago on."""
    program = _program()
    GuardSettings.objects.filter(organization=program.organization).update(home_countries=["GB"])
    _modes(
        program, {Rule.TEN_THOUSAND: GuardMode.ENFORCE, Rule.HUNDRED_THOUSAND: GuardMode.ENFORCE}
    )
    began = shared_time.now()
    counts = {"offered": 0, "left": 0, "honest_stopped": 0}
    entered: list[tuple[float, int]] = []
    for row in rows_of(name):
        if not FROM <= row.t < UNTIL or not _is_number(row.number):
            continue
        _enter(program, entered, row.t, began)
        left = _ask(program, row, began + timedelta(seconds=row.t))
        if row.label == ATTACK:
            counts["offered"] += 1
            counts["left"] += bool(left)
        elif not left:
            counts["honest_stopped"] += 1
        if left and row.converted_at:
            entered.append((float(row.converted_at), left))
    return {**counts, "spent": counts["left"] * COST, "bound": most * COST}


def _is_number(number: str) -> bool:
    try:
        return msisdn.parse(number).country == "GB"
    except msisdn.MsisdnError:
        return False


def _ask(program: Program, row: Row, at: datetime) -> int:
    """Return the id of the message if it left, else 0."""
    (answer,) = program.send(program.wants_code(row.number), at=at)
    message_id = getattr(answer, "message_id", 0)
    return _leaves(message_id) if message_id else 0


def _leaves(message_id: int) -> int:
    held = GuardHold.objects.filter(pk=message_id, over_at=None).exists()
    return 0 if held else message_id


def _enter(program: Program, entered: list[tuple[float, int]], t: float, began: datetime) -> None:
    due = [one for one in entered if one[0] <= t]
    entered[:] = [one for one in entered if one[0] > t]
    for at, message_id in due:
        when = began + timedelta(seconds=at)
        converted(program.organization.pk, [message_id], when, ConversionSource.REPORT)


PARTS: dict[str, Callable[[], dict[str, Any]]] = {
    "cost": cost,
    "attacks": attacks,
    "signup": signup,
}


if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]]() | {"load_average": os.getloadavg()}))
