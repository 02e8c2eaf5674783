"""Is my ballot there? In a real browser, against a real service; wrong receipts by their defect."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.small import folder
from tests.web.browsing import browser, check_accessible, check_fits, page, stored
from tests.web.checking import Box, as_file, box, choose, heading, looked_through, shown_tracker
from tests.web.conftest import Running
from tests.web.voting import digest, tracker
from vote.service import prepare

__all__ = ["box", "browser", "page"]


def test_from_the_code_on_paper_to_the_answer(page: Page, box: Box) -> None:
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    page.goto(box.address(tracker(box.other)))
    heading(page, "Your ballot is in the box")
    assert page.url == box.address()
    assert shown_tracker(page) == tracker(box.other)
    looked_through(page)
    expect(page.locator(".finding-held")).to_have_count(2)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert {method for method, _ in asked} == {"GET"}
    assert all(url.startswith(box.url) for _, url in asked)
    check_accessible(page)
    check_fits(page)


def test_a_receipt_made_before_others_voted(page: Page, box: Box) -> None:
    choose(page, box, box.other)
    heading(page, "Your ballot is in the box")
    expect(page.locator(".findings")).to_contain_text("The receipt is genuine")
    expect(page.locator(".findings")).to_contain_text(
        "Since the receipt was made, when the box had 4 entries, nothing was taken out or changed."
    )
    looked_through(page)
    empty: dict[str, list[str]] = {"local": [], "session": [], "databases": [], "caches": []}
    assert stored(page) == {**empty, "cookies": ["lang"]}


def test_a_newer_ballot_replaced_this_one(page: Page, box: Box) -> None:
    choose(page, box, box.first)
    heading(page, "A newer ballot has replaced this one")
    expect(page.locator(".findings")).to_contain_text("The newer ballot, entry 5, is valid")
    expect(page.locator(".notice")).to_contain_text("somebody else has your code")
    check_accessible(page)
    page.get_by_role("button", name="Look up another ballot").click()
    page.get_by_label("The number of your ballot").fill(tracker(box.second))
    page.keyboard.press("Enter")
    heading(page, "Your ballot is in the box")


def test_after_the_counting(page: Page, box: Box) -> None:
    choose(page, box, box.counted, assembly="done")
    heading(page, "Your ballot was counted")
    expect(page.locator(".findings")).to_contain_text("The sum was made")
    looked_through(page)
    check_accessible(page)


def test_a_number_as_people_type_it(page: Page, box: Box) -> None:
    page.goto(box.address())
    field = page.get_by_label("The number of your ballot")
    field.fill(" ".join(re.findall(".{1,4}", tracker(box.second))) + " ")
    page.get_by_role("button", name="Look it up").click()
    heading(page, "Your ballot is in the box")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "has 43 letters, digits and signs; this has 0"),
        ("sb53 ybk4", "this has 8"),
        ("?" * 43, "one of its letters or signs is wrong"),
        ("A" * 42 + "B", "one of its letters or signs is wrong"),
        ("A" * 43, "There is no ballot with this number"),
    ],
)
def test_a_wrong_number(page: Page, box: Box, typed: str, told: str) -> None:
    page.goto(box.address())
    field = page.get_by_label("The number of your ballot")
    field.fill(typed)
    page.keyboard.press("Enter")
    expect(page.locator("#tracker-fault")).to_contain_text(told)
    expect(field).to_be_focused()
    expect(field).to_have_value(typed)
    expect(field).to_have_attribute("aria-invalid", "true")
    check_accessible(page)


def test_a_box_that_has_become_smaller_is_an_alarm(page: Page, box: Box) -> None:
    earlier = box.first.split(b"\n\n", 1)[1]
    page.route("**/log/trial/checkpoint", lambda route: route.fulfill(body=earlier))
    page.clock.install()
    page.goto(box.address())
    page.get_by_label("The file that you kept").set_input_files(as_file(box.second))
    deadline = time.monotonic() + 30
    while not page.get_by_text("The ballot box has become smaller").is_visible():
        assert time.monotonic() < deadline, "the page has not raised the alarm"
        page.clock.run_for(2_000)
        time.sleep(0.1)
    heading(page, "The ballot box has become smaller")
    expect(page.locator(".notice--error")).to_contain_text("the box had 5 entries; now it shows 3")
    expect(page.get_by_text("with it anybody can prove what happened")).to_be_visible()
    check_accessible(page)


def test_a_service_that_denies_a_ballot_is_found_out(page: Page, box: Box) -> None:
    page.route(
        "**/ballots/*",
        lambda route: route.fulfill(
            status=404, json={"error": "no-such-ballot", "message": "no such ballot"}
        ),
    )
    choose(page, box, box.other)
    heading(page, "The ballot is missing")


def test_a_service_that_keeps_quiet_about_a_newer_ballot_is_found_out(page: Page, box: Box) -> None:
    def lie(route: Route) -> None:
        place = route.fetch().json()
        newest = {"digest": digest(box.first), **place["logged"]}
        route.fulfill(json={**place, "newest": newest})

    page.route("**/ballots/*", lie)
    choose(page, box, box.first)
    heading(page, "The service’s answer does not fit together")


def test_a_large_box_is_looked_through_only_when_asked(page: Page, box: Box) -> None:
    def large(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), "archive_bytes": 12_300_000})

    page.route("**/ballots/*", large)
    page.goto(box.address(tracker(box.other)))
    expect(page.locator("#whole")).to_contain_text("The service says that no newer ballot")
    page.get_by_role("button", name="on this device (12 MB)").click()
    looked_through(page)
    expect(page.locator("#whole")).to_be_focused()


def test_the_way_is_drawn_and_said_in_words(page: Page, box: Box) -> None:
    page.goto(box.address(tracker(box.other)))
    figure = page.get_by_role("img", name="A drawing: your ballot, entry 4, at the foot")
    expect(figure).to_be_visible()
    joints = figure.locator(".spine-joint").count()
    page.get_by_text("The same, step by step, in words").click()
    steps = page.locator(".tree-figure ol li")
    expect(steps).to_have_count(joints + 1)
    expect(steps.first).to_have_text(
        "Your ballot, entry 4, is sealed together with entry 3 before it."
    )
    expect(steps.last).to_contain_text("the ballot box has signed it")


def test_no_connection(page: Page, box: Box) -> None:
    page.goto(box.address())
    page.get_by_label("The number of your ballot").fill(tracker(box.other))
    page.route("**/api/**", lambda route: route.abort())
    page.keyboard.press("Enter")
    heading(page, "No connection")
    page.unroute("**/api/**")
    page.get_by_role("button", name="Try again").click()
    heading(page, "Your ballot is in the box")


def test_by_keyboard_alone(page: Page, box: Box) -> None:
    page.goto(box.address())
    page.get_by_label("The number of your ballot").wait_for()
    for _ in range(20):
        if page.evaluate("document.activeElement.id") == "tracker":
            break
        page.keyboard.press("Tab")
    page.keyboard.type(tracker(box.other))
    page.keyboard.press("Enter")
    heading(page, "Your ballot is in the box")
    looked_through(page)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    page.keyboard.press("Enter")
    expect(page.locator(".tree-figure ol")).to_be_visible()


def test_another_code_on_a_page_that_is_open(page: Page, box: Box) -> None:
    page.goto(box.address(tracker(box.other)))
    heading(page, "Your ballot is in the box")
    page.evaluate("(tracker) => { location.hash = tracker }", tracker(box.first))
    heading(page, "A newer ballot has replaced this one")


def test_the_language_changes_where_the_page_stands(page: Page, box: Box) -> None:
    page.goto(box.address(tracker(box.other)))
    looked_through(page)
    page.get_by_role("link", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert shown_tracker(page) == tracker(box.other)


@pytest.mark.parametrize("language", ["en", "fr", "nl"])
def test_every_view_is_accessible_and_fits(page: Page, box: Box, language: str) -> None:
    page.goto(box.address(language=language))
    page.locator("#tracker").wait_for()
    check_accessible(page)
    check_fits(page)
    page.locator("#receipt").set_input_files(as_file(box.counted))
    page.locator(".notice").wait_for()
    check_accessible(page)
    check_fits(page)
    page.goto("about:blank")
    page.goto(box.address(tracker(box.first), language=language))
    page.locator(".tree-figure").wait_for()
    page.locator("summary").click()
    check_accessible(page)
    check_fits(page)


def test_the_preloaded_modules_are_those_that_are_needed(page: Page, box: Box) -> None:
    loaded: set[str] = set()
    page.on("request", lambda request: loaded.add(request.url))
    page.goto(box.address())
    page.locator("#tracker").wait_for()
    modules = {url for url in loaded if url.endswith(".mjs") and "/static/pages/" not in url}
    listed = page.locator("link[rel=modulepreload]")
    preloaded = {box.url + str(link.get_attribute("href")) for link in listed.all()}
    assert modules == preloaded


def test_before_opening_there_is_nothing_to_check(page: Page, running: Running) -> None:
    opens = datetime.now(UTC) + timedelta(days=1)
    prepare.import_assembly(running.opened.house, folder("later", opens=opens))
    page.goto(f"{running.url}/a/later/check?lang=en")
    expect(page.get_by_text("The ballot box is not open yet")).to_be_visible()
    check_accessible(page)
