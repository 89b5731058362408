"""From a draft to the report of what somebody else approved, in two browsers without JavaScript."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from smsconsole.tests.journeys.browsing import Reader
from smsconsole.tests.journeys.sheets import MANY, many_numbers
from smsconsole.tests.journeys.steps import (
    check_recipients,
    compose,
    reload_until,
    task_is_sent,
    upload,
)

TASK = "Closing, by two people"


def test_a_draft_is_approved_scheduled_sent_and_reported(
    open_browser: Callable[..., Reader], tmp_path: Path
) -> None:
    sender = open_browser("sender", java_script_enabled=False).page
    sheet = many_numbers(tmp_path)
    compose(sender, TASK, "Holiday closing")
    upload(sender, sheet)
    sender.get_by_role("button", name="Save as draft").click()
    expect(sender.get_by_role("status")).to_contain_text("The draft was saved")

    # Another day: all that was entered is there, the file too.
    sender.goto("/send/")
    sender.get_by_role("link", name="Drafts").click()
    sender.get_by_role("link", name=TASK).click()
    expect(sender.get_by_label("Task name")).to_have_value(TASK)
    expect(sender.locator("main")).to_contain_text(re.compile(rf"{sheet.name} .* is kept"))
    check_recipients(sender)
    ask = sender.get_by_role("button", name=f"Ask for approval of {MANY:,} messages")
    reload_until(sender, ask.is_visible)
    # Tomorrow morning is filled in.
    sender.get_by_label("Send at a time").check()
    ask.dblclick()
    expect(sender.locator("#approval")).to_contain_text("Nothing has been sent")

    approver = open_browser("approver", java_script_enabled=False).page
    approver.goto("/")
    approver.get_by_role("link", name=TASK).first.click()
    approver.get_by_role("button", name=f"Approve {MANY:,} messages").click()
    expect(approver.get_by_role("status")).to_contain_text("You approved the task")
    expect(approver.locator("main")).to_contain_text("Scheduled by Mei Tan")

    # What was approved needs nobody again, whatever the time.
    sender.reload()
    sender.get_by_role("button", name="Send now instead").click()
    task_is_sent(sender)
    main = sender.locator("main")
    reload_until(sender, lambda: "Finished" in main.inner_text(), times=2_000)
    sender.get_by_role("link", name="Report", exact=True).click()
    expect(main).to_contain_text(f"Report: {TASK}")
    # The last receipts come after the last message.
    delivered = sender.locator(".stat", has_text="Delivered, confirmed").locator("dd")
    reload_until(sender, lambda: f"{MANY:,}" in delivered.inner_text(), times=2_000)
    expect(main).to_contain_text("Noor Aziz")
