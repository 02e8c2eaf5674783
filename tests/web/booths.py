"""A member's booth as its tests use it."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from hashlib import sha256

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.small import assembly_toml, roll_csv
from tests.web.conftest import Running
from vote.service import prepare, rehearse
from vote.service.folder import from_files

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


@pytest.fixture(scope="module")
def papers(running: Running) -> Booth:
    """An assembly with two ballot papers, and with every kind of question."""
    toml = assembly_toml("papers").replace("[[questions]]", f"{PAPERS}\n[[questions]]", 1)
    return another(running, f"{toml}{MORE_QUESTIONS}")
