"""Every page as every role reads it: axe in both themes, narrow screens, no error anywhere."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from hashlib import sha256
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.urls import Resolver404, resolve, reverse

from accounts.roles import Role, may
from smsconsole.tests.addresses import ADDRESSES, ADMIN_MODELS, OPERATE, PERSON, PUBLIC
from smsconsole.tests.journeys.browsing import Reader, findings
from smsconsole.tests.journeys.sheets import thousand_rows

Open = Callable[..., Reader]
MEMBERS = {role.value.lower(): role for role in Role}
STAFF = ("reviewer", "operator")
DOWNLOADS = {
    "send_tasks:sample",
    "send_tasks:problems",
    "send_tasks:export",
    "send_tasks:export_xlsx",
    "reports:statistics_export",
    "developers:messages_export",
    "developers:openapi",
    "customers:export",
    "customers:export_xlsx",
    "groups:export",
    "groups:suppressions_export",
    "groups:import_problems",
    "templates_app:signature_evidence",
    "admin:review_evidence",
}
# Pages for which the demo has no occasion: a mail's link, a second step nobody has switched on.
WITHOUT_OCCASION = {
    "account_confirm_email",
    "account_confirm_login_code",
    "account_reset_password_from_key",
    "accounts:invitation",
    "accounts:activation_apply",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "groups:import_problems",
    # Nobody has changed many customers, or looked for a number.
    "customers:change_result",
    "customers:number",
    "templates_app:signature_evidence",
    # A template must be chosen, a failure must be temporary, a signature must be a draft.
    "send_tasks:sample",
    "send_tasks:retry",
    "templates_app:signature_edit",
    # For programs.
    "api:receipts",
    "healthz",
    "metrics",
    "readyz",
}
EACH = {"owner": 2}
"""How many pages of one name are looked at (two tasks, two templates) where it is not one."""
CHANGING = re.compile(r"""csrfmiddlewaretoken[^>]*|form_origin[^>]*|As of [\d:]+|\b\d+ (min|h)\b""")


def is_for(who: str, needs: str) -> bool:
    """Tell whether a reader may ask for what `needs` names."""
    if needs in {PUBLIC, PERSON, OPERATE}:
        return needs == PUBLIC or (needs == PERSON and who != "") or who == "operator"
    return who in MEMBERS and may(MEMBERS[who], needs)


def pages_for(who: str) -> Iterator[str]:
    """Yield the addresses without arguments that a reader may ask for."""
    for name, address in ADDRESSES.items():
        if "GET" not in address.methods or address.rows or name in WITHOUT_OCCASION:
            continue
        if is_for(who, address.needs):
            yield reverse(name)
    if who in STAFF:
        yield reverse("admin:index")
        yield (
            reverse("admin:review_desk") if who == "reviewer" else reverse("admin:password_change")
        )
    if who == "operator":
        yield from (reverse(f"admin:{model}_changelist") for model in ADMIN_MODELS)


def name_of(path: str) -> str | None:
    """Return the name of an address; None for one that nobody serves."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match.view_name


class Walk:
    """A reader's way through all links, breadth first."""

    seen: set[str] = set()
    """Digests of what axe has looked at in this run: the same page needs no second look."""

    def __init__(self, reader: Reader, who: str) -> None:
        self.reader, self.who = reader, who
        self.each = EACH.get(who, 1)
        self.queue = deque(pages_for(who))
        self.known = set(self.queue)
        self.visits: dict[str, int] = {}
        self.found: dict[str, list[str]] = {}
        self.origins: dict[str, str] = {}

    def run(self) -> None:
        while self.queue:
            path = self.queue.popleft()
            name = name_of(path)
            if name and self.visits.get(name, 0) < self.each:
                self.visits[name] = self.visits.get(name, 0) + 1
                self._visit(path, name)

    def _visit(self, path: str, name: str) -> None:
        if name in DOWNLOADS:
            answer = self.reader.context.request.get(path)
            assert answer.ok, f"{answer.status}: {path}"
            assert "attachment" in answer.headers["content-disposition"], path
            return
        page = self.reader.page
        page.goto(path, referer=self.origins.get(path))
        html = page.content()
        self._note_links(html)
        digest = sha256(CHANGING.sub("", main_of(html)).encode()).hexdigest()
        if digest not in Walk.seen:
            Walk.seen.add(digest)
            if wrong := findings(page):
                self.found[path] = wrong

    def _note_links(self, html: str) -> None:
        for link in BeautifulSoup(html, "html.parser").find_all("a", href=True):
            address = urlsplit(link["href"])
            if self._is_a_trap(address.path):
                continue
            if address.netloc or not address.path.startswith("/") or address.path in self.known:
                continue
            self.known.add(address.path)
            self.queue.append(address.path)
            self.origins[address.path] = self.reader.page.url

    def _is_a_trap(self, path: str) -> bool:
        """Tell whether Django's read-only pages link to a row that this reader may not see."""
        name = (name_of(path) or "").removeprefix("admin:").removesuffix("_change")
        return self.who == "reviewer" and name in ADMIN_MODELS and not ADMIN_MODELS[name].reviewer


