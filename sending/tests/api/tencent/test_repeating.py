"""Idempotency-Key: once, whoever asks again, at the same moment or after a process died."""

import json
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from sending.api import repeating as common
from sending.api.tencent import handlers, repeating
from sending.models import IdempotentRequest, Message
from sending.tests.factories import PLAIN_BODY, a_number
from templates_app.models import SmsType, TextTemplate
from templates_app.tests.factories import approved_template


@pytest.fixture
def wish(member, application):
    template = approved_template(member.organization, PLAIN_BODY, SmsType.NOTIFICATION)
    return {
        "PhoneNumberSet": [a_number(1), "nonsense"],
        "SmsSdkAppId": application.sdk_app_id,
        "TemplateId": str(template.pk),
        "SessionContext": "order-1",
    }


def send(program, wish, key="order-1"):
    return program.ask("SendSms", wish, headers={"Idempotency-Key": key})


@pytest.mark.django_db
def test_the_same_request_is_answered_as_the_first_time(program, wish) -> None:
    first = send(program, wish)
    assert "Idempotent-Replayed" not in program.response.headers
    again = send(program, wish)
    assert program.response.headers["Idempotent-Replayed"] == "true"
    assert again["SendStatusSet"] == first["SendStatusSet"]
    assert again["RequestId"] != first["RequestId"]
    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_what_is_kept_has_no_number_and_no_context(program, wish) -> None:
    send(program, wish)
    kept = IdempotentRequest.objects.get()
    assert "SerialNo" in kept.answer
    for secret in (a_number(1)[1:], "order-1", "nonsense"):
        assert secret not in kept.answer
    with connection.cursor() as cursor:
        cursor.execute("SELECT answer FROM sending_idempotentrequest")
        assert "SerialNo" not in cursor.fetchone()[0]


@pytest.mark.django_db
def test_another_request_with_the_key_is_refused(program, wish) -> None:
    send(program, wish)
    other = send(program, wish | {"PhoneNumberSet": [a_number(2)]})
    assert other["Error"]["Code"] == "InvalidParameterValue.IdempotencyKeyUsed"
    assert "Error" not in send(program, wish, key="order-2")
    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_a_key_is_forgotten_after_a_day(program, wish) -> None:
    send(program, wish)
    IdempotentRequest.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
    other = wish | {"PhoneNumberSet": [a_number(2)]}
    assert send(program, other)["SendStatusSet"][0]["Code"] == "Ok"


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["x" * 256, "a\u00e9"])
def test_a_key_is_short_and_visible(program, wish, written: str) -> None:
    assert send(program, wish, key=written)["Error"]["Code"] == "InvalidParameterValue"


@pytest.mark.django_db
def test_what_was_refused_as_a_whole_may_be_tried_again(program, wish, member) -> None:
    organization = member.organization
    organization.suspended_at = timezone.now()
    organization.save()
    assert "Error" in send(program, wish)
    assert not IdempotentRequest.objects.exists()
    organization.suspended_at = None
    organization.save()
    assert send(program, wish)["SendStatusSet"][0]["Code"] == "Ok"


@pytest.mark.django_db
def test_a_text_template_is_added_once(program) -> None:
    text = {
        "TemplateName": "Closing",
        "TemplateContent": "Stores close at {1} today.",
        "SmsType": 2,
        "International": 1,
    }
    headers = {"Idempotency-Key": "t"}
    first = program.ask("AddSmsTemplate", text, headers=headers)
    again = program.ask("AddSmsTemplate", text, headers=headers)
    assert again["AddTemplateStatus"] == first["AddTemplateStatus"]
    assert TextTemplate.objects.count() == 1


def claimed(program, wish, seconds: float) -> None:
    """Leave what a process leaves that died after it claimed the key, so long ago."""
    digest = None

    def look(call):
        nonlocal digest
        digest = original(call)
        return digest

    original = repeating._digest
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeating, "_digest", look)
        send(program, wish, key="another")
    IdempotentRequest.objects.all().delete()
    Message.objects.all().delete()
    IdempotentRequest.objects.create(
        organization_id=program.key.organization_id,
        application_id=program.application.pk,
        key="order-1",
        digest=digest,
        claim=uuid.uuid4(),
        claimed_at=timezone.now() - timedelta(seconds=seconds),
        created_at=timezone.now(),
    )


@pytest.mark.django_db
def test_a_request_that_is_still_handled_can_be_asked_for_again(program, wish, monkeypatch) -> None:
    program.application.repeat_seconds = 0
    program.application.save()
    claimed(program, wish, 1)
    monkeypatch.setattr(common, "WAIT_SECONDS", 0.1)
    assert send(program, wish)["Error"]["Code"] == "ResourceInUse"
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_what_a_dead_process_left_is_taken_over(program, wish) -> None:
    program.application.repeat_seconds = 0
    program.application.save()
    claimed(program, wish, common.CLAIM_SECONDS + 1)
    assert send(program, wish)["SendStatusSet"][0]["Code"] == "Ok"
    assert Message.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connection to lose")
@pytest.mark.django_db(transaction=True)
def test_a_request_whose_connection_broke_may_be_tried_again_at_once(
    program, wish, monkeypatch
) -> None:
    real = handlers.HANDLERS["SendSms"]

    def broken(call, keep):
        def late(answer):
            keep(answer)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

        return real(call, late)

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(handlers.HANDLERS, "SendSms", broken)
        assert send(program, wish)["Error"]["Code"] == "ServiceUnavailable"
    connection.close()
    assert send(program, wish)["SendStatusSet"][0]["Code"] == "Ok"
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_was_too_slow_is_undone(program, wish, monkeypatch) -> None:
    # Just before it commits, another takes the request over and answers.
    kept = json.dumps({"SendStatusSet": [{"SerialNo": "1"}, {"SerialNo": ""}]})
    real = handlers.HANDLERS["SendSms"]

    def overtaken(call, keep):
        def late(answer):
            with connection.cursor():
                row = IdempotentRequest.objects.get()
                IdempotentRequest.objects.filter(pk=row.pk).update(claim=uuid.uuid4())
            keep(answer)

        return real(call, late)

    def told(*_):
        raise AssertionError("not again")

    monkeypatch.setitem(handlers.HANDLERS, "SendSms", overtaken)
    monkeypatch.setattr(common, "WAIT_SECONDS", 0.1)
    said = send(program, wish)
    # The claim was rolled back with the messages, so this one may not go on either.
    assert said["Error"]["Code"] == "ResourceInUse"
    assert not Message.objects.exists()
    IdempotentRequest.objects.update(answer=kept)
    monkeypatch.setitem(handlers.HANDLERS, "SendSms", told)
    assert send(program, wish)["SendStatusSet"][0]["SerialNo"] == "1"


@pytest.mark.django_db(transaction=True)
def test_two_hundred_at_once_send_once(program, wish) -> None:
    answers, start = [], threading.Barrier(20)

    def ask() -> None:
        own = type(program)(program.key)
        start.wait()
        try:
            answers.extend(send(own, wish) for _ in range(10))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 200
    assert Message.objects.count() == 1
    serials = {
        answer["SendStatusSet"][0]["SerialNo"] for answer in answers if "Error" not in answer
    }
    assert serials == {str(Message.objects.get().pk)}
    assert {answer["Error"]["Code"] for answer in answers if "Error" in answer} <= {"ResourceInUse"}
