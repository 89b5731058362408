"""A program with an auth token, and what it may send. Imports of models wait for Django."""

import pytest


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch):
    """Keys are those of the test, nobody is woken up, and nobody asks too often."""
    from sending import tasks
    from sending.api import callers, rates

    callers.forget()
    rates.forget()
    monkeypatch.setattr(tasks.submit, "delay", lambda: None)


@pytest.fixture
def member(db):
    from sending.models import MessageSequence
    from sending.tests.factories import make_gateway, make_prices, make_sender

    MessageSequence.objects.get_or_create(pk=1)
    make_gateway()
    make_prices()
    return make_sender()


@pytest.fixture
def application(member):
    from sending.tests.factories import default_application

    return default_application(member.organization)


@pytest.fixture
def program(member, application):
    from sending.tests.api.twilio.program import TwilioProgram, make_auth_token

    return TwilioProgram(make_auth_token(application, created_by=member.user))


@pytest.fixture
def plain(application):
    from sending.tests.factories import PLAIN_BODY
    from templates_app.models import SmsType
    from templates_app.tests.factories import approved_template

    return approved_template(application.organization, PLAIN_BODY, SmsType.NOTIFICATION)


@pytest.fixture
def wish(program, plain):
    """What an ordinary script sends."""
    from sending.tests.factories import PLAIN_BODY, a_number

    return {
        "To": a_number(0),
        "MessagingServiceSid": program.application.service_sid,
        "Body": PLAIN_BODY,
    }
