"""A browser that notices: console errors, failed requests, findings of axe, sideways scroll."""

import os
import shutil
from collections.abc import Iterable
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, Response

from smsconsole.tests.journeys.running import Console

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WIDE = {"width": 1440, "height": 900}
NARROW_WIDTHS = (1024, 600, 375, 320)
"""A small laptop, a tablet, and phones."""
PATIENCE = 120_000
"""Milliseconds; a machine may be slow, and what goes well does not wait."""
THEME_COOKIE = "theme"
# Errors that say again what is judged where it happens: Chromium and htmx of `_on_response`, htmx
# of a poll that ended because its page was left. One that reached nobody is htmx:sendError.
REPEATED = (
    "Failed to load resource",
    "Response Status Error Code",
    "htmx:sendAbort",
    "htmx:afterRequest",
)
# Whoever stands out at the right, unless a box of its own scrolls it.
OUTSTANDING = """() => {
  const width = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= width) return [];
  const wide = [...document.body.querySelectorAll("*")].filter(
    element => element.getBoundingClientRect().right > width + 1);
  return wide.slice(0, 4).map(element => element.outerHTML.slice(0, 90)).concat(
    [`${document.scrollingElement.scrollWidth} px of ${width}`]);
}"""
# Whatever takes the focus and shows no ring of at least 2 px. A key was pressed before: browsers
# show rings to those who use the keyboard only. Then what axe calls serious or critical, with the
# first places, and contrast in both themes. All in one call: calls cost most.
# Without `preload`, axe would copy style sheets into the page, which its policy forbids.
# Contrast takes half of the time: axe judges text once for its colours, size and backgrounds.
LOOK = """async judged => {
  const found = [];
  const controls = document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']");
  for (const control of controls) {
    control.focus({preventScroll: true});
    if (document.activeElement !== control) continue;
    const ring = getComputedStyle(control);
    if (ring.outlineStyle === "none" || parseFloat(ring.outlineWidth) < 2)
      found.push(`no focus ring: ${control.outerHTML.slice(0, 90)}`);
  }
  document.activeElement.blur();

  const look = async (theme, context, options) => {
    const {violations, passes} = await axe.run(context, {preload: false, ...options});
    for (const {id, impact, nodes} of violations) {
      if (!["serious", "critical"].includes(impact)) continue;
      const places = nodes.slice(0, 3).map(node => `${node.target} ${node.html.slice(0, 100)}`);
      found.push(`${theme}: ${id} (${impact}): ${places.join(" | ")}`);
    }
    return passes;
  };

  const hashed = (before, ...texts) => [...texts.join()].reduce(
    (hash, letter) => Math.imul(hash ^ letter.codePointAt(0), 16777619), before);
  const looks = () => {
    const behind = new Map([[null, 0]]);
    const backgrounds = element => {
      if (!behind.has(element)) {
        const {backgroundColor, backgroundImage, opacity, position} = getComputedStyle(element);
        behind.set(element, hashed(
          backgrounds(element.parentElement), backgroundColor, backgroundImage, opacity, position));
      }
      return behind.get(element);
    };
    const hasText = element => element.matches("input, select, textarea")
      || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const seen = [...document.body.querySelectorAll("*")].filter(
      element => element.checkVisibility() && hasText(element));
    return new Map(seen.map(element => {
      const {color, fontSize, fontWeight, textShadow} = getComputedStyle(element);
      // Nobody is held to the contrast of what is disabled.
      const isOff = Boolean(element.closest(":disabled, [aria-disabled=true]"));
      const look = [color, fontSize, fontWeight, textShadow, isOff];
      return [element, hashed(backgrounds(element), ...look)];
    }));
  };
  const place = element => element
    ? hashed(place(element.parentElement), element.localName, element.classList) : 0;
  const known = new Set(judged);
  const contrast = async theme => {
    root.bsTheme = theme;
    const lookOf = looks();
    const judge = async include => {
      const options = {runOnly: {type: "rule", values: ["color-contrast"]}, elementRef: true};
      if (!include.length) return;
      for (const {nodes} of await look(theme, {include}, options))
        for (const {element} of nodes) known.add(lookOf.get(element));
    };
    const inPlace = element => hashed(lookOf.get(element), place(element));
    const left = () => [...lookOf].filter(
      ([element, its]) => !known.has(its) && !known.has(inPlace(element)));
    // One of each first, then all others of those that axe cannot judge there. Where it cannot at
    // all, as of what is clipped, it is asked again in another place only.
    await judge([...new Map(left().reverse().map(([element, its]) => [its, element])).values()]);
    await judge(left().map(([element]) => element));
    for (const [element] of left()) known.add(inPlace(element));
  };

  const root = document.documentElement.dataset;
  const theme = root.bsTheme;
  await look("any theme", document, {
    resultTypes: ["violations"], rules: {"color-contrast": {enabled: false}}});
  await contrast("light");
  await contrast("dark");
  root.bsTheme = theme;
  return {found, known: [...known]};
}"""