def main_of(html: str) -> str:
    page = BeautifulSoup(html, "html.parser")
    return str(page.find("main") or page.body)


@pytest.fixture(scope="package")
def furnished(
    browser: object, console: object, tmp_path_factory: pytest.TempPathFactory
) -> list[str]:
    """Give the demo what it lacks: an import, an invitation, a draft, an unsent task.

    Returns the addresses of pages that people come to, and that no link leads to.
    """
    reader = Reader(browser, console).sign_in("owner")
    page = reader.page
    page.goto(reverse("groups:create"))
    page.get_by_label("Name").fill("Night shift")
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("link", name=re.compile("Enter")).first.click()
    page.locator("textarea").first.fill("85261130001\n85261130002")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/imports/**")
    result = urlsplit(page.url).path
    page.goto(reverse("send_tasks:list"))
    page.locator("main table a").last.click()
    page.get_by_role("link", name="25", exact=True).click()
    chosen = page.locator("main table a").first.get_attribute("href") or ""
    message = urlsplit(page.url).path + re.findall(r"message=(\d+)", chosen)[0] + "/"
    page.goto(reverse("accounts:member_invite"))
    page.get_by_label("E-mail").fill("new@harbourline.example")
    page.locator("main form button[type=submit]").first.click()
    page.get_by_label("Password").fill(reader.console.logins["owner"][1])
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/members/")
    page.goto(reverse("templates_app:template_create"))
    page.get_by_label("Name").first.fill("A draft")
    page.get_by_label(re.compile("^(Body|Text)")).first.fill("Our shops open at 09:00.")
    page.get_by_role("button", name=re.compile("draft", re.IGNORECASE)).click()
    page.goto(reverse("send_tasks:compose"))
    page.get_by_label("Task name").fill("Not sent yet")
    field = page.get_by_label("Text template")
    field.select_option(field.locator("option", has_text="Sign-in").get_attribute("value"))
    sheet = thousand_rows(tmp_path_factory.mktemp("sheets"))
    page.locator("input[type=file]").set_input_files(sheet.path)
    page.get_by_role("button", name="Check the recipients").click()
    page.get_by_role("button", name="Send 980 messages").wait_for()
    reader.close()
    return [result, message]


@pytest.mark.parametrize("who", ["", *MEMBERS, *STAFF])
def test_every_page(open_browser: Open, furnished: list[str], who: str) -> None:
    reader = open_browser(who)
    walk = Walk(reader, who)
    if who in MEMBERS:
        walk.queue.extend(furnished)
    walk.run()
    assert walk.found == {}, "\n\n".join(
        f"{path}\n" + "\n".join(wrong) for path, wrong in walk.found.items()
    )
    if who == "owner":
        pages = {
            name
            for name, address in ADDRESSES.items()
            if "GET" in address.methods and address.needs != OPERATE
        }
        assert pages - set(walk.visits) - WITHOUT_OCCASION == set()


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [("viewer", "/send/", 403), ("owner", "/tasks/99999999/", 404), ("", "/nothing/", 404)],
)
def test_pages_that_say_no(open_browser: Open, who: str, path: str, status: int) -> None:
    reader = open_browser(who)
    reader.watch.expect(status)
    answer = reader.page.goto(path)
    assert answer is not None
    assert answer.status == status
    assert findings(reader.page) == []
