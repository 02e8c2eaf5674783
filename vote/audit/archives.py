"""Steps 4, 5 and 8 to 11: the archives of the elections.

`vote.election.check` knows how; here its errors get words and places, and the ballots of all
archives are spread over processes as one stream.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from vote.audit.errors import Finding, findings_of, refuse, refuse_if
from vote.audit.pool import spread
from vote.audit.report import Ledger, Step, there
from vote.audit.source import Source
from vote.audit.steps import ARCHIVE, BALLOTS, DECRYPTION, RESULT, SETUP, SUM
from vote.audit.work import Task, work
from vote.election import check
from vote.election.check import Scan
from vote.election.errors import ProtocolError
from vote.election.fingerprint import hash_hex, tracker_of
from vote.election.setup import Setup, SetupData
from vote.election.sums import Sums

_CHUNK_CIPHERTEXTS: Final = 280  # in one task: a fifth of a second or so
_WORTH_PROCESSES: Final = 3000  # ciphertexts: below, starting processes takes longer than it saves

Progress = Callable[[str, int, int], None]
"""Called with a phase ("archives", "ballots"), how much of it is done, and how much there is."""


@dataclass(slots=True)
class Archive:
    """An archive on its way through the steps: what each of them gave, None where it failed."""

    file: str
    scan: Scan | None = None
    setup: Setup | None = None
    sums: Sums | None = None
    decrypted: int | None = None
    result: list[list[int]] | None = None

    @property
    def scanned(self) -> Scan:
        """What step 4 gave, for the checks that need it."""
        return there(self.scan)

    @property
    def set_up(self) -> Setup:
        """What step 5 gave, for the checks that need it."""
        return there(self.setup)

    @property
    def width(self) -> int:
        """The ciphertexts of a ballot."""
        return sum(question.width for question in self.set_up.election.questions)

    @property
    def setup_payload(self) -> str:
        """The payload of its first event, which no other election shares."""
        found = self.scanned
        parts = SetupData.of(found.election, found.trustees, found.credentials)
        return hash_hex(parts.encode())

    def tracker(self, number: int) -> str:
        """The tracker of a ballot by its number in the archive, from 0."""
        return tracker_of(list(self.scanned.ballots)[number])

    def facts(self) -> dict[str, object]:
        """What a report tells of it."""
        found, setup = self.scan, self.setup
        return {
            "file": self.file,
            "uuid": setup.election.uuid if setup else None,
            "stage": found.stage if found else None,
            "ballots": len(found.ballots) if found else None,
            "counted": len(found.last_ballot) if found else None,
            "result": self.result,
        }


def scan_all(
    source: Source, archives: Sequence[Archive], ledger: Ledger, progress: Progress
) -> None:
    """Step 4: tar, hashes, chain and order of events."""
    sizes = {name: source.size(name) for name in source.names}
    total = sum(sizes.get(archive.file, 0) for archive in archives)
    done = 0
    progress("archives", done, total)
    for archive in archives:
        archive.scan = ledger.attempt(
            ARCHIVE,
            archive.file,
            partial(scan_archive, source, archive.file),
            detail=lambda found: f"{found.events} events",
        )
        done += sizes.get(archive.file, 0)
        progress("archives", done, total)


def scan_archive(source: Source, file: str) -> Scan:
    """Step 4 for one archive. Raises AuditError."""
    if file not in source.names:
        raise refuse("file-missing", "the bundle has no such file", file)
    with source.open(file) as stream:
        try:
            return check.scan(stream)
        except ProtocolError as error:
            where = "" if error.index is None else f"event {error.index}: "
            raise refuse(error.code, f"{where}{error.message}", file) from error


def check_setups(archives: Sequence[Archive], ledger: Ledger) -> None:
    """Step 5: the election's key is that of its trustees, whose proofs hold; the credentials."""
    for archive in archives:
        archive.setup = ledger.attempt(
            SETUP,
            archive.file,
            partial(_set_up, archive),
            needs={ARCHIVE: archive.scan},
            detail=lambda setup: (
                f"{len(setup.trustees.keys)} trustees, {len(setup.weights)} voters"
            ),
        )


def _set_up(archive: Archive) -> Setup:
    return check.check_setup(archive.scanned)


@dataclass(frozen=True, slots=True)
class _Box:
    """An archive's ballots while they are being verified."""

    archive: Archive
    sums: Sums
    findings: list[Finding]


def check_ballots(
    source: Source, archives: Sequence[Archive], ledger: Ledger, jobs: int, progress: Progress
) -> None:
    """Step 8: every ballot's credential is on the list, its signature and all its proofs hold."""
    boxes = {
        archive.file: _Box(archive, Sums.empty(archive.width), _strangers(archive))
        for archive in archives
        if archive.scan is not None and archive.setup is not None
    }
    _verify_all(source, boxes, jobs, progress)
    for archive in archives:
        archive.sums = ledger.attempt(
            BALLOTS,
            archive.file,
            lambda file=archive.file: _summed(boxes[file]),  # type: ignore[misc]
            needs={ARCHIVE: archive.scan, SETUP: archive.setup},
            detail=partial(_ballots_detail, archive),
        )


