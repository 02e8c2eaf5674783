"""A real Chromium for the tests of pages, and what every page is held to.

A test that asks for `page` fails if the page logs an error, breaks its content security policy, or
answers with an unexpected script error.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "node_modules/axe-core/axe.min.js"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PHONE = {"width": 390, "height": 844}
NARROWEST = 320
TEXT = 16  # the size in pixels that a browser starts with
SMALLEST_TARGET = 24

# What can be operated: smaller than 24 by 24 CSS pixels only where it stands in a sentence.
SMALL_TARGETS = """(least) => {
  const inSentence = (element) => element.matches("a") && element.closest("p, li, dd, td, label");
  const shown = (element) => element.getClientRects().length > 0;
  const target = (element) => element.matches("input") && element.closest("label") || element;
  return [...document.querySelectorAll("a[href], button, input, select, summary")]
    .filter((element) => shown(element) && !inSentence(element))
    .map((element) => [element, target(element).getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && (box.width < least || box.height < least))
    .map(([element]) => element.outerHTML);
}"""

# The elements that reach beyond the page's right edge, and those that hide some of what they hold.
CUT_OFF = """() => {
  const width = document.documentElement.clientWidth;
  const beyond = (element) => element.getBoundingClientRect().right > width + 1;
  const scrolls = document.documentElement.scrollWidth > width;
  const hides = (element) =>
    element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1
    && !element.matches("input") && getComputedStyle(element).overflowX === "hidden";
  return [...document.querySelectorAll("body *")]
    .filter((element) => (scrolls && beyond(element)) || hides(element))
    .map((element) => element.outerHTML.slice(0, 120));
}"""


@pytest.fixture(scope="module")
def browser(chromium_path: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone that nobody has used yet."""
    context = browser.new_context(viewport=PHONE, locale="en-GB", accept_downloads=True)
    shown = context.new_page()
    faults: list[str] = []
    expected = ("Failed to load resource", "net::ERR")  # what tests of bad networks bring about
    shown.on("pageerror", lambda error: faults.append(str(error)))
    shown.on(
        "console",
        lambda message: (
            faults.append(message.text)
            if message.type in ("error", "warning") and not message.text.startswith(expected)
            else None
        ),
    )
    yield shown
    context.close()
    assert faults == [], "\n".join(faults)


def check_accessible(page: Page) -> None:
    """Hold the page as it stands to WCAG 2.2 AA, as far as a program can see it."""
    page.wait_for_load_state()  # half a page has labels that point at what is still to come
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate(
        "(tags) => axe.run({ runOnly: { type: 'tag', values: tags } })", list(WCAG)
    )
    faults = [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    assert faults == [], "\n".join(faults)
    assert page.evaluate(SMALL_TARGETS, SMALLEST_TARGET) == []


def check_fits(page: Page) -> None:
    """Nothing is cut off or scrolls sideways: at 320 pixels, and with text twice as large."""
    before = page.viewport_size
    settings = page.context.new_cdp_session(page)
    for width, text in ((NARROWEST, TEXT), (PHONE["width"], 2 * TEXT), (2 * NARROWEST, 2 * TEXT)):
        settings.send("Page.setFontSizes", {"fontSizes": {"standard": text}})
        page.set_viewport_size({"width": width, "height": PHONE["height"]})
        found: list[str] = page.evaluate(CUT_OFF)
        assert found == [], f"{width} pixels wide, text of {text}: " + "\n".join(found)
    settings.send("Page.setFontSizes", {"fontSizes": {"standard": TEXT}})
    settings.detach()
    if before:
        page.set_viewport_size(before)


def stored(page: Page) -> dict[str, Any]:
    """What the page has left on the device."""
    kept: dict[str, Any] = page.evaluate(
        """async () => ({
          local: Object.keys(localStorage),
          session: Object.keys(sessionStorage),
          databases: (await indexedDB.databases()).map(({ name }) => name),
          caches: await caches.keys(),
        })"""
    )
    cookies = [cookie["name"] for cookie in page.context.cookies()]
    return {**kept, "cookies": cookies}
