"""`vote trustee`: a bureau that uses the command, from the keys to the decision."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.casting import FOR_ONE
from tests.command import vote
from tests.small import folder
from tests.web.conftest import Service, start, stop
from vote.election.ballot import encrypt
from vote.election.credential import sign_in_token
from vote.service import casting, closing, opening, overview, prepare, tally
from vote.service.house import House, Settings


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = House(Settings.in_folder(tmp_path / "data"), lambda: datetime.now(UTC))
    found.migrate()
    prepare.import_assembly(found, folder())
    yield found
    found.close()


@pytest.fixture
def service(house: House, tmp_path: Path) -> Iterator[Service]:
    found = start(house.settings, tmp_path / "log")
    yield found
    stop(found)


def test_a_bureau_makes_its_keys_and_decrypts(
    house: House, service: Service, tmp_path: Path
) -> None:
    links = prepare.invite_trustees(house, "trial", ["First", "Second"])
    addresses = {n: f"{service.url}/a/trial/trustee#{link.token}" for n, link in enumerate(links)}
    for number, address in addresses.items():
        made = vote("trustee", "key", address, "--key", tmp_path / f"{number}.json")
        assert made.returncode == 0, made.stderr
    codes = prepare.issue_codes(house, "trial")
    opening.open_voting(house, "trial")
    [election] = overview.view(house, "trial").elections
    for code in [each.code for each in codes[:3]]:
        data = encrypt(overview.election_bytes(house, election.uuid), code, FOR_ONE)
        casting.cast(house, election.uuid, sign_in_token("trial", code), data)

    early = vote("trustee", "decrypt", addresses[0], "--key", tmp_path / "0.json")
    assert early.returncode == 1
    assert "not closed" in early.stderr

    closing.close(house, "trial")
    tally.advance(house, "trial")
    wrong = vote("trustee", "decrypt", addresses[0], "--key", tmp_path / "1.json")
    assert wrong.returncode == 1
    assert "not made with the key in your file" in wrong.stderr
    few = vote("trustee", "decrypt", addresses[0], "--key", tmp_path / "0.json")
    assert few.returncode == 1
    assert "only 3 ballots count" in few.stderr
    told = set()
    for number, address in addresses.items():
        key = tmp_path / f"{number}.json"
        sent = vote("trustee", "decrypt", address, "--key", key, "--few")
        assert sent.returncode == 0, sent.stderr
        told.add(sent.stdout.split("\n")[0])
        memory = tmp_path / f"{number}.json.decrypted"
        assert list(json.loads(memory.read_bytes())["decrypted"]) == [election.uuid]
        assert memory.stat().st_mode & 0o777 == 0o600
        again = vote("trustee", "decrypt", address, "--key", key)
        assert again.returncode == 0
        assert "already sent" in again.stdout
    assert len(told) == 1, told
    assert "its seal is" in told.pop()
    deadline = time.monotonic() + 30
    while (outcome := overview.view(house, "trial").outcome) is None:
        assert time.monotonic() < deadline, "the service did not go on by itself"
        time.sleep(0.1)
    assert json.loads(outcome)["questions"]["accounts"]["decision"] == "adopted"


def test_a_key_is_never_overwritten(house: House, service: Service, tmp_path: Path) -> None:
    [link, _] = prepare.invite_trustees(house, "trial", ["First", "Second"])
    key = tmp_path / "key.json"
    key.write_text("precious")
    made = vote("trustee", "key", f"{service.url}/a/trial/trustee#{link.token}", "--key", key)
    assert made.returncode == 2
    assert key.read_text() == "precious"


@pytest.mark.parametrize(
    "link", ["", "nonsense", "ftp://x/a/b/trustee#c", "http://127.0.0.1:1/a/b/trustee#c"]
)
def test_a_link_that_leads_nowhere_is_said(link: str, tmp_path: Path) -> None:
    made = vote("trustee", "key", link, "--key", tmp_path / "key.json")
    assert made.returncode == 1
    assert "Traceback" not in made.stderr


def test_a_key_that_could_not_be_given_away_is_not_left_behind(
    service: Service, tmp_path: Path
) -> None:
    key = tmp_path / "key.json"
    made = vote("trustee", "key", f"{service.url}/a/trial/trustee#unknown", "--key", key)
    assert made.returncode == 1
    assert "not known" in made.stderr
    assert not key.exists()