def _ballots_detail(archive: Archive, sums: Sums) -> str:
    return f"{len(archive.scanned.ballots)} ballots, {sums.count} of them count"


def _summed(box: _Box) -> Sums:
    refuse_if(box.findings)
    return box.sums


def _strangers(archive: Archive) -> list[Finding]:
    """The first ballot whose credential is not on the list."""
    try:
        check.check_roll(archive.scanned, archive.set_up)
    except ProtocolError as error:
        return [_ballot_finding(archive, error)]
    return []


def _ballot_finding(archive: Archive, error: ProtocolError) -> Finding:
    where = ""
    if error.index is not None:
        where = f"ballot {error.index + 1}, tracker {archive.tracker(error.index)}: "
    return Finding(error.code, f"{where}{error.message}", archive.file)


def _verify_all(source: Source, boxes: dict[str, _Box], jobs: int, progress: Progress) -> None:
    clean = [box for box in boxes.values() if not box.findings]
    total = sum(len(box.archive.scanned.ballots) for box in clean)
    ciphertexts = sum(len(box.archive.scanned.ballots) * box.archive.width for box in clean)
    jobs = jobs if ciphertexts >= _WORTH_PROCESSES else 1
    done = 0
    progress("ballots", done, total)
    for verified in spread(work, _tasks(source, clean), jobs):
        box = boxes[verified.file]
        if isinstance(verified.outcome, ProtocolError):
            box.findings.append(_ballot_finding(box.archive, verified.outcome))
        else:
            box.sums.merge(verified.outcome)
        done += verified.ballots
        progress("ballots", done, total)


def _tasks(source: Source, boxes: Sequence[_Box]) -> Iterator[Task]:
    """The ballots of all archives, piece by piece, read again when their turn comes."""
    for box in boxes:
        archive = box.archive
        size = max(1, _CHUNK_CIPHERTEXTS // max(1, archive.width))
        try:
            with source.open(archive.file) as stream:
                for chunk in check.chunks(stream, archive.scanned, archive.set_up, size):
                    yield Task(archive.file, archive.scanned.election, chunk)
        except Exception as error:  # whatever it is, these ballots are not verified
            box.findings.extend(findings_of(error, archive.file))


def check_tallies(archives: Sequence[Archive], ledger: Ledger, *, complete: bool) -> None:
    """Steps 9 to 11: sum, decryptions, result. `complete`: all of them must be there."""
    for archive in archives:
        if _reached(SUM, archive, ledger, complete=complete):
            ledger.attempt(
                SUM,
                archive.file,
                partial(_check_sum, archive),
                needs={ARCHIVE: archive.scan, SETUP: archive.setup, BALLOTS: archive.sums},
            )
    for archive in archives:
        if _reached(DECRYPTION, archive, ledger, complete=complete):
            archive.decrypted = ledger.attempt(
                DECRYPTION,
                archive.file,
                partial(_check_decryptions, archive),
                needs={ARCHIVE: archive.scan, SETUP: archive.setup},
                detail=lambda shares: f"{shares} decryptions",
            )
    for archive in archives:
        if _reached(RESULT, archive, ledger, complete=complete):
            archive.result = ledger.attempt(
                RESULT,
                archive.file,
                partial(_check_result, archive),
                needs={ARCHIVE: archive.scan, SETUP: archive.setup, DECRYPTION: archive.decrypted},
            )


def _reached(step: Step, archive: Archive, ledger: Ledger, *, complete: bool) -> bool:
    """Whether a step is to be made, if only to find that it cannot; else it is noted down."""
    enough = ("decided",) if step is RESULT else ("tallied", "decided")
    if complete or archive.scan is None or archive.scan.stage in enough:
        return True
    ledger.note(step, archive.file, "not-reached")
    return False


def _check_sum(archive: Archive) -> bool:
    if archive.scanned.tally is None:
        raise refuse("tally-missing", "the ballots have not been summed")
    check.check_tally(archive.scanned, archive.set_up, there(archive.sums))
    return True


def _check_decryptions(archive: Archive) -> int:
    """How many partial decryptions there are."""
    if archive.scanned.tally is None:
        raise refuse("tally-missing", "there is nothing to decrypt")
    findings = []
    for owner in archive.scanned.shares:
        try:
            check.check_partial_decryption(archive.scanned, archive.set_up, owner)
        except ProtocolError as error:
            message = f"trustee number {owner}: {error.message}"
            findings.append(Finding(error.code, message, archive.file))
    refuse_if(findings)
    return len(archive.scanned.shares)


def _check_result(archive: Archive) -> list[list[int]]:
    found = check.check_result(archive.scanned, archive.set_up)
    if found is None:
        raise refuse("result-missing", "the election has no result")
    return found
