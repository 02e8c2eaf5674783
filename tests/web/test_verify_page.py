"""A whole bundle verified in a real browser."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.casting import AGAINST_BLANK
from tests.finished import finish
from tests.small import Opened, folder, open_assembly
from tests.web.browsing import browser, check_accessible, check_fits, page
from tests.web.conftest import Running
from tests.web.voting import cast
from vote.service import bundle, prepare, rehearse

__all__ = ["browser", "page"]

HOLDS = "Everything that is checked here holds"
FAILS = "This bundle does not hold"


def zipped(opened: Opened) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        bundle.write(opened.house, opened.assembly, bundle.Zip(archive))
    return buffer.getvalue()


@pytest.fixture(scope="module")
def done(running: Running) -> Opened:
    """The assembly "done": two ballot papers' worth of colleges, somebody voted twice; decided."""
    house = running.opened.house
    prepare.import_assembly(house, folder("done", shares=True))
    codes, bureau = rehearse.set_up(house, "done", lambda *_: None)
    opened = Opened(house, running.opened.clock, "done", codes, bureau)
    for member in ("persons-1", "persons-2", "staff-1", "partners-1"):
        cast(opened, member)
    cast(opened, "persons-1", AGAINST_BLANK)
    finish(opened)
    return opened


@pytest.fixture(scope="module")
def own(done: Opened) -> bytes:
    return zipped(done)


def as_file(content: bytes) -> FilePayload:
    return {"name": "bundle.zip", "mimeType": "application/zip", "buffer": content}


def choose(page: Page, running: Running, content: bytes) -> None:
    page.goto(f"{running.url}/a/done/verify?lang=en")
    page.get_by_label("A bundle from elsewhere").set_input_files(as_file(content))


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text, timeout=30_000)


def test_the_bundle_of_this_assembly(page: Page, running: Running, done: Opened) -> None:
    assert done.assembly == "done"
    page.goto(f"{running.url}/a/done/audit?lang=en")
    page.goto(f"{running.url}/a/done/verify?lang=en")
    expect(page.locator(".audit-steps > li")).to_have_count(18)
    page.get_by_role("button", name="Check the bundle of this assembly").click()
    heading(page, HOLDS)
    expect(page.locator(".audit-steps > .held")).to_have_count(18)
    expect(page.locator("#step-8")).to_contain_text("5 ballots · 4 of them count")
    expect(page.locator("#step-12")).to_contain_text("entries signed")
    expect(page.get_by_text("computing the decision anew by its rules")).to_be_visible()
    key = page.request.get(f"{running.url}/log/done/key").text().strip()
    expect(page.locator(".notice code")).to_have_text(key)
    assert page.evaluate("performance.getEntriesByName('vote-verify-bundle').length") == 1
    check_accessible(page)
    check_fits(page)


def edited(files: dict[str, bytes], name: str, change: Callable[[bytes], bytes]) -> None:
    [found] = [each for each in files if each.startswith(name)][:1]
    files[found] = change(files[found])


def flip(place: float) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        at = int(len(data) * place)
        return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]

    return change


@pytest.mark.parametrize(
    ("file", "change", "step"),
    [
        ("assembly.json", flip(0.5), 17),
        ("elections/", flip(0.5), 4),
        ("log/tile/entries/", flip(0.9), 13),
        ("log/tile/0/", flip(0.5), 13),
        ("log/checkpoint", flip(0.9), 12),
        (
            "outcome.json",
            lambda data: data.replace(b'"voters":{"partners":1', b'"voters":{"partners":2'),
            18,
        ),
        ("elections.json", lambda data: data + b"\n", 3),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_changed_byte_in(
    page: Page,
    running: Running,
    own: bytes,
    file: str,
    change: Callable[[bytes], bytes],
    step: int,
) -> None:
    with zipfile.ZipFile(io.BytesIO(own)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    edited(files, file, change)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    choose(page, running, buffer.getvalue())
    heading(page, FAILS)
    expect(page.locator(f"#step-{step}")).to_have_class("failed")
    expect(page.locator(".notice--error")).to_contain_text(str(step))
    check_accessible(page)


def test_a_whole_box_of_a_forger_under_this_name(
    page: Page, running: Running, tmp_path: Path, done: Opened
) -> None:
    assert done.assembly == "done"
    forger = open_assembly(tmp_path / "data", assembly="done", shares=True)
    cast(forger, "persons-1")
    finish(forger)
    forged = zipped(forger)
    forger.house.close()
    page.route("**/bundle.zip", lambda route: route.fulfill(body=forged))
    page.goto(f"{running.url}/a/done/verify?lang=en")
    page.get_by_role("button", name="Check the bundle of this assembly").click()
    heading(page, FAILS)
    expect(page.locator("#step-12")).to_contain_text("other-key")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("nothing", b""),
        ("a letter", b"Dear Ada"),
        ("a zip of nothing", b"PK\x05\x06" + bytes(18)),
        ("a zip that was cut off", b"PK\x03\x04" + bytes(99)),
    ],
)
def test_what_is_no_bundle(
    page: Page, running: Running, done: Opened, kind: str, content: bytes
) -> None:
    assert done.assembly
    choose(page, running, content)
    heading(page, FAILS)
    expect(page.locator("#step-1")).to_have_class("failed"), kind
    expect(page.locator(".audit-steps > .unchecked")).to_have_count(17)


def test_no_connection(page: Page, running: Running, done: Opened) -> None:
    assert done.assembly
    page.goto(f"{running.url}/a/done/verify?lang=en")
    page.route("**/bundle.zip", lambda route: route.abort())
    page.get_by_role("button", name="Check the bundle of this assembly").click()
    expect(page.locator(".notice--error")).to_contain_text("cannot be reached")


@pytest.mark.parametrize("language", ["en", "fr", "nl"])
def test_accessible_in_every_language(
    page: Page, running: Running, done: Opened, language: str
) -> None:
    for assembly in (done.assembly, "trial"):
        page.goto(f"{running.url}/a/{assembly}/verify?lang={language}")
        page.locator(".audit-steps").wait_for()
        check_accessible(page)
        check_fits(page)
