"""`vote demo`, README's first command, from its first line to a verified decision."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.command import vote
from tests.web.browsing import browser, page
from tests.web.conftest import Service, await_answer

__all__ = ["browser", "page"]

BOOTH = re.compile(r"A member's booth +(http\S+)")
CONSOLE = re.compile(r"The host's console +(http\S+) +\(name (\S+), password (\S+)\)")
PROJECTOR = re.compile(r"The projector +(http\S+) +\(decided: (http\S+)\)")
AUDIT = re.compile(r"The auditor's page +(http\S+)")
TRUSTEE = re.compile(r"  (.+):\n +(http\S+/trustee#\S+) +key file (\S+)")


@dataclass(frozen=True)
class Printed:
    """What the command printed before it began to serve."""

    booth: str
    console: tuple[str, str, str]
    projectors: tuple[str, str]
    audit: str
    trustees: list[tuple[str, str, str]]

    @classmethod
    def of(cls, said: str) -> Printed:
        def groups(pattern: re.Pattern[str]) -> tuple[str, ...]:
            found = pattern.search(said)
            assert found, said
            return found.groups()

        name, *signing_in = groups(CONSOLE)
        screen, decided = groups(PROJECTOR)
        return cls(
            groups(BOOTH)[0],
            (name, signing_in[0], signing_in[1]),
            (screen, decided),
            groups(AUDIT)[0],
            TRUSTEE.findall(said),
        )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Printed]:
    folder = tmp_path_factory.mktemp("demo")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "vote", "demo", "--port", str(port), "--data", folder / "demo"]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    log = folder / "errors"
    with log.open("wb") as errors:
        running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors)
    assert running.stdout
    said = ""
    while "Stop with Ctrl-C" not in said:
        line = running.stdout.readline()
        assert line, said + log.read_text()
        said += line.decode()
    printed = Printed.of(said)
    await_answer(Service(f"http://127.0.0.1:{port}", running), log)
    yield printed
    running.terminate()
    running.communicate(timeout=30)
    assert running.returncode == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)), "something still answers"


def test_the_link_opens_the_booth_of_a_member(demo: Printed, page: Page) -> None:
    page.goto(demo.booth)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good day")
    expect(page.get_by_text("You are asked 6 questions")).to_be_visible()
    assert "#" not in page.url  # the code does not stay in the address


def test_the_decided_sample_is_shown_and_verified(
    demo: Printed, page: Page, tmp_path: Path
) -> None:
    page.goto(demo.projectors[1])
    expect(page.get_by_text("The results are here")).to_be_visible()
    page.goto(demo.audit)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the bundle").click()
    bundle = tmp_path / "bundle.zip"
    download.value.save_as(bundle)
    done = vote("verify", bundle)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_open_sample_is_closed_and_decided(demo: Printed, page: Page) -> None:
    console, name, password = demo.console
    page.goto(console)
    page.fill("#name", name)
    page.fill("#password", password)
    page.click("main button[type=submit]")
    page.get_by_role("link", name=re.compile("The Long Workbench")).first.click()
    page.get_by_role("link", name="Close the vote…").click()
    page.check("#understood")
    page.get_by_role("button", name="Close the vote for good").click()
    expect(page.get_by_text("Awaited: Clémentine Passepartout")).to_be_visible(timeout=30_000)
    assert len(demo.trustees) == 3
    for name, address, key_file in demo.trustees:
        page.goto("about:blank")
        page.goto(address)
        expect(page.get_by_text(f"Trustee of the vote: {name}")).to_be_visible()
        page.get_by_label("File with your key").set_input_files(key_file)
        page.get_by_role("button", name="Check it now").click()
        page.get_by_role("button", name="Hand in my part").click(timeout=60_000)
        expect(page.get_by_role("heading", level=1)).to_have_text("Your part is done")
    page.goto(demo.projectors[0])
    expect(page.get_by_text("The results are here")).to_be_visible(timeout=30_000)


def test_a_port_that_is_taken_is_named_before_any_work(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = vote("demo", "--port", port, "--data", tmp_path / "demo")
    assert done.returncode == 2
    assert f"Port {port} is taken" in done.stderr
    assert not (tmp_path / "demo").exists()
