"""The request log: who asked for what, without numbers, texts or secrets; written in batches."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from sending.api import request_log
from sending.api.request_log import REQUEST_LOG
from sending.models import ApiRequest, IdempotentRequest
from sending.retention import leftovers
from sending.tests.factories import CODE_BODY, a_number
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db


def wish(program, member, *numbers):
    template = approved_template(member.organization, CODE_BODY, SmsType.OTP)
    return {
        "PhoneNumberSet": list(numbers),
        "SmsSdkAppId": program.application.sdk_app_id,
        "TemplateId": str(template.pk),
        "TemplateParamSet": ["860417", "5"],
        "SessionContext": "order-4711",
    }


def test_a_request_is_a_line_without_what_people_wrote(program, member) -> None:
    asked = wish(program, member, a_number(1), "nonsense", *map(a_number, range(2, 7)))
    said = program.ask(
        "SendSms",
        asked,
        address="203.0.113.9",
        headers={"X-TC-RequestClient": "SDK_PYTHON_3.1.153"},
    )
    line = ApiRequest.objects.get()
    assert line.request_id == said["RequestId"]
    assert (line.action, line.items, line.refused) == ("SendSms", 7, 1)
    assert line.code == "InvalidParameterValue.IncorrectPhoneNumber"
    assert (line.address, line.client) == ("203.0.113.9", "SDK_PYTHON_3.1.153")
    assert line.organization_id == program.key.organization_id
    assert line.summary["PhoneNumberSet"] == [
        "+852******01",
        "8 characters",
        "+852******02",
        "+852******03",
        "+852******04",
        "… 2 more",
    ]
    assert line.summary["TemplateParamSet"] == ["6 characters", "1 character"]
    assert line.summary["TemplateId"] == asked["TemplateId"]
    kept = json.dumps(line.summary)
    for secret in ("860417", "order-4711", a_number(1)[1:]):
        assert secret not in kept


def test_a_refused_request_is_a_line_with_its_code(program) -> None:
    program.ask("SendSms", {"PhoneNumberSet": "x"})
    program.ask("NoSuch\u00e9Action", {})
    first, second = ApiRequest.objects.order_by("pk")
    assert (first.action, first.code, first.items) == ("SendSms", "InvalidParameter", 0)
    assert second.code == "InvalidAction"


def test_who_proved_nobody_is_no_line(program) -> None:
    program.ask("SendSms", {}, secret_key="wrong")
    assert not ApiRequest.objects.exists()


def test_a_dry_run_is_said(program, member) -> None:
    program.ask("SendSms", wish(program, member, a_number(1)), headers={"X-Dry-Run": "true"})
    assert ApiRequest.objects.get().is_dry_run


def test_lines_of_a_second_are_written_together(
    program, settings, monkeypatch, django_assert_num_queries
) -> None:
    settings.API_REQUEST_LOG_SECONDS = 3600
    started = []

    class Timer:
        def __init__(self, seconds, act):
            started.append(act)

        def start(self):
            pass

    monkeypatch.setattr(request_log.threading, "Timer", Timer)
    REQUEST_LOG.flush()
    for _ in range(3):
        program.ask("DescribePhoneNumberInfo", {"PhoneNumberSet": ["+1"]})
    assert not ApiRequest.objects.exists()
    assert len(started) == 1
    with django_assert_num_queries(2):
        REQUEST_LOG.flush()
    assert ApiRequest.objects.count() == 3
    addresses = ["203.0.113.9", ""]
    for address in addresses:
        program.ask("DescribePhoneNumberInfo", {"PhoneNumberSet": ["+1"]}, address=address)
    REQUEST_LOG.flush()
    lines = ApiRequest.objects.order_by("-pk")[:2]
    # Over a Unix socket there is none.
    assert {line.address for line in lines} == {"203.0.113.9", None}
    settings.API_REQUEST_LOG_SECONDS = 0
    REQUEST_LOG._timer = None


def test_the_last_use_of_a_key_is_noted_once_a_minute(program) -> None:
    program.ask("DescribeSmsSignList", {"International": 1}, address="203.0.113.9")
    program.key.refresh_from_db()
    first = program.key.last_used_at
    assert timezone.now() - first < timedelta(minutes=1)
    assert program.key.last_used_address == "203.0.113.9"
    program.ask("DescribeSmsSignList", {"International": 1})
    program.key.refresh_from_db()
    assert program.key.last_used_at == first
    type(program.key).objects.update(last_used_at=first - timedelta(minutes=2))
    program.ask("DescribeSmsSignList", {"International": 1})
    program.key.refresh_from_db()
    assert program.key.last_used_at > first


def test_lines_and_kept_answers_are_deleted_in_time(program, member, settings) -> None:
    settings.KEEP_API_REQUESTS_DAYS = 30
    for key in ("old", "new"):
        program.ask(
            "SendSms",
            wish(program, member, a_number(len(key))),
            headers={"Idempotency-Key": key},
        )
    old = timezone.now() - timedelta(days=30, minutes=1)
    ApiRequest.objects.filter(pk=ApiRequest.objects.order_by("pk")[0].pk).update(at=old)
    IdempotentRequest.objects.filter(key="old").update(
        created_at=timezone.now() - timedelta(days=1, minutes=1)
    )
    leftovers.delete_due()
    assert ApiRequest.objects.count() == 1
    assert IdempotentRequest.objects.get().key == "new"
