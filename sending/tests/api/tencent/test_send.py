"""SendSms and SendMultiGlobalSms: per-number results inside success, and what is stored."""

import pytest
from django.utils import timezone

from accounts.models import ApplicationCountry
from accounts.tests.factories import make_originator
from sending import tasks
from sending.models import (
    ApiMessage,
    ApiRequest,
    DailyUse,
    IdempotentRequest,
    Message,
    Suppression,
)
from sending.tests.factories import CODE_BODY, PLAIN_BODY, a_number
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db


@pytest.fixture
def template(member):
    return approved_template(member.organization, PLAIN_BODY, SmsType.NOTIFICATION)


def wish(program, template, *numbers, **more):
    return {
        "PhoneNumberSet": list(numbers),
        "SmsSdkAppId": program.application.sdk_app_id,
        "TemplateId": str(template.pk),
        **more,
    }


def test_accepted_numbers_become_messages(program, template) -> None:
    said = program.ask(
        "SendSms",
        wish(program, template, a_number(1), "+65 8123 4001", SessionContext="order-1"),
    )
    first, second = said["SendStatusSet"]
    assert first == {
        "SerialNo": str(Message.objects.get(msisdn=a_number(1)).pk),
        "PhoneNumber": a_number(1),
        "Fee": 1,
        "SessionContext": "order-1",
        "Code": "Ok",
        "Message": "send success",
        "IsoCode": "HK",
    }
    assert second["PhoneNumber"] == "+6581234001"
    assert second["IsoCode"] == "SG"
    stored = ApiMessage.objects.get(pk=int(first["SerialNo"]))
    assert stored.request_id == said["RequestId"]
    assert stored.session_context == "order-1"
    assert stored.api_key_id == program.key.pk


def codes(said, name="SendStatusSet"):
    return [one["Code"] for one in said[name]]


def test_one_refused_number_refuses_no_other(program, template, member) -> None:
    Suppression.objects.create(organization=member.organization, msisdn=a_number(2))
    numbers = (a_number(1), a_number(2), "nonsense", "+8613711112222", "+85221234567", a_number(1))
    said = program.ask("SendSms", wish(program, template, *numbers))
    assert codes(said) == [
        "Ok",
        "FailedOperation.PhoneNumberInBlacklist",
        "InvalidParameterValue.IncorrectPhoneNumber",
        "UnsupportedOperation.ContainDomesticPhoneNumber",
        "InvalidParameterValue.IncorrectPhoneNumber",
        "LimitExceeded.DeliveryFrequencyLimit",
    ]
    blocked, unread = said["SendStatusSet"][1:3]
    assert (blocked["SerialNo"], blocked["Fee"], blocked["IsoCode"]) == ("", 0, "HK")
    assert (unread["PhoneNumber"], unread["IsoCode"]) == ("nonsense", "DEF")
    assert Message.objects.count() == 1


def test_a_fee_is_the_number_of_segments(program, template, member) -> None:
    long = approved_template(member.organization, "{1} stores close early.", SmsType.NOTIFICATION)
    said = program.ask("SendSms", wish(program, long, a_number(1), TemplateParamSet=["好" * 60]))
    assert said["SendStatusSet"][0]["Fee"] == 2


def test_each_message_of_many_has_its_own(program, template, member) -> None:
    code = approved_template(member.organization, CODE_BODY, SmsType.OTP)
    make_originator(member.organization, "Larkspur")
    said = program.ask(
        "SendMultiGlobalSms",
        {
            "SmsSdkAppId": program.application.sdk_app_id,
            "MultiSmsInfoSet": [
                {
                    "PhoneNumber": a_number(1),
                    "TemplateId": str(code.pk),
                    "TemplateParamSet": ["123456", "5"],
                    "SessionContext": "a",
                },
                {
                    "PhoneNumber": a_number(2),
                    "TemplateId": str(template.pk),
                    "SenderId": "Larkspur",
                    "SessionContext": "b",
                },
                {"PhoneNumber": a_number(3), "TemplateId": "987654"},
            ],
        },
    )
    assert codes(said, "SendMultiStatusSet") == [
        "Ok",
        "Ok",
        "FailedOperation.TemplateUnapprovedOrNotExist",
    ]
    assert [one["SessionContext"] for one in said["SendMultiStatusSet"]] == ["a", "b", ""]
    serials = [one["SerialNo"] for one in said["SendMultiStatusSet"][:2]]
    otp, other = (Message.objects.get(pk=int(serial)) for serial in serials)
    assert (otp.lane, other.lane) == ("OTP", "API")
    assert ApiMessage.objects.get(pk=other.pk).originator == "Larkspur"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"TemplateParamSet": ["1"]}, "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"),
        ({"SignName": "Unknown"}, "FailedOperation.SignatureIncorrectOrUnapproved"),
        ({"SenderId": "Ünknown"}, "InvalidParameterValue"),
    ],
)
def test_what_is_wrong_with_the_text_is_said_of_each_number(
    program, template, changes, code
) -> None:
    said = program.ask("SendSms", wish(program, template, a_number(1), a_number(2), **changes))
    assert codes(said) == [code, code]
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (["12a456", "5"], "InvalidParameterValue.TemplateParameterFormatError"),
        (["123456", "five minutes or so"], "InvalidParameterValue.TemplateParameterLengthLimit"),
        (["123456", ""], "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"),
        (["123456", "a.example/x"], "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter"),
    ],
)
def test_values_are_checked_as_for_tasks(program, member, values, code) -> None:
    otp = approved_template(member.organization, CODE_BODY, SmsType.OTP)
    said = program.ask("SendSms", wish(program, otp, a_number(1), TemplateParamSet=values))
    assert codes(said) == [code]


