"""The verification of a bundle, step by step; the report repeats the numbers.

The bundle and what it is about:

1. The bundle is there: plain files and no links, its five fixed files among them.
2. `assembly.json` is a valid definition in canonical form: what it says can be said in no other
   bytes.
3. `elections.json` is the canonical list of the definition's ballot papers and colleges, one
   election for each.

For each archive `elections/UUID.bel`:

4. The tar is the one way to write these files, padding included; every file is named by its hash;
   the events form one chain, in an order that the protocol allows, and each has its own payload.
5. Each trustee's key comes with a proof, the election's key is their product, and the list of
   credentials is well formed and has nobody twice.
6. Questions, answers, bounds, name, UUID and trustees are what the definition prescribes, and the
   description is the definition's hash: a ballot, which signs the election's hash, signs every
   text in every language.
7. Across all archives: the same bureau, a key of the service's own for each election, and on every
   ballot paper the same members and weights in each college.
8. Every ballot is of this election, by a credential on the list, signed by it, and each of its
   proofs holds: it encrypts an allowed choice, whatever that is. No ballot stands there twice.
9. The encrypted tally is the sum of the last ballot of each credential, times its weight.
10. Each partial decryption is of that tally, by a trustee who proves to have used the key of step
    5, and by each only once.
11. The result is what the decryptions give.

The ballot log:

12. The log's key signed the checkpoint, whose bytes are canonical; it is the expected key, if one
    was given. Nobody else signed it but witnesses that the bundle lists.
13. Every tile of a tree of that size is there and no other, and they lead to the signed root.
14. For each archive, the log has all its events, once, in the archive's order.
15. The definition is the first entry and the outcome the last; a ballot paper is closed once, after
    which no ballot comes and before which nothing is summed; no entry is unknown.
16. Where lots may be drawn, the trustees gave their shares of the seed, and prove them.

The decision:

17. The definition, the elections, the outcome and every further file have the hash that the log
    names, and nothing else lies in the bundle.
18. The outcome, computed anew from the results and the seeds by the definition's rules, is
    `outcome.json`, byte for byte.
19. `minutes.json`, if there is one, is what all of this gives, byte for byte; only what people said
    happened, under `recorded`, is taken as it is.

Of a single archive, steps 4, 5 and 8 to 11 are made, as far as the election has come. A step that
fails does not stop those that do not need it; a step whose needs are missing is "not checked".
"""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

from vote.assembly.record import Record
from vote.audit import archives as boxes
from vote.audit.archives import Archive, Progress
from vote.audit.decision import (
    OUTCOME_FILE,
    Decided,
    Seeds,
    check_files,
    check_lots,
    check_outcome,
)
from vote.audit.errors import Finding, UnreadableError, refuse_if
from vote.audit.log import CHECKPOINT as CHECKPOINT_FILE
from vote.audit.log import (
    KEY,
    TILES_PREFIX,
    Contents,
    SignedLog,
    check_checkpoint,
    check_logged,
    check_tiles,
    read_entries,
)
from vote.audit.minutes import MINUTES_FILE, check_minutes
from vote.audit.order import check_order
from vote.audit.prescribed import (
    DEFINITION_FILE,
    ELECTIONS_FILE,
    Defined,
    Listed,
    archives_in,
    check_definition,
    check_elections,
    check_prescribed,
    check_together,
)
from vote.audit.report import Ledger, Report, there
from vote.audit.source import Source, open_source
from vote.audit.steps import (
    ARCHIVE,
    BALLOTS,
    BUNDLE,
    CHECKPOINT,
    DEFINITION,
    ELECTIONS,
    FILES,
    LOGGED,
    LOTS,
    MINUTES,
    ORDER,
    OUTCOME,
    PRESCRIBED,
    RESULT,
    SETUP,
    TILES,
    TOGETHER,
)
from vote.tlog.note import VerifierKey

FIXED_FILES: Final = (DEFINITION_FILE, ELECTIONS_FILE, OUTCOME_FILE, KEY, CHECKPOINT_FILE)


def _silent(_phase: str, _done: int, _total: int) -> None:
    pass


def verify(
    path: Path, *, jobs: int = 1, key: VerifierKey | None = None, progress: Progress = _silent
) -> Report:
    """Verify the bundle or the single archive at `path` on up to `jobs` processes.

    `key`: the log's key as the auditor knows it from elsewhere. Raises UnreadableError.
    """
    with closing(open_source(path)) as source:
        if source.kind == "archive":
            return _verify_archive(source, jobs, progress)
        if not source.names & set(FIXED_FILES):
            message = f"{path} is no audit bundle: it has none of a bundle's files."
            raise UnreadableError("not-a-bundle", message)
        return _Bundle(source, jobs, key, progress).verify()


