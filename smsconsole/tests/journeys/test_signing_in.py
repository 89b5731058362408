"""A person and their passkey, in a real browser with an authenticator made of software."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from sending.tests.waiting import wait_until
from smsconsole.tests.journeys.browsing import Reader, findings
from smsconsole.tests.journeys.running import Console

WHO = "viewer"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_authenticator(reader: Reader) -> None:
    devices = reader.context.new_cdp_session(reader.page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def sign_in_with_password(page: Page, console: Console) -> None:
    email, password = console.logins[WHO]
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_text("Account", exact=False).locator("xpath=ancestor::summary").last.click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/accounts/login/")


def test_a_passkey_is_a_second_step_and_signs_in_alone(
    open_browser: Callable[..., Reader], console: Console
) -> None:
    # A browser makes passkeys for names, not for the addresses of machines.
    reader = open_browser(base_url=console.address.replace("127.0.0.1", "localhost"))
    page = reader.page
    give_authenticator(reader)
    page.goto("/accounts/login/")
    assert findings(page) == []
    expect(page.get_by_text("That did not work")).to_be_hidden()
    # Nobody has a passkey yet.
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That did not work")).to_be_visible()
    assert findings(page) == []
    sign_in_with_password(page, console)
    page.wait_for_url("**/")

    page.goto("/accounts/2fa/webauthn/add/")
    assert findings(page) == []
    page.get_by_label("Password").fill(console.logins[WHO][1])
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()
    assert findings(page) == []
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    wait_until(lambda: any("A passkey was added" in mail for mail in console.mails()))

    for address in ("/accounts/2fa/", "/accounts/2fa/webauthn/", "/accounts/sessions/"):
        page.goto(address)
        assert findings(page) == []
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("My laptop").first).to_be_visible()

    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()

    sign_out(page)
    sign_in_with_password(page, console)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
