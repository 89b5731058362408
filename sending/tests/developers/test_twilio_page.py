"""The page for programs on Twilio's SDKs: its programs are whole, and they send."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.sids import id_in
from sending.developers.endpoint import Endpoint
from sending.developers.twilio_examples import twilio_examples
from sending.models import Message, MessageSequence
from sending.tests.api.twilio.program import make_auth_token
from sending.tests.factories import (
    CODE_BODY,
    a_number,
    default_application,
    make_gateway,
    make_prices,
    make_sender,
)
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

HARD = "L'\"$a\\b`é"


def sources(**changes):
    given = {
        "service_sid": "MG1",
        "content_sid": "HX1",
        "number": a_number(0),
        "values": [HARD],
    } | changes
    endpoint = given.pop("endpoint", Endpoint("http", "127.0.0.1:8000"))
    return {one.file: one.source for one in twilio_examples(endpoint, **given)}


@pytest.mark.django_db
def test_the_page_fills_in_the_reader_s_sids(client):
    member = make_sender()
    client.force_login(member.user)
    page = client.get(reverse("developers:twilio")).content.decode()
    application = default_application(member.organization)
    assert application.account_sid in page
    template = approved_template(member.organization, CODE_BODY, SmsType.OTP)
    page = client.get(reverse("developers:twilio")).content.decode()
    assert template.content_sid in page
    assert application.service_sid in page
    for language in ("Python", "Node.js", "Java", "C#", "PHP", "Go", "Ruby"):
        assert language in page


def test_python_is_python():
    compile(sources()["send.py"], "send.py", "exec")


@pytest.mark.skipif(not shutil.which("node"), reason="There is no Node.js here.")
def test_node_is_javascript(tmp_path: Path):
    file = tmp_path / "send.mjs"
    file.write_text(sources()["send.mjs"])
    done = subprocess.run(
        ["node", "--check", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.peers
def test_the_program_in_python_sends(live_server, tmp_path: Path, monkeypatch):
    pytest.importorskip("twilio")
    from sending import tasks
    from sending.api import callers

    callers.forget()
    monkeypatch.setattr(tasks.submit, "delay", lambda: None)
    MessageSequence.objects.get_or_create(pk=1)
    make_gateway()
    make_prices()
    application = default_application(make_sender().organization)
    key = make_auth_token(application)
    template = approved_template(application.organization, CODE_BODY, SmsType.OTP)
    file = tmp_path / "send.py"
    scheme, _colon, host = live_server.url.partition("://")
    file.write_text(
        sources(
            endpoint=Endpoint(scheme, host),
            service_sid=application.service_sid,
            content_sid=template.content_sid,
            values=["482913", "5"],
        )["send.py"]
    )
    direct = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "")
    done = subprocess.run(
        [sys.executable, str(file)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ
        | direct
        | {"TWILIO_ACCOUNT_SID": application.account_sid, "TWILIO_AUTH_TOKEN": key.secret_key},
    )
    assert done.returncode == 0, done.stderr
    sid, status = done.stdout.split()
    assert status == "queued"
    assert Message.objects.get().pk == id_in("SM", sid)
