"""Files that operators install: the programs they are for can read them."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT: Path = settings.BASE_DIR
DEPLOY = ROOT / "deploy"


def run(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a program of the machine; skip where it is missing."""
    path = shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if path is None:
        pytest.skip(f"{program} is not installed.")
    command = [path, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", sorted(path.name for path in DEPLOY.glob("*.service")))
def test_systemd_reads_the_units(tmp_path: Path, name: str) -> None:
    unit = (DEPLOY / name).read_text(encoding="utf-8")
    copy = tmp_path / name
    # Where the console is here, and a user that is there on every machine.
    copy.write_text(unit.replace("/srv/smsconsole", str(ROOT)).replace("=smsconsole", "=daemon"))
    verified = run("systemd-analyze", "verify", copy)
    assert (verified.returncode, verified.stderr) == (0, "")


def test_nginx_reads_its_file(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = run(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=sms.example.com",
        "-keyout", key, "-out", certificate,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    site = re.sub(r"(?m)^(\s*ssl_certificate) .*;", rf"\1 {certificate};", site)
    site = re.sub(r"(?m)^(\s*ssl_certificate_key) .*;", rf"\1 {key};", site)
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/nginx.pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ access_log off;\n{site}}}"
    )
    tested = run("nginx", "-t", "-p", tmp_path, "-c", whole)
    assert tested.returncode == 0, tested.stderr


def test_caddy_reads_its_file() -> None:
    file = DEPLOY / "Caddyfile"
    validated = run("caddy", "adapt", "--config", file, "--adapter", "caddyfile", "--validate")
    assert validated.returncode == 0, validated.stderr


def test_the_environment_names_variables_that_exist_and_can_be_read() -> None:
    deploy = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    known = set(re.findall(r"`([A-Z_]+)`", deploy))
    lines = (DEPLOY / "smsconsole.env").read_text(encoding="utf-8").splitlines()
    for line in filter(None, lines):
        if not line.startswith("#"):
            name, _equals, value = line.partition("=")
            assert name in known
            assert len(shlex.split(value)) <= 1, line


@pytest.mark.parametrize("file", sorted(path.name for path in DEPLOY.iterdir()))
def test_every_file_is_named_where_operators_read(file: str) -> None:
    assert file in (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
