"""A task from the sign-in page to its receipts, with the keyboard alone."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from smsconsole.tests.journeys.browsing import PATIENCE, Reader
from smsconsole.tests.journeys.steps import task_is_sent

FARTHEST = 250
"""Tabs after which a control is not to be reached."""
# The name by which a screen reader says what has the focus.
FOCUSED = """() => {
  const control = document.activeElement;
  const label = control.labels && control.labels.length ? control.labels[0].innerText : "";
  return (control.getAttribute("aria-label") || label || control.innerText || "").trim();
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until a control has the focus whose name begins so."""
    passed = []
    for _step in range(FARTHEST):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
        if re.match(name, passed[-1]):
            return
    raise AssertionError(f"{name} is not reached: {passed}")


def press(page: Page, name: str, key: str = "Enter") -> None:
    tab_to(page, name)
    page.keyboard.press(key)


def enter(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.type(text)


def test_from_signing_in_to_the_last_receipt(open_browser: Callable[..., Reader]) -> None:
    reader = open_browser()
    page = reader.page
    email, password = reader.console.logins["sender"]
    page.goto("/accounts/login/")
    enter(page, "E-mail", email)
    enter(page, "Password", password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)

    # The skip link jumps over the navigation.
    press(page, "Skip to the content")
    assert page.evaluate("location.hash") == "#main"
    page.goto("/")
    press(page, "Send$")
    page.wait_for_url("**/send/")

    enter(page, "Task name", "With the keyboard")
    tab_to(page, "Text template")
    page.keyboard.type("Holiday")
    tab_to(page, "Upload a spreadsheet")
    for _option in range(2):
        page.keyboard.press("ArrowDown")
    enter(page, "Mobile numbers", "85251230001\n85251230002\n")
    press(page, "Check the recipients")
    page.wait_for_url("**/check/**")
    expect(page.get_by_role("button", name="Send 2 messages")).to_be_visible()
    press(page, "Send 2 messages")
    task_is_sent(page)
    expect(page.locator("main")).to_contain_text("Finished", timeout=PATIENCE)
