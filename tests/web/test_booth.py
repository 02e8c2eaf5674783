"""The booth, in a real browser against a real service."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.small import assembly_toml, roll_csv
from tests.web.browsing import browser, check_accessible, check_fits, page, stored
from tests.web.conftest import Running
from vote.service import closing, prepare, rehearse
from vote.service.folder import from_files
from vote.tlog.note import VerifierKey
from vote.tlog.proof import TlogProof

__all__ = ["browser", "page"]

PAPERS = """
[[ballots]]
id = "main"
title = { fr = "Bulletin principal", nl = "Hoofdstembiljet", en = "Main ballot paper" }

[[ballots]]
id = "ideas"
title = { fr = "Idées", nl = "Ideeën", en = "Ideas" }
"""
MORE_QUESTIONS = """
[[questions]]
id = "themes"
ballot = "ideas"
type = "consultation"
title = { fr = "Le thème", nl = "Het thema", en = "The theme" }

  [[questions.positions]]
  id = "red"
  title = { fr = "Rouge", nl = "Rood", en = "Red" }

  [[questions.positions]]
  id = "amber"
  title = { fr = "Orange", nl = "Oranje", en = "Amber" }

  [[questions.positions]]
  id = "green"
  title = { fr = "Vert", nl = "Groen", en = "Green" }

[[questions]]
id = "circle"
ballot = "ideas"
type = "consent"
title = { fr = "Le cercle", nl = "De kring", en = "The circle" }
"""


@dataclass(frozen=True, slots=True)
class Booth:
    """An assembly of a running service, and its members' codes."""

    url: str
    assembly: str
    codes: dict[str, str]

    def address(self, member: str | None = None, language: str = "en") -> str:
        code = f"#{self.codes[member]}" if member else ""
        return f"{self.url}/a/{self.assembly}/vote?lang={language}{code}"

    def open(self, page: Page, member: str, language: str = "en") -> None:
        page.goto(self.address(member, language))
        expect(page.locator("fieldset").first).to_be_visible()


@pytest.fixture(scope="module")
def booth(running: Running) -> Booth:
    return Booth(running.url, running.opened.assembly, dict(running.opened.codes))


def another(running: Running, toml: str) -> Booth:
    """One more assembly in the same installation."""
    house = running.opened.house
    files = {"assembly.toml": toml.encode(), "roll.csv": roll_csv().encode()}
    assembly = prepare.import_assembly(house, from_files(files))
    codes, _ = rehearse.set_up(house, assembly, lambda *_: None)
    return Booth(running.url, assembly, dict(codes))


def field(page: Page, title: str) -> Locator:
    return page.get_by_role("group", name=re.compile(title))


def answer_all(page: Page) -> None:
    field(page, "The accounts").get_by_label("For").check()
    field(page, "The board").get_by_label("Duo Example").check()
    field(page, "The board").get_by_label("Uno Example").check()


def go_to_check(page: Page) -> None:
    page.get_by_role("button", name="Check my vote").click()
    expect(page.get_by_role("heading", name="Check your vote")).to_be_visible()


def cast(page: Page) -> None:
    page.get_by_role("button", name="Cast my vote").click()


def in_the_box(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Your ballot is in the box")


def vote(page: Page) -> None:
    answer_all(page)
    go_to_check(page)
    cast(page)
    in_the_box(page)


def tracker(page: Page) -> str:
    return "".join(page.locator(".tracker span").all_inner_texts())


def ballots(page: Page) -> list[bytes]:
    """The ballots that the page sends from now on."""
    sent: list[bytes] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/ballots"):
            sent.append(request.post_data_buffer or b"")

    page.on("request", note)
    return sent


def compact_base64(data: bytes) -> str:
    return base64.b64encode(sha256(data).digest()).decode().rstrip("=")


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
    check_accessible(page)
    page.get_by_role("button", name="Vote again").click()
    vote(page)


def test_a_code_typed_as_people_type(page: Page, booth: Booth) -> None:
    page.goto(booth.address())
    code = booth.codes["persons-5"]
    page.get_by_label("Your code").fill(f"  {code.replace('-', ' – ')} ")
    page.keyboard.press("Enter")
    expect(page.locator("fieldset").first).to_be_visible()
    assert code not in page.url


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Type the code"),
        ("AAAAA-BBBBBB-CCCCC", "this has 16"),
        ("AAAAA-BBBBBB-CCCCC-DDDDD0", "never contains 0"),
        ("AAAAA-BBBBBB-CCCCC-DDDDDD", "not known for this assembly"),
    ],
)
def test_a_wrong_code(page: Page, booth: Booth, typed: str, told: str) -> None:
    page.goto(booth.address())
    page.get_by_label("Your code").fill(typed)
    page.get_by_role("button", name="Show my ballot paper").click()
    expect(page.locator("#code-error")).to_contain_text(told)
    expect(page.get_by_label("Your code")).to_have_value(typed)
    expect(page.get_by_label("Your code")).to_have_attribute("aria-invalid", "true")


def test_a_link_that_was_cut_off(page: Page, booth: Booth) -> None:
    page.goto(f"{booth.address()}#{booth.codes['persons-5'][:12]}")
    expect(page.locator(".notice")).to_contain_text("does not carry a whole code")
    assert page.url == booth.address()


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


