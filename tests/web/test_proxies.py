"""Mandates in a real browser: given, compared, used, taken back, ended, declined."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.proxied import RULES
from tests.small import assembly_toml
from tests.web.booths import (
    Booth,
    another,
    answer_all,
    ballots,
    cast,
    compact_base64,
    go_to_check,
    tracker,
    vote,
)
from tests.web.browsing import browser, check_accessible, check_fits, page
from tests.web.conftest import Running
from vote.service import turnout

__all__ = ["browser", "page"]

PEOPLE = [f"persons-{number}" for number in range(1, 9)]


@pytest.fixture(scope="module")
def proxied(running: Running) -> Booth:
    """An assembly with proxies, open."""
    deadline = (datetime.now(UTC) + timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M:%S")
    return another(
        running, f"{assembly_toml('proxied')}\n[proxies]\ndeadline = {deadline}\n{RULES}"
    )


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def enter(page: Page, booth: Booth, member: str, language: str = "en") -> None:
    """Open the booth afresh: the address alone differs by nothing that is sent."""
    page.goto("about:blank")
    page.goto(booth.address(member, language))
    expect(page.locator(".booth .actions button").first).to_be_visible()


def name(page: Page, booth: Booth, grantor: str, holder: str, as_name: str | None = None) -> None:
    """The grantor opens the booth and names the holder."""
    enter(page, booth, grantor)
    page.get_by_role("button", name="Name a member").click()
    heading(page, "Mandates")
    page.get_by_label("Member number").fill(holder)
    page.get_by_label("First and last name").fill(as_name or f"Member {holder}")
    page.get_by_role("button", name="Go on").click()


def give(page: Page, booth: Booth, grantor: str, holder: str) -> str:
    """The whole way; the number of the holder's mailbox that the grantor is shown."""
    name(page, booth, grantor, holder)
    heading(page, f"Give your mandate to Member {holder}?")
    number = page.locator("details .tracker").inner_text()
    page.get_by_role("button", name="Give the mandate").click()
    expect(page.get_by_text(f"Member {holder} votes for you.")).to_be_visible()
    return number


def open_desk(page: Page, booth: Booth, holder: str) -> None:
    enter(page, booth, holder)
    page.get_by_role("button", name="Vote for others").click()
    heading(page, "Mandates")


def test_a_mandate_from_the_grantor_to_the_holders_two_receipts(
    page: Page, proxied: Booth, running: Running
) -> None:
    ana, ben = PEOPLE[0], PEOPLE[1]
    number = give(page, proxied, ana, ben)
    enter(page, proxied, ben)
    expect(page.get_by_text(f"1 member has given you a mandate: Member {ana}.")).to_be_visible()
    sent = ballots(page)
    vote(page)
    own = tracker(page)
    page.get_by_role("button", name="Vote for others").click()
    expect(page.get_by_text("You have not cast a ballot")).to_be_visible()
    page.get_by_text("The number of your mailbox").click()
    assert page.locator("details .tracker").inner_text() == number
    page.get_by_role("button", name=f"Vote for Member {ana}").click()
    heading(page, f"You are voting for Member {ana}")
    check_accessible(page)
    answer_all(page)
    go_to_check(page)
    expect(page.locator(".eyebrow")).to_contain_text(f"for Member {ana}")
    cast(page)
    heading(page, f"The vote of Member {ana} is in the box")
    assert tracker(page) == compact_base64(sent[1])
    assert tracker(page) != own
    assert proxied.codes[ana] not in page.content()
    page.get_by_role("button", name="Back to the mandates").click()
    expect(page.get_by_text(f"You have cast a ballot for Member {ana}.")).to_be_visible()
    [paper] = turnout.turnout(running.opened.house, "proxied")
    assert paper.total.voters == 2

    # The grantor sees it, votes in person after all, and the mandate ends.
    enter(page, proxied, ana)
    heading(page, f"Member {ben} votes for you")
    page.get_by_role("button", name="Show the mandates").click()
    expect(page.get_by_text(f"Member {ben} has cast a ballot for you.")).to_be_visible()
    page.get_by_role("button", name="To my own ballot paper").click()
    page.get_by_role("button", name="Vote myself").click()
    vote(page)
    open_page_of_held(page, proxied, ben)
    expect(page.get_by_text(f"Member {ana} has voted in person.")).to_be_visible()
    [paper] = turnout.turnout(running.opened.house, "proxied")
    assert paper.total.voters == 2


