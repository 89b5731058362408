"""A sender's day in a real browser, against a real console with a real SMPP simulator."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from sending.smpp.simulator.accepted_log import read_accepted
from sending.tests.waiting import wait_until
from smsconsole.tests.journeys.browsing import Reader
from smsconsole.tests.journeys.running import Console
from smsconsole.tests.journeys.sheets import Sheet, orders, thousand_rows
from smsconsole.tests.journeys.steps import (
    check_recipients,
    compose,
    expect_states,
    reload_until,
    send_button,
    task_is_sent,
    upload,
)

Open = Callable[..., Reader]
CODES = "Sign-in code"
CLOSING = "Holiday closing"
WAITING = "Delivery slot"
GROUP = "Staff on call"
OF_A_SHEET = re.compile(rb"code is (\d{4}) ")


def export(page: Page) -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.get_by_role("link", name="Export csv").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def problems_shown(page: Page) -> dict[int, str]:
    """Turn the pages of refused rows; return {row: code}."""
    found: dict[int, str] = {}
    while True:
        rows = page.locator("#problems tbody tr").all()
        for row in rows:
            number = int(row.locator("td").first.inner_text().replace(",", ""))
            found[number] = row.locator(".rule").inner_text()
            what, to_do = row.locator("td").nth(2), row.locator("td").nth(3)
            assert len(what.inner_text()) > len(found[number]) + 10
            assert to_do.inner_text().strip() or found[number] in {"SAMPLE_ROW", "DUPLICATE"}
        following = page.get_by_role("link", name="Next page")
        if not following.count():
            return found
        following.click()


def test_a_thousand_rows_from_the_sheet_to_the_last_receipt(
    open_browser: Open, console: Console, tmp_path: Path
) -> None:
    sheet = thousand_rows(tmp_path)
    before = accepted(console)
    page = open_browser("sender").page
    compose(page, "A thousand codes", CODES)
    upload(page, sheet.path)
    check_recipients(page)
    expect(page.get_by_role("button", name=re.compile(r"^Send \d+ messages"))).to_be_visible()
    assert problems_shown(page) == sheet.refused
    send_button(page, len(sheet.numbers))
    # Going back and pressing again lands on the same task.
    task = page.url.partition("#")[0]
    page.goto(f"{task}check/")
    expect(page.get_by_role("button", name=re.compile(r"^Send "))).to_have_count(0)
    page.goto(task)
    expect_states(page, Counter(sheet.states.values()))
    assert_export_agrees(page, sheet)
    wanted = Counter(sheet.accepted_by_simulator)
    assert accepted(console) - before == wanted
    assert set(wanted.values()) == {1}


def assert_export_agrees(page: Page, sheet: Sheet) -> None:
    rows = export(page)
    assert {int(row["Row"]): row["State"] for row in rows} == sheet.states
    assert {int(row["Row"]): row["Mobile number"] for row in rows} == sheet.numbers
    assert len(rows) == len(sheet.states)


def accepted(console: Console) -> "Counter[tuple[str, str]]":
    """Return how often the simulator took each code to each number.

    Other texts do not count: the demo's programs and notices may send at any time.
    """
    log = console.var / "simulator" / "accepted.log"
    taken: Counter[tuple[str, str]] = Counter()
    for line in read_accepted(log):
        if code := OF_A_SHEET.search(line.short_message):
            taken[line.destination_addr, code[1].decode()] += 1
    return taken


def test_the_reviewer_approves_and_the_sender_uses_it(
    open_browser: Open, console: Console, tmp_path: Path
) -> None:
    sender, reviewer = open_browser("sender").page, open_browser("reviewer").page
    sender.goto("/send/")
    expect(sender.get_by_label("Text template")).not_to_contain_text(WAITING)

    reviewer.goto("/admin/")
    reviewer.get_by_role("link", name="Review desk").first.click()
    queue = reviewer.get_by_role("navigation", name="Review desk")
    queue.get_by_role("link").filter(has_text=re.compile("Harbourline")).first.click()
    expect(reviewer.get_by_role("heading", level=1)).to_contain_text(WAITING)
    reviewer.get_by_role("button", name="Approve version 1").click()
    expect(reviewer.get_by_role("status").first).to_contain_text(f"You approved “{WAITING}")
    # It takes effect when it can no longer be taken back.
    console.end_undo()
    templates = sender.get_by_label("Text template")
    reload_until(sender, lambda: WAITING in templates.inner_text())

    compose(sender, "Slots", WAITING)
    upload(sender, orders(tmp_path))
    check_recipients(sender)
    send_button(sender, 3)
    expect_states(sender, Counter({"Delivered": 3}))
    wait_until(lambda: [mail for mail in console.mails() if WAITING in mail and "approved" in mail])


def test_a_customer_group(open_browser: Open) -> None:
    page = open_browser("sender").page
    compose(page, "To the staff", CLOSING)
    page.get_by_label("Choose a customer group").check()
    field = page.locator("select[name=group]")
    field.select_option(field.locator("option", has_text=GROUP).get_attribute("value"))
    check_recipients(page)
    send_button(page, 25)
    expect_states(page, Counter({"Delivered": 25}))


def test_pasted_numbers(open_browser: Open) -> None:
    page = open_browser("sender").page
    compose(page, "To three", CLOSING)
    page.get_by_label("Paste numbers").check()
    page.get_by_label("Mobile numbers").fill("85261110001\nhello\n85261110003")
    page.get_by_role("button", name="Check the recipients").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 2: hello")
    page.get_by_label("Mobile numbers").fill("85261110001\n85261110002\n85261110003")
    check_recipients(page)
    send_button(page, 3)
    expect_states(page, Counter({"Delivered": 3}))


def test_a_group_is_asked_what_fills_the_variables(open_browser: Open) -> None:
    page = open_browser("sender").page
    compose(page, "Codes to the staff", CODES)
    page.get_by_label("Choose a customer group").check()
    field = page.locator("select[name=group]")
    field.select_option(field.locator("option", has_text=GROUP).get_attribute("value"))
    page.get_by_role("button", name="Check the recipients").click()
    expect(page.get_by_role("alert").first).to_contain_text("Choose what fills this variable.")
    # Input is not lost.
    expect(page.get_by_label("Task name")).to_have_value("Codes to the staff")
    expect(field.locator("option:checked")).to_contain_text(GROUP)


def test_without_javascript(open_browser: Open) -> None:
    page = open_browser("sender", java_script_enabled=False).page
    compose(page, "Without scripts", CLOSING)
    page.get_by_label("Paste numbers").check()
    page.get_by_label("Mobile numbers").fill("85261120001\n85261120002")
    check_recipients(page)
    button = page.get_by_role("button", name="Send 2 messages", exact=True)
    reload_until(page, button.is_visible)
    button.dblclick()
    task_is_sent(page)
    delivered = page.locator("#st-h + table tbody tr").filter(has_text="Delivered")
    reload_until(page, lambda: delivered.count() and "2" in delivered.inner_text())
