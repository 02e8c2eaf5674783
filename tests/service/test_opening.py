"""Opening happens once, and what it seals cannot change under it, whoever else is at work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.small import folder
from vote.election.trustee import generate_private_key, public_key_json
from vote.service import box, opening, overview, prepare
from vote.service.errors import Refusal
from vote.service.house import House, Settings
from vote.store.archive import setup_parts
from vote.tlog.checkpoint import open_checkpoint
from vote.tlog.note import VerifierKey


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    found = House(
        Settings.in_folder(tmp_path / "data", database_url=database_url), lambda: datetime.now(UTC)
    )
    found.migrate()
    prepare.import_assembly(found, folder())
    yield found
    found.close()


def ready(house: House) -> list[prepare.TrusteeLink]:
    links = prepare.invite_trustees(house, "trial", ["First", "Second"])
    for link in links:
        key = public_key_json(generate_private_key())
        prepare.register_trustee_key(house, "trial", link.token, key)
    prepare.issue_codes(house, "trial")
    return links


def code_of(verb: Callable[[], object]) -> str:
    try:
        verb()
    except Refusal as refusal:
        return refusal.code
    return "done"


def test_of_several_who_open_at_once_one_does(house: House) -> None:
    ready(house)
    with ThreadPoolExecutor(4) as threads:
        done = list(
            threads.map(lambda _: code_of(lambda: opening.open_voting(house, "trial")), "1234")
        )
    assert sorted(done) == ["already-open"] * 3 + ["done"]
    key = VerifierKey.parse(box.verifier_key(house, "trial"))
    open_checkpoint(box.checkpoint(house, "trial"), key)
    assert house.vault.log_key("trial").verifier == key


def test_a_key_given_while_opening_is_in_the_election_or_refused(house: House) -> None:
    [first, _] = ready(house)
    late = public_key_json(generate_private_key())
    with ThreadPoolExecutor(2) as threads:
        opened = threads.submit(opening.open_voting, house, "trial")
        given = threads.submit(
            code_of, lambda: prepare.register_trustee_key(house, "trial", first.token, late)
        )
        opened.result()
    [election] = overview.view(house, "trial").elections
    with house.database.reading() as session:
        trustees = setup_parts(session, election.uuid).trustees
    assert (late in trustees) == (given.result() == "done")


@pytest.mark.parametrize(
    "verb",
    [
        lambda house: prepare.import_assembly(house, folder()),
        lambda house: prepare.invite_trustees(house, "trial", ["First", "Second"]),
        lambda house: prepare.issue_codes(house, "trial"),
        lambda house: opening.open_voting(house, "trial"),
    ],
)
def test_nothing_changes_once_voting_is_open(house: House, verb: Callable[[House], object]) -> None:
    ready(house)
    opening.open_voting(house, "trial")
    assert code_of(lambda: verb(house)) == "already-open"