def test_a_text_too_long_for_any_message_is_refused(program, member) -> None:
    wide = approved_template(
        member.organization, "{1}{2}{3}{4}{5}{6}{7}{8}{9} ok.", SmsType.NOTIFICATION
    )
    said = program.ask(
        "SendSms", wish(program, wide, a_number(1), TemplateParamSet=["好" * 2000] * 9)
    )
    assert codes(said) == ["InvalidParameterValue.ContentLengthLimit"]


def test_limits_have_the_codes_of_the_dialect(program, template, member) -> None:
    application = program.application
    application.number_hourly_limit = 1
    application.repeat_seconds = 30
    application.save()
    first = wish(program, template, a_number(1))
    assert codes(program.ask("SendSms", first)) == ["Ok"]
    assert codes(program.ask("SendSms", first)) == ["LimitExceeded.PhoneNumberThirtySecondLimit"]
    other = approved_template(
        member.organization, "Other words to the same number.", SmsType.NOTIFICATION
    )
    assert codes(program.ask("SendSms", wish(program, other, a_number(1)))) == [
        "LimitExceeded.PhoneNumberOneHourLimit"
    ]
    application.number_hourly_limit, application.number_daily_limit = None, 1
    application.save()
    assert codes(program.ask("SendSms", wish(program, other, a_number(1)))) == [
        "LimitExceeded.PhoneNumberDailyLimit"
    ]
    application.daily_segment_limit = 1
    application.save()
    assert codes(program.ask("SendSms", wish(program, other, a_number(2)))) == [
        "LimitExceeded.AppGlobalDailyLimit"
    ]
    application.daily_segment_limit = None
    application.save()
    country = ApplicationCountry.objects.create(
        application=application, country="HK", daily_segment_limit=1
    )
    assert codes(program.ask("SendSms", wish(program, other, a_number(2), "+6581234001"))) == [
        "LimitExceeded.AppCountryOrRegionDailyLimit",
        "LimitExceeded.AppCountryOrRegionInBlacklist",
    ]
    country.delete()
    member.organization.daily_segment_limit = 1
    member.organization.save()
    assert codes(program.ask("SendSms", wish(program, other, a_number(2)))) == [
        "LimitExceeded.DailyLimit"
    ]
    member.organization.allowed_countries = ["SG"]
    member.organization.save()
    assert codes(program.ask("SendSms", wish(program, other, a_number(2)))) == [
        "UnsupportedOperation.UnsupportedRegion"
    ]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"PhoneNumberSet": []}, "MissingParameter.EmptyPhoneNumberSet"),
        ({"PhoneNumberSet": None}, "MissingParameter.EmptyPhoneNumberSet"),
        ({"PhoneNumberSet": ["+1"] * 201}, "LimitExceeded.PhoneNumberCountLimit"),
        ({"PhoneNumberSet": ["1" * 65]}, "InvalidParameterValue.IncorrectPhoneNumber"),
        ({"PhoneNumberSet": "+60198890000"}, "InvalidParameter"),
        ({"PhoneNumberSet": [60198890000]}, "InvalidParameter"),
        ({"TemplateId": 1110}, "InvalidParameter"),
        ({"TemplateId": "one"}, "FailedOperation.TemplateUnapprovedOrNotExist"),
        ({"TemplateParamSet": "123456"}, "InvalidParameter"),
        (
            {"TemplateParamSet": ["x"] * 101},
            "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
        ),
        ({"SessionContext": "é" * 256}, "InvalidParameterValue"),
        ({"SmsSdkAppId": ""}, "MissingParameter"),
        ({"Sender": "x"}, "UnknownParameter"),
    ],
)
def test_a_request_that_is_not_as_declared_sends_nothing(program, template, wrong, code) -> None:
    assert program.code("SendSms", wish(program, template, a_number(1)) | wrong) == code
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"MultiSmsInfoSet": []}, "InvalidParameterValue.MultiSmsInfoSetEmpty"),
        ({"MultiSmsInfoSet": [{}] * 201}, "LimitExceeded.PhoneNumberCountLimit"),
        ({"MultiSmsInfoSet": ["+1"]}, "InvalidParameter"),
        ({"MultiSmsInfoSet": [{"PhoneNumber": "+1"}]}, "MissingParameter"),
        ({"MultiSmsInfoSet": [{"SignName": "+1"}]}, "UnknownParameter"),
    ],
)
def test_many_messages_are_as_declared_too(program, wrong, code) -> None:
    wish = {"SmsSdkAppId": program.application.sdk_app_id}
    assert program.code("SendMultiGlobalSms", wish | wrong) == code


