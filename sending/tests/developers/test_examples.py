"""The programs of the quick start: whole in each language, and they send."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.models import ApiKey
from accounts.roles import Role
from accounts.tests.factories import make_member
from sending.developers.endpoint import Endpoint
from sending.developers.examples import Example, ExampleValues, examples_of
from sending.models import Message
from sending.tests.factories import a_number, make_sender
from sending.tests.send_tasks.reader import Reader, words
from templates_app.models import TextTemplate
from templates_app.tests.factories import approved_signature

URL = reverse("developers:quick_start")
HARD = "L'\"$a\\b`é"
"""What every language quotes in its own way."""


def example(language: str, **values: object) -> Example:
    given: dict[str, object] = {
        "endpoint": Endpoint("http", "127.0.0.1:8000"),
        "sdk_app_id": "2400006666",
        "template_id": "7",
        "number": a_number(1),
        "values": [HARD],
        "signature": HARD,
    }
    return next(e for e in examples_of(ExampleValues(**given | values)) if e.language == language)


def run(*command: str, **environment: str) -> str:
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def secrets_of(key: ApiKey) -> dict[str, str]:
    # The SDK asks a proxy even for this machine.
    direct = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "")
    return direct | {"SMS_SECRET_ID": key.secret_id, "SMS_SECRET_KEY": key.secret_key}


def test_python_is_python():
    source = example("Python").source
    compile(source, "send.py", "exec")
    assert f"request.SignName = {json.dumps(HARD, ensure_ascii=False)}" in source


@pytest.mark.skipif(not shutil.which("node"), reason="There is no Node.js here.")
def test_node_is_javascript(tmp_path: Path):
    file = tmp_path / "send.mjs"
    file.write_text(example("Node.js").source)
    run("node", "--check", str(file))


@pytest.mark.skipif(not shutil.which("sh"), reason="There is no shell here.")
def test_the_shell_takes_the_body_for_one_word(tmp_path: Path):
    source = example("curl").source
    (body,) = (line for line in source.splitlines() if line.startswith("body="))
    said = run("sh", "-c", f'{body}\nprintf %s "$body"')
    assert json.loads(said)["SignName"] == HARD


@pytest.mark.parametrize("language", ["Go", "Java", "PHP"])
def test_each_language_quotes_its_words(language: str):
    quoted = {"PHP": "'L\\'\"$a\\\\b`é'"}.get(language, json.dumps(HARD, ensure_ascii=False))
    source = example(language).source
    assert source.count(quoted) == 2
    assert "2400006666" in source
    assert "127.0.0.1:8000" in source


# --- They send ------------------------------------------------------------------------------------


def sends(key: ApiKey, template: TextTemplate, server: str, language: str) -> ExampleValues:
    return example(
        language,
        endpoint=Endpoint("http", server.removeprefix("http://")),
        sdk_app_id=key.application.sdk_app_id,
        template_id=str(template.pk),
        values=["1234", "5"],
        signature="",
    )


@pytest.mark.peers
@pytest.mark.django_db(transaction=True)
def test_the_program_in_python_sends(live_server, key, template):
    pytest.importorskip("tencentcloud.sms")
    source = sends(key, template, live_server.url, "Python").source
    said = run(sys.executable, "-c", source, **secrets_of(key))
    assert said.startswith(f"{a_number(1)} Ok ")
    assert Message.objects.get().msisdn == a_number(1)


@pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("openssl")), reason="curl or openssl is missing."
)
@pytest.mark.django_db(transaction=True)
def test_the_program_of_curl_and_openssl_sends(live_server, key, template, tmp_path: Path):
    file = tmp_path / "send.sh"
    file.write_text(sends(key, template, live_server.url, "curl").source)
    said = run("sh", str(file), **secrets_of(key), NO_PROXY="*")
    answer = json.loads(said)["Response"]
    assert "Error" not in answer, answer
    (status,) = answer["SendStatusSet"]
    assert status["Code"] == "Ok"
    assert Message.objects.get().msisdn == a_number(1)


# --- The page -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_fills_in_what_is_the_readers_own(key, template):
    signature = approved_signature(key.organization)
    reader = Reader(make_member(Role.VIEWER, key.organization))
    page = reader.get(URL, signature=signature.pk)
    source = page.find(id="python").text
    assert f'request.SmsSdkAppId = "{key.application.sdk_app_id}"' in source
    assert f'request.TemplateId = "{template.pk}"' in source
    assert f'endpoint="{page_host()}"' in source
    assert f'request.SignName = "{signature.approved.content}"' in source
    assert key.secret_id in words(page)
    assert key.secret_key not in str(page)


def page_host() -> str:
    return "testserver"


@pytest.mark.django_db
def test_where_programs_have_a_host_of_their_own_it_is_the_endpoint(key, template, settings):
    settings.API_HOSTS = ["sms-api.example.com"]
    page = Reader(make_member(Role.VIEWER, key.organization)).get(URL)
    assert 'endpoint="sms-api.example.com"' in page.find(id="python").text


@pytest.mark.django_db
def test_without_a_template_it_says_what_is_missing():
    page = Reader(make_sender()).get(URL)
    assert "You have no approved template yet." in words(page)
    assert page.find(id="python") is None
