"""The doctor: what it finds, how it tells, and how it ends."""

import json
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from accounts.held import hold
from accounts.models.standing import HeldBecause
from accounts.tests.factories import make_member, make_reviewer, make_user
from sending.models import Gateway
from sending.models.disk_room import MEGABYTE, DiskRoom, disk_rooms
from sending.tests.operations.rows import bind
from smsconsole.doctor import registry
from smsconsole.doctor.checks import (
    certificate,
    clock,
    configuration,
    disk,
    folders,
    held,
    mail,
    organizations,
    partitions,
    routes,
    staff,
    workers,
)
from smsconsole.doctor.checks import gateways as gateways_check
from smsconsole.doctor.registry import Diagnosis, DoctorCheck, Level, every_check, examine, well
from smsconsole.doctor.setting_names import NAMES

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def levels(findings: Iterator[Diagnosis]) -> dict[str, Level]:
    """Return {what is meant: how bad it is}, and see to it that what is not well has a fix."""
    found = list(findings)
    assert all(one.fix for one in found if one.level is not Level.OK)
    return {one.about: one.level for one in found}


# --- The command ----------------------------------------------------------------------------------


@pytest.fixture
def few_checks(monkeypatch: pytest.MonkeyPatch) -> list[DoctorCheck]:
    """Checks that are the test's own."""
    own: list[DoctorCheck] = []
    monkeypatch.setattr("smsconsole.doctor.registry.every_check", lambda: tuple(own))
    return own


def doctor(**options: Any) -> tuple[int, str]:
    """Return exit code and output."""
    out = StringIO()
    try:
        call_command("doctor", stdout=out, **options)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_it_ends_with_one_only_for_a_problem(few_checks: list[DoctorCheck]) -> None:
    few_checks.append(DoctorCheck("a", lambda: [well("A", "Fine.")], needs_database=False))
    few_checks.append(
        DoctorCheck("b", lambda: [registry.warning("B", "Odd.", "Do it.")], needs_database=False)
    )
    code, text = doctor()
    assert code == 0
    assert text.splitlines()[:3] == ["    ok   A: Fine.", "   warn  B: Odd.", "         → Do it."]
    few_checks.append(
        DoctorCheck(
            "c", lambda: [registry.problem("C", "Broken.", "Mend it.")], needs_database=False
        )
    )
    code, text = doctor(json=True)
    assert code == 1
    found = json.loads(text)
    assert found["healthy"] is False
    assert found["findings"][2] == {
        "check": "c", "level": "problem", "about": "C", "sentence": "Broken.", "fix": "Mend it.",
    }  # fmt: skip


def test_a_check_that_breaks_stops_no_other(few_checks: list[DoctorCheck]) -> None:
    def breaks() -> list[Diagnosis]:
        raise KeyError("secret")

    few_checks.append(DoctorCheck("a", breaks, needs_database=False))
    few_checks.append(DoctorCheck("b", lambda: [well("B", "Fine.")], needs_database=False))
    code, text = doctor()
    assert code == 1
    assert "KeyError" in text
    assert "secret" not in text
    assert "B: Fine." in text


def test_without_a_database_what_lies_in_it_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseError("no")

    monkeypatch.setattr(connection, "cursor", away)
    only = tuple(one for one in every_check() if one.noun in {"database", "routes"})
    monkeypatch.setattr("smsconsole.doctor.registry.every_check", lambda: only)
    found = list(examine())
    assert [(noun, one.level) for noun, one in found] == [("database", Level.PROBLEM)]


def test_every_file_of_checks_registers_one() -> None:
    files = {path.stem for path in Path(registry.checks.__path__[0]).glob("[!_]*.py")}
    modules = {one.look.__module__.rpartition(".")[2] for one in every_check()}
    assert modules == files


def test_the_names_of_settings_are_those_of_the_page(settings: Any) -> None:
    page = (settings.BASE_DIR / "docs" / "deploy.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \|", page, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"[A-Z_]+", row)} == NAMES


# --- Checks ---------------------------------------------------------------------------------------


