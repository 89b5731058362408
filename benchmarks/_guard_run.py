"""The guard in the product's own acceptance: processor time with it and without, and attacks.

Prints one JSON line. The environment names database and folder, see `_database.empty_console`.
"""

import itertools
import json
import statistics
import threading
import time
from datetime import datetime, timedelta
from typing import Any

from benchmarks import _sending

_sending.set_up()

from django.conf import settings  # noqa: E402 - after Django is ready.

from accounts import shared_time  # noqa: E402 - after Django is ready.
from sending.guard.conversions import ConversionSource, converted  # noqa: E402
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

SIZES = {1: 60, 20: 10, 200: 3}
"""Messages of a request, and requests of a round."""
ROUNDS = 3
COST = 0.0395
# Codes of an attack that may leave, at that cost each, by the decisions that the tests keep.
BOUNDS = {"sequence_600": 25, "block_10k_60": 30}
# Of each day of the tests some honest traffic, then the beginning of the attack.
FROM, UNTIL = 1.9 * 3_600, 2.7 * 3_600
_numbers = itertools.count(1)
_pause = threading.Event()


def main() -> dict[str, Any]:
    """Measure everything, with what a process remembers in production."""
    settings.ACCEPTANCE_MEMORY_SECONDS, settings.GUARD_MEMORY_SECONDS = 1.0, 60.0
    return {
        "costs": {size: _cost(size, requests) for size, requests in SIZES.items()},
        "attacks": {name: _attack(name, most) for name, most in BOUNDS.items()},
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
    """Return the processor time of a message with the guard and without, in milliseconds."""
    program = _program()
    times: dict[bool, list[float]] = {True: [], False: []}
    for _round in range(ROUNDS):
        for is_on in (False, True):
            _modes(program, {} if is_on else dict.fromkeys(CHOSEN_RULES, GuardMode.OFF))
            _pause.wait(1.2)
            # What the process remembers is read again by this one.
            _send(program, size)
            began = time.process_time()
            for _request in range(requests):
                _send(program, size)
            times[is_on].append((time.process_time() - began) * 1_000 / requests / size)
    without, with_guard = statistics.median(times[False]), statistics.median(times[True])
    return {
        "without": without,
        "with": with_guard,
        "guard": with_guard - without,
        "ratio": with_guard / without,
    }


def _send(program: Program, size: int) -> None:
    wanted = [
        # Neighbours of nobody, so that nothing is stopped.
        program.wants_code(_sending.number(next(_numbers) * 137 % 99_000_000))
        for _each in range(size)
    ]
    program.send(*wanted, at=shared_time.now())


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


if __name__ == "__main__":
    print(json.dumps(main()))
