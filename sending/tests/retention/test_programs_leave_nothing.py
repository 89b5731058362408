"""A number goes every way that programs and handsets have; then it is erased, and looked for."""

import io
import json
import logging
import time
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.urls import reverse

from accounts.models import ApiKey, Organization
from accounts.roles import Role
from accounts.tests.factories import log_in
from sending.api import callers
from sending.api.request_log import REQUEST_LOG
from sending.callbacks import rounds
from sending.delivery.receipts import inbox
from sending.gateways.base import InboundIn
from sending.lifecycle import MessageState, SaidBy
from sending.models import Gateway, IdempotentRequest, Message, ReplySettings, Suppression
from sending.models.stepping import step
from sending.replies import segments
from sending.retention.number_export import export
from sending.tests.api.tencent.program import Program
from sending.tests.callbacks.conftest import rows_of_migrations
from sending.tests.callbacks.receivers import Receiver
from sending.tests.factories import (
    CODE_BODY,
    PLAIN_BODY,
    default_application,
    make_gateway,
    make_prices,
    make_sender,
    move,
)
from sending.tests.retention.traces import Planted, in_files, in_tables
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

__all__ = ["rows_of_migrations"]
pytestmark = pytest.mark.django_db(transaction=True)
NATIONAL = "7400555737"
NUMBER = f"+44{NATIONAL}"
CONTEXT = f"call {NUMBER} back"


@pytest.fixture(autouse=True)
def _workers(monkeypatch, rows_of_migrations):
    callers.forget()
    for name in ("submit", "put_replies_together", "deliver_callbacks", "erase_number"):
        monkeypatch.setattr(f"sending.tasks.{name}.delay", lambda *_args, **_given: None)


@pytest.fixture
def member():
    make_gateway()
    make_prices()
    return make_sender(Role.ADMIN)


@pytest.fixture
def program(member):
    application = default_application(member.organization)
    key = ApiKey.objects.create(
        organization=member.organization, application=application, created_by=member.user
    )
    return Program(key)


def ask_everything(program: Program, code: int, plain: int) -> None:
    """Have a number accepted, refused, dry run, described, pulled, and asked for wrongly."""
    own = {"SmsSdkAppId": program.application.sdk_app_id}
    wish = {**own, "PhoneNumberSet": [NUMBER], "SessionContext": CONTEXT, "TemplateId": str(code)}
    with_values = wish | {"TemplateParamSet": ["860417", "5"]}
    for headers in (
        {"Idempotency-Key": "once"},
        {"Idempotency-Key": "once"},
        {"X-Dry-Run": "true"},
    ):
        program.ask("SendSms", with_values, headers=headers)
    program.ask("SendSms", wish | {"TemplateId": str(plain)})
    items = [{"PhoneNumber": NUMBER, "SessionContext": CONTEXT, "TemplateId": str(plain)}] * 2
    program.ask("SendMultiGlobalSms", {**own, "MultiSmsInfoSet": items})
    program.ask("SendSms", wish | {"PhoneNumberSet": [f"{NUMBER} or so", f"0{NATIONAL}"]})
    program.ask("DescribePhoneNumberInfo", {"PhoneNumberSet": [NUMBER, f"{NUMBER}x"]})
    for action in ("PullSmsSendStatusByPhoneNumber", "PullSmsReplyStatusByPhoneNumber"):
        period = {"BeginTime": int(time.time()) - 60, "Offset": 0, "Limit": 10}
        program.ask(action, {**own, **period, "PhoneNumber": NUMBER})
    program.ask("SendSms", json.dumps(wish | {NUMBER: 1}))
    REQUEST_LOG.flush()


def answer(text: str) -> None:
    gateway = Gateway.objects.get()
    inbox.store(gateway, [InboundIn(NUMBER[1:], "3939", 8, 0, text.encode("utf-16-be"), text)])
    segments.put_together_due()


def plant(program: Program, receiver: Receiver) -> None:
    """Bring the number everywhere."""
    organization: Organization = program.application.organization
    code = approved_template(organization, CODE_BODY, SmsType.OTP, name="Code")
    plain = approved_template(organization, PLAIN_BODY, SmsType.NOTIFICATION, name="Hours")
    goodbye = approved_template(organization, "Goodbye.", SmsType.NOTIFICATION, name="Goodbye")
    ReplySettings.objects.create(organization=organization, stop_template=goodbye)
    type(program.application).objects.update(
        callback_url=receiver.url, reply_callback_url=receiver.url, callback_secret="s"
    )
    ask_everything(program, code.pk, plain.pk)
    asked = list(Message.objects.filter(msisdn=NUMBER))
    move(asked, MessageState.SUBMITTED)
    Message.objects.update(attempt=1)
    step(MessageState.DELIVERED, [message.pk for message in asked], said_by=SaidBy.NETWORK)
    answer(f"Who is {NUMBER}?")
    answer("STOP")
    rounds.deliver()
    assert any(NATIONAL in told.body.decode() for told in receiver.told)


def test_a_number_of_programs_leaves_no_trace(member, program, caplog):
    caplog.set_level(logging.DEBUG)
    since = time.time() - 1
    with Receiver() as receiver:
        plant(program, receiver)
    reader = log_in(program.client.__class__(), member.user)
    for name in ("inbox:list", "developers:messages", "developers:requests"):
        assert reader.get(reverse(name)).status_code == 200
    number = Planted(NATIONAL)
    tables = {table for table, *_rest in in_tables(number)}
    assert {"sending_message", "sending_apimessage", "sending_inboundmessage"} <= tables
    # What could tell nobody's number without the key is counted on to be there.
    assert IdempotentRequest.objects.count() == 1
    known = export(NUMBER, member.organization)
    assert CONTEXT in {message.get("session_context") for message in known["messages"]}
    assert {reply["text"] for reply in known["replies"]} == {f"Who is {NUMBER}?", "STOP"}

    # Nothing is on its way, and nothing more will be heard.
    Message.objects.update(state="DELIVERED", attempt=0)
    call_command("erase_number", NUMBER, yes=True, stdout=io.StringIO())
    assert in_tables(number) == set()
    assert in_files(number, Path(project.VAR_DIR) / "log", since=since) == set()
    assert number.forms_in(caplog.text.encode()) == []
    assert Suppression.objects.suppressed(member.organization_id, [NUMBER]) == {NUMBER}
