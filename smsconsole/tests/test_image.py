"""The image: no secret of the operator gets in, and packages are those of the lock."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT: Path = settings.BASE_DIR


def ignored() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def is_ignored(path: str) -> bool:
    """Tell whether Docker leaves a path out: a pattern matches it or a folder above it."""
    parts = Path(path).parts
    above = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
    for pattern in ignored():
        expression = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
        if any(re.fullmatch(expression, name) for name in above):
            return True
    return False


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".env.production",
        "deploy/.env",
        "carrier.key",
        "certificates/carrier.pem",
        "var/secret-key",
        "var/uploads/recipients/2026/11/a.xlsx",
        ".git/config",
    ],
)
def test_secrets_stay_out_of_the_image(path: str) -> None:
    assert is_ignored(path)


@pytest.mark.parametrize("path", ["manage.py", "requirements.txt", "smsconsole/environment.py"])
def test_what_the_console_needs_is_in_the_image(path: str) -> None:
    assert (ROOT / path).exists()
    assert not is_ignored(path)


def test_nothing_is_taken_back_in() -> None:
    assert [pattern for pattern in ignored() if pattern.startswith("!")] == []


def test_the_image_checks_hashes() -> None:
    installs = re.findall(r"pip install .*", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    assert len(installs) == 1
    assert "--require-hashes" in installs[0]


def test_only_what_the_console_runs_on_is_installed() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"-r (\S+)", dockerfile) == ["requirements.txt"]
    for path in ("requirements-dev.txt", "conftest.py", "sending/tests/factories.py"):
        assert (ROOT / path).exists()
        assert is_ignored(path)


def test_containers_get_every_setting_that_operators_are_told_of() -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    deploy = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", deploy, re.MULTILINE))
    given = set(re.findall(r"^ +([A-Z_]+):(?: |$)", compose, re.MULTILINE))
    # Where files lie in a container, the image says.
    assert told - given == {"VAR_DIR", "JOURNAL_DIR"}


def test_every_image_of_others_can_be_pinned_by_digest() -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    deploy = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    for name in ("PYTHON_IMAGE", "POSTGRES_IMAGE", "REDIS_IMAGE"):
        default = re.search(rf"\$\{{{name}:-(\S+)\}}", compose)
        assert default, name
        assert f"{name}={default[1]}@sha256:" in deploy
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert dockerfile.count("\nFROM ") == 1
    assert "\nFROM ${PYTHON_IMAGE}\n" in dockerfile


def test_the_console_may_write_wherever_it_does() -> None:
    """`prepare` makes folders in VAR_DIR; given to root, it would die at once."""
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    var = re.findall(r"VAR_DIR=(\S+)", dockerfile)[0]
    given = re.findall(r"install -d -o smsconsole -g smsconsole((?:\s+\\?\s*/\S+)+)", dockerfile)
    folders = set(given[0].replace("\\", " ").split())
    assert var in folders
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert set(re.findall(rf"[a-z]+:({var}/[a-z]+)\b", compose)) <= folders


def test_a_password_cannot_break_the_address_of_the_database() -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert "PASSWORD" not in re.findall(r"DATABASE_URL: (\S+)", compose)[0]
