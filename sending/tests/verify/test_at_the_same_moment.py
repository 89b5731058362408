"""Many programs at one verification: never a sixth check or code, never approved twice."""

import pytest

from sending.models import (
    ApiMessage,
    GuardSettings,
    Message,
    Verification,
    VerificationAttempt,
    VerificationState,
)
from sending.tests.acceptance.test_at_the_same_moment import at_once
from sending.tests.factories import a_number
from sending.tests.verify.asking import Verifying, sent_codes, wrong
from sending.verify import rate_limits
from sending.verify.refusals import VerifyRefused

pytestmark = pytest.mark.django_db(transaction=True)


def said(call, *args, **fields):
    """Do it, and return the state or the code of the refusal."""
    try:
        found = call(*args, **fields)
    except VerifyRefused as refusal:
        return refusal.code
    return getattr(found, "state", found)


def test_a_right_code_counts_once():
    program = Verifying()
    program.start()
    (code,) = sent_codes()
    answers = at_once(*[lambda: said(program.check, code)] * 8)
    assert sorted(answers) == ["APPROVED"] + ["NOT_PENDING"] * 7
    row = Verification.objects.get()
    assert (row.state, row.checks) == (VerificationState.APPROVED.value, 1)


def test_wrong_codes_are_never_checked_a_sixth_time():
    program = Verifying()
    program.start()
    (code,) = sent_codes()
    answers = at_once(*[lambda: said(program.check, wrong(code))] * 12)
    assert sorted(answers) == [
        *["MAX_ATTEMPTS_REACHED"],
        *["MAX_CHECKS"] * 7,
        *["PENDING"] * 4,
    ]
    assert Verification.objects.get().checks == 5


def test_right_and_wrong_codes_together():
    program = Verifying()
    program.start()
    (code,) = sent_codes()
    tries = [code if place % 4 == 3 else wrong(code) for place in range(12)]
    answers = at_once(*[lambda given=given: said(program.check, given) for given in tries])
    assert answers.count("APPROVED") <= 1
    assert answers.count("MAX_ATTEMPTS_REACHED") + answers.count("APPROVED") == 1
    row = Verification.objects.get()
    assert row.checks == sum(state in ENDS_OR_WAITS for state in answers) <= 5
    converted = ApiMessage.objects.exclude(converted_at=None).count()
    assert converted == answers.count("APPROVED")


ENDS_OR_WAITS = {"APPROVED", "PENDING", "MAX_ATTEMPTS_REACHED"}


def test_of_one_number_one_verification_waits_and_five_codes_go():
    program = Verifying()
    # The guard only records: it has a limit of its own for a number.
    GuardSettings.objects.filter(organization=program.organization).delete()
    answers = at_once(*[lambda: said(program.start)] * 9)
    assert answers.count("PENDING") == 5
    assert set(answers) <= {"PENDING", "MAX_SENDS", "AT_THE_SAME_MOMENT"}
    row = Verification.objects.get()
    assert row.sends == VerificationAttempt.objects.count() == Message.objects.count() == 5
    assert len(set(sent_codes())) == 1


def test_a_rate_limit_is_never_passed():
    program = Verifying()
    limit = rate_limits.create_limit(program.service, "ip", "")
    rate_limits.create_bucket(limit, 3, 30 * 24 * 3600)
    values = {"ip": "203.0.113.7"}
    answers = at_once(
        *[lambda n=n: said(program.start, a_number(n), rate_limits=values) for n in range(8)]
    )
    assert sorted(answers) == ["PENDING"] * 3 + ["RATE_LIMIT"] * 5
    assert Message.objects.count() == Verification.objects.count() == 3
