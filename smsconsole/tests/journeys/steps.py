"""What people do between Compose and the last receipt, as the journeys share it."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from smsconsole.tests.journeys.browsing import PATIENCE


def choose_template(page: Page, name: str) -> None:
    field = page.get_by_label("Text template")
    value = field.locator("option", has_text=name).get_attribute("value")
    field.select_option(value)
    preview_is_there(page)


def preview_is_there(page: Page) -> None:
    """Wait until what depends on the template is there: it moves what stands below."""
    expect(page.locator(".htmx-request")).to_have_count(0)


def task_is_sent(page: Page) -> None:
    """Wait for the page of a task: a second press ends the first navigation."""
    expect(page).to_have_url(re.compile(r"/tasks/\d+/(#.*)?$"))


def compose(page: Page, task: str, template: str) -> None:
    page.goto("/send/")
    page.get_by_label("Task name").fill(task)
    choose_template(page, template)


def upload(page: Page, path: Path) -> None:
    page.get_by_label("Upload a spreadsheet").check()
    page.locator("input[type=file]").set_input_files(path)


def check_recipients(page: Page) -> None:
    page.get_by_role("button", name="Check the recipients").click()
    page.wait_for_url("**/check/**")


def send_button(page: Page, messages: int) -> None:
    """Press Send twice, as people do."""
    noun = "message" if messages == 1 else "messages"
    button = page.get_by_role("button", name=f"Send {messages:,} {noun}", exact=True)
    expect(button).to_be_visible()
    button.dblclick()
    task_is_sent(page)


def expect_states(page: Page, states: "Counter[str]") -> None:
    """Wait until the task page shows these states and no others."""
    rows = page.locator("#st-h + table tbody tr")
    for state, count in states.items():
        row = rows.filter(has=page.get_by_role("rowheader", name=state, exact=True))
        expect(row.locator("td").first).to_have_text(f"{count:,}", timeout=2 * PATIENCE)
    expect(rows).to_have_count(len(states))


def reload_until(page: Page, seen: Callable[[], object], times: int = 200) -> None:
    """Load the page again until something is seen: what a person without scripts does."""
    for _ in range(times):
        if seen():
            return
        page.wait_for_timeout(100)
        page.reload()
    raise AssertionError(page.locator("main").inner_text())
