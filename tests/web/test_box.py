"""The ballot box, page by page, in a real browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.finished import finish
from tests.small import Opened, folder
from tests.web.browsing import browser, check_accessible, check_fits, page
from tests.web.conftest import Running
from tests.web.voting import cast, tracker
from vote.election.ballot import encrypt
from vote.election.credential import sign_in_token
from vote.service import box, casting, overview, prepare, rehearse

__all__ = ["browser", "page"]

MANY = 54


@pytest.fixture(scope="module")
def full(running: Running) -> Running:
    """The same member votes again and again, until there are two pages."""
    opened = running.opened
    [election] = overview.view(opened.house, "trial").elections
    data = overview.election_bytes(opened.house, election.uuid)
    code = opened.codes["persons-1"]
    for _ in range(MANY):
        ballot = encrypt(data, code, ((0, 0, 1), (1, 0, 0, 0)))
        casting.store(opened.house, election.uuid, sign_in_token("trial", code), ballot)
    box.publish(opened.house, "trial")
    return running


@pytest.fixture(scope="module")
def done(running: Running) -> bytes:
    """The assembly "done", decided; a receipt of it."""
    house = running.opened.house
    prepare.import_assembly(house, folder("done", shares=True))
    codes, bureau = rehearse.set_up(house, "done", lambda *_: None)
    opened = Opened(house, running.opened.clock, "done", codes, bureau)
    cast(opened, "staff-1")
    receipt = cast(opened, "persons-1")
    finish(opened)
    return receipt


def numbers(page: Page) -> list[int]:
    return [int(text) for text in page.locator(".entry-number").all_inner_texts()]


def test_the_newest_page_comes_first_and_the_newest_entry_last(page: Page, full: Running) -> None:
    page.goto(f"{full.url}/a/trial/box?lang=en")
    expect(page.get_by_role("heading", name="56 entries")).to_be_visible()
    assert numbers(page) == list(range(51, 57))
    pager = page.get_by_role("navigation", name="Pages", exact=True)
    expect(pager).to_contain_text("Page 2 of 2")
    pager.get_by_role("link", name="Older").click()
    assert numbers(page) == list(range(1, 51))
    expect(pager.get_by_role("link", name="Older")).to_have_count(0)
    expect(page.locator("#entry-1")).to_contain_text("sealed before any ballot")
    expect(page.locator("#entry-2")).to_contain_text("The box is set up, empty")
    check_accessible(page)
    check_fits(page)
    pager.get_by_role("link", name="Newest").click()
    assert numbers(page)[-1] == 56


@pytest.mark.parametrize(
    ("asked", "first"),
    [("page=0", 1), ("page=99", 51), ("page=x", 51), ("entry=50", 1), ("entry=9999", 51)],
)
def test_pages_that_are_asked_for_otherwise(
    page: Page, full: Running, asked: str, first: int
) -> None:
    page.goto(f"{full.url}/a/trial/box?{asked}")
    assert numbers(page)[0] == first


def test_no_time_is_shown_for_any_entry(page: Page, full: Running) -> None:
    page.goto(f"{full.url}/a/trial/box?lang=en")
    entries = page.locator(".entries").inner_text()
    assert not re.search(r"\d\d:\d\d|20\d\d", entries)
    assert page.locator(".entries time").count() == 0


def test_from_the_box_to_ones_own_ballot_and_back(
    page: Page, running: Running, done: bytes
) -> None:
    page.goto(f"{running.url}/a/done/box?lang=en")
    entry = page.locator(".entries li", has_text="".join(tracker(done)[:4])).first
    expect(entry).to_contain_text("persons")
    entry.get_by_role("link", name="Check").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your ballot was counted")
    page.get_by_role("link", name="See it in the ballot box").click()
    asked = page.locator(".entries .asked")
    assert "".join(asked.locator(".tracker span").all_inner_texts()) == tracker(done)


def test_turnout_files_and_how_to_verify(page: Page, running: Running, done: bytes) -> None:
    assert done
    page.goto(f"{running.url}/a/done/box?lang=en")
    expect(page.locator("#turnout ~ .cards")).to_contain_text("2 of 13 members have voted")
    files = page.get_by_role("region", name="The files")
    expect(files.get_by_role("link", name=".bel")).to_have_count(3)
    checkpoint = page.request.get(f"{running.url}/log/done/checkpoint").text()
    expect(files.locator("pre")).to_have_text(checkpoint.strip())
    for link in files.get_by_role("link").all():
        target = link.get_attribute("href") or ""
        answer = page.request.get(running.url + target)
        assert answer.ok, target
    how = page.get_by_role("region", name="How to verify it")
    for tool in ("vote verify", "belenios-tool", "C2SP"):
        expect(how).to_contain_text(tool)
    expect(how.get_by_role("link", name="Check everything in this browser")).to_be_visible()


def test_what_never_changes_is_cached_for_ever_and_what_does_is_not(
    page: Page, full: Running
) -> None:
    tile = page.request.get(f"{full.url}/log/trial/tile/entries/000.p/56")
    assert tile.headers["cache-control"] == "public, max-age=31536000, immutable"
    checkpoint = page.request.get(f"{full.url}/log/trial/checkpoint")
    assert checkpoint.headers["cache-control"] == "public, max-age=1"
    assert page.request.get(f"{full.url}/a/trial/box").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("language", ["en", "fr", "nl"])
def test_accessible_in_every_language(
    page: Page, running: Running, done: bytes, language: str
) -> None:
    assert done
    page.goto(f"{running.url}/a/done/box?lang={language}")
    check_accessible(page)
    check_fits(page)


def test_before_opening(page: Page, running: Running) -> None:
    opens = datetime.now(UTC) + timedelta(days=1)
    prepare.import_assembly(running.opened.house, folder("later", opens=opens))
    page.goto(f"{running.url}/a/later/box?lang=en")
    expect(page.get_by_text("The ballot box is not open yet")).to_be_visible()
    check_accessible(page)
