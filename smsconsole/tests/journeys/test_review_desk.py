"""A sitting at the review desk: items by keyboard, two reviewers at once, and no script.

`./console test smsconsole/tests/journeys/test_review_desk.py --sitting 60` decides about sixty,
and says how long the steps took.
"""

import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from smsconsole.tests.journeys.browsing import Reader, findings
from smsconsole.tests.journeys.running import Console

Open = Callable[..., Reader]
SECOND = ("second.reviewer@harbourline.example", "Lantern-ferry-quay-88")
# Asked at each frame, by the browser's own clock: from the first key to the frame that shows it.
STEP = """() => {
  const before = location.href;
  let began;
  window.stepSeconds = null;
  addEventListener("keydown", ({timeStamp}) => { began = timeStamp; }, {capture: true, once: true});
  const look = () => {
    if (location.href === before || document.activeElement !== document.querySelector("h1"))
      requestAnimationFrame(look);
    else window.stepSeconds = (performance.now() - began) / 1000;
  };
  requestAnimationFrame(look);
}"""
# Overdue, so that they come before what the demo has in review.
SUBMIT = """
from datetime import timedelta
from django.contrib.auth.models import Group
from django.utils import timezone
from accounts.models import Organization, User
from templates_app.actions import create_text_template, submit
from templates_app.models import TextTemplateVersion

organization = Organization.objects.get(name__startswith="Harbourline")
author = organization.members.order_by("pk").first().user
for number in range({items}):
    version = create_text_template(
        organization=organization, author=author, name=f"Sitting {{number + 1}}",
        sms_type="NOTIFICATION", body=f"Tour {{number + 1}} starts at {{{{1}}}}.", samples=["9:00"],
        remarks="", language="en",
    )
    submit(version=version, submitter=author)
    rows = TextTemplateVersion.objects.for_organization(organization).filter(pk=version.pk)
    rows.update(due_at=timezone.now() - timedelta(hours=2) + timedelta(seconds=number))
second = User.objects.create_user(email="{email}", password="{password}", is_staff=True)
second.groups.add(Group.objects.get(name="Reviewers"))
"""


@pytest.fixture(scope="module")
def items(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--sitting"))


@pytest.fixture(scope="module")
def submitted(console: Console, items: int) -> None:
    """Submit what is decided here."""
    email, password = SECOND
    console.run(SUBMIT.format(items=items, email=email, password=password))
    console.logins["second"] = SECOND


def desk(reader: Reader) -> Page:
    reader.page.goto("/admin/templates_app/review/desk/")
    return reader.page


def title(page: Page) -> str:
    return page.locator("h1").inner_text()


def press(page: Page, *keys: str) -> float:
    """Press keys that lead to another page of the sitting; return the seconds until it is there."""
    page.evaluate(STEP)
    for key in keys:
        page.keyboard.press(key)
    seconds: float = page.wait_for_function("() => window.stepSeconds").json_value()
    return seconds


def test_a_sitting(
    open_browser: Open, submitted: None, items: int, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = desk(open_browser("reviewer")), desk(open_browser("second"))
    loads: list[str] = []
    first.on("load", lambda page: loads.append(page.url))
    press(first, "j")
    press(second, "j")
    # Two reviewers at once never have the same item, and see who has which.
    assert title(first) != title(second)
    expect(second.locator(".queue")).to_contain_text("until")
    assert findings(first) == []

    # What was decided by mistake comes back, and nobody was told.
    mistaken = title(first)
    press(first, "a")
    expect(first.locator(".held")).to_contain_text(f"You approved “{mistaken}”")
    press(first, "u")
    assert title(first) == mistaken

    steps = []
    for number in range(items - 1):
        assert title(first).startswith("Sitting"), title(first)
        steps.append(press(first, "r", "1", "Enter") if number % 5 == 4 else press(first, "a"))
    steps.append(press(second, "a"))
    assert loads == [], "no page is loaded during a sitting"
    # What is left is the demo's own.
    assert not title(first).startswith("Sitting")
    steps.sort()
    with capsys.disabled():
        p50, p95 = (steps[len(steps) * percent // 100] for percent in (50, 95))
        sys.stdout.write(f"\n{len(steps)} items: p50 {p50:.3f} s, p95 {p95:.3f} s a step\n")


def test_keys_are_explained_and_can_be_switched_off(open_browser: Open, submitted: None) -> None:
    page = desk(open_browser("reviewer"))
    page.keyboard.press("?")
    expect(page.get_by_text("Approve, and go to the next item")).to_be_visible()
    page.get_by_label("Keys work in this browser").uncheck()
    page.reload()
    page.keyboard.press("?")
    expect(page.get_by_text("Approve, and go to the next item")).to_be_hidden()


def test_going_back_works_within_a_sitting(open_browser: Open, submitted: None) -> None:
    page = desk(open_browser("reviewer"))
    press(page, "j")
    assert title(page) != "Review desk"
    page.go_back()
    expect(page.locator("h1")).to_have_text("Review desk")


def test_a_note_is_written_by_key_and_nothing_typed_is_a_key(
    open_browser: Open, submitted: None
) -> None:
    page = desk(open_browser("reviewer"))
    press(page, "j")
    before = page.url
    page.keyboard.press("n")
    page.keyboard.type("a real jar: unknown")
    expect(page.get_by_label("Note for reviewers")).to_have_value("a real jar: unknown")
    assert page.url == before
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_role("status").first).to_contain_text("Only reviewers see it")
    expect(page.locator("aside")).to_contain_text("a real jar: unknown")


def test_a_session_that_ends_replaces_nothing(open_browser: Open, submitted: None) -> None:
    reader = open_browser("reviewer")
    page = desk(reader)
    reader.watch.expect(401)
    reader.context.clear_cookies()
    page.keyboard.press("j")
    expect(page.locator("#signed-out")).to_be_visible()
    assert title(page) == "Review desk"


@pytest.mark.parametrize("width", [375, 320])
def test_on_a_phone_the_form_stands_above_earlier_decisions(
    open_browser: Open, submitted: None, width: int
) -> None:
    page = desk(open_browser("reviewer", viewport={"width": width, "height": 800}))
    page.get_by_role("button", name="Review the most urgent item").click()
    expect(page.get_by_role("heading", name="Earlier decisions")).to_be_visible()
    places = [
        page.get_by_role("heading", name="Evidence"),
        page.get_by_role("heading", name="Decision", exact=True),
        page.get_by_role("button", name="Approve"),
        page.get_by_text("Reject, with reasons"),
        page.get_by_role("heading", name="Earlier decisions"),
    ]
    boxes = [place.first.bounding_box() for place in places]
    assert [box is not None and box["width"] <= width for box in boxes] == [True] * len(boxes)
    tops = [box["y"] for box in boxes if box]
    # Two on one line would be as wrong as the other order.
    assert sorted(set(tops)) == tops


def test_without_javascript(open_browser: Open, submitted: None) -> None:
    page = desk(open_browser("reviewer", java_script_enabled=False))
    page.get_by_role("button", name="Review the most urgent item").click()
    page.get_by_text("Reject, with reasons").click()
    page.get_by_role("button", name="Reject it").click()
    expect(page.locator("#error-summary")).to_contain_text("Choose at least one reason")
