"""What every test runs under: test settings and a folder of its own for all it writes."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import django
import pytest
import pytest_django
from _pytest.main import pytest_runtestloop as run_tests
from celery import current_app
from django.conf import settings as project
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

from accounts import shared_time
from smsconsole.frame_space import with_space
from smsconsole.tests.services_rooms import ROOMS, WITHOUT, is_repeated

# pytest-django would load a DJANGO_SETTINGS_MODULE of pyproject.toml before this file is read;
# named here, the settings see the two lines below.
os.environ["DJANGO_SETTINGS_MODULE"] = "smsconsole.settings"
os.environ["SMSCONSOLE_MODE"] = "test"
# A run never touches the console's own var/, and two runs at a time never touch each other's.
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="smsconsole-test-")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a full run repeat on its services what they could change, and no more."""
    for name in (ROOMS, WITHOUT):
        parser.addini(name, "paths of tests that a full run (does not) repeat", type="linelist")
    parser.addoption(
        "--services-rooms", action="store_true", help="only what services could change"
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the other files unread: importing them takes a while too."""
    if not config.getoption("--services-rooms"):
        return None
    path = collection_path.relative_to(config.rootpath)
    return None if is_repeated(path, config.getini(ROOMS), config.getini(WITHOUT)) else True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what services cannot change even in a file that is repeated."""
    if config.getoption("--services-rooms"):
        left_out = [item for item in items if item.get_closest_marker("once")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("once")]


def pytest_configure() -> None:
    """Load the settings named above, and keep hypothesis off the clock and out of the tree."""
    django.setup()
    project.PASSWORD_HASHERS = ["smsconsole.tests.hashers.QuickArgon2"]
    database = project.DATABASES["default"]
    # A database of PostgreSQL to make the one of the tests from: its locale is that of the tests.
    if template := os.environ.get("TEST_DATABASE_TEMPLATE"):
        database.setdefault("TEST", {})["TEMPLATE"] = template
    # The machine does not lose its power in a test, and whoever is killed has written.
    if "init_command" in database.get("OPTIONS", {}):
        database["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
    # A machine shared with others is slow now and then; no test is about time. The full run
    # draws the same examples each time; at home every run looks somewhere else.
    settings.register_profile(
        "console",
        deadline=None,
        max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "100")),
        derandomize="CI" in os.environ,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("console")
    set_hypothesis_home_dir(Path(__file__).parent / "var" / "cache" / "hypothesis")


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    """A request leaves its language with the thread, until the next one chooses anew."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[None]:
    """Between tests that commit, put back what the migrations made instead of making it anew."""
    from smsconsole.tests import emptying

    with django_db_blocker.unblock():
        emptying.commit_without_waiting()
        kept = emptying.kept_rows()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: kept.put_back())
        yield


def pytest_collection_finish() -> None:
    """Keep all modules and tests out of garbage collection, which would walk them every time."""
    gc.collect()
    gc.freeze()
    # What a test leaves behind is small: looking for it after 700 objects is a tenth of all time.
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> object:
    """Run the tests with space for their frames: without, a twentieth of all time goes there."""
    return with_space(run_tests)(session)


def pytest_unconfigure() -> None:
    """Remove the folder of this run."""
    # Behind this pytest collects five times what is still there: a second each, once is enough.
    gc.collect()
    gc.freeze()
    shutil.rmtree(os.environ["VAR_DIR"], ignore_errors=True)


@pytest.fixture(autouse=True)
def nobody_has_asked_before() -> None:
    """Let no test count what an earlier one did as a person with the same id."""
    cache.key_prefix = uuid4().hex


@pytest.fixture(autouse=True)
def _this_machine_is_the_shared_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let tests move the time with time-machine, which a database does not know of.

    Tests of the shared clock itself have the mark `shared_clock`. It is a patch of its own: a test
    may undo all of its own.
    """
    with pytest.MonkeyPatch.context() as patch:
        if "shared_clock" not in request.keywords:
            patch.setattr(shared_time, "_is_asked_of_the_database", lambda: False)
        yield


@pytest.fixture
def send_mail_at_once() -> Iterator[None]:
    """Run Celery tasks in this process, so that mail.outbox fills when a transaction commits."""
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = False
