"""The booth, in a real browser against a real service: from the link to the receipt."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.booths import (
    Booth,
    answer_all,
    ballots,
    booth,
    cast,
    compact_base64,
    field,
    go_to_check,
    in_the_box,
    papers,
    tracker,
    vote,
)
from tests.web.browsing import browser, check_accessible, check_fits, page, stored
from tests.web.conftest import Running
from vote.tlog.note import VerifierKey
from vote.tlog.proof import TlogProof

__all__ = ["booth", "browser", "page", "papers"]

# The element that has the focus, if something that sticks to the window's edge lies over it.
HIDDEN_FOCUS = """() => {
  const element = document.activeElement;
  const { left, top, width, height } = element.getBoundingClientRect();
  const above = document.elementFromPoint(left + width / 2, top + height / 2);
  const bar = above?.closest(".actions--sticky, .count-bar");
  return bar && !bar.contains(element) ? element.outerHTML : null;
}"""


def test_from_the_link_to_the_receipt(page: Page, booth: Booth, running: Running) -> None:
    booth.open(page, "persons-1")
    assert page.url == booth.address()  # the code is gone from the address
    expect(page.get_by_role("heading", level=1)).to_have_text("Good day, Member persons-1")
    sent = ballots(page)
    answer_all(page)
    go_to_check(page)
    review = page.locator(".review")
    expect(review).to_contain_text("The accounts")
    expect(review.locator(".review-answer").first).to_have_text("For")
    expect(review.locator(".review-answer").last).to_contain_text("Duo Example")
    cast(page)
    in_the_box(page)
    assert len(sent) == 1
    assert tracker(page) == compact_base64(sent[0])
    with page.expect_download() as download:
        page.get_by_role("button", name="Keep the receipt").click()
    assert download.value.suggested_filename == "trial-main.tlog-proof"
    receipt = TlogProof.parse(Path(download.value.path()).read_bytes())
    key = VerifierKey.parse(running.service.get("/log/trial/key").body.decode().strip())
    receipt.verify(receipt.entry(), key)
    assert json.loads(receipt.entry())["payload"] == sha256(sent[0]).hexdigest()
    assert "Duo" not in Path(download.value.path()).read_text()


def test_nothing_stays_on_a_shared_computer(page: Page, booth: Booth) -> None:
    booth.open(page, "persons-2")
    vote(page)
    page.get_by_role("button", name="I have finished").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for voting")
    empty: dict[str, list[str]] = {"local": [], "session": [], "databases": [], "caches": []}
    assert stored(page) == {**empty, "cookies": ["lang"]}
    assert booth.codes["persons-2"] not in page.content()
    assert "Duo Example" not in page.content()
    page.reload()
    expect(page.get_by_label("Your code")).to_be_visible()


def test_voting_again_replaces_the_ballot(page: Page, booth: Booth) -> None:
    booth.open(page, "persons-3")
    vote(page)
    first = tracker(page)
    page.get_by_role("button", name="Vote again").click()
    expect(field(page, "The board").get_by_label("Duo Example")).to_be_checked()
    field(page, "The accounts").get_by_label("Against").check()
    go_to_check(page)
    expect(page.locator(".review-answer").first).to_have_text("Against")
    cast(page)
    in_the_box(page)
    assert tracker(page) != first


def test_who_has_voted_is_told_so_and_may_vote_again(page: Page, booth: Booth) -> None:
    booth.open(page, "persons-4")
    vote(page)
    page.goto("about:blank")
    page.goto(booth.address("persons-4"))
    expect(page.get_by_role("heading", level=1)).to_have_text("You have already voted")
    expect(page.locator("fieldset")).to_have_count(0)
    expect(page.get_by_role("link", name="Is my ballot there?")).to_be_visible()
    expect(page.get_by_role("link", name="To the page of the assembly")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Vote again").click()
    answer_all(page)
    go_to_check(page)
    expect(page.locator(".lead")).to_contain_text("This ballot replaces the one that you cast.")
    cast(page)
    in_the_box(page)


def test_a_code_typed_as_people_type(page: Page, booth: Booth) -> None:
    page.goto(booth.address())
    code = booth.codes["persons-5"]
    page.get_by_label("Your code").fill(f"  {code.replace('-', ' – ')} ")
    page.keyboard.press("Enter")
    expect(page.locator("fieldset").first).to_be_visible()
    assert code not in page.url


def test_the_language_changes_and_nothing_is_lost(page: Page, booth: Booth) -> None:
    booth.open(page, "persons-5")
    answer_all(page)
    page.get_by_role("link", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("group", name=re.compile("Les comptes"))).to_be_visible()
    assert page.url == booth.address(language="fr")
    expect(page.locator("input:checked")).to_have_count(3)
    expect(page.get_by_role("link", name="Français")).to_be_focused()
    page.get_by_role("link", name="Nederlands").click()
    expect(page.get_by_role("group", name=re.compile("Het bestuur"))).to_be_visible()
    page.get_by_role("link", name="English").click()
    go_to_check(page)
    expect(page.locator(".review-answer").first).to_have_text("For")


def test_a_link_opens_in_the_members_own_language(page: Page, booth: Booth) -> None:
    page.goto(booth.address("persons-5").replace("?lang=en", ""))
    expect(page.get_by_role("group", name=re.compile("Les comptes"))).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_candidates_stand_in_one_order_in_every_language(page: Page, booth: Booth) -> None:
    booth.open(page, "persons-5")
    names = page.locator(".portrait-name").all_inner_texts()
    page.get_by_role("link", name="Nederlands").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    assert page.locator(".portrait-name").all_inner_texts() == names
    definition = page.request.get(f"{booth.url}/api/assemblies/{booth.assembly}").body()
    digest = sha256(definition).hexdigest()
    people = {"one": "Uno Example", "two": "Duo Example", "three": "Tria Example"}
    drawn = sorted(people, key=lambda id_: sha256(f"{digest}|board|{id_}".encode()).digest())
    assert names == [people[id_] for id_ in drawn]


def test_more_names_than_seats_cannot_be_chosen(page: Page, booth: Booth) -> None:
    booth.open(page, "persons-5")
    board = field(page, "The board")
    board.get_by_label("Uno Example").check()
    expect(board.locator(".count")).to_have_text("1 of 2 chosen")
    board.get_by_label("Duo Example").check()
    board.get_by_label("Tria Example").click()
    expect(board.get_by_label("Tria Example")).not_to_be_checked()
    expect(board).to_contain_text("Only 2 names can be chosen")
    expect(page.locator("#announcements")).to_contain_text("Only 2 names can be chosen")
    board.get_by_label("Uno Example").uncheck()
    board.get_by_label("Tria Example").check()
    expect(board.locator("input:checked")).to_have_count(2)


def test_a_blank_vote_stands_alone(page: Page, booth: Booth) -> None:
    booth.open(page, "persons-5")
    board = field(page, "The board")
    board.get_by_label("Uno Example").check()
    board.get_by_label("Blank vote").check()
    expect(board.get_by_label("Uno Example")).not_to_be_checked()
    expect(page.locator("#announcements")).not_to_be_empty()
    field(page, "The accounts").get_by_label("Abstain").check()
    go_to_check(page)
    expect(page.locator(".review-answer").last).to_have_text("Blank vote")
    expect(page.locator(".review .notice")).to_have_count(0)
    page.get_by_role("button", name="Change your answer to: The board").click()
    board.get_by_label("Tria Example").check()
    expect(board.get_by_label("Blank vote")).not_to_be_checked()


def test_fewer_names_than_allowed_are_pointed_out(page: Page, booth: Booth) -> None:
    booth.open(page, "persons-5")
    answer_all(page)
    field(page, "The board").get_by_label("Uno Example").uncheck()
    go_to_check(page)
    expect(page.locator(".review .notice")).to_have_text("You can choose 1 more name.")


def test_open_questions_are_listed_and_can_be_abstained_from(page: Page, booth: Booth) -> None:
    booth.open(page, "persons-5")
    page.get_by_role("button", name="Check my vote").click()
    summary = page.locator("#summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("2 questions have no answer yet")
    check_accessible(page)
    summary.get_by_role("link", name="The board").click()
    expect(field(page, "The board").locator("input").first).to_be_focused()
    field(page, "The board").get_by_label("Uno Example").check()
    page.get_by_role("button", name="Check my vote").click()
    expect(summary).to_contain_text("1 question has no answer yet")
    page.get_by_role("button", name="Abstain where I have not answered").click()
    expect(page.locator(".review-answer").first).to_have_text("Abstain")


def test_by_keyboard_alone(page: Page, booth: Booth) -> None:
    page.goto(booth.address())
    page.get_by_label("Your code").wait_for()

    def tab_to(role: Locator) -> None:
        for _ in range(60):
            if role.evaluate("element => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
            assert page.evaluate(HIDDEN_FOCUS) is None
        raise AssertionError(f"{role} cannot be reached with the Tab key")

    tab_to(page.get_by_label("Your code"))
    page.keyboard.type(booth.codes["persons-6"])
    page.keyboard.press("Enter")
    page.locator("fieldset").first.wait_for()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    tab_to(field(page, "The accounts").get_by_label("For"))
    page.keyboard.press("ArrowDown")
    tab_to(field(page, "The board").get_by_label("Blank vote"))
    page.keyboard.press("Space")
    tab_to(page.get_by_role("button", name="Check my vote"))
    page.keyboard.press("Enter")
    expect(page.locator(".review-answer").first).to_have_text("Against")
    tab_to(page.get_by_role("button", name="Cast my vote"))
    page.keyboard.press("Enter")
    in_the_box(page)
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_back_and_forward_lead_through_the_booth(page: Page, booth: Booth) -> None:
    booth.open(page, "persons-7")
    answer_all(page)
    go_to_check(page)
    page.go_back()
    expect(page.locator("fieldset").first).to_be_visible()
    expect(page.locator("input:checked")).to_have_count(3)
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your vote")
    page.get_by_role("link", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Change your answer to: The board").click()
    board = field(page, "The board")
    expect(board.locator("input").first).to_be_focused()
    for name in ("Uno Example", "Duo Example"):
        board.get_by_label(name).uncheck()
    page.go_forward()  # to a ballot that is not ready any more
    expect(page.locator("fieldset").first).to_be_visible()
    board.get_by_label("Tria Example").check()
    go_to_check(page)
    cast(page)
    in_the_box(page)
    page.go_back()
    page.go_forward()
    page.go_back()
    in_the_box(page)
    assert booth.codes["persons-7"] not in page.evaluate("JSON.stringify(history.state)")


def test_a_link_opened_again_in_the_same_tab(page: Page, booth: Booth) -> None:
    booth.open(page, "persons-8")
    page.evaluate("location.hash = '#main'")
    page.wait_for_timeout(300)
    expect(page.get_by_role("heading", level=1)).to_have_text("Good day, Member persons-8")
    page.goto(booth.address("partners-1"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Good day, Member partners-1")
    assert page.url == booth.address()


def test_a_double_click_selects_nothing_of_the_next_page(page: Page, booth: Booth) -> None:
    booth.open(page, "persons-8")
    answer_all(page)
    page.locator("fieldset p").first.select_text()
    go_to_check(page)
    assert page.evaluate("getSelection().toString()") == ""


def test_the_card_has_the_ring_not_the_box_within(page: Page, booth: Booth) -> None:
    booth.open(page, "persons-8")
    page.keyboard.press("Tab")
    for box in (field(page, "The accounts"), field(page, "The board")):
        box.locator("input").first.focus()
        ring = "element => getComputedStyle(element).outlineStyle"
        assert box.locator("input").first.evaluate(ring) == "none"
        assert box.locator("input + span").first.evaluate(ring) == "solid"


def test_several_ballot_papers_one_receipt_each(page: Page, papers: Booth) -> None:
    papers.open(page, "persons-1")
    assert page.locator(".paper-title").all_inner_texts() == ["Main ballot paper", "Ideas"]
    answer_all(page)
    field(page, "The theme").get_by_label("Amber").check()
    circle = field(page, "The circle")
    circle.get_by_label("Consent with reservations").check()
    check_accessible(page)
    go_to_check(page)
    cast(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your ballots are in the box")
    expect(page.locator(".receipt")).to_have_count(2)
    check_accessible(page)
    check_fits(page)


@pytest.mark.parametrize(
    ("language", "member"), [("en", "partners-2"), ("fr", "staff-2"), ("nl", "staff-3")]
)
def test_every_view_is_accessible_and_fits(
    page: Page, booth: Booth, language: str, member: str
) -> None:
    def check() -> None:
        if language == "en":  # the others have the same structure, only longer words
            check_accessible(page)
        check_fits(page)

    page.goto(booth.address(language=language))
    page.locator("#code").fill("wrong")
    page.keyboard.press("Enter")
    check()
    page.goto("about:blank")
    booth.open(page, member, language)
    check()
    page.locator("fieldset").first.locator("label").first.click()
    for name in page.locator(".candidate label").all():
        name.click()
    check()
    page.locator("button[type=submit]").click()
    page.locator(".review").wait_for()
    check()
    page.locator("main .actions .big").click()
    page.locator(".receipt").wait_for()
    check()


def test_the_preloaded_modules_are_those_that_are_needed(page: Page, booth: Booth) -> None:
    loaded: set[str] = set()
    page.on("request", lambda request: loaded.add(request.url))
    booth.open(page, "partners-1")
    modules = {url for url in loaded if url.endswith(".mjs") and "/static/pages/" not in url}
    listed = page.locator("link[rel=modulepreload]")
    preloaded = {booth.url + str(link.get_attribute("href")) for link in listed.all()}
    assert modules - {f"{booth.url}/static/booth/worker.mjs"} == preloaded