def test_settings_that_do_not_fit(settings: Any) -> None:
    settings.PRODUCTION, settings.PUBLIC_URL = True, "https://sms.example.com"
    settings.ALLOWED_HOSTS, settings.BEHIND_PROXY = ["other.example.com"], False
    settings.SUPPORT_EMAIL, settings.METRICS_TOKEN = "help@example.com", "x"
    found = levels(configuration.configuration())
    assert found["ALLOWED_HOSTS"] is Level.PROBLEM
    assert found["BEHIND_PROXY"] is Level.PROBLEM
    assert found["METRICS_TOKEN"] is Level.OK
    settings.ALLOWED_HOSTS, settings.BEHIND_PROXY = [".example.com"], True
    found = levels(configuration.configuration())
    assert Level.PROBLEM not in found.values()


def test_a_misspelled_setting_is_found() -> None:
    names = ["KEEP_MESSAGE_DAYS", "ALLOWED_HOST", "PGPASSFILE", "LANG", "PATH", "SECRET_KEY"]
    found = list(configuration.misspelled(names))
    assert [one.about for one in found] == ["ALLOWED_HOST", "KEEP_MESSAGE_DAYS"]
    assert "KEEP_MESSAGES_DAYS" in found[1].fix


def test_mails_in_files_are_a_problem_in_production_only(settings: Any, tmp_path: Path) -> None:
    settings.MAILS_IN_FILES, settings.EMAIL_FILE_PATH = True, tmp_path
    assert levels(mail.mail()) == {"EMAIL_URL": Level.OK}
    settings.PRODUCTION = True
    assert levels(mail.mail()) == {"EMAIL_URL": Level.PROBLEM}


def test_a_mail_server_that_does_not_take_us(settings: Any) -> None:
    settings.MAILS_IN_FILES = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "console@example.com"
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()[:2]
    (found,) = mail.mail()
    assert found.level is Level.PROBLEM
    assert "ConnectionRefusedError" in found.sentence
    settings.DEFAULT_FROM_EMAIL = "SMS Console <console@localhost>"
    assert levels(mail.mail())["DEFAULT_FROM_EMAIL"] is Level.PROBLEM


