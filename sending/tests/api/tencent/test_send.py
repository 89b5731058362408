"""SendSms and SendMultiGlobalSms: per-number results inside success, and what is stored."""

import pytest

from sending.models import ApiMessage, Message
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
