"""The guard stops a code, and the program is told the rule and when it ends."""

import json
from datetime import timedelta

import pytest

from accounts import shared_time
from sending.guard import permitting
from sending.guard.rules.names import Dimension, GuardAction
from sending.models import Message
from sending.tests.api.twilio.verifying import Verifier

pytestmark = pytest.mark.django_db


def test_a_number_that_gets_too_many_codes_is_left_alone(program):
    verifier = Verifier(program)
    for _time in range(5):
        begun = verifier.begin()
    address = f"{verifier.path}/Verifications/{begun['sid']}"
    program.ask("POST", address, {"Status": "canceled"})
    assert verifier.refused() == (403, 60410)
    details = json.loads(program.response.content)["details"]
    assert details["rule"] == "F3"
    assert 0 < details["retry_after"] <= 24 * 3600
    assert int(program.response.headers["Retry-After"]) == details["retry_after"]
    assert Message.objects.count() == 5


def test_a_challenge_is_passed_by_a_program_that_vouches_for_its_user(program):
    verifier = Verifier(program)
    permitting.stop(
        program.application.organization,
        Dimension.COUNTRY,
        "HK",
        action=GuardAction.CHALLENGE,
        reason="An attack",
        until=shared_time.now() + timedelta(hours=1),
        actor=None,
    )
    assert verifier.refused() == (403, 60410)
    assert json.loads(program.response.content)["details"]["rule"] == "F7"
    assert verifier.refused(RiskCheck="enable") == (403, 60410)
    assert verifier.begin(RiskCheck="disable")["status"] == "pending"
    assert Message.objects.count() == 1