def test_a_broken_connection_and_the_same_ballot_again(page: Page, booth: Booth) -> None:
    booth.open(page, "persons-7")
    sent = ballots(page)
    page.clock.install()
    page.route("**/ballots", lambda route: route.abort())
    answer_all(page)
    go_to_check(page)
    cast(page)
    expect(page.get_by_text("The connection is bad")).to_be_visible()
    page.clock.run_for(10_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your vote is not confirmed yet")
    check_accessible(page)
    page.unroute("**/ballots")
    page.get_by_role("button", name="Send my ballot again").click()
    in_the_box(page)
    assert len(sent) == 4
    assert len(set(sent)) == 1


def test_an_answer_that_was_lost_does_not_make_a_second_vote(page: Page, booth: Booth) -> None:
    booth.open(page, "persons-8")
    sent = ballots(page)
    answers: list[int] = []

    def lose_the_first(route: Route) -> None:
        response = route.fetch()
        answers.append(response.status)
        if len(answers) == 1:
            route.abort()
        else:
            route.fulfill(response=response)

    page.route("**/ballots", lose_the_first)
    vote(page)
    assert answers == [201, 201]
    assert sent[0] == sent[1]
    assert tracker(page) == compact_base64(sent[0])


def test_a_receipt_for_another_ballot_is_not_believed(page: Page, booth: Booth) -> None:
    booth.open(page, "staff-1")
    receipts: list[bytes] = []

    def keep(route: Route) -> None:
        response = route.fetch()
        receipts.append(response.body())
        route.fulfill(response=response)

    page.route("**/ballots", keep)
    vote(page)
    page.unroute("**/ballots")
    page.route("**/ballots", lambda route: route.fulfill(status=201, body=receipts[0]))
    page.get_by_role("button", name="Vote again").click()
    go_to_check(page)
    cast(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Do not rely on this vote yet")
    expect(page.get_by_text("another-ballot")).to_be_visible()
    page.unroute("**/ballots")
    page.get_by_role("button", name="Send my ballot again").click()
    in_the_box(page)


@pytest.mark.parametrize("body", [b"", b"thank you", b"{}"], ids=["nothing", "words", "json"])
def test_an_answer_that_is_no_receipt_is_not_believed(
    page: Page, booth: Booth, body: bytes
) -> None:
    booth.open(page, "staff-2")
    page.route("**/ballots", lambda route: route.fulfill(status=201, body=body))
    answer_all(page)
    go_to_check(page)
    cast(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Do not rely on this vote yet")


def test_a_ballot_broken_on_its_way_is_not_recorded(page: Page, booth: Booth) -> None:
    booth.open(page, "staff-3")

    def break_it(route: Route) -> None:
        data = (route.request.post_data_buffer or b"").replace(
            b'"response":"1', b'"response":"2', 1
        )
        route.continue_(post_data=data)

    page.route("**/ballots", break_it)
    answer_all(page)
    go_to_check(page)
    cast(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your vote was not recorded")
    expect(page.get_by_text("is not valid")).to_be_visible()
    check_accessible(page)


def test_an_election_for_another_agenda_is_refused(page: Page, booth: Booth) -> None:
    def other(route: Route) -> None:
        body = route.fetch().body().replace(b"sha256:", b"sha256:0", 1)
        route.fulfill(status=200, body=body, content_type="application/json")

    page.route("**/api/elections/*/election", other)
    page.goto(booth.address("partners-1"))
    expect(page.get_by_role("heading", level=1)).to_have_text("This ballot paper cannot be used")


def test_no_network_at_all(page: Page, booth: Booth) -> None:
    page.goto(booth.address())
    page.route("**/api/**", lambda route: route.abort())
    page.get_by_label("Your code").fill(booth.codes["partners-1"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    page.unroute("**/api/**")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("fieldset").first).to_be_visible()


def test_a_browser_without_web_assembly(page: Page, booth: Booth) -> None:
    page.add_init_script("delete window.WebAssembly")
    page.goto(booth.address("partners-1"))
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("This browser cannot be used for voting")


def test_before_opening_the_questions_can_be_read(page: Page, running: Running) -> None:
    opens = datetime.now(UTC) + timedelta(hours=2)
    early = another(running, assembly_toml("early", opens=opens))
    page.goto(early.address("persons-1"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Voting is not open yet")
    expect(page.get_by_role("heading", name="The accounts")).to_be_visible()
    expect(page.locator("input")).to_have_count(0)
    check_accessible(page)


def test_closed_before_and_while_voting(page: Page, running: Running) -> None:
    late = another(running, assembly_toml("late"))
    late.open(page, "persons-1")
    answer_all(page)
    go_to_check(page)
    closing.close(running.opened.house, "late")
    cast(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your vote was not recorded")
    expect(page.get_by_text("Voting has ended")).to_be_visible()
    page.goto("about:blank")
    page.goto(late.address("persons-1"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Voting is closed")
    expect(page.get_by_role("link", name="To the page of the assembly")).to_be_visible()


@pytest.fixture(scope="module")
def papers(running: Running) -> Booth:
    """An assembly with two ballot papers, and with every kind of question."""
    toml = assembly_toml("papers").replace("[[questions]]", f"{PAPERS}\n[[questions]]", 1)
    return another(running, f"{toml}{MORE_QUESTIONS}")


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


def test_when_the_second_ballot_fails_the_first_is_not_sent_again(
    page: Page, papers: Booth
) -> None:
    papers.open(page, "persons-2")
    sent = ballots(page)
    answer_all(page)
    page.get_by_role("button", name="Check my vote").click()
    page.get_by_role("button", name="Abstain where I have not answered").click()
    page.route("**/ballots", lambda r: r.continue_() if len(sent) == 1 else r.abort())
    page.clock.install()
    cast(page)
    expect(page.get_by_text("The connection is bad")).to_be_visible()
    page.clock.run_for(10_000)
    expect(page.get_by_text("Already in the box: Main ballot paper")).to_be_visible()
    page.unroute("**/ballots")
    page.get_by_role("button", name="Send my ballot again").click()
    expect(page.locator(".receipt")).to_have_count(2)
    assert len(set(sent)) == 2
    assert sent.count(sent[0]) == 1


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