def test_an_organization_that_may_not_send_is_told_why(program, template, member) -> None:
    organization = member.organization
    organization.suspended_at, organization.suspension_reason = timezone.now(), "Complaints"
    organization.save()
    error = program.ask("SendSms", wish(program, template, a_number(1)))["Error"]
    assert error["Code"] == "UnauthorizedOperation.RequestPermissionDeny"
    assert "Complaints" in error["Message"]


def test_a_suspended_application_is_told_why(program, template) -> None:
    application = program.application
    application.suspended_at, application.suspension_reason = timezone.now(), "Complaints"
    application.save()
    error = program.ask("SendSms", wish(program, template, a_number(1)))["Error"]
    assert error["Code"] == "UnauthorizedOperation.SdkAppIdIsDisabled"


def test_a_dry_run_tells_and_changes_nothing(program, template) -> None:
    said = program.ask(
        "SendSms",
        wish(program, template, a_number(1), "nonsense"),
        headers={"X-Dry-Run": "true", "Idempotency-Key": "k"},
    )
    would, refused = said["SendStatusSet"]
    assert would["DryRun"] == {
        "Segments": 1,
        "Encoding": "GSM7",
        "Cost": "0.048000",
        "Currency": "USD",
        "Lane": "API",
    }
    assert (would["Code"], would["SerialNo"], would["Fee"]) == ("Ok", "", 1)
    assert refused["Code"] == "InvalidParameterValue.IncorrectPhoneNumber"
    assert "DryRun" not in refused
    assert not Message.objects.exists()
    assert not DailyUse.objects.exists()
    assert not IdempotentRequest.objects.exists()


@pytest.mark.parametrize(
    ("action", "wished", "code"),
    [
        ("DescribeSmsSignList", "true", "UnsupportedOperation"),
        ("DescribeSmsSignList", "yes", "InvalidParameterValue"),
    ],
)
def test_a_dry_run_is_for_sending_alone(program, action, wished, code) -> None:
    headers = {"X-Dry-Run": wished}
    assert program.code(action, {"International": 1}, headers=headers) == code


def test_senders_are_woken_up_after_the_answer(program, template, monkeypatch) -> None:
    woken = []
    monkeypatch.setattr(tasks.submit, "delay", lambda: woken.append(Message.objects.count()))
    program.ask("SendSms", wish(program, template, "nonsense"))
    assert woken == []
    program.ask("SendSms", wish(program, template, a_number(1)))
    assert woken == [1]


def test_a_wake_up_that_fails_is_no_matter(program, template, monkeypatch) -> None:
    def fail():
        raise OSError("no broker")

    monkeypatch.setattr(tasks.submit, "delay", fail)
    assert codes(program.ask("SendSms", wish(program, template, a_number(1)))) == ["Ok"]
    assert ApiRequest.objects.count() == 1


def test_a_sentence_of_a_refusal_quotes_no_number(program, member) -> None:
    text = approved_template(member.organization, "Ask {1} for more.", SmsType.NOTIFICATION)
    value = "85251230001.example/x"
    said = program.ask("SendSms", wish(program, text, a_number(1), TemplateParamSet=[value]))
    assert "85251230001" not in said["SendStatusSet"][0]["Message"]
