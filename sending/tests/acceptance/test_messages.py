"""Messages of programs: what is accepted, with every row it needs, and what is refused and why."""

import json
from typing import Any

import pytest

from accounts.errors import MayNotSend
from accounts.models import Organization
from accounts.models.application import ApplicationCountry
from accounts.tests.factories import make_operator, make_originator
from sending.acceptance.request import AcceptedMessage
from sending.models import (
    ApiMessage,
    Batch,
    Counter,
    DailyUse,
    Message,
    MessageNumber,
    NumberErasure,
    NumberUse,
    PriceVersion,
    Route,
    Suppression,
)
from sending.models.number_digest import number_digest
from sending.tests.acceptance.program import AT, DAY, HOUR, REQUEST_ID, Program, codes
from sending.tests.factories import a_number, make_gateway
from templates_app.actions import revoke
from templates_app.models import SmsType, TextTemplate
from templates_app.tests.factories import (
    approved_signature,
    approved_template,
    pending_signature,
    pending_template,
)

pytestmark = pytest.mark.django_db
STORED = (Message, MessageNumber, ApiMessage, Batch, Counter, DailyUse, NumberUse)


def nothing_is_stored() -> bool:
    return not any(model.objects.exists() for model in STORED)


def test_an_accepted_message_has_every_row_it_needs():
    program = Program()
    make_originator(program.organization, "Lumen")
    (answer,) = program.send(program.wants(session_context="order 7", originator="Lumen"))
    message = Message.objects.get()
    assert answer == AcceptedMessage(message.pk, a_number(0), "HK", 1, 48_000, "USD", 0, "API")
    assert (message.task_id, message.state, message.accepted_hour) == (None, "QUEUED", HOUR)
    assert (message.created_at, message.gateway_id) == (AT, program.gateway.pk)
    assert message.text_template_version_id == program.plain.approved_id
    batch = Batch.objects.get()
    assert (batch.ids, batch.due_at, batch.lane) == ([message.pk], AT, "API")
    assert (batch.task_id, batch.application_id) == (None, program.application.pk)
    number = MessageNumber.objects.get()
    assert (number.msisdn, number.message_id) == (a_number(0), message.pk)
    of_program = ApiMessage.objects.get(message_id=message.pk)
    assert (of_program.session_context, of_program.originator) == ("order 7", "Lumen")
    assert (of_program.request_id, of_program.api_key_id) == (REQUEST_ID, program.key.pk)
    counters = Counter.objects.for_organization(program.organization)
    assert list(counters.of_day(HOUR).sums("hour")) == [(HOUR, "QUEUED", False, 1, 1, 48_000)]
    taken = DailyUse.objects.values_list("application_id", "country", "day", "segments", "messages")
    own = program.application.pk
    assert sorted(taken) == [(0, "", DAY, 1, 1), (own, "", DAY, 1, 1), (own, "HK", DAY, 1, 1)]


def test_the_frequency_of_a_number_is_kept_without_the_number():
    program = Program()
    program.limit(number_daily_limit=5)
    program.send(program.wants())
    of_text, of_number = NumberUse.objects.order_by("-text_digest")
    assert (of_number.in_hour, of_number.in_day, of_number.last_at) == (1, 1, AT)
    assert of_text.number_digest == of_number.number_digest != 0
    assert a_number(0)[1:] not in repr(vars(of_text))


def test_one_time_passwords_go_first_and_keep_their_values():
    program = Program()
    (answer,) = program.send(program.wants_code())
    assert (answer.lane, Batch.objects.get().lane) == ("OTP", "OTP")
    assert Message.objects.get().variables == '["482913", "5"]'


def test_quotes_backslashes_and_other_scripts_arrive_as_they_were():
    program = Program()
    template = approved_template(program.organization, "Hello {1}", SmsType.NOTIFICATION)
    value = 'a "b" \\ {c}, NULL, ’é 你好 %s'
    program.send(
        program.wants(text_template_id=template.pk, values=(value,), session_context=value)
    )
    assert json.loads(Message.objects.get().variables) == [value]
    assert ApiMessage.objects.get().session_context == value


def test_messages_of_one_request_share_batches_by_gateway_and_lane():
    program = Program()
    other = make_gateway()
    Route.objects.create(prefix="", country="GB", order=1, gateway=other)
    answers = program.send(
        program.wants(),
        program.wants(a_number(0, "GB")),
        program.wants_code(),
        program.wants(a_number(1)),
    )
    ids = [answer.message_id for answer in answers]
    assert ids == sorted(ids)
    queues = {(b.gateway_id, b.lane): b.ids for b in Batch.objects.all()}
    assert queues == {
        (program.gateway.pk, "API"): [ids[0], ids[3]],
        (other.pk, "API"): [ids[1]],
        (program.gateway.pk, "OTP"): [ids[2]],
    }


# --- Refusals: what is wanted, and what is different about the world.


def suppressed(program: Program) -> None:
    Suppression.objects.create(organization=program.organization, msisdn=a_number(0))


def suppressed_and_erased(program: Program) -> None:
    digest = number_digest(a_number(0), program.organization.pk)
    Suppression.objects.create(organization=program.organization, msisdn=digest)


