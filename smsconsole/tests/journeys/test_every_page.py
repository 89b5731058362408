"""Every page as every role reads it: axe in both themes, narrow screens, no error anywhere."""

from collections import deque
from collections.abc import Callable, Iterator
from hashlib import sha256

import pytest
from django.urls import Resolver404, resolve, reverse

from accounts.roles import Role, may
from sending.management.demo.numbers import mobile_numbers
from smsconsole.tests.address import OPERATE, PERSON, PUBLIC
from smsconsole.tests.addresses import ADDRESSES, ADMIN_MODELS
from smsconsole.tests.journeys.browsing import Reader, findings, sideways
from smsconsole.tests.journeys.furnishing import furnish
from smsconsole.tests.journeys.pages import Anatomy

Open = Callable[..., Reader]
MEMBERS = {role.value.lower(): role for role in Role}
STAFF = ("reviewer", "operator")
DOWNLOADS = {
    "send_tasks:sample",
    "send_tasks:problems",
    "send_tasks:export",
    "send_tasks:export_xlsx",
    "send_tasks:report_xlsx",
    "reports:statistics_export",
    "reports:export_download",
    "accounts:audit_trail_export",
    "developers:messages_export",
    "developers:openapi",
    "customers:export",
    "customers:export_xlsx",
    "groups:export",
    "groups:suppressions_export",
    "groups:import_problems",
    "templates_app:signature_evidence",
    "admin:review_evidence",
    "operations:organization_usage",
    "operations:usage_export",
    "operations:prices_export",
    "operations:costs_export",
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
    # It shows what was looked for; see below.
    "customers:number",
    "templates_app:signature_evidence",
    # For programs.
    "api:receipts",
    "healthz",
    "metrics",
    "readyz",
}
EACH = {"owner": 2}
"""How many pages of one name are looked at (two tasks, two templates) where it is not one."""


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


def needs_of(path: str) -> str:
    """Return the permission that a page of the console asks for."""
    return ADDRESSES[name_of(path) or ""].needs


class Walk:
    """A reader's way through all links, breadth first."""

    seen: set[tuple[str, str]] = set()
    """What was drawn in this run: a page of the same elements needs no second look."""
    known_to_axe: set[str] = set()
    """Elements in their places: axe looks at a page that has one of its own."""

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
        # Asking costs a tenth of what drawing and looking does.
        referer = {"referer": self.origins[path]} if path in self.origins else {}
        answer = self.reader.context.request.get(path, headers=referer)
        if not answer.ok:
            self.found[path] = [f"{answer.status}, linked from {referer or 'nowhere'}"]
        elif name in DOWNLOADS:
            assert "attachment" in answer.headers["content-disposition"], path
        else:
            self._look(path, name, answer.text(), answer.url)

    def _look(self, path: str, name: str, html: str, url: str) -> None:
        page = Anatomy(html)
        for link in page.links:
            self._note(link, url)
        made_of = "\n".join(sorted(page.elements)) or html
        digest = sha256(made_of.encode()).hexdigest()
        if (name, digest) not in Walk.seen:
            Walk.seen.add((name, digest))
            is_known = bool(page.elements) and page.elements <= Walk.known_to_axe
            # Lists and forms of the administration differ in their columns and fields only.
            if is_known and name.startswith("admin:"):
                return
            self.reader.page.goto(path)
            look = sideways if is_known else findings
            Walk.known_to_axe |= page.elements
            if wrong := look(self.reader.page):
                self.found[path] = wrong

    def _note(self, link: str, url: str) -> None:
        if link not in self.known and not self._is_a_trap(link):
            self.known.add(link)
            self.queue.append(link)
            self.origins[link] = url

    def _is_a_trap(self, path: str) -> bool:
        """Tell whether Django's read-only pages link to a row that this reader may not see."""
        name = (name_of(path) or "").removeprefix("admin:").removesuffix("_change")
        return self.who == "reviewer" and name in ADMIN_MODELS and not ADMIN_MODELS[name].reviewer


@pytest.fixture(scope="package")
def furnished(
    browser: object, console: object, tmp_path_factory: pytest.TempPathFactory
) -> list[str]:
    """Give the demo what it lacks; return the addresses of pages that no link leads to."""
    reader = Reader(browser, console).sign_in("owner")
    reviewer = Reader(browser, console).sign_in("reviewer")
    led_to = furnish(reader, reviewer, tmp_path_factory.mktemp("sheets"))
    reviewer.close()
    reader.close()
    return led_to


@pytest.mark.parametrize("who", ["", *MEMBERS, *STAFF])
def test_every_page(open_browser: Open, furnished: list[str], who: str) -> None:
    reader = open_browser(who)
    walk = Walk(reader, who)
    if who in MEMBERS:
        walk.queue.extend(path for path in furnished if is_for(who, needs_of(path)))
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


def test_all_about_a_number(open_browser: Open) -> None:
    page = open_browser("owner").page
    page.goto("/")
    # Somebody who is to get a message, and is no customer.
    page.get_by_label("Number, or its last digits").fill(mobile_numbers(1, seed=11)[0])
    page.keyboard.press("Enter")
    page.locator("main").get_by_role("button", name="+").first.click()
    page.wait_for_url(f"**{reverse('customers:number')}*")
    assert findings(page) == []
