"""Verify and Lookup by the official SDK of Twilio for Node, against a live server."""

import json
import os
import shutil
import subprocess

import pytest

from accounts.models import SmsApplication
from sending import tasks
from sending.api import callers, rates
from sending.models import MessageSequence
from sending.tests.api.twilio.program import make_auth_token
from sending.tests.factories import (
    CODE_BODY,
    a_number,
    default_application,
    make_gateway,
    make_prices,
    make_sender,
)
from sending.tests.peers.node import HERE, MODULES
from sending.tests.verify.asking import sent_codes, wrong
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = [
    pytest.mark.peers,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (shutil.which("node") and (MODULES / "twilio").is_dir()),
        reason="needs node and npm ci --prefix var/peers",
    ),
]
NUMBER = a_number(0)


class Node:
    """The SDK, called by a path of names and lists of arguments."""

    def __init__(self, server, key) -> None:
        environment = {name: value for name, value in os.environ.items() if "proxy" not in name}
        self.program = subprocess.Popen(
            ["node", str(HERE / "twilio_verify.js")],
            env=environment | {"NODE_PATH": str(MODULES)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.wish = {"base": server.url, "user": key.secret_id, "password": key.secret_key}

    def __call__(self, *path):
        """Return the result."""
        said = self.raw(*path)
        assert "raised" not in said, said
        return said["result"]

    def raw(self, *path):
        steps = [
            one for step in path for one in (step.split(".") if isinstance(step, str) else [step])
        ]
        self.program.stdin.write(json.dumps(self.wish | {"path": steps}) + "\n")
        self.program.stdin.flush()
        return json.loads(self.program.stdout.readline())

    def refused(self, *path):
        said = self.raw(*path)
        assert said.get("raised") == "RestException", said
        return said["status"], said["code"]

    def stop(self) -> None:
        self.program.stdin.close()
        self.program.wait(timeout=30)
        self.program.stdout.close()


@pytest.fixture
def node(monkeypatch, live_server):
    callers.forget()
    rates.forget()
    monkeypatch.setattr(tasks.submit, "delay", lambda: None)
    MessageSequence.objects.get_or_create(pk=1)
    make_gateway()
    make_prices()
    application = default_application(make_sender().organization)
    SmsApplication.objects.filter(pk=application.pk).update(repeat_seconds=0)
    approved_template(application.organization, CODE_BODY, SmsType.OTP, name="Code")
    program = Node(live_server, make_auth_token(application))
    yield program
    program.stop()


def test_a_number_is_verified(node):
    made = node("verify.v2.services.create", [{"friendlyName": "Harbourline", "codeLength": 4}])
    assert made["codeLength"] == 4
    for n in range(4):
        node("verify.v2.services.create", [{"friendlyName": f"Shop {n}"}])
    assert len(node("verify.v2.services.list", [{"pageSize": 2}])) == 5
    own = ("verify.v2.services", [made["sid"]])
    begin = (*own, "verifications.create", [{"to": NUMBER, "channel": "sms"}])
    begun = node(*begin)
    assert (begun["status"], begun["valid"], begun["amount"]) == ("pending", False, None)
    (code,) = sent_codes()
    check = (*own, "verificationChecks.create")
    assert node(*check, [{"to": NUMBER, "code": wrong(code)}])["status"] == "pending"
    assert node(*check, [{"to": NUMBER, "code": code}])["valid"] is True
    assert node.refused(*check, [{"to": NUMBER, "code": code}]) == (404, 20404)
    summary = node("verify.v2.verificationAttemptsSummary", [], "fetch", [])
    assert (summary["totalAttempts"], summary["totalConverted"]) == (1, 1)
    assert len(node("verify.v2.verificationAttempts.list", [{"country": "HK"}])) == 1
    for _time in range(5):
        node(*begin)
    assert node.refused(*begin) == (429, 60203)
    newest = sent_codes()[-1]
    for _time in range(5):
        node(*check, [{"to": NUMBER, "code": wrong(newest)}])
    assert node.refused(*check, [{"to": NUMBER, "code": newest}]) == (429, 60202)
    call = [{"to": NUMBER, "channel": "call"}]
    assert node.refused(*own, "verifications.create", call) == (403, 60223)
    assert node(*own, "remove", []) is True


def test_what_is_known_of_a_number_and_of_the_account(node):
    found = node("lookups.v2.phoneNumbers", ["+447400123456"], "fetch", [])
    assert (found["valid"], found["countryCode"]) == (True, "GB")
    (service,) = node("messaging.v1.services.list", [])
    assert service["sid"].startswith("MG")
