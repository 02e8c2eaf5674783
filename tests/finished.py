"""The small assembly played through in one process: votes cast, box closed, decision made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from tests.casting import ABSTAIN_BLANK, AGAINST_TWO, FOR_BOTH, FOR_ONE, Answers, token_of
from tests.small import Opened, assembly_toml, roll_csv
from vote.election.ballot import encrypt
from vote.service import bundle, casting, closing, overview, prepare, rehearse, tally
from vote.service.folder import from_files
from vote.service.house import House, Settings
from vote.service.rehearse import Clock

VOTES: Mapping[str, Answers] = {
    "persons-1": FOR_ONE,
    "persons-2": AGAINST_TWO,
    "persons-3": FOR_BOTH,
    "persons-4": ABSTAIN_BLANK,
    "staff-1": FOR_ONE,
    "partners-1": AGAINST_TWO,
}


def cast(opened: Opened, votes: Mapping[str, Answers], ballot: str = "main") -> None:
    """Cast a ballot for each of these members, as their browsers would."""
    uuids = {
        (each.ballot, each.college): each.uuid
        for each in overview.view(opened.house, opened.assembly).elections
    }
    for member, answers in votes.items():
        college = member.partition("-")[0]
        uuid = uuids.get((ballot, college)) or uuids[ballot, None]
        election = overview.election_bytes(opened.house, uuid)
        data = encrypt(election, opened.codes[member], answers)
        casting.store(opened.house, uuid, token_of(opened, member), data)


def finish(opened: Opened) -> bytes:
    """Close, sum, decrypt, decide; `outcome.json`."""
    closing.close(opened.house, opened.assembly)
    tally.advance(opened.house, opened.assembly)
    rehearse.decrypt(opened.house, opened.assembly, opened.bureau)
    tally.advance(opened.house, opened.assembly)
    outcome = overview.view(opened.house, opened.assembly).outcome
    assert outcome is not None
    return outcome


def open_edited(
    data: Path,
    *edits: tuple[str, str],
    assembly: str = "trial",
    shares: bool = False,
    rehearsal: bool = False,
    settings: Settings | None = None,
) -> Opened:
    """The small assembly open now, its assembly.toml changed: what stands there, what shall."""
    toml = assembly_toml(assembly, shares=shares)
    for there, instead in edits:
        assert there in toml, there
        toml = toml.replace(there, instead)
    files = {"assembly.toml": toml.encode(), "roll.csv": roll_csv().encode()}
    house = House(settings or Settings.in_folder(data), Clock(datetime.now(UTC)))
    house.migrate()
    prepare.import_assembly(house, from_files(files), rehearsal=rehearsal)
    codes, bureau = rehearse.set_up(house, assembly, lambda *_: None)
    clock = house.clock
    assert isinstance(clock, Clock)
    return Opened(house, clock, assembly, codes, bureau)


def write_bundle(opened: Opened, place: Path) -> Path:
    bundle.write(opened.house, opened.assembly, bundle.Folder(place))
    return place