def _verify_archive(source: Source, jobs: int, progress: Progress) -> Report:
    """Steps 4, 5 and 8 to 11 for one election alone."""
    ledger = Ledger()
    [name] = source.names
    archive = Archive(name)
    boxes.scan_all(source, [archive], ledger, progress)  # 4
    boxes.check_setups([archive], ledger)  # 5
    boxes.check_ballots(source, [archive], ledger, jobs, progress)  # 8
    boxes.check_tallies([archive], ledger, complete=False)  # 9, 10, 11
    facts = {"assembly": None, "log": None, "elections": [archive.facts()]}
    words = (_STAGES[archive.scan.stage],) if archive.scan else ()
    return Report("archive", tuple(ledger.checks), facts, words)


_STAGES: Final = {
    "voting": "Stage: set up; ballots may still come.",
    "ended": "Stage: voting has ended; the ballots have not been summed.",
    "tallied": "Stage: the ballots have been summed; there is no result yet.",
    "decided": "Stage: the result is there.",
}


def check_bundle(source: Source) -> int:
    """Step 1: no links, no strange paths, and what every bundle has. How many files there are."""
    missing = [
        Finding("file-missing", "the bundle has no such file", name)
        for name in FIXED_FILES
        if name not in source.names
    ]
    refuse_if([*source.faults, *missing])
    return len(source.names)


