"""The console besides and after the vote: notes, small colleges, minutes, what if, and the end."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.finished import VOTES, cast, finish, open_edited
from tests.small import Opened, assembly_toml, folder, roll_csv
from tests.web.browsing import browser, check_accessible, check_fits, page
from tests.web.conftest import start, stop
from tests.web.officer import HOST, PASSWORD, Console, words, words_of
from vote import resources
from vote.service import (
    closing,
    destruction,
    incidents,
    officers,
    overview,
    prepare,
    rehearse,
    tally,
)
from vote.service.folder import AssemblyFolder, from_files, read_folder, read_zip

__all__ = ["browser", "page"]

SECOND = ('minimum = "1/5"\n', 'minimum = "1/2"\n')  # six of thirteen vote: not reached


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    found = open_edited(tmp_path / "data", shares=True)
    yield found
    found.house.close()


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """Three colleges with a third of the votes each; the quorum was reached."""
    found = open_edited(tmp_path_factory.mktemp("decided"), shares=True)
    cast(found, VOTES)
    incidents.record(found.house, "trial", HOST, "The sound failed for five minutes.")
    finish(found)
    yield Console(found)
    found.house.close()


def test_minutes_and_attendance_are_downloads_for_officers(decided: Console) -> None:
    page_ = decided.words("/console/trial/")
    assert "Minutes (PDF, FR) Minutes (PDF, NL) Minutes (PDF, EN) minutes.json" in page_
    for language in ("fr", "nl", "en"):
        for what in ("minutes", "attendance"):
            answer = decided.get(f"/console/trial/{what}/{language}.pdf")
            assert answer.data.startswith(b"%PDF-")
            name = f"trial-{what}-{language}.pdf"
            assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
            assert answer.cache_control.no_store
    assert decided.get("/console/trial/minutes/xx.pdf").status_code == 404
    assert decided.get("/console/trial/attendance/xx.pdf").status_code == 404
    rows = decided.get("/console/trial/attendance.csv").data.decode("utf-8-sig")
    assert rows.count("persons-") >= 8
    data = json.loads(decided.get("/console/trial/minutes.json").data)
    assert data["recorded"]["incidents"][0]["by"] == HOST


def test_no_page_says_of_a_day_to_come_what_happened_on_it(decided: Console) -> None:
    [paper] = overview.view(decided.opened.house, "trial").papers
    assert paper.closed is not None  # now, a day before the meeting, two before the announced end
    for path in ("/a/trial/", "/console/trial/"):
        said = decided.words(path)
        assert "The assembly met on" not in said
        assert "Voting closes" not in said
        assert re.search(r"Voting was closed \w+, .* Announced: \w+, ", said)
    assert "Voting ended on" in decided.words("/a/trial/")
    [told] = decided.get("/api/assemblies/trial/status").json["papers"]  # type: ignore[index]
    assert datetime.fromisoformat(told["closes"]) == paper.closed < paper.window.closes


def test_attendance_is_nobodys_business_before_closing(opened: Opened) -> None:
    console = Console(opened)
    assert "Attendance" not in console.words("/console/trial/").replace(
        "Minutes and attendance", ""
    ).replace("attendance sheet", "")
    assert console.get("/console/trial/attendance.csv").status_code == 409
    assert console.get("/console/trial/minutes/fr.pdf").status_code == 404
    assert console.get("/console/trial/minutes.json").status_code == 404


OFFICERS_ONLY = (
    *("record", "privacy", "minutes/fr.pdf", "minutes.json", "attendance/fr.pdf"),
    *("attendance.csv", "what-if", "again", "keys", "destroyed.txt", "folder.zip"),
)


def test_nobody_else_sees_any_of_it(decided: Console) -> None:
    stranger = decided.client.application.test_client()
    for path in OFFICERS_ONLY:
        answer = stranger.get(f"/console/trial/{path}")
        assert answer.status_code == 302, path
        assert "/console/sign-in" in answer.location
    for path in ("record", "incidents", "privacy", "again", "keys"):
        answer = decided.client.post(f"/console/trial/{path}", data={"again": "trial"})
        assert answer.status_code == 400, path  # without the form's token


def test_what_other_rules_would_have_given(decided: Console) -> None:
    answer = decided.get("/console/trial/what-if")
    said = words(answer)
    assert "This is not the result." in said
    cards = [words_of(card) for card in answer.text.split("<article")[1:]]
    assert all("Not the result" in card for card in cards)
    [two_thirds] = [card for card in cards if "Adopted if at least two thirds" in card]
    assert "The accounts Adopted (55.56% for) Rejected (55.56% for)" in two_thirds
    [against] = [card for card in cards if "An abstention counts as a vote against." in card]
    assert "Rejected (50.00% for)" in against
    same = said.partition("The same decisions")[2]
    assert "One member, one vote" in same
    assert "A college in which nobody takes a side is left out of the count." in same
    assert "What other rules would have given" in decided.words("/console/trial/")


def retitled(name: str) -> AssemblyFolder:
    """Another assembly, whose questions have the same ids and nothing else in common."""
    toml = assembly_toml(name).replace("Les comptes", "Le parc").replace("Le conseil", "La cour")
    return from_files({"assembly.toml": toml.encode(), "roll.csv": roll_csv().encode()})


def test_links_that_were_shown_stay_good_when_the_page_is_loaded_again(tmp_path: Path) -> None:
    opened = open_edited(tmp_path)
    prepare.import_assembly(opened.house, folder("draft"))
    console = Console(opened)
    names = ["Ada Example", "Bo Example"]
    shown = console.post("/console/draft/trustees", trustee=names, naming="")
    assert shown.text.count("/a/draft/trustee#") == 2
    named = prepare.naming(opened.house, "draft")
    again = console.post("/console/draft/trustees", trustee=names, naming="")
    assert (again.status_code, again.location) == (302, "/console/draft/")
    assert "Nothing was changed. If a link is lost" in console.words("/console/draft/")
    assert prepare.naming(opened.house, "draft") == named
    assert f'name="naming" value="{named}"' in console.get("/console/draft/").text
    replaced = console.post("/console/draft/trustees", trustee=names, naming=named)
    assert replaced.text.count("/a/draft/trustee#") == 2
    assert prepare.naming(opened.house, "draft") != named
    opened.house.close()


def test_before_opening_rules_are_compared_on_a_rehearsal(tmp_path: Path) -> None:
    opened = open_edited(tmp_path, SECOND, assembly="dry-run", shares=True, rehearsal=True)
    cast(opened, VOTES)
    finish(opened)
    prepare.import_assembly(opened.house, folder("real", shares=True))
    console = Console(opened)
    said = console.words("/console/real/what-if")
    assert "(dry-run)" in said
    prepare.import_assembly(opened.house, retitled("stranger"))
    assert "(dry-run)" not in console.words("/console/stranger/what-if")
    assert "For the quorum, each college’s turnout counts for the college’s share." in said
    assert "This is not the result." not in said
    rehearsed = console.get("/console/dry-run/what-if")
    [without] = [
        words_of(card)
        for card in rehearsed.text.split("<article")[1:]
        if "No quorum is needed." in card.partition("</h3>")[0]
    ]
    assert "Quorum Not reached: turnout 46.15%, needed 50% No quorum is needed." in without
    assert "The accounts No quorum: nothing is decided Adopted (55.56% for)" in without
    opened.house.close()


def test_the_second_convocation_is_one_step(tmp_path: Path) -> None:
    opened = open_edited(tmp_path, SECOND)
    cast(opened, VOTES)
    finish(opened)
    console = Console(opened)
    assert "The quorum was not reached" in console.words("/console/trial/")
    asked = console.get("/console/trial/again").text
    proposed = dict(
        re.findall(r'name="(convened|opens|meeting|closes)"[^>]* value="([^"]+)"', asked)
    )
    meeting = datetime.fromisoformat(proposed["meeting"])
    first = overview.view(opened.house, "trial").definition.assembly
    assert meeting.date() >= datetime.now(UTC).date() + timedelta(days=10)
    assert (meeting.date() - first.meeting.date()).days % 7 == 0
    assert 'name="quorum"' in asked

    answer = console.post("/console/trial/again", **proposed, quorum="a tenth")
    assert answer.status_code == 422
    assert "Write the quorum as a fraction" in words(answer)
    answer = console.post("/console/trial/again", **proposed)
    assert "quorum on a second convocation" in words(answer)
    backwards = {**proposed, "closes": first.opens.strftime("%Y-%m-%dT%H:%M")}
    answer = console.post("/console/trial/again", **backwards, quorum="0")
    assert answer.status_code == 422
    assert "voting must" in words(answer).lower() or "closes" in words(answer)
    late = {**proposed, "convened": (meeting - timedelta(days=3)).date().isoformat()}
    answer = console.post("/console/trial/again", **late, quorum="1/10")
    assert (answer.status_code, answer.location) == (302, "/console/trial-2/")
    view = overview.view(opened.house, "trial-2")
    assert (view.state, view.definition.assembly.convocation) == ("draft", 2)
    assert "the notice is shorter than 10 days" in console.words("/console/trial-2/")
    assert "That is 2 voters." in console.words("/console/trial-2/")
    answer = console.post("/console/trial/again", **proposed, quorum="1/10")
    assert "convened again already: “trial-2”" in words(answer)
    opened.house.close()


def test_there_is_nothing_to_convene_again_once_it_is_decided(decided: Console) -> None:
    assert "Convene the assembly again" not in decided.words("/console/trial/")
    assert "No quorum was missed" in decided.words("/console/trial/again")


def test_keys_are_destroyed_after_the_time_for_appeals_by_typing_the_id(tmp_path: Path) -> None:
    opened = open_edited(tmp_path)
    cast(opened, VOTES)
    console = Console(opened)
    path = "/console/trial/keys"
    assert "needed until the assembly is decided" in console.words(path)
    finish(opened)
    today = opened.clock.now.date()
    tomorrow = (today + timedelta(days=1)).isoformat()
    answer = console.post(path, again="trail", appeals_until=tomorrow)
    assert "That is not the assembly’s id: nothing was destroyed." in words(answer)
    assert "Say it; the keys" in words(console.post(path, again="trial"))
    answer = console.post(path, again="trial", appeals_until=tomorrow)
    assert answer.status_code == 422
    assert "The decisions can be contested until" in words(answer)
    assert destruction.recorded(opened.house, "trial") is None
    assert console.get("/console/trial/destroyed.txt").status_code == 404

    opened.clock.now += timedelta(days=2)
    answer = console.post(path, again="trial", appeals_until=tomorrow)
    assert (answer.status_code, answer.location) == (302, "/console/trial/")
    note = console.get("/console/trial/destroyed.txt")
    assert note.data == destruction.recorded(opened.house, "trial")
    assert f"by {HOST}\n".encode() in note.data
    assert "Download the signed note" in console.words("/console/trial/")
    assert "are destroyed" in console.words(path)
    opened.house.close()


def test_an_interrupted_tally_goes_on_when_somebody_looks(opened: Opened) -> None:
    cast(opened, VOTES)
    closing.close(opened.house, "trial")  # and the process that would count died
    console = Console(opened)
    console.get("/console/trial/")
    wait_for(opened, {"summed"})
    tally.advance(opened.house, "trial")
    rehearse.decrypt(opened.house, "trial", opened.bureau)  # and again nobody goes on
    console.get("/console/trial/state")
    wait_for(opened, {"decided"})
    for _ in range(100):
        if overview.view(opened.house, "trial").state == "decided":
            break
        time.sleep(0.1)
    assert overview.view(opened.house, "trial").outcome is not None


def wait_for(opened: Opened, stages: set[str]) -> None:
    """Until the elections have come there by themselves."""
    for _ in range(200):
        found = {each.stage for each in overview.view(opened.house, "trial").elections}
        if found == stages:
            return
        time.sleep(0.05)
    raise AssertionError(found)


def test_the_folder_goes_out_and_comes_in_again(decided: Console, tmp_path: Path) -> None:
    content = decided.get("/console/trial/folder.zip").data
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert set(archive.namelist()) == {"assembly.toml", "roll.csv"}
    found = read_zip(content)
    view = overview.view(decided.opened.house, "trial")
    assert (found.definition, len(found.roll)) == (view.definition, 13)
    other = open_edited(tmp_path, assembly="other")
    prepare.import_assembly(other.house, found)
    again = Console(other).get("/console/trial/folder.zip").data
    assert read_zip(again) == found
    other.house.close()


def test_portraits_travel_with_the_folder(opened: Opened) -> None:
    sample = read_folder(resources.samples() / "grand-etabli-2026")
    prepare.import_assembly(opened.house, sample)
    content = Console(opened).get("/console/grand-etabli-2026/folder.zip").data
    assert read_zip(content) == sample


@dataclass(frozen=True, slots=True)
class Place:
    """A running service with one assembly open and one without quorum."""

    url: str
    opened: Opened


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    temporary = tmp_path_factory.mktemp("console")
    opened = open_edited(temporary / "data", SECOND, shares=True)
    cast(opened, VOTES)
    prepare.import_assembly(opened.house, folder("draft", shares=True))
    officers.add(opened.house, HOST, PASSWORD)
    service = start(opened.house.settings, temporary / "gunicorn.log", workers=1)
    try:
        yield Place(service.url, opened)
    finally:
        stop(service)
        opened.house.close()


def test_a_host_leads_an_assembly_through_its_end(place: Place, page: Page) -> None:
    house = place.opened.house
    page.emulate_media(reduced_motion="reduce")  # no colour is half way when it is looked at
    page.goto(f"{place.url}/console/sign-in?next=/console/draft/open")
    page.fill("#name", HOST)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    expect(page.get_by_text("“partners” has 2 members")).to_be_visible()
    look(page)
    page.goto(f"{place.url}/console/draft/what-if")
    look(page)

    page.goto(f"{place.url}/console/trial/")
    page.get_by_role("link", name="Notes and incidents").click()
    page.get_by_label("Where the assembly meets").fill("Town hall")
    page.get_by_label("by e-mail").check()
    page.get_by_label("Chair").fill("Ada Example")
    page.get_by_label("Members in the room").fill("41")
    page.get_by_role("button", name="Keep these notes").click()
    expect(page.get_by_text("Kept for the minutes.")).to_be_visible()
    page.get_by_label("What happened").fill("The sound failed for five minutes.")
    page.get_by_role("button", name="Write it down").click()  # not before it is read again
    assert incidents.listed(house, "trial") == ()
    page.get_by_label("I have read it again").check()
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator(".incidents li")).to_contain_text("The sound failed")
    look(page)

    page.goto(f"{place.url}/console/trial/close")
    expect(page.get_by_text("In “staff” one member has voted")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Choose what is shown").click()
    look(page)
    page.get_by_label("Show all colleges together").check()
    page.get_by_role("button", name="Keep this choice").click()
    expect(page.get_by_text("Your choice is kept.")).to_be_visible()

    closing.close(house, "trial")
    tally.advance(house, "trial")
    rehearse.decrypt(house, "trial", place.opened.bureau)
    page.goto(f"{place.url}/console/trial/")  # looking is enough
    expect(page.get_by_text("The quorum was not reached")).to_be_visible(timeout=20_000)
    look(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Minutes (PDF, EN)").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    page.get_by_role("link", name="What other rules would have given").click()
    expect(page.get_by_text("This is not the result.")).to_be_visible()
    look(page)
    page.goto(f"{place.url}/console/trial/keys")
    look(page)

    page.goto(f"{place.url}/console/trial/")
    page.get_by_role("link", name="Convene the assembly again…").click()
    look(page)
    page.get_by_label("Quorum on the second convocation").fill("0")
    page.get_by_role("button", name="Prepare the second convocation").click()
    expect(page.get_by_text("The second convocation is prepared.")).to_be_visible()
    assert page.url == f"{place.url}/console/trial-2/"
    assert overview.view(house, "trial-2").definition.quorum is None


def look(page: Page) -> None:
    check_accessible(page)
    check_fits(page)
