"""What became of messages and what was replied: told once, to their own application."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.tests.factories import make_application
from sending.lifecycle import MessageState, SaidBy, TaskState
from sending.models import (
    ApiMessage,
    CallbackEvent,
    CallbackKind,
    Counter,
    InboundMessage,
    Message,
)
from sending.models.counter import WHOLE_DAY
from sending.tests.factories import (
    PLAIN_BODY,
    a_number,
    make_messages,
    make_sender,
    make_task,
    move,
)
from templates_app.models import SmsType
from templates_app.tests.factories import approved_signature, approved_template

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(program, member):
    """Send to numbers by the API; return the messages, by number."""
    template = approved_template(member.organization, PLAIN_BODY, SmsType.NOTIFICATION)

    def send(*numbers, **more):
        said = program.ask(
            "SendSms",
            {
                "PhoneNumberSet": list(numbers),
                "SmsSdkAppId": program.application.sdk_app_id,
                "TemplateId": str(template.pk),
                **more,
            },
        )
        ids = [int(one["SerialNo"]) for one in said["SendStatusSet"]]
        return list(Message.objects.filter(pk__in=ids).order_by("pk"))

    return send


def pull(program, limit=100, action="PullSmsSendStatus"):
    wish = {"Limit": limit, "SmsSdkAppId": program.application.sdk_app_id}
    return program.ask(action, wish)[f"{action}Set"]


def by_number(program, number, action="PullSmsSendStatus", **more):
    now = int(time.time())
    wish = {
        "BeginTime": now - 3600,
        "EndTime": now + 60,
        "Offset": 0,
        "Limit": 100,
        "PhoneNumber": number,
        "SmsSdkAppId": program.application.sdk_app_id,
    }
    return program.ask(f"{action}ByPhoneNumber", wish | more)


def test_a_report_is_given_out_once(program, sent) -> None:
    (message,) = sent("+6581234001", SessionContext="order-1")
    assert pull(program) == []
    move([message], MessageState.DELIVERED)
    (row,) = pull(program)
    assert row == {
        "UserReceiveTime": row["UserReceiveTime"],
        "CountryCode": "65",
        "SubscriberNumber": "81234001",
        "PhoneNumber": "+6581234001",
        "SerialNo": str(message.pk),
        "ReportStatus": "SUCCESS",
        "Description": "DELIVRD",
        "SessionContext": "order-1",
    }
    assert abs(row["UserReceiveTime"] - time.time()) < 60
    assert pull(program) == []


@pytest.mark.parametrize(
    ("state", "code", "description"),
    [
        (MessageState.UNDELIVERABLE, "027", "027"),
        (MessageState.UNDELIVERABLE, "", "UNDELIV"),
        (MessageState.EXPIRED, "", "EXPIRED"),
        (MessageState.UNKNOWN, "", "UNKNOWN"),
        (MessageState.BLOCKED, "", "BLOCKED"),
    ],
)
def test_other_ends_are_failures_with_their_code(program, sent, state, code, description) -> None:
    move(sent(a_number(1)), state, code=code)
    (row,) = pull(program)
    assert (row["ReportStatus"], row["Description"]) == ("FAIL", description)
    assert row["SessionContext"] is None


def test_a_late_receipt_corrects_what_was_unknown(program, sent) -> None:
    messages = sent(a_number(1))
    move(messages, MessageState.UNKNOWN)
    from sending.models.stepping import step

    step(MessageState.DELIVERED, [messages[0].pk], said_by=SaidBy.NETWORK)
    assert [row["ReportStatus"] for row in pull(program)] == ["FAIL", "SUCCESS"]


def test_reports_come_in_order_and_so_many_at_a_time(program, sent) -> None:
    messages = sent(*map(a_number, range(5)))
    move(messages, MessageState.DELIVERED)
    first, second, third = (pull(program, 2) for _ in range(3))
    serials = [row["SerialNo"] for row in (*first, *second, *third)]
    assert [len(rows) for rows in (first, second, third)] == [2, 2, 1]
    assert serials == [str(message.pk) for message in messages]


def test_reports_of_tasks_and_of_other_applications_are_not_pulled(program, member) -> None:
    task = make_task(member, TaskState.SENDING, numbers=[a_number(1)])
    other = make_application(member.organization)
    CallbackEvent.objects.create(
        organization_id=member.organization_id,
        application_id=other.pk,
        kind=CallbackKind.STATUS.value,
        subject_id=1,
        state="DELIVERED",
        at=timezone.now(),
    )
    move(make_messages(task), MessageState.DELIVERED)
    assert pull(program) == []


def test_a_number_that_was_erased_is_told_to_nobody(program, sent) -> None:
    (message,) = sent(a_number(1))
    move([message], MessageState.DELIVERED)
    Message.objects.filter(pk=message.pk).update(msisdn="")
    (row,) = pull(program)
    assert (row["PhoneNumber"], row["CountryCode"], row["SubscriberNumber"]) == ("", "", "")


@pytest.mark.django_db(transaction=True)
def test_who_pull_at_the_same_moment_get_different_reports(program, sent) -> None:
    move(sent(*map(a_number, range(100))), MessageState.DELIVERED)
    rows, start = [], threading.Barrier(5)

    def take() -> None:
        own = type(program)(program.key)
        start.wait()
        try:
            while got := pull(own, 7):
                rows.extend(got)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    serials = [row["SerialNo"] for row in rows]
    assert len(serials) == len(set(serials)) == 100


def test_what_became_of_messages_to_a_number(program, sent) -> None:
    (message,) = sent(a_number(1), SessionContext="x")
    (other,) = sent(a_number(2))
    assert by_number(program, a_number(1))["PullSmsSendStatusSet"] == []
    move([message, other], MessageState.DELIVERED)
    for _ in range(2):
        (row,) = by_number(program, f"  {a_number(1)} ")["PullSmsSendStatusSet"]
        assert (row["SerialNo"], row["SessionContext"]) == (str(message.pk), "x")
    assert by_number(program, a_number(3))["PullSmsSendStatusSet"] == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"BeginTime": 1}, "InvalidParameterValue.BeginTimeVerifyFail"),
        ({"BeginTime": 2**40}, "InvalidParameterValue.BeginTimeVerifyFail"),
        ({"EndTime": -1}, "InvalidParameterValue.EndTimeVerifyFail"),
        ({"EndTime": 5}, "InvalidParameterValue.InvalidStartTime"),
        ({"Limit": 101}, "InvalidParameterValue.LimitVerifyFail"),
        ({"Offset": 1}, "InvalidParameterValue.OffsetVerifyFail"),
        ({"PhoneNumber": "nobody"}, "InvalidParameterValue.IncorrectPhoneNumber"),
        ({"PhoneNumber": "+8613711112222"}, "UnsupportedOperation.ContainDomesticPhoneNumber"),
    ],
)
@pytest.mark.parametrize("action", ["PullSmsSendStatus", "PullSmsReplyStatus"])
def test_a_period_and_a_number_are_checked(program, action, wrong, code) -> None:
    assert by_number(program, a_number(1), action, **wrong)["Error"]["Code"] == code


@pytest.fixture
def reply(program, member, sent):
    signature = approved_signature(member.organization)
    (message,) = sent(a_number(1), SignName=signature.approved.content)
    inbound = InboundMessage.objects.create(
        organization_id=member.organization_id,
        application_id=program.application.pk,
        gateway_id=1,
        msisdn=a_number(1),
        country="HK",
        text="STOP it",
        answers_message_id=message.pk,
        received_at=timezone.now(),
    )
    CallbackEvent.objects.create(
        organization_id=member.organization_id,
        application_id=program.application.pk,
        kind=CallbackKind.REPLY.value,
        subject_id=inbound.pk,
        at=inbound.received_at,
    )
    return inbound


def test_a_reply_is_given_out_once(program, reply) -> None:
    (row,) = pull(program, action="PullSmsReplyStatus")
    assert row == {
        "ExtendCode": "",
        "CountryCode": "852",
        "PhoneNumber": a_number(1),
        "SignName": "Harbourline",
        "ReplyContent": "STOP it",
        "ReplyTime": int(reply.received_at.timestamp()),
        "SubscriberNumber": a_number(1)[4:],
    }
    assert pull(program, action="PullSmsReplyStatus") == []
    assert pull(program) == []


def test_replies_of_a_number(program, reply, member) -> None:
    InboundMessage.objects.create(
        organization_id=make_sender().organization_id,
        application_id=program.application.pk,
        gateway_id=1,
        msisdn=a_number(1),
        received_at=timezone.now(),
    )
    rows = by_number(program, a_number(1), "PullSmsReplyStatus")["PullSmsReplyStatusSet"]
    assert [row["ReplyContent"] for row in rows] == ["STOP it"]


def statistics(program, kind, begin, end):
    wish = {
        "BeginTime": begin,
        "EndTime": end,
        "SmsSdkAppId": program.application.sdk_app_id,
        "Limit": 0,
        "Offset": 0,
    }
    said = program.ask(kind, wish)
    return said.get(kind) or said["Error"]["Code"]


def test_statistics_are_of_the_hours_of_the_organization(program, sent, member) -> None:
    member.organization.time_zone = "Asia/Hong_Kong"
    member.organization.save()
    delivered, failed, unreachable, waiting = sent(*map(a_number, range(4)))
    move([delivered], MessageState.DELIVERED)
    move([failed], MessageState.UNDELIVERABLE, code="001")
    move([unreachable], MessageState.UNDELIVERABLE, code="27")
    hour = f"{timezone.now().astimezone(member.organization.zone):%Y%m%d%H}"
    assert statistics(program, "SendStatusStatistics", hour, hour) == {
        "FeeCount": 3,
        "RequestCount": 4,
        "RequestSuccessCount": 3,
    }
    assert statistics(program, "CallbackStatusStatistics", hour, hour) == {
        "CallbackCount": 3,
        "RequestSuccessCount": 3,
        "CallbackFailCount": 2,
        "CallbackSuccessCount": 1,
        "InternalErrorCount": 0,
        "InvalidNumberCount": 1,
        "ShutdownErrorCount": 1,
        "BlackListCount": 0,
        "FrequencyLimitCount": 0,
    }
    later = f"{timezone.now().astimezone(member.organization.zone) + timedelta(hours=1):%Y%m%d%H}"
    assert statistics(program, "SendStatusStatistics", later, later)["RequestCount"] == 0
    assert waiting.state == "QUEUED"


def test_a_day_without_hours_counts_where_all_of_it_is_asked_for(program, member) -> None:
    Counter.objects.create(
        organization_id=member.organization_id,
        application_id=program.application.pk,
        hour=20261124 * 100 + WHOLE_DAY,
        country="HK",
        state="DELIVERED",
        messages=7,
        segments=9,
        cost_micro=0,
    )
    kind = "SendStatusStatistics"
    assert statistics(program, kind, "2026112400", "2026112423")["RequestCount"] == 7
    assert statistics(program, kind, "2026112312", "2026112512")["FeeCount"] == 9
    assert statistics(program, kind, "2026112401", "2026112523")["RequestCount"] == 0
    assert statistics(program, kind, "2026112300", "2026112422")["RequestCount"] == 0


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [
        ("2026112", "2026112423", "InvalidParameterValue.BeginTimeVerifyFail"),
        ("2026113124", "2026112423", "InvalidParameterValue.BeginTimeVerifyFail"),
        ("٢026112400", "2026112423", "InvalidParameterValue.BeginTimeVerifyFail"),
        ("0001010100", "0001010100", "InvalidParameterValue.BeginTimeVerifyFail"),
        ("9999123123", "9999123123", "InvalidParameterValue.BeginTimeVerifyFail"),
        ("0000000000", "2026112423", "InvalidParameterValue.BeginTimeVerifyFail"),
        ("2026112400", "2026112460", "InvalidParameterValue.EndTimeVerifyFail"),
        ("2026112400", "2026122701", "InvalidParameterValue.EndTimeVerifyFail"),
        ("2026112423", "2026112400", "InvalidParameterValue.InvalidStartTime"),
    ],
)
def test_hours_are_checked(program, begin: str, end: str, code: str) -> None:
    for kind in ("SendStatusStatistics", "CallbackStatusStatistics"):
        assert statistics(program, kind, begin, end) == code


def test_a_conversion_is_noted_once_it_is_known(program, sent) -> None:
    (message,) = sent(a_number(1))
    wish = {
        "SmsSdkAppId": program.application.sdk_app_id,
        "SerialNo": str(message.pk),
        "ConversionTime": 1795361800,
    }
    said = program.ask("ReportConversion", wish)["ReportConversionStatus"]
    assert said == {"Code": "ok", "Message": "success"}
    noted = ApiMessage.objects.get(pk=message.pk).converted_at
    assert noted == datetime.fromtimestamp(1795361800, UTC)
    for serial in ("1", "x", "9" * 40, "5000:1045710669157053657849499619"):
        said = program.ask("ReportConversion", wish | {"SerialNo": serial})
        assert said["ReportConversionStatus"]["Code"] == "FailedOperation.OtherError"


def test_numbers_are_told_apart(program) -> None:
    wish = {
        "PhoneNumberSet": ["+60198890000", "8613711112222", "nonsense", "+999", "+442079460000"]
    }
    said = program.ask("DescribePhoneNumberInfo", wish)["PhoneNumberInfoSet"]
    assert said[0] == {
        "Code": "Ok",
        "Message": "get info success",
        "NationCode": "60",
        "SubscriberNumber": "198890000",
        "PhoneNumber": "+60198890000",
        "IsoCode": "MY",
        "IsoName": "Malaysia",
    }
    assert (said[1]["IsoCode"], said[1]["NationCode"]) == ("CN", "86")
    assert [one["Code"] for one in said[2:4]] == ["FailedOperation.PhoneNumberParseFail"] * 2
    assert (said[2]["PhoneNumber"], said[2]["IsoCode"]) == ("nonsense", "DEF")
    assert said[4]["IsoCode"] == "GB"
