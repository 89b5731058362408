"""A code that is asked for again by a program that does not know whether it was sent."""

import pytest
from django.db import DatabaseError

from sending.api.twilio.verify import verifications
from sending.models import Message, Verification
from sending.tests.api.twilio.verifying import NUMBER, Verifier
from sending.tests.factories import a_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def verifier(program):
    return Verifier(program)


def ask(program, verifier, key, to=NUMBER):
    fields = {"To": to, "Channel": "sms"}
    headers = {"Idempotency-Key": key}
    return program.ask("POST", f"{verifier.path}/Verifications", fields, headers=headers)


def test_a_key_sends_one_code(program, verifier):
    first = ask(program, verifier, "once")
    again = ask(program, verifier, "once")
    assert program.response.headers["Idempotent-Replayed"] == "true"
    assert again == first
    assert Message.objects.count() == Verification.objects.get().sends == 1
    assert ask(program, verifier, "once", a_number(1))["code"] == 20409
    ask(program, verifier, "twice")
    assert Verification.objects.get().sends == 2


def test_a_code_that_was_sent_before_an_error_is_not_sent_again(program, verifier, monkeypatch):
    whole = verifications.shape

    def fails(*_args):
        raise DatabaseError("gone")

    monkeypatch.setattr(verifications, "shape", fails)
    assert verifier.refused() == (503, 20503)
    monkeypatch.setattr(verifications, "shape", whole)
    assert verifier.begin()["status"] == "pending"
    assert Message.objects.count() == Verification.objects.get().sends == 1


def test_what_failed_before_it_was_sent_is_sent(program, verifier, monkeypatch):
    begin = verifications.start

    def fails(*_args):
        raise DatabaseError("gone")

    monkeypatch.setattr(verifications, "start", fails)
    assert verifier.refused() == (503, 20503)
    monkeypatch.setattr(verifications, "start", begin)
    assert verifier.begin()["status"] == "pending"
    assert Message.objects.count() == 1
