"""A verification from its first code to its end."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import override_settings

from accounts import shared_time
from sending.acceptance import memory
from sending.lifecycle import DoorName
from sending.models import (
    ApiMessage,
    Message,
    Suppression,
    Verification,
    VerificationAttempt,
    VerificationState,
)
from sending.tests.factories import CODE_BODY, a_number, default_application
from sending.tests.verify.asking import NUMBER, Verifying, sent_codes, wrong
from sending.verify import codes, ending, service_settings
from sending.verify.checking import check
from sending.verify.figures import by_country, of_attempts
from sending.verify.refusals import VerifyRefused
from sending.verify.texts import suitable_texts
from templates_app.models import SmsType, TextTemplate, TextTemplateVersion
from templates_app.review import ReviewState
from templates_app.tests.factories import approved_template, make_text_template_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return Verifying()


def refused(call, *args, **fields) -> VerifyRefused:
    with pytest.raises(VerifyRefused) as found:
        call(*args, **fields)
    return found.value


def test_a_code_goes_out_and_comes_back(program):
    verification = program.start()
    (message,) = Message.objects.all()
    (code,) = sent_codes()
    assert re.fullmatch(r"[0-9]{6}", code)
    assert message.lane == "OTP"
    assert message.msisdn == NUMBER
    asked = ApiMessage.objects.get(pk=message.pk)
    assert asked.door == DoorName.VERIFY.value
    assert asked.valid_until == verification.expires_at
    assert verification.expires_at - verification.created_at == timedelta(minutes=10)
    assert asked.converted_at is None
    assert program.check(wrong(code)) == "PENDING"
    assert program.check(code) == "APPROVED"
    asked.refresh_from_db()
    assert asked.converted_at is not None
    assert VerificationAttempt.objects.get().converted_at is not None
    # Right once.
    assert refused(program.check, code).code == "NOT_PENDING"


def test_nothing_that_is_stored_of_a_verification_tells_its_code(program):
    program.start()
    (code,) = sent_codes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM sending_verification")
        cells = [str(cell) for row in cursor.fetchall() for cell in row]
    # Digits by chance stand in hashes; a code alone, or in another column, does not.
    assert code not in cells
    row = Verification.objects.get()
    assert len(row.code_hash) == 64
    with override_settings(SECRET_KEY="another one", SECRET_KEY_FALLBACKS=[]):
        assert checked_by_id(program, code) == "PENDING"


def checked_by_id(program, code):
    """The digest of the number is under the key as well."""
    return check(program.service, code, sid=Verification.objects.get().sid).state


def test_the_same_code_goes_out_again_five_times_at_most(program):
    first = program.start()
    for _again in range(4):
        assert program.start().pk == first.pk
    assert len(sent_codes()) == 5
    assert len(set(sent_codes())) == 1
    assert VerificationAttempt.objects.count() == 5
    error = refused(program.start)
    assert error.code == "MAX_SENDS"
    assert 0 < error.retry_after <= 600
    assert len(sent_codes()) == 5
    assert program.check(sent_codes()[0]) == "APPROVED"
    assert of_attempts(VerificationAttempt.objects.all()).converted == 5


def test_a_new_key_goes_on_with_the_same_code(program):
    program.start()
    old = override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY])
    with old:
        program.start()
        assert len(set(sent_codes())) == 1
        assert program.check(sent_codes()[0]) == "APPROVED"


def test_five_wrong_codes_end_it_until_its_life_is_over(program):
    now = shared_time.now()
    with time_machine.travel(now, tick=False) as clock:
        program.start()
        (code,) = sent_codes()
        states = [program.check(wrong(code)) for _time in range(5)]
        assert states == ["PENDING"] * 4 + ["MAX_ATTEMPTS_REACHED"]
        assert refused(program.check, code).code == "MAX_CHECKS"
        assert refused(program.start).code == "MAX_CHECKS"
        clock.shift(timedelta(minutes=10))
        assert refused(program.check, code).code == "NOT_PENDING"
        program.start()
        assert program.check(sent_codes()[1]) == "APPROVED"


def test_a_code_counts_for_ten_minutes(program):
    with time_machine.travel(shared_time.now(), tick=False) as clock:
        first = program.start()
        clock.shift(timedelta(minutes=10))
        assert refused(program.check, sent_codes()[0]).code == "NOT_PENDING"
        second = program.start()
        assert second.pk != first.pk
        first.refresh_from_db()
        assert first.state == VerificationState.EXPIRED.value
        clock.shift(timedelta(minutes=9, seconds=59))
        assert program.check(sent_codes()[1]) == "APPROVED"


def test_a_code_sent_again_says_how_long_it_counts_yet(program):
    with time_machine.travel(shared_time.now(), tick=False) as clock:
        program.start()
        clock.shift(timedelta(minutes=7, seconds=30))
        program.start()
    values = [message.variables for message in Message.objects.order_by("pk")]
    assert [text.split('"')[3] for text in values] == ["10", "2"]


@pytest.mark.parametrize("length", range(4, 11))
def test_codes_have_as_many_digits_as_the_service_says(length):
    program = Verifying(code_length=length)
    program.start()
    (code,) = sent_codes()
    assert len(code) == length
    assert program.check(code) == "APPROVED"


def test_a_program_may_bring_its_own_code_where_the_service_allows_it(program):
    assert refused(program.start, custom_code="4711").code == "CUSTOM_CODE_NOT_ALLOWED"
    service_settings.change(program.service, custom_code_enabled=True)
    for bad in ("123", "12345678901", "12a4", " 1234", "１２３４"):
        assert refused(program.start, custom_code=bad).code == "CUSTOM_CODE_INVALID"
    first = program.start(custom_code="4711")
    program.start(custom_code="0815")
    assert sent_codes() == ["4711", "0815"]
    # The newest counts.
    assert program.check("4711") == "PENDING"
    assert ending.approve(Verification.objects.get(pk=first.pk)).state == "APPROVED"
    assert of_attempts(VerificationAttempt.objects.all()).converted == 2


def test_a_code_that_is_cancelled_before_it_left_does_not_leave(program):
    verification = program.start()
    ending.cancel(verification)
    assert Message.objects.get().state == "CANCELLED"


def test_only_a_custom_code_is_approved_by_its_program(program):
    verification = program.start()
    (code,) = sent_codes()
    assert refused(ending.approve, verification).code == "NOT_CUSTOM"
    assert ending.cancel(verification).state == "CANCELED"
    assert refused(ending.cancel, verification).code == "NOT_PENDING"
    assert refused(program.check, code).code == "NOT_PENDING"
    # A new one may begin at once.
    assert program.start().pk != verification.pk


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "MSISDN_INVALID"),
        ("85251230000", "MSISDN_INVALID"),
        ("+8525", "MSISDN_INVALID"),
        ("+8613800138000", "MSISDN_MAINLAND"),
        ("+85221234567", "MSISDN_NOT_MOBILE"),
    ],
)
def test_a_number_that_gets_no_code(program, number, code):
    assert refused(program.start, number).code == code
    assert not Verification.objects.exists()


def test_what_acceptance_refuses_leaves_nothing(program):
    Suppression.objects.create(organization=program.organization, msisdn=NUMBER)
    assert refused(program.start).code == "SUPPRESSED"
    program.limit(number_hourly_limit=1)
    memory.terms._known.clear()
    other = a_number(5)
    program.start(other)
    error = refused(program.start, other)
    assert error.code == "NUMBER_HOURLY_LIMIT"
    assert error.details["rule"] == "NUMBER_HOURLY_LIMIT"
    assert Verification.objects.get().sends == 1
    assert VerificationAttempt.objects.count() == Message.objects.count() == 1


def test_texts_are_chosen_by_service_by_request_and_by_language(program):
    own = approved_template(program.organization, "Your code: {1}", SmsType.OTP, name="Own")
    approved_template(program.organization, "Code {1} {2} {3}", SmsType.OTP, name="Three")
    assert [text.pk for text in suitable_texts(program.organization)] == [program.code.pk, own.pk]
    german = TextTemplate.objects.create(
        organization=program.organization, name="Own", language="de", variant_of=own
    )
    make_text_template_version(german, ReviewState.APPROVED, body="Ihr Code: {1}")
    program.start()
    program.start(a_number(1), text_template_id=own.pk)
    program.start(a_number(2), text_template_id=own.pk, locale="de-AT")
    program.start(a_number(3), text_template_id=own.pk, locale="fr")
    service_settings.change(program.service, text_template=own)
    program.start(a_number(4), locale="de")
    versions = dict(TextTemplateVersion.objects.values_list("pk", "body"))
    sent = [
        versions[pk]
        for pk in Message.objects.order_by("pk").values_list("text_template_version_id", flat=True)
    ]
    code, german_code = "Your code: {1}", "Ihr Code: {1}"
    assert sent == [CODE_BODY, code, german_code, code, german_code]
    assert refused(program.start, text_template_id=program.plain.pk).code == "TEXT_UNKNOWN"
    assert refused(program.start, text_template_id=10**9).code == "TEXT_UNKNOWN"


def test_without_a_text_there_is_a_sentence(program):
    TextTemplate.objects.update(approved=None)
    error = refused(program.start)
    assert error.code == "TEXT_MISSING"
    assert "Have one approved" in str(error)


@pytest.mark.parametrize(
    "name",
    ["", "  ", "x" * 31, "Call 12345", "see example.com", "https://a.example/x", "two\nlines"],
)
def test_names_that_no_service_may_have(program, name):
    error = refused(service_settings.create, application=program.application, friendly_name=name)
    assert error.code == "FRIENDLY_NAME"


@pytest.mark.parametrize("length", [3, 11, 0])
def test_lengths_that_no_code_may_have(program, length):
    assert refused(service_settings.change, program.service, code_length=length).code == (
        "CODE_LENGTH"
    )


def test_a_deleted_service_checks_nothing(program):
    verification = program.start()
    ending.delete_service(program.service)
    verification.refresh_from_db()
    assert verification.state == VerificationState.DELETED.value
    assert refused(program.check, sent_codes()[0]).code == "NOT_PENDING"
    assert refused(program.start).code == "SERVICE_DELETED"


def test_an_application_has_so_many_services_at_most(program, monkeypatch):
    monkeypatch.setattr(service_settings, "MOST_SERVICES", 1)
    with pytest.raises(service_settings.TooManyServices):
        service_settings.create(application=program.application, friendly_name="Another")
    ending.delete_service(program.service)
    service_settings.create(application=program.application, friendly_name="Another")


def test_figures_by_country(program):
    program.start(a_number(0))
    program.start(a_number(1))
    program.check(sent_codes()[0], a_number(0))
    program.start(a_number(0, "GB"))
    since = shared_time.now() - timedelta(days=1)
    rows = by_country(program.organization, program.service, since)
    found = [(row.country, row.attempts, row.converted, row.percentage) for row in rows]
    assert found == [("HK", 2, 1, 50.0), ("GB", 1, 0, 0.0)]


def test_an_application_of_another_organization_shares_nothing(program):
    program.start()
    other = Verifying()
    assert refused(other.check, sent_codes()[0]).code == "NOT_PENDING"
    assert default_application(other.organization) != program.application
    other.start()
    assert Verification.objects.count() == 2
    first, second = sent_codes()
    if first != second:
        assert program.check(second) == "PENDING"


def test_codes_are_spread_evenly_enough():
    found = {codes.new_code(["key"], 4).digits[0] for _time in range(400)}
    assert len(found) == 10
