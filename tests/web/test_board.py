"""The pages that everybody may read before and after the decision: the board, the auditor's."""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.casting import FOR_ONE
from tests.finished import VOTES, cast, finish, open_edited
from tests.small import Opened, folder
from tests.web.browsing import browser, check_accessible, page
from tests.web.officer import words
from tests.web.place import DECIDED, Place, place, sign_in
from vote.assembly.disclosure import Treatment
from vote.election.ballot import encrypt
from vote.election.credential import sign_in_token
from vote.service import casting, closing, overview, prepare, proceedings, rehearse
from vote.web import create_app
from vote.web.pages import charts

__all__ = ["browser", "page", "place"]


def decide(place: Place, name: str, treatment: Treatment) -> dict[str, object]:
    """Play an assembly with small colleges through, its figures treated so; the outcome."""
    house = place.house
    prepare.import_assembly(house, folder(name, shares=True))
    codes, bureau = rehearse.set_up(house, name, lambda *_: None)
    proceedings.choose_privacy(house, name, 5, treatment)
    elections = {each.college: each.uuid for each in overview.view(house, name).elections}
    for member, code in codes.items():
        uuid = elections[member.split("-")[0]]
        ballot = encrypt(overview.election_bytes(house, uuid), code, FOR_ONE)
        casting.cast(house, uuid, sign_in_token(name, code), ballot)
    opened = Opened(house, place.opened.clock, name, codes, bureau)
    outcome: dict[str, object] = json.loads(finish(opened))
    return outcome


