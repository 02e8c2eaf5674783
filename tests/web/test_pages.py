"""What all pages that the server writes are held to, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.small import write_folder
from tests.web.browsing import browser, check_accessible, check_fits, page
from tests.web.place import DRAFT, LANGUAGES, PUBLIC, Place, place
from vote.service import prepare
from vote.service.folder import read_folder

__all__ = ["browser", "page", "place"]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_is_accessible_and_fits(place: Place, page: Page, path: str) -> None:
    page.goto(place.url + path)
    check_accessible(page)
    check_fits(page)


def test_colours_have_contrast_in_the_dark_and_on_a_light_wall(place: Place, page: Page) -> None:
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    for path in ("/", "/a/decided/", "/a/trial/", "/console/sign-in"):
        page.goto(place.url + path)
        check_accessible(page)
    page.goto(f"{place.url}/a/decided/screen")
    page.get_by_role("button", name="Light or dark").click()
    check_accessible(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_the_readers_language(place: Place, page: Page, language: str) -> None:
    titles = {
        "en": ("The accounts", "What was decided"),
        "fr": ("Les comptes", "Ce qui a été décidé"),
        "nl": ("De rekeningen", "Wat er beslist is"),
    }
    page.goto(f"{place.url}/a/decided/?lang={language}")
    assert page.locator("html").get_attribute("lang") == language
    expect(page.locator("#result-accounts h3")).to_contain_text(titles[language][0])
    expect(page.locator("#results")).to_have_text(titles[language][1])
    page.goto(f"{place.url}/")  # the choice is remembered
    assert page.locator("html").get_attribute("lang") == language


def test_changing_the_language_keeps_what_stands_behind_the_hash(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/a/trial/#agenda")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("link", name="Nederlands").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    assert page.url.endswith("?lang=nl#agenda")


def test_the_list_names_what_is_open_and_what_is_decided(place: Place, page: Page) -> None:
    page.goto(place.url)
    cards = page.locator(".assembly-card")
    expect(cards).to_have_count(2)
    expect(page.get_by_text("Voting is open")).to_be_visible()
    expect(page.get_by_text("Decided")).to_be_visible()


def test_a_draft_is_not_announced(place: Place, page: Page, tmp_path: Path) -> None:
    prepare.import_assembly(place.house, read_folder(write_folder(tmp_path / "draft", DRAFT)))
    page.goto(place.url)
    expect(page.locator(f'a[href="/a/{DRAFT}/"]')).to_have_count(0)
    page.goto(f"{place.url}/a/{DRAFT}/")
    expect(page.get_by_text("still being prepared")).to_be_visible()


def test_pages_carry_no_script_or_style_of_their_own(place: Place) -> None:
    for path in PUBLIC:
        body = place.service.get(path).body.decode()
        assert " style=" not in body
        assert "<style" not in body
        assert " onclick=" not in body
        for piece in body.split("<script")[1:]:
            assert piece.startswith((' type="module" src=', ' type="application/json"'))


def test_every_file_that_a_page_names_is_there(place: Place, page: Page) -> None:
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
    for path in (p for p in PUBLIC if p != "/nowhere"):
        page.goto(place.url + path)
    assert missing == []
