"""Renews docs/screenshots when asked: `./console test smsconsole/tests/journeys --screenshots`."""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from smsconsole.tests.journeys.browsing import THEME_COOKIE, WIDE, Reader
from smsconsole.tests.journeys.sheets import thousand_rows
from smsconsole.tests.journeys.steps import task_is_sent

FOLDER: Path = settings.BASE_DIR / "docs" / "screenshots"
HEIGHTS = {1440: (900, 1200), 375: (812, 1600)}
"""Pixels by width: a screen, and where a longer page is cut; nobody scrolls through a picture."""
THEMES = {1440: ("light", "dark"), 375: ("light",)}
"""By width: whoever has seen the dark theme once knows it."""
LARGEST = 300_000
LARGEST_IN_ALL = 7_000_000
# What the demo has no time for: an attack, and a client that is bound.
BUSY = """
from accounts.models import Organization
from sending.models import GuardSettings, SmppAccount
from sending.models.smpp_bind import BindType
from sending.tests.guard_factories import make_guard
from sending.tests.smpp_factories import make_smpp_bind

make_guard(Organization.objects.get(name__startswith="Harbourline"))
GuardSettings.objects.update(day_micro=200_000_000)
make_smpp_bind(SmppAccount.objects.get(), BindType.TRANSCEIVER)
"""


@pytest.fixture(scope="module")
def wanted(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("--screenshots", default=False):
        pytest.skip("Screenshots are renewed with --screenshots only.")
    FOLDER.mkdir(parents=True, exist_ok=True)


def take(reader: Reader, name: str) -> None:
    """Draw the page as it stands in each width and its themes."""
    page = reader.page
    for width, (screen, tallest) in HEIGHTS.items():
        for theme in THEMES[width]:
            page.context.add_cookies(
                [{"name": THEME_COOKIE, "value": theme, "url": reader.console.address}]
            )
            page.set_viewport_size({"width": width, "height": screen})
            page.reload()
            page.wait_for_load_state("networkidle")
            tall = min(tallest, max(screen, page.evaluate("document.body.scrollHeight")))
            page.set_viewport_size({"width": width, "height": tall})
            drawn = page.screenshot(animations="disabled")
            path = FOLDER / f"{name}-{width}-{theme}.png"
            path.write_bytes(smaller(drawn))
            assert path.stat().st_size < LARGEST, path
    page.context.clear_cookies(name=THEME_COOKIE)
    page.set_viewport_size(WIDE)


def smaller(png: bytes) -> bytes:
    """Return the same picture, packed as tightly as zlib can (PNG 1.2, chapters 3 and 10)."""
    parts, pixels = [png[:8]], b""
    for kind, content in chunks(png):
        if kind == b"IDAT":
            pixels += content
        elif kind == b"IEND":
            packed = zlib.compress(zlib.decompress(pixels), 9)
            parts += [chunk(b"IDAT", packed), chunk(kind, content)]
        elif kind in {b"IHDR", b"PLTE", b"tRNS"}:
            parts.append(chunk(kind, content))
    return b"".join(parts)


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def test_screenshots(wanted: None, open_browser: Callable[..., Reader], tmp_path: Path) -> None:
    take_at(open_browser(), "sign-in", "/accounts/login/")
    sender = open_browser("sender")
    _a_task(sender, tmp_path)
    page = sender.page
    task = re.search(r"/tasks/(\d+)/", page.url)
    assert task is not None
    take(sender, "task")
    take_at(sender, "messages", f"/tasks/{task[1]}/messages/")
    chosen = page.locator("main table a").first.get_attribute("href") or ""
    message = re.findall(r"message=(\d+)", chosen)[0]
    take_at(sender, "message", f"/tasks/{task[1]}/messages/{message}/")
    take_at(sender, "programs", "/developers/messages/")
    take_at(sender, "developers", "/developers/")
    sender.console.run(BUSY)
    take_at(sender, "guard", "/developers/guard/")
    take_at(sender, "smpp", "/developers/smpp/1/")
    take_at(sender, "verify", "/developers/verify/1/")
    take_at(sender, "inbox", "/inbox/")
    take_at(sender, "overview", "/")
    take_at(sender, "statistics", "/statistics/")
    take_at(sender, "customers", "/customers/")
    page.goto("/content/templates/")
    page.get_by_role("link", name="Winter offer").first.click()
    _new_version(page)
    take(sender, "template-editor")
    reviewer = open_browser("reviewer")
    reviewer.page.goto("/admin/")
    reviewer.page.get_by_role("link", name="Review desk").first.click()
    reviewer.page.locator(".queue a").first.click()
    reviewer.page.wait_for_url("**/review/desk/*/*/")
    take(reviewer, "review-desk")
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) < LARGEST_IN_ALL


def take_at(reader: Reader, name: str, path: str) -> None:
    reader.page.goto(path)
    take(reader, name)


def _a_task(reader: Reader, folder: Path) -> None:
    """Compose, check and send; draw the first two pages on the way."""
    page = reader.page
    page.goto("/send/?template=" + _template_id(page, "Sign-in code"))
    take(reader, "compose")
    page.get_by_label("Task name").fill("Sign-in codes, December")
    page.locator("input[type=file]").set_input_files(thousand_rows(folder).path)
    page.get_by_role("button", name="Check the recipients").click()
    send = page.get_by_role("button", name=re.compile(r"^Send [\d,]+ messages"))
    expect(send).to_be_visible(timeout=60_000)
    take(reader, "check")
    page.get_by_role("button", name=re.compile(r"^Send [\d,]+ messages")).click()
    task_is_sent(page)
    expect(page.locator("main")).to_contain_text("Finished", timeout=120_000)


def _template_id(page: Page, name: str) -> str:
    page.goto("/send/")
    option = page.get_by_label("Text template").locator("option", has_text=name)
    return option.get_attribute("value") or ""


def _new_version(page: Page) -> None:
    page.get_by_role("button", name=re.compile("new version", re.IGNORECASE)).first.click()
    page.wait_for_url("**/edit/**")
