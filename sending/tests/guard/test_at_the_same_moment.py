"""Many workers at one counter: nobody gets a second allowance, and no cap of money is passed."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from sending.models import GuardCounter, GuardEvent, Message
from sending.tests.acceptance.program import AT, codes
from sending.tests.factories import a_number
from sending.tests.guard.guarded_program import GuardedProgram

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]


def at_once(*calls):
    """Do all of it in threads that begin together."""
    gate = threading.Barrier(len(calls))

    def run(call):
        try:
            gate.wait(timeout=60)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(timeout=120) for future in [pool.submit(run, c) for c in calls]]


def asks(program: GuardedProgram, number: str, code: int):
    # More than a few messages never share a transaction with other requests.
    wanted = [program.wants_code(number, f"{code:06d}")]
    return lambda: codes(program.send(*wanted, before_commit=lambda answers: None))


def test_two_workers_at_one_number_give_it_one_allowance():
    program = GuardedProgram()
    answers = at_once(*(asks(program, a_number(0), nth) for nth in range(8)))
    said = [code for each in answers for code in each]
    assert sorted(said) == ["ACCEPTED"] * 5 + ["GUARD_BLOCKED"] * 3
    assert Message.objects.count() == GuardEvent.objects.count() == 5


def test_no_cap_of_money_is_passed_by_many_at_once():
    program = GuardedProgram()
    program.caps(hour_micro=5 * 48_000)
    answers = at_once(*(asks(program, a_number(nth * 2_000), nth) for nth in range(8)))
    said = [code for each in answers for code in each]
    assert said.count("ACCEPTED") == 5
    assert (
        GuardCounter.objects.get(
            dimension="OH", minute__gte=int(AT.timestamp() // 60) - 60
        ).cost_micro
        == 5 * 48_000
    )


def test_counts_of_many_at_once_are_sums():
    program = GuardedProgram()
    at_once(*(asks(program, a_number(nth * 2_000), nth) for nth in range(8)))
    assert GuardCounter.objects.get(dimension="OD").sent == 8
    assert sum(GuardCounter.objects.filter(dimension="lak").values_list("sent", flat=True)) == 8