def open_page_of_held(page: Page, booth: Booth, holder: str) -> None:
    """For a holder who has voted, and whose mandates have all ended."""
    enter(page, booth, holder)
    heading(page, "You have already voted")
    page.get_by_role("button", name="Show the mandates").click()


def test_a_holder_who_is_too_late_is_told_so(page: Page, browser: Browser, proxied: Booth) -> None:
    cam, dan = PEOPLE[2], PEOPLE[3]
    give(page, proxied, cam, dan)
    open_desk(page, proxied, dan)
    page.get_by_role("button", name=f"Vote for Member {cam}").click()
    answer_all(page)
    go_to_check(page)
    other = browser.new_context(locale="en-GB").new_page()
    other.goto(proxied.address(cam))
    other.get_by_role("button", name="Vote myself").click()
    vote(other)
    other.context.close()
    cast(page)
    heading(page, "Your vote was not recorded")
    expect(page.get_by_text("has voted in person, which ended it")).to_be_visible()


def test_taken_back_and_given_to_another(page: Page, proxied: Booth) -> None:
    eve, fay, gus = PEOPLE[4:7]
    give(page, proxied, eve, fay)
    page.get_by_role("button", name="Take the mandate back").click()
    heading(page, f"Take the mandate back from Member {fay}?")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("You have taken your mandate back")).to_be_visible()
    page.get_by_label("Member number").fill(gus)
    page.get_by_label("First and last name").fill(f"member {gus}".upper())
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Give the mandate").click()
    expect(page.get_by_text(f"Member {gus} votes for you.")).to_be_visible()
    open_desk(page, proxied, gus)
    page.get_by_role("button", name="Decline").click()
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_text("You have declined the mandate")).to_be_visible()
    enter(page, proxied, eve)
    page.get_by_role("button", name="Show the mandates").click()
    expect(page.get_by_text("has declined your mandate")).to_be_visible()


def test_refusals_stand_beside_the_form(page: Page, proxied: Booth) -> None:
    who = PEOPLE[7]
    name(page, proxied, who, "persons-1", "Somebody Else")
    expect(page.locator("#holder-error")).to_contain_text("no member with this number")
    expect(page.get_by_label("Member number")).to_be_focused()
    expect(page.get_by_label("First and last name")).to_have_value("Somebody Else")
    check_accessible(page)
    check_fits(page)
    page.get_by_label("Member number").fill(who)
    page.get_by_label("First and last name").fill(f"Member {who}")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#holder-error")).to_have_text("You cannot give a mandate to yourself.")
    page.get_by_label("Member number").fill(" ")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#holder-error")).to_have_text("Type the member number.")


def test_a_mailbox_that_cannot_be_right_stops_the_page(page: Page, proxied: Booth) -> None:
    def answer(route: object) -> None:
        response = route.fetch()  # type: ignore[attr-defined]
        route.fulfill(json=response.json() | {"mailbox": "00" * 32})  # type: ignore[attr-defined]

    page.route("**/proxies/offer", answer)
    name(page, proxied, PEOPLE[7], "staff-1")
    expect(page.get_by_text("cannot be right, so nothing was sent")).to_be_visible()


def test_what_another_mailbox_was_sealed_for_cannot_be_opened(page: Page, proxied: Booth) -> None:
    give(page, proxied, PEOPLE[7], "staff-2")

    def answer(route: object) -> None:
        found = route.fetch().json()  # type: ignore[attr-defined]
        found["held"][0]["sealed"] = "A" * 400
        route.fulfill(json=found)  # type: ignore[attr-defined]

    page.route("**/proxies", answer)
    open_desk(page, proxied, "staff-2")
    page.get_by_role("button", name=re.compile("Vote for Member")).click()
    heading(page, "This mandate cannot be opened")


@pytest.mark.parametrize("language", ["en", "fr", "nl"])
def test_every_view_fits_a_phone_and_is_accessible(
    page: Page, proxied: Booth, language: str
) -> None:
    enter(page, proxied, "staff-3", language)
    page.locator(".proxy-way button").click()
    expect(page.locator("#holder-member")).to_be_visible()
    check_accessible(page)
    check_fits(page)
    page.locator("#holder-member").fill("staff-1")
    page.locator("#holder-name").fill("Member staff-1")
    page.locator(".proxy-form button").click()
    expect(page.locator("details[open]")).to_be_visible()
    check_accessible(page)
    check_fits(page)
