"""docs/deploy.md can be followed to the letter: what its commands name is there."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands, load_command_class

from smsconsole.tests.test_settings import printed_by

ROOT: Path = settings.BASE_DIR
PAGE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
SRV = "/srv/smsconsole"


def lines() -> list[str]:
    """Return every command of the page, each on one line."""
    text = "\n".join(BLOCKS).replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip()]


def commands(program: str) -> list[list[str]]:
    """Return the words behind an expression, in every line that has it."""
    return [
        shlex.split(line[found.end() :]) for line in lines() if (found := re.search(program, line))
    ]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_shell_reads_every_block(block: str) -> None:
    read = subprocess.run(["sh", "-n"], input=block, text=True, capture_output=True, check=False)
    assert read.stderr == ""


def test_every_file_that_is_named_is_there() -> None:
    named = set(re.findall(rf"{SRV}/([\w./-]+)", "\n".join(BLOCKS)))
    assert {"console", "deploy/smsconsole.service", "deploy/smsconsole-manage"} <= named
    # `./console` makes its own.
    assert [path for path in sorted(named - {"var"}) if not (ROOT / path).exists()] == []


def test_every_link_leads_somewhere() -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([\w-]+))?\)", PAGE):
        file = (ROOT / "docs" / target).resolve() if target else ROOT / "docs" / "deploy.md"
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"(?m)^#+ (.+)$", file.read_text(encoding="utf-8"))
            slugs = {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}
            assert anchor in slugs, f"{target}#{anchor}"


def test_every_command_of_ours_takes_these_options() -> None:
    given = commands("^smsconsole-manage ") + commands("web python manage.py ")
    assert {words[0] for words in given} == {"backup", "bootstrap", "doctor", "held", "restore"}
    for name, *options in given:
        parser = load_command_class(get_commands()[name], name).create_parser("", name)
        parser.parse_args(options)


def test_every_unit_and_service_is_ours_or_of_a_package() -> None:
    units = {word for words in commands("systemctl (?:enable|disable|restart)") for word in words}
    units -= {"--now", "caddy"}
    assert units == {"smsconsole", "smsconsole-simulator"}
    assert all((ROOT / "deploy" / f"{unit}.service").exists() for unit in units)
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert "simulator" in compose["services"]["simulator"]["profiles"]
    assert all(words[0] in compose["services"] for words in commands("docker compose exec "))


def test_the_settings_that_the_page_makes_are_complete(tmp_path: Path) -> None:
    """The page's own commands fill in the file, and production starts with it."""
    block = next(block for block in BLOCKS if "/etc/smsconsole.env" in block)
    file = tmp_path / "smsconsole.env"
    block = block.replace("/etc/smsconsole.env", str(file)).replace(SRV, str(ROOT))
    values = {
        "HOST": "sms.walk.test", "OPERATOR": "you@walk.test",
        "EMAIL_URL": "smtp+tls://user:pass%26word@smtp.walk.test:587",
    }  # fmt: skip
    subprocess.run(["sh", "-euc", block], env={**values, "PATH": os.environ["PATH"]}, check=True)
    assert file.stat().st_mode & 0o077 == 0
    text = file.read_text(encoding="utf-8")
    assert "example.com" not in text
    made = {
        name: shlex.split(value)[0]
        for name, value in re.findall(r"(?m)^([A-Z_]+)=(.*)$", text)
    }  # fmt: skip
    assert len(made["SECRET_KEY"]) > 50
    assert len(made["METRICS_TOKEN"]) > 20
    code = (
        "from django.conf import settings as s; "
        "print(s.PUBLIC_URL, s.EMAIL_HOST, s.EMAIL_HOST_PASSWORD, s.DEFAULT_FROM_EMAIL)"
    )
    assert printed_by(code, tmp_path, **made) == (
        "https://sms.walk.test smtp.walk.test pass&word SMS Console <console@sms.walk.test>\n"
    )


def test_the_environment_that_the_page_makes_for_compose_is_complete(tmp_path: Path) -> None:
    block = next(block for block in BLOCKS if "cat >.env" in block)
    block = block[: block.index("docker compose")]
    subprocess.run(["sh", "-euc", block], cwd=tmp_path, check=True)
    file = tmp_path / ".env"
    assert file.stat().st_mode & 0o077 == 0
    made = dict(re.findall(r"(?m)^([A-Z_]+)=(.+)$", file.read_text(encoding="utf-8")))
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    required = set(re.findall(r"\$\{([A-Z_]+):\?", compose))
    assert required <= made.keys()
    assert all(re.search(rf"\b{name}\b", compose) for name in made)
    assert len(made["SECRET_KEY"]) >= 50
