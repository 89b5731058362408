"""The audit of CI: a known vulnerability fails it, and what could not be audited is said."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

ROOT: Path = settings.BASE_DIR


def audit(report: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / ".ci" / "audit.py"],
        input=report,
        capture_output=True,
        text=True,
        check=False,
    )


def report(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


CLEAN = {"name": "django", "version": "5.2.19", "vulns": []}
SKIPPED = {"name": "kombu", "skip_reason": "Dependency not found on PyPI"}
VULNERABLE = {
    "name": "celery",
    "version": "5.7.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["5.7.1"], "aliases": []}],
}


def test_nothing_found_is_well() -> None:
    ended = audit(report(CLEAN))
    assert ended.returncode == 0
    assert ended.stdout == "Audited 1 packages, 0 known vulnerabilities.\n"


def test_a_vulnerability_fails_and_is_named_with_its_fix() -> None:
    ended = audit(report(CLEAN, SKIPPED, VULNERABLE))
    assert ended.returncode == 1
    assert "celery 5.7.0: PYSEC-2026-1, fixed in 5.7.1" in ended.stdout


def test_what_could_not_be_audited_is_said_and_is_not_called_clean() -> None:
    ended = audit(report(SKIPPED, SKIPPED))
    assert ended.returncode == 0
    assert "NOT AUDITED: 2 of 2 packages" in ended.stdout
    assert "Audited 0 packages" in ended.stdout


def test_no_report_at_all_is_said() -> None:
    ended = audit("")
    assert ended.returncode == 0
    assert "NOT AUDITED: pip-audit gave no report" in ended.stdout
