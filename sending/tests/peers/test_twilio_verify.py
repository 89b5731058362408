"""Verify, Lookup and Messaging services by the official SDK of Twilio, against a live server."""

import pytest

from accounts.models import SmsApplication
from sending import tasks
from sending.api import callers, rates
from sending.models import Message, MessageSequence
from sending.tests.api.twilio.program import make_auth_token
from sending.tests.factories import (
    CODE_BODY,
    a_number,
    default_application,
    make_gateway,
    make_prices,
    make_sender,
)
from sending.tests.verify.asking import sent_codes, wrong
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

twilio = pytest.importorskip("twilio")
pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]
NUMBER = a_number(0)


@pytest.fixture
def application(monkeypatch):
    callers.forget()
    rates.forget()
    monkeypatch.setattr(tasks.submit, "delay", lambda: None)
    for name in ("TWILIO_REGION", "TWILIO_EDGE"):
        monkeypatch.delenv(name, raising=False)
    MessageSequence.objects.get_or_create(pk=1)
    make_gateway()
    make_prices()
    application = default_application(make_sender().organization)
    SmsApplication.objects.filter(pk=application.pk).update(repeat_seconds=0)
    approved_template(application.organization, CODE_BODY, SmsType.OTP, name="Code")
    return application


@pytest.fixture
def client(application, live_server):
    """What a program has, with nothing changed but where it asks."""
    from twilio.rest import Client

    key = make_auth_token(application)
    client = Client(application.account_sid, key.secret_key)
    for product in ("accounts", "api", "verify", "lookups", "messaging"):
        getattr(client, product).base_url = live_server.url
    return client


def refused(call, **fields):
    """Status, code and details of the SDK's exception."""
    from twilio.base.exceptions import TwilioRestException

    with pytest.raises(TwilioRestException) as found:
        call(**fields)
    return found.value


def test_services(client):
    services = client.verify.v2.services
    made = services.create(friendly_name="Harbourline", code_length=4)
    assert (made.friendly_name, made.code_length) == ("Harbourline", 4)
    assert made.date_created.tzinfo is not None
    for n in range(4):
        services.create(friendly_name=f"Shop {n}")
    # Over three pages.
    assert len(services.list(page_size=2)) == 5
    assert services(made.sid).fetch().links["verifications"].endswith("/Verifications")
    changed = services(made.sid).update(code_length=8, custom_code_enabled=True)
    assert (changed.code_length, changed.custom_code_enabled) == (8, True)
    assert changed.push == {}
    assert services(made.sid).delete() is True
    error = refused(services(made.sid).fetch)
    assert (error.status, error.code) == (404, 20404)
    error = refused(services.create, friendly_name="Call 12345")
    assert (error.status, error.code) == (400, 60200)


def test_a_number_is_verified(client):
    service = client.verify.v2.services.create(friendly_name="Harbourline")
    own = client.verify.v2.services(service.sid)
    begun = own.verifications.create(to=NUMBER, channel="sms", locale="en", device_ip="203.0.113.7")
    assert (begun.status, begun.valid, begun.to) == ("pending", False, NUMBER)
    assert len(begun.send_code_attempts) == 1
    assert own.verifications(NUMBER).fetch().sid == begun.sid
    (code,) = sent_codes()
    answer = own.verification_checks.create(to=NUMBER, code=wrong(code))
    assert (answer.status, answer.valid) == ("pending", False)
    answer = own.verification_checks.create(verification_sid=begun.sid, code=code)
    assert (answer.status, answer.valid) == ("approved", True)
    error = refused(own.verification_checks.create, to=NUMBER, code=code)
    assert (error.status, error.code) == (404, 20404)
    summary = client.verify.v2.verification_attempts_summary().fetch(country="HK")
    assert (summary.total_attempts, summary.total_converted) == (1, 1)
    assert summary.conversion_rate_percentage == "100.00"
    (attempt,) = client.verify.v2.verification_attempts.list(country="HK")
    assert attempt.conversion_status == "converted"
    assert client.verify.v2.verification_attempts(attempt.sid).fetch().channel == "sms"
    (template,) = client.verify.v2.templates.list()
    assert template.sid.startswith("HJ")


def test_too_many_codes_and_too_many_checks(client):
    service = client.verify.v2.services.create(friendly_name="Harbourline")
    own = client.verify.v2.services(service.sid)
    for _time in range(5):
        own.verifications.create(to=NUMBER, channel="sms")
    error = refused(own.verifications.create, to=NUMBER, channel="sms")
    assert (error.status, error.code) == (429, 60203)
    assert error.details["rule"] == "MAX_SENDS"
    code = sent_codes()[0]
    for _time in range(5):
        own.verification_checks.create(to=NUMBER, code=wrong(code))
    error = refused(own.verification_checks.create, to=NUMBER, code=code)
    assert (error.status, error.code) == (429, 60202)
    error = refused(own.verifications.create, to=NUMBER, channel="call")
    assert (error.status, error.code) == (403, 60223)
    error = refused(own.verifications.create, to="+85221234567", channel="sms")
    assert (error.status, error.code) == (400, 60205)
    assert Message.objects.count() == 5


def test_a_code_of_the_program(client):
    service = client.verify.v2.services.create(friendly_name="Shop", custom_code_enabled=True)
    own = client.verify.v2.services(service.sid)
    begun = own.verifications.create(to=NUMBER, channel="sms", custom_code="4711")
    assert own.verifications(begun.sid).update(status="approved").valid is True
    begun = own.verifications.create(to=NUMBER, channel="sms")
    assert own.verifications(begun.sid).update(status="canceled").status == "canceled"


def test_what_is_known_of_numbers_and_of_the_account(client, application):
    found = client.lookups.v2.phone_numbers("+447400123456").fetch(fields="line_type_intelligence")
    assert (found.valid, found.country_code) == (True, "GB")
    assert found.line_type_intelligence["type"] == "mobile"
    assert client.lookups.v2.phone_numbers("+4474001").fetch().valid is False
    found = client.lookups.v2.phone_numbers("+447400123456").fetch(fields="sms_pumping_risk")
    assert found.sms_pumping_risk["number_blocked"] is False
    (hong_kong,) = client.accounts.v1.messaging_geopermissions.fetch("HK").permissions
    assert hong_kong["enabled"] is True
    (service,) = client.messaging.v1.services.list()
    assert service.friendly_name == application.name
    assert client.messaging.v1.services(service.sid).fetch().sid == service.sid


def test_rate_limits(client):
    service = client.verify.v2.services.create(friendly_name="Harbourline")
    own = client.verify.v2.services(service.sid)
    limit = own.rate_limits.create(unique_name="ip", description="One person")
    bucket = own.rate_limits(limit.sid).buckets.create(max=1, interval=3600)
    assert (bucket.max, bucket.interval) == (1, 3600)
    assert [one.sid for one in own.rate_limits(limit.sid).buckets.list()] == [bucket.sid]
    values = {"ip": "203.0.113.7"}
    own.verifications.create(to=NUMBER, channel="sms", rate_limits=values)
    error = refused(own.verifications.create, to=a_number(1), channel="sms", rate_limits=values)
    assert (error.status, error.code) == (429, 60207)
    assert own.rate_limits(limit.sid).buckets(bucket.sid).update(max=2).max == 2
    assert own.verifications.create(to=a_number(1), channel="sms", rate_limits=values).sid
    assert own.rate_limits(limit.sid).buckets(bucket.sid).delete() is True
    assert own.rate_limits(limit.sid).delete() is True
