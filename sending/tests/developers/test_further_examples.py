"""The programs on the pages of SMPP accounts and Verify services are whole."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.html import escape

from accounts.roles import Role
from accounts.tests.factories import log_in, make_member
from sending.developers.endpoint import Endpoint
from sending.developers.smpp.bind_settings import BindSettings
from sending.developers.smpp.examples import smpp_examples
from sending.developers.verify.examples import verify_examples
from sending.models import SmppAccount, VerifyService
from sending.tests.factories import CODE_BODY, default_application
from sending.tests.smpp_factories import make_smpp_account
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template
from templates_app.wording import parse

NUMBER = "+85251230001"
HARD = "L'\"$a\\b`é"


def of_smpp(*, port: int = 2775, tls_port: int = 0, text: str = HARD) -> dict[str, str]:
    bind = BindSettings("sms.example.com", port, tls_port, "client-1")
    examples = smpp_examples(SmppAccount(window=7), bind, NUMBER, text)
    return {one.file: one.source for one in examples}


@pytest.mark.parametrize("tls_port", [0, 3550])
def test_the_smpp_client_in_python_is_python(tls_port: int) -> None:
    source = of_smpp(tls_port=tls_port)["send.py"]
    compile(source, "send.py", "exec")
    assert ("ssl_context" in source) is bool(tls_port)
    assert f'"sms.example.com", {tls_port or 2775}' in source


def test_kannel_is_told_what_the_account_has() -> None:
    lines = of_smpp(tls_port=3550)["kannel.conf"].splitlines()
    wanted = {
        "port = 3550",
        "use-ssl = true",
        "smsc-username = client-1",
        "max-pending-submits = 7",
    }
    assert wanted < set(lines)


@pytest.mark.parametrize("missing", [{"port": 0}, {"text": ""}])
def test_without_a_port_or_a_text_there_is_no_smpp_client(missing: dict[str, object]) -> None:
    assert of_smpp(**missing) == {}  # type: ignore[arg-type]


def of_verify() -> dict[str, str]:
    service = VerifyService(pk=1)
    endpoint = Endpoint("https", "sms.example.com")
    return {one.file: one.source for one in verify_examples(service, endpoint, NUMBER)}


def test_verify_in_python_is_python() -> None:
    compile(of_verify()["verify.py"], "verify.py", "exec")


@pytest.mark.parametrize(
    ("program", "file"), [(("node", "--check"), "verify.mjs"), (("sh", "-n"), "verify.sh")]
)
def test_verify_in_other_languages_is_whole(
    tmp_path: Path, program: tuple[str, str], file: str
) -> None:
    if not shutil.which(program[0]):
        pytest.skip(f"There is no {program[0]} here.")
    path = tmp_path / file
    path.write_text(of_verify()[file])
    done = subprocess.run([*program, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_the_page_of_an_account_sends_a_text_that_is_approved(client, settings) -> None:
    settings.SMPP_SERVER_PORT = 2775
    member = make_member(Role.OWNER)
    template = approved_template(member.organization, CODE_BODY, SmsType.OTP)
    application = default_application(member.organization)
    account = make_smpp_account(application, allowed_networks=["127.0.0.0/8"])
    page = log_in(client, member).get(reverse("developers:smpp_account", args=[account.pk]))
    sent = parse(CODE_BODY).render(template.approved.samples)
    assert escape(json.dumps(sent)) in page.content.decode()
