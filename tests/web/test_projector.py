"""What the room sees on the wall, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.browsing import browser, page
from tests.web.place import LANGUAGES, Place, cast_one, place

__all__ = ["browser", "page", "place"]


WHOLE = "slide => slide.scrollHeight <= slide.clientHeight + 1"
SIZES = ((1920, 1080), (1280, 800), (1024, 768))


def test_the_projector_counts_up_by_itself(place: Place, page: Page) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{place.url}/a/trial/screen")
    voters = page.locator("[data-voters]")
    before = int(voters.inner_text())
    cast_one(place, "persons-1")
    expect(voters).to_have_text(str(before + 1), timeout=10_000)
    bar = page.locator(".live > [data-bar] rect").nth(1)
    assert int(bar.get_attribute("width") or 0) == round(1000 * (before + 1) / 13)


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_projector_shows_the_results_whole_and_moves_by_the_arrow_keys(
    place: Place, page: Page, language: str
) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{place.url}/a/decided/screen?lang={language}")
        expect(page.locator("[data-slide]")).to_have_count(3)
        for number in range(1, 4):
            expect(page.locator("[data-where]")).to_have_text(f"{number} / 3")
            shown = page.locator("[data-slide]:visible")
            expect(shown).to_have_count(1)
            assert shown.evaluate(WHOLE), f"slide {number} is cut off at {width} by {height}"
            page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    expect(page.locator("[data-where]")).to_have_text("1 / 3")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-where]")).to_have_text("1 / 3")


def test_the_projector_says_what_it_shows(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/a/decided/screen#2")
    shown = page.locator("[data-slide]:visible")
    expect(shown).to_contain_text("In per cent: for, of those who took a side.")
    inks = shown.locator(".live-percent, .screen-question")
    colours = inks.evaluate_all("all => all.map((each) => getComputedStyle(each).color)")
    assert len(colours) == 2
    assert len({*colours}) == 1  # amber means “against”
    page.keyboard.press("ArrowRight")
    expect(shown.get_by_role("heading", name="Who is elected")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_projector_shows_the_turnout_whole(place: Place, page: Page, language: str) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{place.url}/a/trial/screen?lang={language}")
        assert page.locator("[data-slide]").evaluate(WHOLE), f"cut off at {width} by {height}"


def test_the_projector_can_be_read_from_the_last_row(place: Place, page: Page) -> None:
    """Nothing that the room needs is smaller than a thirtieth of the wall's height."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{place.url}/a/trial/screen")
    sizes = page.evaluate(
        """() => [".screen-title", "[data-voters]", ".live-percent", ".live-colleges .rows-name",
                  ".quorum-no", ".qr figcaption"].map((name) => {
             const found = document.querySelector(name);
             return found ? parseFloat(getComputedStyle(found).fontSize) : 99; })"""
    )
    assert min(sizes) >= 1080 / 36