def test_the_board_says_who_decides_by_which_rule(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/a/trial/")
    text = page.locator("main").inner_text()
    assert "One member, one vote" in text
    assert "at least a fifth of the members" in text
    assert "Adopted if more than half of the votes are for." in text
    assert "2 seats to fill, 3 candidates." in text
    assert "the longest membership, then drawing lots" in text
    assert "0 of 13 members have voted" in text


def test_the_board_shows_what_a_vote_weighs(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/a/decided/")
    weights = page.locator(".weights li")
    expect(weights).to_have_count(3)
    expect(weights.nth(0)).to_contain_text("1 (the lightest vote)")  # 8 persons
    expect(weights.nth(2)).to_contain_text("4 times as much")  # 2 partners
    radii = [float(weights.nth(n).locator("circle").get_attribute("r") or 0) for n in range(3)]
    assert radii[2] == charts.BIGGEST
    assert (radii[2] / radii[0]) ** 2 == pytest.approx(4, rel=0.02)


def test_the_votes_add_up_where_all_members_are_counted_together(tmp_path: Path) -> None:
    opened = open_edited(tmp_path)
    cast(opened, VOTES)
    outcome = json.loads(finish(opened))
    found = outcome["questions"]["accounts"]["colleges"]["*"]
    assert (found["for"], found["against"], found["abstain"]) == (3, 2, 1)
    visitor = create_app(opened.house).test_client()
    assert "3 for, 2 against, 1 abstained" in words(visitor.get("/a/trial/"))
    assert "For 3 Against 2 Abstained 1" in words(visitor.get("/a/trial/screen"))
    opened.house.close()


def test_the_board_shows_the_outcome_and_nothing_else(place: Place, page: Page) -> None:
    outcome = overview.view(place.house, DECIDED).outcome
    assert outcome is not None
    decided = json.loads(outcome)["questions"]
    page.goto(f"{place.url}/a/decided/")
    verdict = {"adopted": "Adopted", "rejected": "Rejected", "no quorum": "No quorum"}
    expect(page.locator("#result-accounts .verdict")).to_contain_text(
        verdict[decided["accounts"]["decision"]]
    )
    expect(page.locator("#result-accounts .hash")).to_have_text(decided["accounts"]["result"])
    elected = page.locator("#result-board .portraits--elected .portrait-name")
    expect(elected).to_have_count(len(decided["board"]["elected"]))
    rows = page.locator("#result-board tbody tr")
    expect(rows).to_have_count(3)


def test_a_table_of_candidates_fits_on_a_phone(place: Place, page: Page) -> None:
    for width, height in ((320, 640), (390, 844), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{place.url}/a/decided/?lang=fr")
        table = page.locator("#result-board .table-scroll")
        assert table.evaluate("box => box.scrollWidth <= box.clientWidth"), width
        expect(table.get_by_text("Siège obtenu").locator("visible=true")).to_have_count(2)


def test_the_board_looks_again_by_itself(place: Place, page: Page) -> None:
    prepare.import_assembly(place.house, folder("watched"))
    rehearse.set_up(place.house, "watched", lambda *_: None)
    page.clock.install()
    page.goto(f"{place.url}/a/watched/")
    expect(page.get_by_text("Voting is open")).to_be_visible()
    closing.close(place.house, "watched")
    page.clock.fast_forward(10_000)
    expect(page.get_by_text("Being counted")).to_be_visible()


@pytest.mark.parametrize("treatment", ["merge", "withhold"])
def test_figures_of_small_colleges_are_shown_only_as_the_host_chose(
    place: Place, page: Page, treatment: Treatment
) -> None:
    name = f"small-{treatment}"
    outcome = decide(place, name, treatment)
    assert outcome["questions"]["accounts"]["result"] == "1"  # type: ignore[index]
    page.goto(f"{place.url}/a/{name}/")
    accounts = page.locator("#result-accounts")
    expect(accounts.locator(".verdict")).to_have_text("Adopted")
    expect(accounts.locator(".rows li")).to_have_count(0)
    expect(accounts.get_by_text("Exactly")).to_have_count(0)
    figures = accounts.get_by_text("13 for, 0 against, 0 abstained")
    expect(figures).to_have_count(1 if treatment == "merge" else 0)
    board = page.locator("#result-board")
    expect(board.locator("tbody tr")).to_have_count(3)
    expect(board.get_by_role("columnheader", name="Votes")).to_have_count(
        1 if treatment == "merge" else 0
    )
    check_accessible(page)
    page.goto(f"{place.url}/a/{name}/screen#2")
    assert "persons" not in page.locator("[data-slide]:visible").inner_text()
    assert place.service.get(f"/a/{name}/bundle.zip").status == 403
    page.goto(f"{place.url}/a/{name}/audit")
    expect(page.get_by_text("gets it from the host")).to_be_visible()
    expect(page.get_by_role("link", name="Download the bundle")).to_have_count(0)
    sign_in(page, place)
    page.goto(f"{place.url}/console/{name}/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the bundle").click()
    assert zipfile.is_zipfile(download.value.path())


def test_before_closing_no_page_and_no_answer_holds_a_choice(place: Place, page: Page) -> None:
    for path in ("/a/trial/", "/a/trial/screen", "/a/trial/screen/numbers", "/a/trial/audit"):
        answer = place.service.get(path)
        assert answer.status == 200
        for word in (b"verdict", b"against,", b'"for"', b"Elected"):
            assert word not in answer.body, path
    assert place.service.get("/a/trial/bundle.zip").status == 404


def test_the_auditors_page_lists_every_file_as_it_is_downloaded(place: Place, page: Page) -> None:
    answer = place.service.get("/a/decided/bundle.zip")
    assert answer.status == 200
    with zipfile.ZipFile(io.BytesIO(answer.body)) as bundle:
        files = {name: sha256(bundle.read(name)).hexdigest() for name in bundle.namelist()}
    page.goto(f"{place.url}/a/decided/audit")
    rows = page.locator("table tbody tr").all()
    listed = {
        row.locator("code").text_content(): row.locator(".hash").text_content() for row in rows
    }
    assert listed == files
    view = overview.view(place.house, DECIDED)
    text = page.locator("main").inner_text()
    assert "vote verify decided.zip" in text
    for election in view.elections:
        address = f"--url {place.url}/api/elections/{election.uuid}/ --uuid {election.uuid}"
        assert f"belenios-tool election verify {address}" in text
    assert (view.log_key or "?") in text


def test_the_size_of_the_bundle_is_in_the_readers_language(place: Place, page: Page) -> None:
    answer = place.service.get("/a/decided/bundle.zip")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as bundle:
        size = round(sum(each.file_size for each in bundle.infolist()) / 1000)
    page.goto(f"{place.url}/a/decided/audit?lang=fr")
    expect(page.get_by_text(f"{size} ko une fois décompressé")).to_be_visible()


def test_the_log_key_and_checkpoint_are_those_of_the_log(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/a/decided/audit")
    checkpoint = page.locator("pre[aria-labelledby=checkpoint] code").text_content() or ""
    assert checkpoint.strip().encode() == place.service.get("/log/decided/checkpoint").body.strip()
