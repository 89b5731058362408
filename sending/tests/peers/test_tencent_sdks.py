"""Every action and every kind of refusal, by the official SDKs, against a live server."""

import base64
import time

import pytest
from django.utils import timezone

from accounts.models import ApiKey
from accounts.tests.factories import make_application, make_reviewer
from sending import tasks
from sending.api import callers, rates
from sending.api.tencent import limits
from sending.lifecycle import MessageState
from sending.models import CallbackEvent, CallbackKind, InboundMessage, Message, MessageSequence
from sending.tests.factories import (
    CODE_BODY,
    a_number,
    default_application,
    make_gateway,
    make_prices,
    make_sender,
    move,
)
from sending.tests.peers.sdk import KINDS, Sdk
from templates_app.actions import decide
from templates_app.models import SmsType, TextTemplate
from templates_app.tests.factories import PNG, approved_signature, approved_template

pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module", params=KINDS)
def sdk(request):
    program = Sdk(request.param)
    yield program
    program.stop()


class Caller:
    """The SDK with a key of an application."""

    def __init__(self, sdk, server, key) -> None:
        self.sdk, self.key = sdk, key
        self.application = key.application
        self.endpoint = server.url.removeprefix("http://")

    def __call__(self, action, parameters=None, **changes):
        """Call an action of the application, with whatever is otherwise than usual."""
        wish = {
            "endpoint": self.endpoint,
            "id": self.key.secret_id,
            "key": self.key.secret_key,
            "action": action,
            "parameters": parameters or {},
            "headers": {},
            "method": "POST",
            "sign": "TC3-HMAC-SHA256",
        }
        return self.sdk.call(wish | changes)

    def of(self, **parameters):
        """Parameters of the application."""
        return {"SmsSdkAppId": self.application.sdk_app_id} | parameters


