"""What the demo lacks, made by its owner in a browser, so that every page has something to show."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import reverse
from playwright.sync_api import Page

from smsconsole.tests.journeys.browsing import Reader
from smsconsole.tests.journeys.sheets import thousand_rows
from smsconsole.tests.journeys.steps import (
    check_recipients,
    choose_template,
    compose,
    reload_until,
    send_button,
    upload,
)

SUBMIT = "main form button[type=submit]"


def furnish(reader: Reader, reviewer: Reader, folder: Path) -> list[str]:
    """Make it all; return the addresses of pages that people come to and no link leads to."""
    page = reader.page
    led_to = [*_draft_texts(page), _import(page), _change(page), *_sent_task(page)]
    # The sample leaves the page on which the last task is composed.
    led_to += [*_reviews(page, reviewer), _failed_task(page), _sample(page)]
    _unsent_task(page, folder)
    _invitation(page, reader.console.logins["owner"][1])
    return led_to


def _import(page: Page) -> str:
    page.goto(reverse("groups:create"))
    page.get_by_label("Name").fill("Night shift")
    page.locator(SUBMIT).first.click()
    page.get_by_role("link", name=re.compile("Enter")).first.click()
    page.locator("textarea").first.fill("85261130001\n85261130002")
    page.locator(SUBMIT).first.click()
    page.wait_for_url("**/imports/**")
    return urlsplit(page.url).path


def _change(page: Page) -> str:
    """Change many customers at once."""
    page.goto(reverse("customers:list"))
    page.get_by_label("Which customers").select_option("all")
    page.get_by_label("Name of a new group").fill("Everyone")
    page.get_by_role("button", name="Change", exact=True).click()
    page.wait_for_url("**/change/**")
    page.locator(SUBMIT).last.click()
    page.wait_for_url("**/changes/**")
    return urlsplit(page.url).path


def _sent_task(page: Page) -> list[str]:
    """Export its messages; return where its report and one message are."""
    page.goto(reverse("send_tasks:list"))
    page.get_by_role("link", name="Holiday closing, staff", exact=True).click()
    report = page.locator("#report").get_attribute("href") or ""
    page.get_by_role("link", name="25", exact=True).click()
    chosen = page.locator("main table a").first.get_attribute("href") or ""
    message = urlsplit(page.url).path + re.findall(r"message=(\d+)", chosen)[0] + "/"
    page.locator(f"form[action='{reverse('reports:export_create')}'] button").first.click()
    page.wait_for_url("**/exports/**")
    page.locator("#exports a[href*='/exports/']").first.wait_for()
    return [report, message]


def _reviews(page: Page, reviewer: Reader) -> list[str]:
    """Have a text and a signature rejected, and one in review; return what can be done then."""
    _submit(page, "template", {"Name": "Turned down", "Body": "Our shops open at 09:00 today."})
    _submit(page, "signature", {"Signature": "Turned down"})
    _reject(reviewer.page, "Text template")
    _reject(reviewer.page, "Signature")
    reviewer.console.end_undo()
    _submit(page, "signature", {"Signature": "Lamp House"})
    wanted = [
        ("template", "Turned down", "appeal"),
        ("signature", "Turned down", "appeal"),
        ("signature", "Lamp House", "questions"),
    ]
    led_to = []
    for kind, name, act in wanted:
        page.goto(reverse(f"templates_app:{kind}_list"))
        page.get_by_role("link", name=name).first.click()
        leads = page.locator(f"main a[href*='/{act}/']")
        reload_until(page, leads.count)
        led_to.append(leads.first.get_attribute("href") or "")
    return led_to


def _submit(page: Page, kind: str, fields: dict[str, str]) -> None:
    page.goto(reverse(f"templates_app:{kind}_create"))
    for label, text in fields.items():
        page.get_by_label(label).first.fill(text)
    page.get_by_role("button", name="Submit for review").click()
    page.wait_for_url(lambda url: "/new/" not in url)


def _reject(reviewer: Page, kind: str) -> None:
    """Reject the newest of a kind, which is due last."""
    reviewer.goto(reverse("admin:review_desk"))
    reviewer.locator(".queue a", has_text=kind).last.click()
    reviewer.get_by_text("Reject, with reasons").click()
    reviewer.locator("input[name=reasons][value=OTHER]").check()
    reviewer.locator("#reject-note").fill("Say who sends it.")
    reviewer.get_by_role("button", name="Reject it").click()
    reviewer.get_by_role("status").filter(has_text="You rejected").wait_for()


def _failed_task(page: Page) -> str:
    """Send to a number that fails for now; return where that can be sent again."""
    compose(page, "Fails for now", "Holiday closing")
    page.get_by_label("Paste numbers").check()
    page.locator("#id_numbers").fill("85251239902")
    check_recipients(page)
    send_button(page, 1)
    again = page.locator("main a[href$='/retry/']")
    reload_until(page, again.count)
    return again.first.get_attribute("href") or ""


def _sample(page: Page) -> str:
    """Return where the sample for a text template is, which its choice shows."""
    page.goto(reverse("send_tasks:compose"))
    choose_template(page, "Sign-in")
    return page.locator("#sample-help a").get_attribute("href") or ""


def _unsent_task(page: Page, folder: Path) -> None:
    page.get_by_label("Task name").fill("Not sent yet")
    upload(page, thousand_rows(folder).path)
    page.get_by_role("button", name="Check the recipients").click()
    page.get_by_role("button", name="Send 980 messages").wait_for()


def _invitation(page: Page, password: str) -> None:
    page.goto(reverse("accounts:member_invite"))
    page.get_by_label("E-mail").fill("new@harbourline.example")
    page.locator(SUBMIT).first.click()
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/members/")


def _draft_texts(page: Page) -> list[str]:
    """Return where the editors of a text and of a signature are."""
    draft = page.get_by_role("button", name=re.compile("draft", re.IGNORECASE))
    page.goto(reverse("templates_app:template_create"))
    page.get_by_label("Name").first.fill("A draft")
    page.get_by_label("Body").fill("Our shops open at 09:00.")
    draft.click()
    page.wait_for_url(re.compile("/edit/"))
    led_to = [urlsplit(page.url).path]
    page.goto(reverse("templates_app:signature_create"))
    page.get_by_label("Signature").first.fill("Harbourline HK")
    draft.click()
    page.wait_for_url(re.compile("/edit/"))
    return [*led_to, urlsplit(page.url).path]