def being_erased(program: Program) -> None:
    NumberErasure.objects.create(msisdn=a_number(0), digest="x", organization=None)


def only_singapore(program: Program) -> None:
    Organization.objects.update(allowed_countries=["SG"])


def application_only_singapore(program: Program) -> None:
    ApplicationCountry.objects.create(application=program.application, country="SG")


def without_price(program: Program) -> None:
    PriceVersion.objects.get().prices.filter(country__in=["", "HK"]).delete()


def without_route(program: Program) -> None:
    Route.objects.all().delete()


def template_deleted(program: Program) -> None:
    TextTemplate.objects.update(deleted_at=AT)


def limited(**fields: Any) -> Any:
    def change(program: Program) -> None:
        program.limit(**fields)

    return change


def organization_limit(program: Program) -> None:
    Organization.objects.update(daily_segment_limit=0)


def country_limit(program: Program) -> None:
    ApplicationCountry.objects.create(
        application=program.application, country="HK", daily_segment_limit=0
    )


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (suppressed, "SUPPRESSED", "on the suppression list"),
        (suppressed_and_erased, "SUPPRESSED", "on the suppression list"),
        (being_erased, "NUMBER_ERASED", "is being erased"),
        (only_singapore, "COUNTRY_NOT_ALLOWED", "HK"),
        (application_only_singapore, "APPLICATION_COUNTRY", "“Default” does not send"),
        (without_price, "NO_PRICE", "no price for this country"),
        (without_route, "NO_ROUTE", "No gateway reaches"),
        (template_deleted, "TEMPLATE_UNKNOWN", "no text template"),
        (organization_limit, "DAILY_LIMIT", "needs 1 of the 0 segments a day; 0 are left"),
        (limited(daily_segment_limit=0), "APPLICATION_DAILY_LIMIT", "“Default”; 0 are left"),
        (country_limit, "APPLICATION_COUNTRY_DAILY_LIMIT", "may send to HK; 0 are left"),
        (limited(number_hourly_limit=0), "NUMBER_HOURLY_LIMIT", "the 0 messages"),
        (limited(number_daily_limit=0), "NUMBER_DAILY_LIMIT", "the 0 messages"),
    ],
)
def test_what_the_world_refuses(change, code, words):
    program = Program()
    change(program)
    for dry_run in (True, False):
        (refused,) = program.send(program.wants(), dry_run=dry_run)
        assert (refused.code, refused.msisdn, refused.country) == (code, a_number(0), "HK")
        assert words in refused.sentence
        assert refused.sentence.endswith(".")
    assert not Message.objects.exists()
    assert not Batch.objects.exists()
    assert not NumberUse.objects.exists()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "MSISDN_MISSING"),
        ("hello", "MSISDN_INVALID"),
        ("+8613812345678", "MSISDN_MAINLAND"),
        ("+442071838750", "MSISDN_NOT_MOBILE"),
        ("13122345678", "COUNTRY_CODE_UNCLEAR"),
        ("131 2234 5678", "COUNTRY_CODE_UNCLEAR"),
        ("9" * 200, "MSISDN_INVALID"),
    ],
)
def test_numbers_that_are_refused(number, code):
    program = Program()
    (refused,) = program.send(program.wants(number))
    assert (refused.code, refused.msisdn) == (code, "")
    assert refused.sentence.endswith(".")
    assert nothing_is_stored()


def test_a_number_with_plus_one_is_taken_as_it_is_written():
    program = Program()
    assert codes(program.send(program.wants("+13122345678"))) == ["ACCEPTED"]


def of_others(program: Program) -> dict[str, Any]:
    return {"text_template_id": approved_template(sms_type=SmsType.NOTIFICATION).pk}


def pending(program: Program) -> dict[str, Any]:
    return {"text_template_id": pending_template(program.organization).pk}


def revoked(program: Program) -> dict[str, Any]:
    template = approved_template(program.organization, sms_type=SmsType.NOTIFICATION)
    reason = {"actor": make_operator(), "reason": "Phishing", "stop": lambda: None}
    revoke(version=template.approved, **reason)
    return {"text_template_id": template.pk}


def signature_pending(program: Program) -> dict[str, Any]:
    pending_signature(program.organization, "Lumen")
    return {"signature": "Lumen"}


def signature_of_others(program: Program) -> dict[str, Any]:
    approved_signature(content="Lumen")
    return {"signature": "Lumen"}


def code_with(*values: str) -> Any:
    return lambda program: {"text_template_id": program.code.pk, "values": values}


def named(body: str, *values: str) -> Any:
    def wanted(program: Program) -> dict[str, Any]:
        template = approved_template(program.organization, body, SmsType.NOTIFICATION)
        return {"text_template_id": template.pk, "values": values}

    return wanted


