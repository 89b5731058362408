"""The demo's key is the one that examples/send.py names, and it works on this machine only."""

import ast
import ipaddress

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Count

from accounts.models import ApiKey
from sending.lifecycle import MessageState
from sending.management.demo import content, people, programs
from sending.models import (
    ApiRequest,
    CallbackEvent,
    CallbackKind,
    Message,
    MessageSequence,
)
from templates_app.models import TextTemplate

SCRIPT = settings.BASE_DIR / "examples" / "send.py"


def strings(path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }


@pytest.mark.django_db(transaction=True, reset_sequences=True)
def test_the_script_fits_the_demo() -> None:
    MessageSequence.objects.get_or_create(pk=1)
    call_command("load_demo")
    key = ApiKey.objects.select_related("application").get()
    template = TextTemplate.objects.get(name=content.OTP.name)
    needed = {key.secret_id, key.secret_key, key.application.sdk_app_id, str(template.pk)}
    assert needed <= strings(SCRIPT)
    networks = [ipaddress.ip_network(network) for network in key.allowed_networks]
    assert networks
    assert all(network.is_loopback for network in networks)
    written = people.logins_file().read_text()
    assert all(value in written for value in needed)


@pytest.mark.django_db(transaction=True, reset_sequences=True)
def test_a_program_has_asked_and_was_called_back() -> None:
    MessageSequence.objects.get_or_create(pk=1)
    call_command("load_demo")
    asked = dict(ApiRequest.objects.values_list("action").annotate(n=Count("pk")))
    assert asked == {"DescribePhoneNumberInfo": 1, "SendSms": 4}
    refused = ApiRequest.objects.filter(refused__gt=0).order_by("pk").values_list("code", flat=True)
    assert list(refused) == [
        "UnsupportedOperation.ContainDomesticPhoneNumber",
        "FailedOperation.TemplateUnapprovedOrNotExist",
    ]
    # Nobody has claimed them: the demo sends them once it runs.
    messages = Message.objects.filter(task_id=None)
    assert [message.state for message in messages] == [MessageState.QUEUED.value] * 6
    replies = CallbackEvent.objects.filter(kind=CallbackKind.REPLY.value)
    assert replies.filter(delivered_at__isnull=False).count() == 6
    assert replies.filter(dead_at__isnull=False).count() == 1
    assert not replies.filter(due_at__isnull=False).exists()


def test_a_demo_key_looks_like_any_other() -> None:
    assert len(programs.SECRET_ID) == 36
    assert len(programs.SECRET_KEY) == 32


@pytest.mark.django_db
def test_production_never_gets_it(settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert not ApiKey.objects.exists()


def test_the_script_is_ten_lines() -> None:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    does = [line for line in lines[1:] if line and not line.startswith(("#", "import", "from"))]
    assert len(does) <= 10