class _Bundle:
    """A bundle on its way through the steps; what failed stays None."""

    def __init__(
        self, source: Source, jobs: int, key: VerifierKey | None, progress: Progress
    ) -> None:
        self._source = source
        self._jobs = jobs
        self._key = key
        self._progress = progress
        self._ledger = Ledger()
        self._defined: Defined | None = None
        self._listed: tuple[Listed, ...] | None = None
        self._archives: list[Archive] = []
        self._signed: SignedLog | None = None
        self._contents: Contents | None = None

    def verify(self) -> Report:
        """All steps, in their order."""
        self._check_papers()
        self._check_archives()
        self._check_log()
        self._check_decision()
        return Report("bundle", tuple(self._ledger.checks), self._facts(), self._closing())

    def _check_papers(self) -> None:
        # 1
        self._ledger.attempt(
            BUNDLE, None, partial(check_bundle, self._source), detail="{} files".format
        )
        # 2
        self._defined = self._ledger.attempt(
            DEFINITION,
            DEFINITION_FILE,
            partial(check_definition, self._source),
            detail=lambda defined: defined.definition.assembly.id,
        )
        # 3
        self._listed = self._ledger.attempt(
            ELECTIONS,
            ELECTIONS_FILE,
            lambda: check_elections(self._source, there(self._defined).definition),
            needs={DEFINITION: self._defined},
            detail=lambda listed: f"{len(listed)} elections",
        )

    def _check_archives(self) -> None:
        files = archives_in(self._source)
        if self._listed is not None:
            files = [each.file for each in self._listed]
        archives = self._archives = [Archive(file) for file in files]
        boxes.scan_all(self._source, archives, self._ledger, self._progress)  # 4
        boxes.check_setups(archives, self._ledger)  # 5
        # 6
        for number, archive in enumerate(archives):
            self._ledger.attempt(
                PRESCRIBED,
                archive.file,
                partial(self._check_prescribed, number),
                needs={ELECTIONS: self._listed, SETUP: archive.setup},
            )
        # 7
        self._ledger.attempt(
            TOGETHER,
            None,
            lambda: check_together(there(self._listed), archives),
            needs={ELECTIONS: self._listed, SETUP: self._all("setup")},
        )
        boxes.check_ballots(self._source, archives, self._ledger, self._jobs, self._progress)  # 8
        boxes.check_tallies(archives, self._ledger, complete=True)  # 9, 10, 11

    def _check_prescribed(self, number: int) -> bool:
        each = there(self._listed)[number]
        return check_prescribed(there(self._defined), each, self._archives[number])

    def _check_log(self) -> None:
        # 12
        self._signed = self._ledger.attempt(
            CHECKPOINT,
            CHECKPOINT_FILE,
            partial(check_checkpoint, self._source, self._key),
            detail=lambda signed: signed.checkpoint.origin,
        )
        # 13
        self._contents = self._ledger.attempt(
            TILES,
            TILES_PREFIX,
            lambda: read_entries(check_tiles(self._source, there(self._signed))),
            needs={CHECKPOINT: self._signed},
            detail=lambda contents: f"{contents.size} entries",
        )
        # 14
        for archive in self._archives:
            self._ledger.attempt(
                LOGGED,
                archive.file,
                partial(self._check_logged, archive),
                needs={ARCHIVE: archive.scan, TILES: self._contents},
                detail="{} events".format,
            )
        # 15
        self._ledger.attempt(
            ORDER,
            None,
            self._check_order,
            needs={ELECTIONS: self._listed, ARCHIVE: self._all("scan"), TILES: self._contents},
            detail="{} entries".format,
        )

    def _check_logged(self, archive: Archive) -> int:
        return check_logged(there(self._contents), archive.scanned, archive.setup_payload)

    def _check_order(self) -> int:
        papers: dict[str, list[str]] = {}
        for each, archive in zip(there(self._listed), self._archives, strict=True):
            papers.setdefault(each.paper.ballot, []).append(archive.setup_payload)
        assembly = there(self._defined).definition.assembly.id
        return check_order(there(self._contents), assembly, papers)

    def _check_decision(self) -> None:
        # 16
        seeds = self._ledger.attempt(
            LOTS,
            None,
            self._check_lots,
            needs={
                ELECTIONS: self._listed,
                SETUP: self._all("setup"),
                TILES: self._contents,
            },
            detail=lambda seeds: f"{len(seeds)} ballot papers with lots",
        )
        # 17
        self._ledger.attempt(
            FILES,
            None,
            self._check_files,
            needs={TILES: self._contents},
            detail=lambda further: f"{further} further files",
        )
        # 18
        decided = self._ledger.attempt(
            OUTCOME,
            OUTCOME_FILE,
            lambda: self._check_outcome(there(seeds)),
            needs={
                ELECTIONS: self._listed,
                BALLOTS: self._all("sums"),
                RESULT: self._all("result"),
                LOTS: seeds,
            },
        )
        # 19
        if MINUTES_FILE not in self._source.names:
            self._ledger.note(MINUTES, None, "not-reached", "the bundle has no minutes.json")
            return
        self._ledger.attempt(
            MINUTES,
            MINUTES_FILE,
            lambda: self._check_minutes(there(decided)),
            needs={CHECKPOINT: self._signed, TILES: self._contents, OUTCOME: decided},
            detail=lambda record: f"made {record.made}",
        )

    def _check_lots(self) -> Seeds:
        definition, listed = there(self._defined).definition, there(self._listed)
        return check_lots(definition, listed, self._archives, there(self._contents))

    def _check_files(self) -> int:
        listed = None if self._listed is None else {each.file for each in self._listed}
        return check_files(self._source, there(self._contents), listed)

    def _check_minutes(self, decided: Decided) -> Record:
        boxes = list(zip(there(self._listed), self._archives, strict=True))
        log = there(self._signed), there(self._contents)
        return check_minutes(self._source, there(self._defined), boxes, log, decided)

    def _check_outcome(self, seeds: Seeds) -> Decided:
        definition, listed = there(self._defined).definition, there(self._listed)
        return check_outcome(self._source, definition, listed, self._archives, seeds)

    def _all(self, name: str) -> bool | None:
        """Something that is None if what a step should have given lacks for an archive."""
        return None if any(getattr(each, name) is None for each in self._archives) else True

    def _facts(self) -> dict[str, object]:
        defined = self._defined
        return {
            "assembly": defined
            and {"id": defined.definition.assembly.id, "definition_sha256": defined.sha256},
            "log": self._signed and self._signed.facts(),
            "elections": [archive.facts() for archive in self._archives],
        }

    def _closing(self) -> tuple[str, ...]:
        scans = [archive.scan for archive in self._archives if archive.scan is not None]
        cast, counted = (
            sum(len(scan.ballots) for scan in scans),
            sum(len(scan.last_ballot) for scan in scans),
        )
        words = [f"{len(scans)} elections, {cast} ballots cast, {counted} of them count."]
        if self._signed is not None:
            words.append(f"The ballot log is that of the key {self._signed.key.encode()}")
        if self._signed is not None and self._key is None:
            words.append("Compare this key with the one that the assembly published (--key).")
        return tuple(words)