def test_a_wrong_password_of_the_mail_server(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise smtplib.SMTPAuthenticationError(535, b"user console, password hunter2")

    settings.MAILS_IN_FILES = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp.example.com", 587
    settings.DEFAULT_FROM_EMAIL = "console@example.com"
    server = SimpleNamespace(open=refuse, close=lambda: None)
    monkeypatch.setattr(mail, "get_connection", lambda timeout: server)
    (found,) = mail.mail()
    assert "535" in found.sentence
    assert "hunter2" not in str(found)


def test_folders_that_are_not_ours(settings: Any, tmp_path: Path) -> None:
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    tmp_path.chmod(0o755)
    open_to_all.chmod(0o777)
    own = tmp_path / "own"
    own.mkdir(mode=0o700)
    settings.VAR_DIR, settings.UPLOADS_DIR = own, open_to_all
    settings.JOURNAL_DIR, settings.STATIC_ROOT = tmp_path / "gone", own
    assert levels(folders.folders()) == {
        "VAR_DIR": Level.OK, "uploads": Level.WARNING, "JOURNAL_DIR": Level.PROBLEM,
        "static": Level.OK,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("megabytes", "level"), [(499, Level.PROBLEM), (4_999, Level.WARNING), (5_000, Level.OK)]
)
def test_room_on_disks(settings: Any, megabytes: int, level: Level) -> None:
    settings.DISK_LOW_MEGABYTES = 500
    found = disk.room(DiskRoom("journal", megabytes * MEGABYTE))
    assert (found.about, found.level) == ("journal", level)


def test_every_folder_that_is_there_is_looked_at(settings: Any) -> None:
    assert {one.about for one in disk.disk()} == {found.folder for found in disk_rooms()}


@pytest.mark.parametrize(
    ("seconds", "level"), [(1.9, Level.OK), (-1.9, Level.OK), (2.5, Level.PROBLEM)]
)
def test_clocks(seconds: float, level: Level) -> None:
    assert clock.offset(seconds).level is level


def test_a_console_that_is_held(db: None) -> None:
    assert levels(held.held()) == {"held": Level.OK}
    hold(HeldBecause.BY_OPERATOR)
    assert levels(held.held()) == {"held": Level.PROBLEM}


@pytest.mark.parametrize(("days", "level"), [(62, Level.OK), (13, Level.PROBLEM)])
def test_months_ahead(days: int, level: Level) -> None:
    assert partitions.reaching(days).level is level


def test_this_database_has_our_time(db: None) -> None:
    assert levels(clock.clock()) == {"clock": Level.OK}


def test_a_name_that_nobody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    (found,) = certificate.reach("127.0.0.1", port, ssl.create_default_context())
    assert found.level is Level.WARNING


@pytest.mark.parametrize(
    ("ways", "prices", "expected"),
    [
        ([], None, {"routes": Level.PROBLEM, "prices": Level.PROBLEM}),
        ([("", "")], {"": 1}, {"routes": Level.OK}),
        ([("", "")], {"HK": 1}, {"prices": Level.WARNING}),
        ([("852", "")], {"HK": 1}, {"routes": Level.OK}),
        ([("", "HK"), ("", "GB")], {"HK": 1}, {"prices": Level.WARNING}),
        ([("", "HK")], {"HK": 1, "GB": 2}, {"routes": Level.WARNING}),
    ],
)
def test_routes_and_prices(
    ways: list[tuple[str, str]], prices: dict[str, int] | None, expected: dict[str, Level]
) -> None:
    assert levels(routes.compare(ways, prices)) == expected


def test_a_prefix_belongs_to_all_countries_of_its_code() -> None:
    assert {"US", "CA", "JM"} <= routes.countries_of("1", "")
    assert routes.countries_of("8525", "") == {"HK"}
    assert routes.countries_of("85", "") >= {"HK", "KH"}


def test_gateways(db: None) -> None:
    assert levels(gateways_check.gateways()) == {"gateways": Level.PROBLEM}
    carrier = Gateway.objects.create(name="carrier-a", host="127.0.0.1", system_id="x")
    assert levels(gateways_check.gateways()) == {"carrier-a": Level.PROBLEM}
    bind(carrier)
    assert levels(gateways_check.gateways()) == {"carrier-a": Level.OK}
    Gateway.objects.update(mode=Gateway.Mode.STOPPED)
    assert levels(gateways_check.gateways()) == {"carrier-a": Level.WARNING}


def test_a_password_that_no_key_reads(db: None, settings: Any) -> None:
    Gateway.objects.create(name="carrier-a", host="127.0.0.1", system_id="x", password="secret")
    settings.SECRET_KEY = "another key altogether, of fifty characters or more"
    (found,) = gateways_check.gateways()
    assert "SECRET_KEY_FALLBACKS" in found.fix


def test_workers_that_do_not_answer() -> None:
    found = levels(workers.missing(["send@a", "send2@b", "work@a"]))
    assert found == {
        "send": Level.OK, "check": Level.PROBLEM, "callbacks": Level.PROBLEM, "work": Level.OK,
    }  # fmt: skip


def test_beat_that_wakes_nobody() -> None:
    lately, long_ago = NOON - timedelta(seconds=9), NOON - timedelta(seconds=61)
    assert workers.beat(lately, NOON, work_answers=True).level is Level.OK
    assert "beat does not wake" in workers.beat(long_ago, NOON, work_answers=True).sentence
    assert workers.beat(None, NOON, work_answers=False).level is Level.PROBLEM


def test_organizations_that_cannot_send(db: None) -> None:
    assert levels(organizations.organizations()) == {"organizations": Level.WARNING}
    make_member()
    (found,) = organizations.organizations()
    assert "activation" in found.sentence


def test_staff(db: None, settings: Any) -> None:
    settings.STAFF_NEED_SECOND_STEP = True
    found = list(staff.staff())
    assert [one.level for one in found] == [Level.PROBLEM, Level.WARNING]
    make_reviewer()
    make_user(is_staff=True, password="correct horse battery")
    found = list(staff.staff())
    assert "superuser" in found[0].sentence
    assert "1 of the staff" in found[1].sentence
    assert found[2].level is Level.OK


def test_a_missing_migration_is_a_problem(db: None) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="sending").delete()
    database = next(one for one in every_check() if one.noun == "database")
    assert levels(iter(database.run())) == {"DATABASE_URL": Level.OK, "migrations": Level.PROBLEM}
