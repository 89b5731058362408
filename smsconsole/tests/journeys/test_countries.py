"""The page of allowed countries in a browser, with its script and without; nothing is saved."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.countries import reachable_regions
from smsconsole.tests.journeys.browsing import Reader, findings

Open = Callable[..., Reader]
ADDRESS = reverse("accounts:allowed_countries")
REGIONS = {region.name: len(region.countries) for region in reachable_regions()}
ALL, OCEANIA = sum(REGIONS.values()), REGIONS["Oceania"]


def open_list(reader: Reader) -> Page:
    page = reader.page
    page.goto(ADDRESS)
    expect(page.get_by_role("checkbox", name="Germany")).to_be_hidden()
    page.get_by_label("Only the countries you select").check()
    expect(page.get_by_role("checkbox", name="Germany")).to_be_visible()
    return page


def test_countries_are_found_and_selected(open_browser: Open) -> None:
    page = open_list(open_browser("owner"))
    find = page.get_by_label("Find by name, code or number")
    rows = page.locator("[data-words]:visible")
    for words, count in (("cote", 1), ("+44", 4), ("nowhere", 0)):
        find.fill(words)
        expect(rows).to_have_count(count)
        expect(page.get_by_text(f"{count} of {ALL} shown")).to_be_visible()
    # Enter does not save behind one's back.
    find.press("Enter")
    find.fill("united k")
    page.get_by_role("checkbox", name="United Kingdom").check()
    find.fill("")
    oceania = page.get_by_role("group", name="Oceania")
    everything = oceania.get_by_role("checkbox", name=f"All {OCEANIA} countries")
    everything.check()
    expect(page.get_by_text(f"{OCEANIA + 1} of {ALL} selected")).to_be_visible()
    expect(oceania.get_by_text(f"{OCEANIA} of {OCEANIA} selected")).to_be_visible()
    oceania.get_by_role("checkbox", name="Fiji").uncheck()
    expect(everything).to_have_js_property("indeterminate", value=True)
    expect(page.get_by_text(f"{OCEANIA} of {ALL} selected")).to_be_visible()
    assert findings(page) == []


def test_what_has_the_focus_is_not_under_the_bar(open_browser: Open) -> None:
    page = open_list(open_browser("owner", viewport={"width": 375, "height": 800}))
    bar = page.locator(".commit").bounding_box()
    assert bar is not None
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.locator(":focus").bounding_box()
        assert focused is not None
        assert focused["y"] + focused["height"] <= bar["y"]


def test_the_list_works_without_a_script(open_browser: Open) -> None:
    page = open_list(open_browser("owner", java_script_enabled=False))
    expect(page.get_by_label("Find by name, code or number")).to_be_hidden()
    expect(page.get_by_role("checkbox", name=f"All {OCEANIA} countries")).to_be_hidden()
    page.get_by_role("link", name="Oceania").click()
    page.get_by_role("checkbox", name="Fiji").check()
