"""A program's first day: an application and a key, a send by the official SDK, a reply, STOP."""

import hmac
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from sending.management.demo.numbers import magic_number
from sending.tests.callbacks.receivers import Receiver, Told
from sending.tests.peers.sdk import Sdk
from sending.tests.waiting import wait_until
from smsconsole.tests.journeys.browsing import Reader
from smsconsole.tests.journeys.running import Console

Open = Callable[..., Reader]
SHOP, KEY = "Online shop", "shop, production"
SHORT_CODE = "85264001234"
STOPPING = magic_number("9914")
"""The simulator's handset of this number answers STOP."""
SHOWN = "+852 5123 9914"


@pytest.fixture
def sdk() -> Iterator[Sdk]:
    program = Sdk("python")
    yield program
    program.stop()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        yield server


def confirm(page: Page, password: str, shown: Locator) -> None:
    """Enter the password once more where it is asked for before something is shown."""
    field = page.get_by_label("Password", exact=True)
    expect(field.or_(shown)).to_be_visible()
    if field.is_visible():
        field.fill(password)
        page.get_by_role("button", name="Confirm").click()


def make_application(page: Page) -> str:
    """Make the application and return its SdkAppId."""
    page.get_by_role("link", name="Developers").first.click()
    page.get_by_role("link", name="Applications", exact=True).click()
    page.get_by_role("link", name="New application").click()
    page.get_by_label("Name").fill(SHOP)
    page.get_by_label("Originator").select_option(f"+{SHORT_CODE}")
    page.get_by_role("button", name="Make application").click()
    page.get_by_role("heading", name=SHOP).wait_for()
    return page.locator("#copy-sdk-app-id").inner_text()


def give_callback_urls(page: Page, url: str, password: str) -> str:
    """Enter the URLs and return the secret, which is on this page only."""
    page.get_by_role("link", name="Change callbacks").click()
    page.get_by_label("URL for delivery reports").fill(url)
    page.get_by_label("URL for replies").fill(url)
    page.get_by_role("button", name="Save URLs").click()
    shown = page.locator("#copy-secret")
    confirm(page, password, shown)
    secret = shown.inner_text()
    page.get_by_role("link", name="Back to the application").click()
    return secret


def make_key(page: Page, password: str) -> dict[str, str]:
    """Make a key and return it in the words of `Sdk`; its secret is on this page only."""
    page.get_by_role("link", name="Make a key").click()
    page.get_by_label("Name").fill(KEY)
    page.get_by_role("button", name="Make key").click()
    shown = page.locator("#copy-secret-key")
    confirm(page, password, shown)
    secret = shown.inner_text()
    key = {"id": page.locator("#copy-secret-id").inner_text(), "key": secret}
    page.get_by_role("link", name="Back to the application").click()
    expect(page.get_by_text(KEY).first).to_be_visible()
    assert secret not in page.content()
    return key


def template_id(page: Page) -> str:
    """Return the TemplateId that the quick start names for codes."""
    page.goto(reverse("developers:quick_start"))
    page.get_by_label("Template", exact=True).select_option(label="Sign-in code")
    page.get_by_role("button", name="Fill in").click()
    return page.locator("dt:text-is('TemplateId') + dd .mono").inner_text()


