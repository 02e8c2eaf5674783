"""The pages that the server writes, in a real browser: board, projector, console, audit."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.small import Opened, assembly_toml, folder, open_assembly, roll_csv, write_folder
from tests.web.browsing import browser, check_accessible, check_fits, page
from tests.web.conftest import Service, start, stop
from vote import resources
from vote.assembly.disclosure import Treatment
from vote.assembly.model import Election
from vote.election.ballot import encrypt
from vote.election.credential import sign_in_token
from vote.service import (
    casting,
    closing,
    contributing,
    officers,
    overview,
    prepare,
    proceedings,
    rehearse,
    tally,
)
from vote.service.folder import read_folder
from vote.service.house import House
from vote.web.pages import charts

__all__ = ["browser", "page"]

HOST, PASSWORD = "host", "correct horse battery"
DECIDED, DRAFT = "decided", "draft"
FOR_ONE = ((1, 0, 0), (0, 1, 0, 0))  # for the accounts; the first candidate
WHOLE = "slide => slide.scrollHeight <= slide.clientHeight + 1"
LANGUAGES = ("en", "fr", "nl")


@dataclass(frozen=True, slots=True)
class Place:
    """A running service with one assembly open ("trial") and one decided; and the host's name."""

    service: Service
    opened: Opened

    @property
    def url(self) -> str:
        return self.service.url

    @property
    def house(self) -> House:
        return self.opened.house


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    temporary = tmp_path_factory.mktemp("pages")
    opened = open_assembly(temporary / "data")
    officers.add(opened.house, HOST, PASSWORD)
    decided = read_folder(write_folder(temporary / "decided", DECIDED, shares=True))
    now = opened.clock.now
    casts = rehearse.draw_casts(decided, 1.0, 3)
    quiet: rehearse.Report = lambda *_: None  # noqa: E731
    rehearse.play(opened.house, opened.clock, decided, casts, report=quiet, workers=1)
    opened.clock.now = now
    service = start(opened.house.settings, temporary / "gunicorn.log")
    try:
        yield Place(service, opened)
    finally:
        stop(service)
        opened.house.close()


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
    closing.close(house, name)
    tally.advance(house, name)
    rehearse.decrypt(house, name, bureau)
    tally.advance(house, name)
    outcome: dict[str, object] = json.loads(overview.view(house, name).outcome or b"")
    return outcome


def sign_in(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/console/")
    page.fill("#name", HOST)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("h1")).to_have_text("Assemblies")


PUBLIC = (
    "/",
    "/a/trial/",
    "/a/decided/",
    "/a/trial/audit",
    "/a/decided/audit",
    "/a/trial/screen",
    "/a/decided/screen",
    "/console/sign-in",
    "/nowhere",
)


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


def test_the_projector_counts_up_by_itself(place: Place, page: Page) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{place.url}/a/trial/screen")
    voters = page.locator("[data-voters]")
    before = int(voters.inner_text())
    cast_one(place, "persons-1")
    expect(voters).to_have_text(str(before + 1), timeout=10_000)
    bar = page.locator(".live > [data-bar] rect").nth(1)
    assert int(bar.get_attribute("width") or 0) == round(1000 * (before + 1) / 13)


def test_the_console_counts_up_by_itself(place: Place, page: Page) -> None:
    sign_in(page, place)
    page.goto(f"{place.url}/console/trial/")
    card = page.locator("[data-turnout=main]")
    before = int(re.findall(r"(\d+) of 13 members", card.inner_text())[0])
    cast_one(place, "persons-2")
    expect(card).to_contain_text(f"{before + 1} of 13 members", timeout=10_000)


def cast_one(place: Place, member: str) -> None:
    code = place.opened.codes[member]
    [election] = overview.view(place.house, "trial").elections
    ballot = encrypt(overview.election_bytes(place.house, election.uuid), code, FOR_ONE)
    token = sign_in_token("trial", code)
    assert (
        place.service.post(f"/api/elections/{election.uuid}/ballots", token, ballot).status == 201
    )


SIZES = ((1920, 1080), (1280, 800), (1024, 768))


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


