"""The host's console, in a real browser."""

from __future__ import annotations

import csv
import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

from tests.small import assembly_toml, roll_csv
from tests.web.browsing import browser, check_accessible, check_fits, page
from tests.web.place import HOST, PASSWORD, Place, cast_one, place, sign_in
from vote import resources
from vote.assembly.model import Election
from vote.service import contributing, overview, rehearse
from vote.service.folder import read_folder

__all__ = ["browser", "page", "place"]


def test_the_console_counts_up_by_itself(place: Place, page: Page) -> None:
    sign_in(page, place)
    page.goto(f"{place.url}/console/trial/")
    card = page.locator("[data-turnout=main]")
    before = int(re.findall(r"(\d+) of 13 members", card.inner_text())[0])
    cast_one(place, "persons-2")
    expect(card).to_contain_text(f"{before + 1} of 13 members", timeout=10_000)


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
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    button = page.get_by_role("button", name="Make their links")
    button.scroll_into_view_if_needed()
    place_of = button.bounding_box() or {"x": 0, "y": 0}
    for _twice in range(2):
        page.mouse.click(place_of["x"] + 9, place_of["y"] + 9)
    expect(page.locator("code.address")).to_have_count(2)
    assert sent.count("POST") == 1
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
