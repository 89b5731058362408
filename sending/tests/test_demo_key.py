"""The demo's key is the one that examples/send.py names, and it works on this machine only."""

import ast
import ipaddress

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import ApiKey
from sending.management.demo import content, people, programs
from sending.models import MessageSequence
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