def test_the_log_key_and_checkpoint_are_those_of_the_log(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/a/decided/audit")
    checkpoint = page.locator("pre[aria-labelledby=checkpoint] code").text_content() or ""
    assert checkpoint.strip().encode() == place.service.get("/log/decided/checkpoint").body.strip()


def test_the_console_is_for_officers_only(place: Place, page: Page) -> None:
    for path in ("", "new", "trial/", "trial/close", "samples/grand-etabli-2026.zip"):
        page.goto(f"{place.url}/console/{path}")
        assert "/console/sign-in" in page.url, path
    for path in ("trial/close", "trial/open", "trial/codes", "trial/trustees", "sign-out"):
        assert place.service.post(f"/console/{path}").status in (400, 405)
    assert overview.view(place.house, "trial").state == "open"


def test_signing_in_with_a_wrong_password(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/console/sign-in?next=//evil.example/")
    page.fill("#name", HOST)
    page.fill("#password", "wrong")
    page.click("main button[type=submit]")
    expect(page.get_by_role("alert")).to_contain_text("The name or the password is wrong")
    check_accessible(page)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    assert page.url == f"{place.url}/console/"
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You have signed out")).to_be_visible()
    page.goto(f"{place.url}/console/trial/")
    assert "/console/sign-in" in page.url


def upload(page: Page, toml: str, roll: str) -> None:
    page.set_input_files(
        "#toml", {"name": "assembly.toml", "mimeType": "text/plain", "buffer": toml.encode()}
    )
    page.set_input_files(
        "#roll", {"name": "roll.csv", "mimeType": "text/csv", "buffer": roll.encode()}
    )
    page.get_by_role("button", name="Check and add").click()


def test_every_fault_is_listed_with_its_line_and_nothing_is_imported(
    place: Place, page: Page
) -> None:
    sign_in(page, place)
    page.goto(f"{place.url}/console/new")
    toml = assembly_toml("faulty").replace('more_than = "1/2"', 'more_than = "3/2"')
    toml = toml.replace("seats = 2\n", "")
    majority = toml.splitlines().index('majority = { more_than = "3/2" }') + 1
    board = toml.splitlines().index('id = "board"')  # the header stands just before
    upload(page, toml, roll_csv())
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text(f"assembly.toml, line {majority}")
    expect(rows.nth(1)).to_contain_text(f"assembly.toml, line {board}")
    expect(rows.nth(1)).to_contain_text("seats")
    check_accessible(page)
    check_fits(page)
    bad_roll = roll_csv().replace(",persons\n", ",nobody\n", 2).replace(",fr,staff", ",xx,staff", 1)
    upload(page, assembly_toml("faulty"), bad_roll)
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("tbody tr").first).to_contain_text("roll.csv, line 2")
    page.goto(f"{place.url}/console/new?lang=fr")
    page.set_input_files("#roll", {"name": "r.csv", "mimeType": "text/csv", "buffer": b"x"})
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text("assembly.toml")
    assert "faulty" not in [view.id for view in overview.assemblies(place.house)]


@pytest.mark.parametrize("name", ["grand-etabli-2026", "rails-buissonniers-2026"])
def test_a_sample_is_in_order_and_made_up(name: str) -> None:
    sample = read_folder(resources.samples() / name)
    assert sample.definition.assembly.languages == ("fr", "nl", "en")
    assert len(sample.roll) > 300
    assert all(not each.email or each.email.endswith(".example") for each in sample.roll)
    board = sample.definition.question("board")
    assert isinstance(board, Election)
    names = {each.name for each in sample.roll}
    for candidate in board.candidates:
        portrait = sample.photos[candidate.photo or ""]
        assert len(portrait) < 30_000
        assert candidate.name in names or candidate.college in ("authorities", "partners", "others")


def test_a_sample_goes_out_and_comes_in_again(place: Place, page: Page) -> None:
    sign_in(page, place)
    page.goto(f"{place.url}/console/new")
    name = "grand-etabli-2026"
    with page.expect_download() as download:
        page.get_by_role("link", name=f"{name}.zip").click()
    page.set_input_files("#archive", download.value.path())
    page.check("#rehearsal")
    page.get_by_role("button", name="Check and add").click()
    expect(page.get_by_text("360 members, 6 questions")).to_be_visible()
    view = overview.view(place.house, name)
    assert view.rehearsal
    assert view.definition == read_folder(resources.samples() / name).definition
    page.goto(f"{place.url}/a/{name}/")
    expect(page.locator("img.portrait-face")).to_have_count(9)
    page.locator("img.portrait-face").last.scroll_into_view_if_needed()
    face = page.locator("img.portrait-face").last
    assert face.evaluate("face => face.decode().then(() => face.naturalWidth)") == 400
    check_accessible(page)


def test_a_host_leads_an_assembly_from_its_files_to_its_bundle(place: Place, page: Page) -> None:
    name = "walk"
    sign_in(page, place)
    page.goto(f"{place.url}/console/new")
    upload(page, assembly_toml(name), roll_csv())
    expect(page.get_by_text("13 members, 2 questions")).to_be_visible()
    check_accessible(page)
    check_fits(page)

    page.fill("#trustee-1", "Ada Example")
    page.fill("#trustee-2", "Bo Example")
    page.get_by_role("button", name="Make their links").click()
    expect(page.locator("code.address")).to_have_count(2)
    links = [each.text_content() or "" for each in page.locator("code.address").all()]
    assert [link.split("#")[0] for link in links] == [f"{place.url}/a/{name}/trustee"] * 2
    check_accessible(page)
    page.get_by_role("link", name="I have sent them").click()
    expect(page.get_by_text("key awaited")).to_have_count(2)

    with page.expect_download() as download:
        page.get_by_role("button", name="Make the codes and download the list").click()
    rows = list(csv.DictReader(download.value.path().read_text("utf-8-sig").splitlines()))
    assert len(rows) == 13
    assert rows[0]["link"] == f"{place.url}/a/{name}/vote#{rows[0]['code']}"
    expect(page.get_by_text("Every member has a code.")).to_be_visible()  # it noticed by itself

    keys = [contributing.make_key() for _ in links]
    for link, key in zip(links, keys, strict=True):
        token = link.split("#")[1]
        path = f"/api/assemblies/{name}/trustee/key"
        assert place.service.post(path, token, key.public).status == 204
    expect(page.get_by_role("link", name="Open the ballot box…")).to_be_visible(timeout=15_000)

    page.get_by_role("link", name="Open the ballot box…").click()
    check_accessible(page)
    page.get_by_role("button", name="Open the ballot box").click()  # not before it is understood
    assert overview.view(place.house, name).state == "draft"
    page.check("#understood")
    page.get_by_role("button", name="Open the ballot box").click()
    expect(page.get_by_text("The ballot box is open and sealed")).to_be_visible()

    page.get_by_role("link", name="Close the vote…").click()
    expect(page.get_by_text("Members were told that they can vote until")).to_be_visible()
    check_accessible(page)
    check_fits(page)
    page.check("#understood")
    page.get_by_role("button", name="Close the vote for good").click()
    expect(page.get_by_text("Awaited: Ada Example, Bo Example.")).to_be_visible(timeout=15_000)
    check_accessible(page)

    tokens = tuple(link.split("#")[1] for link in links)
    private = tuple(contributing.read_key(key.private) for key in keys)
    rehearse.decrypt(place.house, name, rehearse.Bureau(tokens, private))
    page.get_by_role("button", name="Continue the counting").click()
    expect(page.get_by_role("link", name="Download the bundle")).to_be_visible(timeout=20_000)
    check_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the bundle").click()
    with zipfile.ZipFile(download.value.path()) as bundle:
        assert "outcome.json" in bundle.namelist()


def test_a_step_out_of_turn_is_refused_in_words(place: Place, page: Page) -> None:
    sign_in(page, place)
    page.goto(f"{place.url}/console/decided/close")
    expect(page.get_by_text("There is no open vote to close.")).to_be_visible()
    page.goto(f"{place.url}/console/trial/open")
    expect(page.get_by_text("has been opened already")).to_be_visible()
    page.goto(f"{place.url}/console/nothing/")
    expect(page.locator("h1")).to_contain_text("There is no assembly “nothing” here.")


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
