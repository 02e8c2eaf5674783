"""A service with one assembly open and one decided, for the tests of the pages it writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.casting import FOR_ONE
from tests.small import Opened, open_assembly, write_folder
from tests.web.conftest import Service, start, stop
from vote.election.ballot import encrypt
from vote.election.credential import sign_in_token
from vote.service import officers, overview, rehearse
from vote.service.folder import read_folder
from vote.service.house import House

HOST, PASSWORD = "host", "correct horse battery"
DECIDED, DRAFT = "decided", "draft"
LANGUAGES = ("en", "fr", "nl")
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


def sign_in(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/console/")
    page.fill("#name", HOST)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("h1")).to_have_text("Assemblies")


def cast_one(place: Place, member: str) -> None:
    code = place.opened.codes[member]
    [election] = overview.view(place.house, "trial").elections
    ballot = encrypt(overview.election_bytes(place.house, election.uuid), code, FOR_ONE)
    token = sign_in_token("trial", code)
    assert (
        place.service.post(f"/api/elections/{election.uuid}/ballots", token, ballot).status == 201
    )