@pytest.fixture
def member(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    callers.forget()
    monkeypatch.setattr(limits, "take", lambda *_: None)
    monkeypatch.setattr(tasks.submit, "delay", lambda: None)
    MessageSequence.objects.get_or_create(pk=1)
    make_gateway()
    make_prices()
    return make_sender()


@pytest.fixture
def call(sdk, live_server, member):
    key = ApiKey.objects.create(
        organization=member.organization,
        application=default_application(member.organization),
        created_by=member.user,
    )
    return Caller(sdk, live_server, key)


@pytest.fixture
def template(member):
    return approved_template(member.organization, CODE_BODY, SmsType.OTP)


def test_sending_and_what_became_of_it(call, member, template) -> None:
    signature = approved_signature(member.organization)
    said = call(
        "SendSms",
        call.of(
            PhoneNumberSet=["+6581234001", "nonsense"],
            TemplateId=str(template.pk),
            TemplateParamSet=["123456", "5"],
            SignName=signature.approved.content,
            SessionContext="ctx-é",
        ),
    )
    accepted, refused = said["SendStatusSet"]
    assert (accepted["Code"], accepted["Fee"], accepted["IsoCode"]) == ("Ok", 1, "SG")
    assert accepted["SessionContext"] == "ctx-é"
    assert refused["Code"] == "InvalidParameterValue.IncorrectPhoneNumber"
    message = Message.objects.get(pk=int(accepted["SerialNo"]))
    move([message], MessageState.DELIVERED)
    (report,) = call("PullSmsSendStatus", call.of(Limit=10))["PullSmsSendStatusSet"]
    assert (report["SerialNo"], report["ReportStatus"]) == (accepted["SerialNo"], "SUCCESS")
    now = int(time.time())
    period = {"BeginTime": now - 60, "EndTime": now + 60, "Offset": 0, "Limit": 100}
    (again,) = call("PullSmsSendStatusByPhoneNumber", call.of(PhoneNumber="+6581234001", **period))[
        "PullSmsSendStatusSet"
    ]
    assert again == report
    hour = f"{timezone.now().astimezone(member.organization.zone):%Y%m%d%H}"
    hours = {"BeginTime": hour, "EndTime": hour, "Limit": 0, "Offset": 0}
    sums = call("SendStatusStatistics", call.of(**hours))["SendStatusStatistics"]
    assert sums == {"FeeCount": 1, "RequestCount": 1, "RequestSuccessCount": 1}
    ends = call("CallbackStatusStatistics", call.of(**hours))["CallbackStatusStatistics"]
    assert (ends["CallbackCount"], ends["CallbackSuccessCount"]) == (1, 1)
    noted = call("ReportConversion", call.of(SerialNo=accepted["SerialNo"], ConversionTime=now))[
        "ReportConversionStatus"
    ]
    assert noted["Code"] == "ok"


def test_many_at_once_and_once_only(call, template) -> None:
    wish = call.of(
        MultiSmsInfoSet=[
            {
                "PhoneNumber": a_number(n),
                "TemplateId": str(template.pk),
                "TemplateParamSet": [f"{n:06}", "5"],
                "SessionContext": str(n),
            }
            for n in range(200)
        ]
    )
    headers = {"Idempotency-Key": f"many-{call.sdk.kind}"}
    first = call("SendMultiGlobalSms", wish, headers=headers)["SendMultiStatusSet"]
    again = call("SendMultiGlobalSms", wish, headers=headers)["SendMultiStatusSet"]
    assert {one["Code"] for one in first} == {"Ok"}
    assert [one["SessionContext"] for one in first] == [str(n) for n in range(200)]
    assert [one["SerialNo"] for one in first] == [one["SerialNo"] for one in again]
    assert Message.objects.count() == 200


def test_a_dry_run(call, template) -> None:
    wish = call.of(
        PhoneNumberSet=[a_number(1)],
        TemplateId=str(template.pk),
        TemplateParamSet=["123456", "5"],
    )
    (status,) = call("SendSms", wish, headers={"X-Dry-Run": "true"})["SendStatusSet"]
    assert (status["Code"], status["SerialNo"], status["Fee"]) == ("Ok", "", 1)
    assert not Message.objects.exists()


def test_replies(call, member) -> None:
    reply = InboundMessage.objects.create(
        organization_id=member.organization_id,
        application_id=call.application.pk,
        gateway_id=1,
        msisdn=a_number(1),
        text="Yes please",
        received_at=timezone.now(),
    )
    CallbackEvent.objects.create(
        organization_id=member.organization_id,
        application_id=call.application.pk,
        kind=CallbackKind.REPLY.value,
        subject_id=reply.pk,
        at=reply.received_at,
    )
    (pulled,) = call("PullSmsReplyStatus", call.of(Limit=10))["PullSmsReplyStatusSet"]
    assert (pulled["ReplyContent"], pulled["PhoneNumber"]) == ("Yes please", a_number(1))
    now = int(time.time())
    wish = call.of(
        BeginTime=now - 60, EndTime=now + 60, Offset=0, Limit=10, PhoneNumber=a_number(1)
    )
    assert call("PullSmsReplyStatusByPhoneNumber", wish)["PullSmsReplyStatusSet"] == [pulled]


def test_numbers(call) -> None:
    numbers = {"PhoneNumberSet": ["+60198890000", "nonsense"]}
    for method in ("POST", "GET"):
        known, unknown = call("DescribePhoneNumberInfo", numbers, method=method)[
            "PhoneNumberInfoSet"
        ]
        assert (known["NationCode"], known["IsoCode"]) == ("60", "MY")
        assert unknown["Code"] == "FailedOperation.PhoneNumberParseFail"


def reject(thing) -> None:
    decide(
        version=thing.versions.get(),
        reviewer=make_reviewer(),
        approve=False,
        reasons=[{"code": "OTHER", "field": "", "advice": "Say more."}],
    )


def test_signatures(call, member) -> None:
    # Five megabytes, as large as a certificate may be, make seven in base64.
    image = PNG[:-12] + _chunk(b"zTXt", b"x" * (5 * 1024 * 1024 - 2048)) + PNG[-12:]
    wish = {
        "SignName": "Larkspur",
        "SignType": 0,
        "DocumentType": 1,
        "International": 1,
        "SignPurpose": 0,
        "ProofImage": base64.b64encode(image).decode(),
    }
    pk = call("AddSmsSign", wish)["AddSignStatus"]["SignId"]
    signature = member.organization.signatures.get(pk=pk)
    assert signature.versions.get().evidence.size == len(image)
    reject(signature)
    asked = {"International": 1, "SignIdSet": [pk]}
    (told,) = call("DescribeSmsSignList", asked)["DescribeSignListStatusSet"]
    assert told["StatusCode"] == -1
    assert "Say more" in told["ReviewReply"]
    assert call("ModifySmsSign", wish | {"SignId": pk})["ModifySignStatus"]["SignId"] == pk
    assert "DeleteTime" in call("DeleteSmsSign", {"SignId": pk})["DeleteSignStatus"]
    assert call("DescribeSmsSignList", asked)["DescribeSignListStatusSet"] == []
    wrong = call("AddSmsSign", wish | {"ProofImage": "aGVsbG8="})
    assert wrong["code"] == "InvalidParameterValue.ImageInvalid"


def _chunk(kind: bytes, content: bytes) -> bytes:
    import zlib

    named = kind + content
    return len(content).to_bytes(4, "big") + named + zlib.crc32(named).to_bytes(4, "big")


def test_text_templates(call) -> None:
    wish = {
        "TemplateName": "Closing",
        "TemplateContent": "Our stores close at {1} today.",
        "SmsType": 2,
        "International": 1,
        "Remark": "For customers",
    }
    pk = int(call("AddSmsTemplate", wish)["AddTemplateStatus"]["TemplateId"])
    asked = {"International": 1, "TemplateIdSet": [pk]}
    (told,) = call("DescribeSmsTemplateList", asked)["DescribeTemplateStatusSet"]
    assert (told["StatusCode"], told["TemplateContent"]) == (1, wish["TemplateContent"])
    reject(TextTemplate.objects.get(pk=pk))
    modified = call("ModifySmsTemplate", wish | {"TemplateId": pk})
    assert modified["ModifyTemplateStatus"]["TemplateId"] == pk
    assert "DeleteTime" in call("DeleteSmsTemplate", {"TemplateId": pk})["DeleteTemplateStatus"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "AKIDnobody"}, "AuthFailure.SecretIdNotFound"),
        ({"key": "wrong"}, "AuthFailure.SignatureFailure"),
        ({"sign": "HmacSHA256"}, "AuthFailure.InvalidAuthorization"),
        ({"sign": "HmacSHA1", "method": "GET"}, "AuthFailure.InvalidAuthorization"),
    ],
)
def test_who_asks_is_refused_with_a_code_that_sdks_see(call, changes, code) -> None:
    refused = call("DescribeSmsSignList", {"International": 1}, **changes)
    assert refused["code"] == code
    assert refused["message"]


