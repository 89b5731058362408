"""The console and the browser that all journeys share."""

import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from smsconsole.tests.journeys.browsing import Reader
    from smsconsole.tests.journeys.running import Console


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that renew docs/screenshots, and that make a sitting a long one."""
    parser.addoption(
        "--screenshots", action="store_true", default=False, help="renew docs/screenshots"
    )
    parser.addoption(
        "--sitting", type=int, default=10, help="how many items the review desk decides about"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as a journey."""
    for item in items:
        if __package__ in item.nodeid.replace("/", "."):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


def missing(what: str) -> None:
    """Skip, or fail where nothing may be skipped."""
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(what)
    pytest.skip(what)


# The scope is the package, not the session: playwright's loop must be gone before tests of other
# packages use the database in the same thread.
@pytest.fixture(scope="package")
def browser() -> Iterator["Browser"]:
    """Chromium without a window."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed: ./console test installs it.")
    from playwright.sync_api import expect

    from smsconsole.tests.journeys.browsing import ARGUMENTS, PATIENCE, chromium

    expect.set_options(timeout=PATIENCE)

    path = chromium()
    if path is None:
        missing("There is no Chromium: install it (apt-get install chromium) or set CHROMIUM.")
    with sync_playwright() as started:
        running = started.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="package")
def console(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator["Console"]:
    """A whole console with demo data."""
    from smsconsole.tests.journeys.running import running_console

    with running_console(tmp_path_factory.mktemp("console")) as running:
        yield running


@pytest.fixture
def open_browser(browser: "Browser", console: "Console") -> Iterator[Callable[..., "Reader"]]:
    """Open windows; at the end each is closed, and fails the test if anything was broken."""
    from smsconsole.tests.journeys.browsing import Reader

    opened: list[Reader] = []

    def open_one(who: str = "", **options: Any) -> Reader:
        reader = Reader(browser, console, **options)
        opened.append(reader)
        return reader.sign_in(who) if who else reader

    yield open_one
    # pytest shows it with a test that failed, and with no other.
    sys.stdout.write(console.log())
    for reader in opened:
        reader.close()
