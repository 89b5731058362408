"""A name may be one long word; no page scrolls sideways for it."""

from collections.abc import Callable

from smsconsole.tests.journeys.browsing import NARROW_WIDTHS, OUTSTANDING, Reader

NAME = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbau"


def test_a_long_name_stays_on_the_screen(open_browser: Callable[..., Reader]) -> None:
    page = open_browser("owner").page
    page.goto("/customers/new/")
    page.get_by_label("Name").fill(NAME)
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("heading", name=NAME).wait_for()
    for address in (page.url, "/customers/"):
        page.goto(address)
        for width in NARROW_WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(OUTSTANDING) == []