def test_keys_and_applications_are_refused_with_a_code_that_sdks_see(call, member) -> None:
    def code(**fields):
        for model in (call.key, call.application):
            kept = {name: getattr(model, name) for name in fields if hasattr(model, name)}
            for name in kept:
                setattr(model, name, fields[name])
            model.save()
            callers.forget()
            if kept:
                refused = call("DescribeSmsSignList", {"International": 1})
                for name, value in kept.items():
                    setattr(model, name, value)
                model.save()
                return refused.get("code")
        return None

    assert code(revoked_at=timezone.now()) == "AuthFailure.InvalidSecretId"
    assert code(allowed_networks=["203.0.113.0/24"]) == (
        "UnauthorizedOperation.RequestIpNotInWhitelist"
    )
    assert code(is_enabled=False) == "UnauthorizedOperation.SdkAppIdIsDisabled"
    callers.forget()
    sister = make_application(member.organization)
    wish = {"SmsSdkAppId": sister.sdk_app_id, "Limit": 1}
    assert call("PullSmsSendStatus", wish)["code"] == (
        "UnauthorizedOperation.SmsSdkAppIdVerifyFail"
    )
    wish = {"SmsSdkAppId": "2400000000", "Limit": 1}
    assert call("PullSmsSendStatus", wish)["code"] == "InvalidParameterValue.SdkAppIdNotExist"


@pytest.mark.parametrize(
    ("action", "changes", "code"),
    [
        ("SendSms", {"PhoneNumberSet": []}, "MissingParameter.EmptyPhoneNumberSet"),
        ("SendSms", {"PhoneNumberSet": "+6581234001"}, "InvalidParameter"),
        ("SendSms", {"PhoneNumberSet": ["+1"] * 201}, "LimitExceeded.PhoneNumberCountLimit"),
        ("SendSms", {"TemplateId": 1}, "InvalidParameter"),
        ("PullSmsSendStatus", {"Limit": 101}, "InvalidParameterValue.LimitVerifyFail"),
    ],
)
def test_what_is_asked_is_refused_with_a_code_that_sdks_see(
    call, template, action, changes, code
) -> None:
    usual = {"PhoneNumberSet": [a_number(1)], "TemplateId": str(template.pk)}
    wish = call.of(**(usual if action == "SendSms" else {})) | changes
    assert call(action, wish)["code"] == code


def test_a_key_that_asks_too_often_can_be_told_by_its_code(call, monkeypatch) -> None:
    monkeypatch.undo()
    rates.forget()
    codes = {call("DeleteSmsSign", {"SignId": 1}).get("code") for _ in range(10)}
    assert "RequestLimitExceeded" in codes
