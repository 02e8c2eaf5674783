"""`vote monitor` over a service that records what must not be recorded."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.audit.forged_ballots import FORGERIES, edited
from tests.audit.forged_ballots import spoil as break_proof
from tests.audit.forging import Stages
from tests.audit.workshop import ADA, ASSEMBLY, FOR, Workshop
from tests.service.monitor.monitoring import monitor
from tests.service.monitor.sham import serving
from vote.audit.verify import verify
from vote.election import credential
from vote.election.archive import Event
from vote.tlog import entry

# --- what is logged must not be -----------------------------------------------------------


def spoil(workshop: Workshop) -> None:
    """A ballot with a wrong proof, well formed and signed by a member."""
    box = workshop.box(college="staff")
    broken = edited(lambda value: break_proof(value["answers"][0]["overall_proof"][0]))
    workshop.record(box, broken(box, box.encrypt("s2", (FOR, ADA))))


def stranger(workshop: Workshop) -> None:
    box = workshop.box()
    box.codes = {**box.codes, "p2": credential.generate_code()}
    workshop.cast(box, "p2", (FOR, ADA))


def twice(workshop: Workshop) -> None:
    data = workshop.cast(workshop.box(), "p2", (FOR, ADA))
    workshop.record(workshop.box(), data)


def after_the_end(workshop: Workshop) -> None:
    workshop.event(workshop.box(), "EndBallots")
    workshop.cast(workshop.box(), "p2", (FOR, ADA))


def closed_early(workshop: Workshop) -> None:
    workshop.entries.append(entry.Closed(ASSEMBLY, "main").encode())


def tallied_early(workshop: Workshop) -> None:
    workshop.event(workshop.box(), "Result", b"{}")


def unknown(workshop: Workshop) -> None:
    workshop.entries.append(b'{"type":"gift"}')


def stray(workshop: Workshop) -> None:
    workshop.entries.append(Event("0" * 64, 7, "Ballot", "1" * 64).encode())


def defined_twice(workshop: Workshop) -> None:
    workshop.entries.append(workshop.definition_entry())


def of_another_assembly(workshop: Workshop) -> None:
    workshop.entries.append(entry.Closed("another", "main").encode())


WRONG = {
    "a ballot whose proof is wrong": (spoil, "overall-proof"),
    "a ballot by nobody on the list": (stranger, "credential-unknown"),
    "a ballot twice": (twice, "ballot-twice"),
    "a ballot after the end": (after_the_end, "ballot-after-closing"),
    "a paper closed while its elections go on": (closed_early, "closed-early"),
    "a result before the end": (tallied_early, "tally-before-closing"),
    "an entry that nobody knows": (unknown, "unknown-entry"),
    "an event of no election": (stray, "event-stray"),
    "a second definition": (defined_twice, "definition-misplaced"),
    "an entry about another assembly": (of_another_assembly, "other-assembly"),
}


@pytest.mark.parametrize("defect", WRONG)
def test_what_must_not_be_logged_is_reported_and_the_watch_goes_on(
    defect: str, stages: Stages, folder: Path
) -> None:
    forge, code = WRONG[defect]
    forged = stages.opened
    forge(forged)
    at = len(forged.entries) - 1
    forged.cast(forged.box("motion"), "p1", (FOR,))
    with serving(stages.opened) as sham:
        assert monitor(sham, folder).code == 0
        sham.show(forged)
        seen = monitor(sham, folder)
        assert seen.code == 1
        assert seen.codes[0] == code, seen.alarms
        assert f"entry {at}" in seen.alarms[0].message
        assert f"{len(forged.entries)} entries" in seen.said[-1]
        again = monitor(sham, folder)
        assert (again.code, again.alarms) == (1, seen.alarms)


def test_a_ballot_is_named_by_its_tracker(stages: Stages, folder: Path) -> None:
    forged = stages.opened
    spoil(forged)
    digest = sha256(forged.box(college="staff").ballots[-1]).digest()
    with serving(forged) as sham:
        seen = monitor(sham, folder)
    name = b64encode(digest).decode().rstrip("=")
    assert name in seen.alarms[0].message


def test_the_end_has_the_verdict_of_the_verifier(stages: Stages, folder: Path) -> None:
    for number, forgery in enumerate([each for each in FORGERIES if each.number == 8][::3]):
        forged = forgery.make(stages)
        assert isinstance(forged, Workshop)
        place = folder / str(number)
        with serving(forged) as sham:
            seen = monitor(sham, place)
        assert (seen.code, seen.codes) == (1, [forgery.code]), forgery.defect
        assert "FAILED" in seen.report
        report = verify(place / "watched", key=forged.log_key.verifier)
        assert report.to_text() == seen.report


def test_a_definition_that_is_not_the_sealed_one(stages: Stages, folder: Path) -> None:
    with serving(stages.voted) as sham:
        path = f"/api/assemblies/{ASSEMBLY}"
        changed = stages.voted.files["assembly.json"].replace(b"does not exist", b"doesn't exist")
        sham.answers[path] = changed
        seen = monitor(sham, folder)
    assert seen.code == 1
    assert seen.codes[0] == "definition-altered"


def test_a_set_up_that_is_not_the_prescribed_one(stages: Stages, folder: Path) -> None:
    forged = Workshop().open(election=lambda _, data: replace(data, name="another/name"))
    with serving(forged) as sham:
        seen = monitor(sham, folder)
    assert (seen.code, seen.codes[0]) == (1, "election-differs")