_judged: set[int] = set()
"""Looks of text whose contrast is enough, and places of what axe cannot judge, in this run."""


def chromium() -> str | None:
    """Return the path of Chromium, or None where there is none.

    The one without a window does all that is asked here, in two thirds of the time.
    """
    installed = map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))
    named = os.environ.get("CHROMIUM") or next(filter(None, installed), None)
    return named if named and os.access(named, os.X_OK) else None


class Watch:
    """Collects everything of a browser context that a person would call broken."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        self._expected: set[int] = set()
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        context.on("requestfailed", self._on_failure)
        context.on("response", self._on_response)

    def expect(self, *statuses: int) -> None:
        """Let these statuses be from now on: the test asks for them."""
        self._expected |= set(statuses)

    def _on_console(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith(REPEATED):
            self.faults.append(f"console: {message.text[:300]} in {message.location.get('url')}")

    def _on_failure(self, request: Any) -> None:
        # Leaving a page ends what it still waits for; a download ends its navigation.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"{request.failure}: {request.method} {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            request = response.request
            origin = request.headers.get("referer", "nowhere")
            self.faults.append(f"{response.status}: {request.method} {response.url} from {origin}")


class Reader:
    """One person at one browser."""

    def __init__(self, browser: Browser, console: Console, **options: Any) -> None:
        defaults = {"viewport": WIDE, "reduced_motion": "reduce", "base_url": console.address}
        self.console = console
        self.context = browser.new_context(**{**defaults, **options})
        self.context.set_default_timeout(PATIENCE)
        self.watch = Watch(self.context)
        self.page = self.context.new_page()

    def sign_in(self, who: str) -> "Reader":
        """Sign in as a demo person, as people do."""
        email, password = self.console.logins[who]
        self.page.goto("/accounts/login/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_url(lambda url: "/accounts/login" not in url)
        return self

    def close(self) -> None:
        """Close the browser's window; fail if anything was broken."""
        faults = self.watch.faults
        self.context.close()
        assert faults == [], "\n".join(faults)


def findings(page: Page, *, narrow: Iterable[int] = NARROW_WIDTHS) -> list[str]:
    """Look at the page as it stands: axe in both themes, and no sideways scroll when narrow."""
    page.keyboard.press("Tab")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    looked = page.evaluate(LOOK, list(_judged))
    _judged.update(looked["known"])
    return [*looked["found"], *sideways(page, narrow)]


def sideways(page: Page, narrow: Iterable[int] = NARROW_WIDTHS) -> list[str]:
    """Return at which narrow widths a page scrolls sideways, and what stands out there."""
    found = []
    for width in narrow:
        page.set_viewport_size({"width": width, "height": 800})
        if outstanding := page.evaluate(OUTSTANDING):
            found.append(f"scrolls sideways at {width} px: {outstanding}")
    page.set_viewport_size(WIDE)
    return found