@pytest.mark.parametrize(
    ("wanted", "code", "words"),
    [
        (lambda program: {"text_template_id": 0}, "TEMPLATE_UNKNOWN", "text template 0"),
        (of_others, "TEMPLATE_UNKNOWN", "no text template"),
        (pending, "TEMPLATE_NOT_APPROVED", "is not approved"),
        (revoked, "TEMPLATE_NOT_APPROVED", "is not approved"),
        (lambda program: {"signature": "Nobody"}, "SIGNATURE_UNKNOWN", "“Nobody”"),
        (signature_of_others, "SIGNATURE_UNKNOWN", "“Lumen”"),
        (signature_pending, "SIGNATURE_NOT_APPROVED", "“Lumen” is not approved"),
        (code_with("123456"), "VALUE_COUNT", "2 variables. Values given: 1"),
        (code_with("123456", "5", "6"), "VALUE_COUNT", "2 variables. Values given: 3"),
        (code_with("123456", ""), "VARIABLE_MISSING", "{2}"),
        (code_with("hello", "5"), "VALUE_OTP_CODE", "{1}"),
        (code_with("123456", "five minutes or more"), "VALUE_OTP_LONG", "{2}"),
        (named("Hi {1}", "see www.example.com"), "VALUE_LINK", "www.example.com"),
        (named("Hi {1}", "a\x00b"), "VALUE_CHARACTER", "{1}"),
        (named("Hi {1}", "x" * 2_000), "MESSAGE_TOO_LONG", "at most 10"),
        (lambda program: {"originator": "NameThatIsTooLong"}, "ORIGINATOR_TOO_LONG", "11"),
        (lambda program: {"originator": "Zürich"}, "ORIGINATOR_CHARACTER", "ü"),
        (lambda program: {"originator": "+1"}, "ORIGINATOR_NUMBER", "not a valid number"),
    ],
)
def test_what_is_wrong_with_a_message_itself(wanted, code, words):
    program = Program()
    (refused,) = program.send(program.wants(**wanted(program)))
    assert (refused.code, refused.msisdn) == (code, a_number(0))
    assert words in refused.sentence
    assert refused.sentence.endswith(".")
    assert nothing_is_stored()


def test_a_refusal_of_one_does_not_touch_the_others():
    program = Program()
    answers = program.send(
        program.wants(),
        program.wants("no number"),
        program.wants(),
        program.wants_code(),
        program.wants(a_number(1), signature="Nobody"),
        program.wants(a_number(2)),
    )
    assert codes(answers) == [
        "ACCEPTED",
        "MSISDN_INVALID",
        "REPEATED_IN_REQUEST",
        "ACCEPTED",
        "SIGNATURE_UNKNOWN",
        "ACCEPTED",
    ]
    assert [answers[at].message_id for at in (0, 3, 5)] == list(
        Message.objects.order_by("pk").values_list("pk", flat=True)
    )


def test_a_signature_stands_before_the_text_and_is_pinned():
    program = Program()
    signature = approved_signature(program.organization, "Lumen")
    program.send(program.wants(signature="Lumen"))
    assert Message.objects.get().signature_version_id == signature.approved_id


def suspended(program: Program) -> None:
    Organization.objects.update(suspended_at=AT, suspension_reason="Complaints")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (suspended, "ORGANIZATION_SUSPENDED"),
        (lambda program: program.organization.activations.all().delete(), "SERVICE_NOT_ACTIVE"),
        (lambda program: program.limit(suspended_at=AT), "APPLICATION_SUSPENDED"),
        (lambda program: program.limit(is_enabled=False), "APPLICATION_DISABLED"),
    ],
)
@pytest.mark.parametrize("number", [a_number(0), "no number"])
@pytest.mark.parametrize("dry_run", [True, False])
def test_who_may_not_send_is_told_so_whatever_was_asked(change, code, number, dry_run):
    program = Program()
    change(program)
    with pytest.raises(MayNotSend) as refused:
        program.send(program.wants(number), dry_run=dry_run)
    assert refused.value.code == code
    assert nothing_is_stored()


def test_a_dry_run_says_the_same_and_changes_nothing():
    program = Program(daily_segment_limit=1)
    wanted = [program.wants(), program.wants(a_number(1)), program.wants("no number")]
    dry = program.send(*wanted, dry_run=True)
    assert nothing_is_stored()
    wet = program.send(*wanted)
    assert codes(dry) == codes(wet) == ["ACCEPTED", "DAILY_LIMIT", "MSISDN_INVALID"]
    assert (dry[0].message_id, dry[0].cost_micro, dry[0].segments) == (0, 48_000, 1)
    assert dry[1:] == wet[1:]


def test_too_many_messages_are_a_mistake_of_the_door():
    program = Program()
    with pytest.raises(ValueError, match="at most 200"):
        program.send(*[program.wants()] * 201)


def test_what_a_door_writes_before_the_commit_stays_only_with_the_messages():
    program = Program()
    seen = []

    def keep(answers: list[Any]) -> None:
        seen.append(codes(answers))
        if len(seen) == 2:
            raise RuntimeError

    program.send(program.wants(), before_commit=keep)
    with pytest.raises(RuntimeError):
        program.send(program.wants(a_number(1)), before_commit=keep)
    assert seen == [["ACCEPTED"]] * 2
    assert Message.objects.count() == 1
