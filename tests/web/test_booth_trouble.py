"""The booth when something is wrong: the code, the connection, the service, the time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.small import assembly_toml
from tests.web.booths import (
    Booth,
    another,
    answer_all,
    ballots,
    booth,
    cast,
    compact_base64,
    go_to_check,
    in_the_box,
    papers,
    tracker,
    vote,
)
from tests.web.browsing import browser, check_accessible, page
from tests.web.conftest import Running
from vote.service import closing

__all__ = ["booth", "browser", "page", "papers"]


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
    expect(page.get_by_label("Your code")).to_be_focused()
    expect(page.get_by_label("Your code")).to_have_accessible_description(re.compile(told))


def test_a_link_that_was_cut_off(page: Page, booth: Booth) -> None:
    page.goto(f"{booth.address()}#{booth.codes['persons-5'][:12]}")
    expect(page.locator(".notice")).to_contain_text("does not carry a whole code")
    assert page.url == booth.address()


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
    expect(page.get_by_text("Voting has ended")).to_contain_text("came too late.")
    expect(page.locator("main button")).to_have_count(0)
    expect(page.get_by_text("If you ask somebody for help")).to_have_count(0)
    page.get_by_role("button", name="To the page of the assembly").click()
    expect(page).to_have_url(re.compile("/a/late/$"))
    page.goto("about:blank")
    page.goto(late.address("persons-1"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Voting is closed")
    expect(page.get_by_role("link", name="To the page of the assembly")).to_be_visible()


def test_a_second_ballot_that_came_too_late(page: Page, running: Running) -> None:
    late = another(running, assembly_toml("too-late"))
    late.open(page, "persons-1")
    vote(page)
    page.get_by_role("button", name="Vote again").click()
    go_to_check(page)
    closing.close(running.opened.house, "too-late")
    cast(page)
    expect(page.get_by_text("the one that you cast earlier counts")).to_be_visible()
    page.goto(late.address("persons-1"))
    expect(page.get_by_text("Voting is closed, and you have voted.")).to_be_visible()
    expect(page.get_by_role("link", name="Is my ballot there?")).to_be_visible()


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


def test_a_browser_without_module_workers(page: Page, booth: Booth) -> None:
    page.add_init_script("delete window.Worker")
    booth.open(page, "partners-2")
    vote(page)