def copy_example(page: Page) -> None:
    """Copy the first program of the quick start as people do."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    example = page.locator("#python .copy-block")
    example.get_by_role("button", name="Copy").click()
    expect(example.get_by_role("status")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == example.locator("code").text_content()


def shows(page: Page, path: str, text: str) -> None:
    """Open a page again and again until its main part says something."""

    def says() -> bool:
        page.goto(path)
        return text in page.locator("main").inner_text()

    wait_until(says, step=0.2)


def of_kind(receiver: Receiver, kind: str) -> Told:
    """Wait for the first callback of a kind."""
    told: list[Told] = []

    def came() -> bool:
        told[:] = [one for one in receiver.told if one.headers["smsconsole-event-kind"] == kind]
        return bool(told)

    wait_until(came)
    return told[0]


def is_signed(told: Told, secret: str) -> bool:
    """Verify as docs/callbacks.md tells receivers to."""
    signed = told.headers["smsconsole-timestamp"].encode() + b"." + told.body
    expected = "v1=" + hmac.new(secret.encode(), signed, "sha256").hexdigest()
    return hmac.compare_digest(expected, told.headers["smsconsole-signature"])


def test_a_program_sends_and_is_answered_with_stop(
    open_browser: Open, console: Console, sdk: Sdk, receiver: Receiver
) -> None:
    page = open_browser("owner").page
    password = console.logins["owner"][1]
    sdk_app_id = make_application(page)
    secret = give_callback_urls(page, receiver.url, password)
    application = page.url
    key = make_key(page, password)
    template = template_id(page)
    copy_example(page)

    def send(code: str) -> dict[str, Any]:
        parameters = {
            "SmsSdkAppId": sdk_app_id,
            "TemplateId": template,
            "SignName": "Harbourline",
            "PhoneNumberSet": [STOPPING],
            "TemplateParamSet": [code, "5"],
        }
        wish = {
            "endpoint": console.address.removeprefix("http://"),
            "action": "SendSms",
            "method": "POST",
            "sign": "TC3-HMAC-SHA256",
            "headers": {},
        }
        return sdk.call({**wish, **key, "parameters": parameters})

    answer = send("402817")
    [status] = answer["SendStatusSet"]
    assert status["Code"] == "Ok", answer

    # The request, and from it the message.
    shows(page, reverse("developers:requests"), answer["RequestId"])
    row = page.get_by_role("row").filter(has_text=answer["RequestId"])
    expect(row).to_contain_text("Ok")
    row.get_by_role("link", name="SendSms").click()
    expect(page.locator("main")).not_to_contain_text("402817")
    page.locator("main table a").first.click()
    expect(page.locator("main")).to_contain_text(status["SerialNo"])
    message = page.url

    # Its end is told to the program, and the page says so.
    report = of_kind(receiver, "STATUS")
    assert is_signed(report, secret)
    assert not is_signed(report, "another secret")
    [told] = report.document
    assert (told["sid"], told["report_status"]) == (status["SerialNo"], "SUCCESS")
    shows(page, message, "Called back")
    expect(page.locator("main")).to_contain_text("Delivered")

    # So is the reply.
    reply = of_kind(receiver, "REPLY")
    assert is_signed(reply, secret)
    assert (reply.document["text"], reply.document["sid"]) == ("STOP", status["SerialNo"])
    log = reverse("developers:callback_log", args=[application.rstrip("/").rpartition("/")[2]])
    for one in (report, reply):
        kind = one.headers["smsconsole-event-kind"]
        shows(page, f"{log}?kind={kind}", "Called back")
        expect(page.get_by_role("row").filter(has_text=str(one.event_ids[0]))).to_be_visible()

    # It is in the inbox, and its number on the suppression list.
    page.goto(reverse("inbox:list"))
    page.locator("main table").get_by_role("link", name=SHOWN).click()
    expect(page.locator(".theirs .bubble")).to_have_text("STOP")
    expect(page.locator("main")).to_contain_text("Suppressed since")
    page.goto(reverse("groups:suppressions"))
    expect(page.get_by_role("row").filter(has_text=SHOWN)).to_be_visible()

    refused = send("402818")
    assert [one["Code"] for one in refused["SendStatusSet"]] == [
        "FailedOperation.PhoneNumberInBlacklist"
    ]
    shows(page, reverse("developers:requests"), refused["RequestId"])
    row = page.get_by_role("row").filter(has_text=refused["RequestId"])
    expect(row).to_contain_text("FailedOperation.PhoneNumberInBlacklist")
