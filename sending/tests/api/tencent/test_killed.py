"""What was answered, or nearly, stands: processes are killed, or are not there yet."""

import http.client
import json
import socket
import time
from contextlib import ExitStack, closing

import pytest

from sending.dialects.tencent.actions import VERSION
from sending.dialects.tencent.signing import SignedRequest, authorization_for
from sending.lifecycle import MessageState
from sending.models import Batch, DailyUse, Gateway, IdempotentRequest, Message
from sending.tests.factories import PLAIN_BODY, a_number
from sending.tests.processes import SendWorker, SimulatorProcess, WebProcess, ended, make_var
from sending.tests.waiting import wait_until
from smsconsole import gunicorn_conf
from smsconsole.tests.ports import free_port
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DYING = "sending.tests.api.tencent.dying_wsgi"
PATIENCE = 120.0
"""Seconds; a machine may be slow, and what goes well does not wait."""


@pytest.fixture
def wish(member, application):
    template = approved_template(member.organization, PLAIN_BODY, SmsType.NOTIFICATION)
    return {
        "PhoneNumberSet": [a_number(1), a_number(2)],
        "SmsSdkAppId": application.sdk_app_id,
        "TemplateId": str(template.pk),
    }


def answers(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            return False
    return True


def ask(port: int, key, wish, once: str = "order-1") -> tuple[dict, str]:
    """Send SendSms under one Idempotency-Key; return the answer, and whether it is a replay."""
    host, body, now = f"127.0.0.1:{port}", json.dumps(wish).encode(), int(time.time())
    headers = {"content-type": "application/json", "host": host}
    signed = SignedRequest("POST", "", headers, body, now)
    headers |= {
        "X-TC-Action": "SendSms",
        "X-TC-Version": VERSION,
        "X-TC-Timestamp": str(now),
        "Authorization": authorization_for(
            secret_id=key.secret_id, secret_key=key.secret_key, request=signed
        ),
        "Idempotency-Key": once,
    }
    with closing(http.client.HTTPConnection(host, timeout=PATIENCE)) as connection:
        connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        return json.loads(answer.read())["Response"], answer.headers.get("Idempotent-Replayed", "")


def test_a_web_process_killed_after_its_commit_has_answered_who_asks_again(tmp_path, key, wish):
    var, port = make_var(tmp_path), free_port()
    with ExitStack() as stack:
        dying = WebProcess(var, port, DYING)
        stack.enter_context(ended(dying))
        wait_until(lambda: answers(port))
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            ask(port, key, wish)
        wait_until(lambda: not dying.alive)
        accepted = list(Message.objects.order_by("pk").values_list("pk", flat=True))
        assert len(accepted) == 2, "it died after the commit"
        assert IdempotentRequest.objects.get().answer

        web = WebProcess(var, port)
        stack.enter_context(ended(web))
        wait_until(lambda: answers(port))
        answer, is_replay = ask(port, key, wish)
    assert is_replay == "true"
    rows = answer["SendStatusSet"]
    assert [(row["Code"], row["SerialNo"]) for row in rows] == [("Ok", str(pk)) for pk in accepted]
    assert [row["PhoneNumber"] for row in rows] == wish["PhoneNumberSet"]
    assert Message.objects.count() == 2
    assert {use.messages for use in DailyUse.objects.all()} == {2}


def test_what_was_accepted_while_no_send_worker_ran_is_sent_when_one_starts(
    tmp_path, program, wish
):
    var = make_var(tmp_path)
    simulator = SimulatorProcess(tmp_path, "--no-magic", "--receipt-delay", "0.1")
    with ExitStack() as stack:
        stack.enter_context(ended(simulator))
        wait_until(lambda: simulator.says(r"listening on .*:(\d+)"))
        Gateway.objects.update(port=int(simulator.says(r"listening on .*:(\d+)")[1]))
        rows = program.ask("SendSms", wish)["SendStatusSet"]
        assert [row["Code"] for row in rows] == ["Ok", "Ok"]
        assert set(Message.objects.values_list("state", flat=True)) == {MessageState.QUEUED}

        worker = SendWorker(var)
        stack.enter_context(ended(worker))
        states = Message.objects.values_list("state", flat=True)
        wait_until(lambda: set(states.all()) == {MessageState.DELIVERED})
        assert worker.stop() == 0
    sent = sorted("+" + line.destination_addr for line in simulator.accepted())
    assert sent == sorted(wish["PhoneNumberSet"])
    assert not Batch.objects.exists()


def test_a_broker_that_hangs_holds_up_no_program(tmp_path, key, wish):
    """More requests than the web server has threads: none of them may wait for its wake-up."""
    var, port = make_var(tmp_path), free_port()
    with ExitStack() as stack:
        # It takes connections and says nothing, as a broker does that is stopped.
        silent = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=128))
        broker = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        web = WebProcess(var, port, REDIS_URL=broker)
        stack.enter_context(ended(web))
        wait_until(lambda: answers(port))
        for at in range(2 * gunicorn_conf.threads):
            wanted = wish | {"PhoneNumberSet": [a_number(at)]}
            answer, _is_replay = ask(port, key, wanted, f"order-{at}")
            assert answer["SendStatusSet"][0]["Code"] == "Ok"
