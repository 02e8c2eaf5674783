"""What the tests of the page that looks up ballots share."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.casting import AGAINST_BLANK
from tests.finished import finish
from tests.small import Opened, folder
from tests.web.conftest import Running
from tests.web.voting import cast
from vote.service import prepare, rehearse


@dataclass(frozen=True, slots=True)
class Box:
    """An open assembly and a decided one, with receipts of each."""

    url: str
    opened: Opened
    first: bytes  # persons-1's, replaced by `second`
    second: bytes
    other: bytes
    counted: bytes

    def address(self, tracker: str = "", assembly: str = "trial", language: str = "en") -> str:
        fragment = f"#{tracker}" if tracker else ""
        return f"{self.url}/a/{assembly}/check?lang={language}{fragment}"


@pytest.fixture(scope="module")
def box(running: Running) -> Box:
    opened = running.opened
    first = cast(opened, "persons-1")
    other = cast(opened, "persons-2")
    second = cast(opened, "persons-1", AGAINST_BLANK)
    for member in ("persons-3", "persons-4", "staff-1"):
        cast(opened, member)
    house = opened.house
    prepare.import_assembly(house, folder("done"))
    codes, bureau = rehearse.set_up(house, "done", lambda *_: None)
    done = Opened(house, opened.clock, "done", codes, bureau)
    counted = cast(done, "persons-1")
    cast(done, "persons-2")
    finish(done)
    return Box(running.url, opened, first, second, other, counted)


def as_file(content: bytes, name: str = "trial-main.tlog-proof") -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def choose(page: Page, box: Box, content: bytes, **where: str) -> None:
    page.goto(box.address(**where))
    page.get_by_label("The file that you kept").set_input_files(as_file(content))


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def looked_through(page: Page) -> None:
    expect(page.locator("#whole")).to_contain_text("your device has looked through")


def shown_tracker(page: Page) -> str:
    return "".join(page.locator(".tracker span").all_inner_texts())
