"""What a full run repeats on PostgreSQL and Redis: nothing that they could change is left out."""

import re
from pathlib import Path, PurePath

import pytest

from smsconsole.tests.services_rooms import ROOMS, WITHOUT, is_repeated

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "smsconsole", "templates_app", "sending")
# Tests that say which database they mean, or that commit, lock and race for real.
_OF_SERVICES = re.compile(
    r"connection\.vendor|django_db\(transaction=True|shared_clock\b|pgbouncer|select_for_update"
)
# They commit, and yet nothing in them ends otherwise on PostgreSQL.
_ALONE = {
    # Programs of others through the door whose own tests are repeated.
    "sending/tests/peers/test_jasmin.py",
    "sending/tests/peers/test_kannel.py",
    "sending/tests/peers/test_smpp_server.py",
    "sending/tests/peers/test_tencent_sdks.py",
    "sending/tests/peers/test_twilio_sdks.py",
    "sending/tests/peers/test_twilio_verify.py",
    "sending/tests/peers/test_twilio_verify_node.py",
    "smsconsole/tests/test_services_rooms.py",
}
# Modules with SQL or locks of their own, in every app.
_OWN_SQL = re.compile(r"connection\.vendor|\.cursor\(\)|select_for_update|as_postgresql|durably\(")
# Where the tests of a room stand, if not in the folder of its name.
_TESTED_IN = {
    "accounts": "accounts/tests/actions",
    "accounts/models": "accounts/tests/test_trail.py",
    "sending/management": "sending/tests/retention",
    "sending/smpp_accounts": "sending/tests/developers",
    "smsconsole": "smsconsole/tests/test_redis_broker.py",
}


@pytest.fixture
def rooms(pytestconfig: pytest.Config) -> tuple[list[str], list[str]]:
    return pytestconfig.getini(ROOMS), pytestconfig.getini(WITHOUT)


def repeated(path: str, rooms: tuple[list[str], list[str]]) -> bool:
    return is_repeated(PurePath(path), *rooms)


def test_a_file_a_room_and_what_leads_to_it_are_read_and_nothing_else():
    rooms = (["a/tests/one", "a/tests/test_two.py"], ["a/tests/one/child"])
    for path in (
        "a",
        "a/tests",
        "a/tests/one",
        "a/tests/one/deep/test_x.py",
        "a/tests/test_two.py",
    ):
        assert repeated(path, rooms), path
    for path in ("b", "a/tests/one_more", "a/tests/test_x.py", "a/tests/one/child/test_x.py"):
        assert not repeated(path, rooms), path


def test_all_that_is_named_is_there(rooms):
    named = [*rooms[0], *rooms[1]]
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert len(named) == len(set(named))
    assert [path for path in rooms[1] if not repeated(str(PurePath(path).parent), rooms)] == []


def test_whoever_commits_locks_or_asks_which_database_it_is_runs_there(rooms):
    files = [file for app in APPS for file in (ROOT / app).rglob("test_*.py")]
    of_services = {
        str(file.relative_to(ROOT))
        for file in files
        if _OF_SERVICES.search(file.read_text(encoding="utf-8"))
    }
    assert len(of_services) > 30
    assert sorted(f for f in of_services - _ALONE if not repeated(f, rooms)) == []


def test_every_room_with_sql_of_its_own_has_its_tests_there(rooms):
    missing = set()
    for app in APPS:
        for file in (ROOT / app).rglob("*.py"):
            path = file.relative_to(ROOT)
            if {"tests", "migrations", "demo"} & set(path.parts):
                continue
            if _OWN_SQL.search(file.read_text(encoding="utf-8")):
                room = PurePath(*path.parts[:2]) if len(path.parts) > 2 else PurePath(app)
                tests = _TESTED_IN.get(str(room), f"{app}/tests/{'/'.join(room.parts[1:])}")
                if not repeated(tests, rooms):
                    missing.add(f"{path}: {tests}")
    assert sorted(missing) == []


def test_a_full_run_leaves_no_tests_out_on_sqlite(pytestconfig):
    """Its parts name folders: a new app must be in one of them."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    named = [
        word
        for line in re.findall(r"^ .*\bon_sqlite (.+)$", script, re.MULTILINE)
        for word in line.split()
    ]
    assert set(pytestconfig.getini("testpaths")) <= set(named)
    # What one part leaves out, another one runs.
    assert script.count('not_waiting=("${waiting[@]/#/--ignore=}")') == 1
    runs = {
        "--ignore=$journeys": "$journeys",
        "--ignore=$peers": "$peers",
        '"${not_waiting[@]}"': '"${waiting[@]}"',
    }
    left_out = [word for word in named if word.startswith(("--ignore", '"${not_'))]
    assert left_out == list(dict.fromkeys(left_out))
    assert [named.count(runs[word]) for word in left_out] == [1] * len(left_out)


def test_what_is_for_the_night_runs_with_all():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.count('which=(-m "not nightly")') == 1
    assert script.count('which_here=(-m "not nightly and not services")') == 1
    assert re.search(r"--all\)\n.*which=\(\) which_here=\(\)", script)


def test_what_is_left_out_on_sqlite_runs_on_services(rooms):
    marked = {
        str(file.relative_to(ROOT))
        for app in APPS
        for file in (ROOT / app).rglob("test_*.py")
        if re.search(r"mark\.services\b|on_one_database\(", file.read_text(encoding="utf-8"))
    }
    assert len(marked) > 1
    assert [path for path in marked if not repeated(path, rooms)] == []
