"""From entries of the log to whole, checked archives: what a monitor does with each ballot.

Entries are taken in their order. The files that an event belongs to are fetched by their hash,
ballots are checked by all cores, and what was checked is kept, good or bad, exactly as served.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from vote.audit.archives import Archive
from vote.audit.errors import AuditError
from vote.audit.prescribed import Defined, Listed, check_prescribed
from vote.election.archive import read
from vote.election.check import Scan
from vote.election.errors import ProtocolError
from vote.election.fingerprint import hash_base64, hash_hex
from vote.election.setup import Setup, SetupData, parse_credentials
from vote.election.tally import Owned, SizedTally
from vote.service.monitor.archives import ArchiveCopy
from vote.service.monitor.follower import Follower, Problem, Step, missing_elections
from vote.service.monitor.logcopy import LogCopy
from vote.service.monitor.pool import CHUNK, Pool
from vote.service.monitor.site import MissingError, ReservedError, Site
from vote.service.monitor.state import Kept, State
from vote.service.monitor.work import Task, Verdict
from vote.tlog.entry import Definition

BATCH: Final = 256  # ballots fetched, checked and kept together
COMMIT_SECONDS: Final = 2.0
_FETCHERS: Final = 4
_MAX_BALLOT: Final = 2**22  # above what `vote.election.ballot` takes, which says so

_RESERVED: Final = ("PartialDecryption", "Result")  # what a host may keep from the public

Report = Callable[[Problem, int], None]
"""Called with what is wrong and the entry's number."""


@dataclass(slots=True)
class _Batch:
    """Consecutive ballots, or one other entry; `fetched` while their files are under way."""

    steps: list[Step]
    fetched: list[Future[bytes]] = field(default_factory=list)

    @property
    def is_ballots(self) -> bool:
        return _is_ballot(self.steps[0])


@dataclass(frozen=True, slots=True)
class _Box:
    """An election whose set-up has been seen. `deferred`: events whose files are kept back."""

    listed: Listed
    election: bytes
    weights: Mapping[str, int]
    copy: ArchiveCopy
    deferred: deque[Step] = field(default_factory=deque)


class Checking:
    """Follows the entries of `log` with the definition and elections that the service gave."""

    def __init__(
        self,
        site: Site,
        state: State,
        log: LogCopy,
        pool: Pool,
        *,
        papers: tuple[Defined, Sequence[Listed]],
        report: Report,
        progress: Callable[[int, int], None],
    ) -> None:
        self._site = site
        self._state = state
        self._log = log
        self._pool = pool
        self._defined, self._listed = papers
        self._report = report
        self._progress = progress
        self._follower = Follower(self._defined.definition.assembly.id)
        self._boxes: dict[str, _Box] = {}  # by the payload of the Setup
        self._ahead: deque[_Batch] = deque()
        self._threads = ThreadPoolExecutor(_FETCHERS, "fetch")
        self._committed = time.monotonic()
        self._settled = False
        self.checked = 0
        self.ballots = 0
        self._replay()

    @property
    def ended(self) -> bool:
        """Whether the log has its last entry, the outcome, and all is checked up to there."""
        return self._follower.outcome is not None and self.checked == self._log.head.size

    @property
    def reserved(self) -> bool:
        """Whether files of archives are kept back from everybody."""
        return any(box.deferred for box in self._boxes.values())

    def close(self) -> None:
        """Stop fetching."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _replay(self) -> None:
        """Take again what was checked before, from our own copy."""
        kept = self._state.progress.archives or {}
        by_setup = {each.setup: uuid for uuid, each in kept.items()}
        listed = {each.uuid: each for each in self._listed}
        for data in islice(self._log.entries(0), self._state.progress.checked):
            step = self._follower.take(self.checked, data)
            self.checked += 1
            self.ballots += _is_ballot(step)
            if step.event and step.chain and step.event.type == "Setup":
                uuid = by_setup.get(step.chain.setup)
                if uuid is not None:
                    self._follower.assign(step.chain, listed[uuid])
                    self._reopen(step.chain.setup, listed[uuid], kept[uuid])
            box = self._box(step)
            if box is not None and step.number >= box.copy.events:
                box.deferred.append(step)

    def _reopen(self, setup: str, listed: Listed, kept: Kept) -> None:
        path = self._state.watched / listed.file
        copy = ArchiveCopy(path, kept.length, kept.events)
        with path.open("rb") as file:
            _, election, _, credentials = (each.data for each in islice(read(file), 4))
        self._boxes[setup] = _Box(listed, election, _weights(credentials), copy)

    def advance(self) -> None:
        """Check everything up to the log's head. Raises SilentError, MissingError."""
        try:
            self._settle()
            while self._fill():
                self._finish(self._ahead[0])
                if not self._ahead[0].steps:
                    self._ahead.popleft()
            self._settle()
        finally:
            self._commit()
            for batch in self._ahead:
                for future in batch.fetched:
                    future.cancel()
                batch.fetched.clear()

    def _fill(self) -> bool:
        """Have a batch at hand, and if it is ballots the next one under way."""
        if not self._ahead and not self._form():
            return False
        if len(self._ahead) == 1 and self._ahead[0].is_ballots:
            self._form()
        for batch in self._ahead:
            if batch.is_ballots and not batch.fetched:
                batch.fetched = [self._threads.submit(self._ballot, step) for step in batch.steps]
        return True

    def _form(self) -> bool:
        """Take the next entries: ballots as far as they go, else one."""
        steps: list[Step] = []
        first = self.checked + sum(len(batch.steps) for batch in self._ahead)
        entries = self._log.entries(first) if first < self._log.head.size else iter(())
        for index, data in enumerate(entries, start=first):
            if steps and (len(steps) == BATCH or not self._follower.is_ballot(data)):
                break
            if self._ahead and not self._follower.is_ballot(data):
                break  # what comes before it must be finished first
            steps.append(self._follower.take(index, data))
            if not _is_ballot(steps[0]):
                break
        if steps:
            self._ahead.append(_Batch(steps))
        return bool(steps)

    def _ballot(self, step: Step) -> bytes:
        box = self._box(step)
        payload = step.event.payload if step.event else None
        if box is None or payload is None:
            raise MissingError("the ballot belongs to no election that is known")
        return self._site.object(box.listed.uuid, payload, _MAX_BALLOT)

    def _box(self, step: Step) -> _Box | None:
        return self._boxes.get(step.chain.setup) if step.chain else None

    # --- finishing ------------------------------------------------------------------------

    def _finish(self, batch: _Batch) -> None:
        """Check, report and keep a batch, and take it off; of ballots, as many as are served."""
        missing: MissingError | None = None
        if batch.is_ballots:
            fetched = []
            try:
                for future in batch.fetched:
                    fetched.append(future.result())
            except MissingError as error:
                missing = error
            count = len(fetched)
            self._check_ballots(batch.steps[:count], fetched)
            members = self._ballot_members(batch.steps[:count], fetched)
        else:
            count = 1
            members = self._other(batch.steps[0])
        for step in batch.steps[:count]:
            for problem in step.problems:
                self._report(problem, step.index)
        self._keep(members, batch.steps[:count])
        self.ballots += count if batch.is_ballots else 0
        del batch.steps[:count], batch.fetched[:count]
        if missing is not None:
            raise missing

    def _settle(self) -> None:
        """Keep what was kept back and is no longer."""
        for box in self._boxes.values():
            while box.deferred:
                step = box.deferred[0]
                try:
                    members = box.copy.event(self._data(box, step), step.data)
                except ReservedError:
                    break
                box.copy.append(members, 1)
                box.deferred.popleft()
                self._settled = True

    def _keep(self, members: Mapping[str, bytes], steps: Sequence[Step]) -> None:
        count = len(steps)
        for setup, content in members.items():
            events = sum(step.chain is not None and step.chain.setup == setup for step in steps)
            self._boxes[setup].copy.append(content, events)
        self.checked += count
        if time.monotonic() > self._committed + COMMIT_SECONDS:
            self._commit()
        self._progress(self.checked, self._log.head.size)

    def _commit(self) -> None:
        """From here on a restart goes on."""
        if self.checked == self._state.progress.checked and not self._settled:
            return
        for box in self._boxes.values():
            box.copy.sync()
        kept = {
            box.listed.uuid: Kept(box.copy.length, box.copy.events, setup)
            for setup, box in self._boxes.items()
        }
        self._settled = False
        self._state.keep_progress(self.checked, kept)
        self._committed = time.monotonic()

    def _check_ballots(self, steps: Sequence[Step], ballots: Sequence[bytes]) -> None:
        """Proofs and signatures by the pool; the credentials here."""
        groups: dict[str, list[int]] = {}
        for number, step in enumerate(steps):
            groups.setdefault(step.chain.setup if step.chain else "", []).append(number)
        places = [
            (setup, numbers[start : start + CHUNK])
            for setup, numbers in groups.items()
            for start in range(0, len(numbers), CHUNK)
        ]
        tasks = [
            Task(self._boxes[setup].election, tuple(ballots[number] for number in numbers))
            for setup, numbers in places
        ]
        verdicts = self._pool.check(tasks, self._log.head.size - self.checked)
        for (setup, numbers), found in zip(places, verdicts, strict=True):
            for number, verdict in zip(numbers, found, strict=True):
                self._judge(self._boxes[setup], verdict, ballots[number], steps[number].index)

    def _judge(self, box: _Box, verdict: Verdict, ballot: bytes, index: int) -> None:
        fault = verdict.fault
        if fault is None and verdict.credential not in box.weights:
            fault = ("credential-unknown", "its credential is not on the list")
        if fault is not None:
            code, reason = fault
            name = hash_base64(ballot)
            self._report(Problem(code, f"the ballot with the tracker {name}: {reason}"), index)

    def _ballot_members(
        self, steps: Sequence[Step], ballots: Sequence[bytes]
    ) -> Mapping[str, bytes]:
        pieces: dict[str, list[bytes]] = {}
        for step, ballot in zip(steps, ballots, strict=True):
            box = self._box(step)
            if box is not None and step.chain is not None:
                members = box.copy.event([ballot], step.data)
                pieces.setdefault(step.chain.setup, []).append(members)
        return {setup: b"".join(each) for setup, each in pieces.items()}

    def _other(self, step: Step) -> Mapping[str, bytes]:
        """What to keep for an entry that is no ballot."""
        if isinstance(step.own, Definition):
            self._check_definition(step.own, step.index)
        if step.event is None or step.chain is None:
            return {}
        if step.event.type == "Setup":
            return {step.chain.setup: self._set_up(step)}
        box = self._box(step)
        if box is None:
            return {}
        try:
            if not box.deferred:
                return {step.chain.setup: box.copy.event(self._data(box, step), step.data)}
        except ReservedError:
            if step.event.type not in _RESERVED:
                raise
        box.deferred.append(step)
        return {}

    def _check_definition(self, own: Definition, index: int) -> None:
        elections = (self._state.watched / "elections.json").read_bytes()
        wanted = (own.definition_sha256, own.elections_sha256)
        if wanted != (self._defined.sha256, hash_hex(elections)):
            message = "the definition or the list of elections is not the one that was sealed"
            self._report(Problem("definition-altered", message), index)

    def _set_up(self, step: Step) -> bytes:
        """The files of a Setup event, checked; the beginning of the archive."""
        if step.chain is None or step.event is None or step.event.payload is None:
            raise MissingError("a set-up without a payload")
        listed, payload = self._find(step.event.payload)
        try:
            parts = SetupData.parse(payload)
        except ProtocolError as error:
            raise MissingError(f"the set-up of {listed.uuid}: {error.message}") from error
        election, trustees, credentials = (
            self._site.object(listed.uuid, digest)
            for digest in (parts.election, parts.trustees, parts.credentials)
        )
        copy = ArchiveCopy(self._state.watched / listed.file)
        try:
            begin = copy.begin(self._site.header(listed.uuid))
        except ProtocolError as error:
            raise MissingError(f"the header of {listed.uuid}: {error.message}") from error
        weights: Mapping[str, int] = {}
        try:
            setup = Setup.from_parts(election, trustees, credentials)
            weights = setup.weights
            scan = Scan(0, election=election, trustees=trustees, credentials=credentials)
            archive = Archive(listed.file, scan=scan, setup=setup)
            check_prescribed(self._defined, listed, archive)
        except ProtocolError as error:
            self._report(Problem(error.code, f"{listed.file}: {error.message}"), step.index)
        except AuditError as error:
            for found in error.findings:
                self._report(Problem(found.code, f"{listed.file}: {found.message}"), step.index)
        self._follower.assign(step.chain, listed)
        self._boxes[step.chain.setup] = _Box(listed, election, weights, copy)
        return begin + copy.event([election, trustees, credentials, payload], step.data)

    def _find(self, digest: str) -> tuple[Listed, bytes]:
        """Which election a Setup is of: the one whose archive has its payload."""
        for listed in missing_elections(self._follower, self._listed):
            try:
                return listed, self._site.object(listed.uuid, digest)
            except MissingError:
                continue
        raise MissingError("no election's archive has the set-up that stands in the log")

    def _data(self, box: _Box, step: Step) -> list[bytes]:
        """The files that an event after the voting belongs to."""
        if step.event is None or step.event.payload is None:
            return []
        uuid = box.listed.uuid
        payload = self._site.object(uuid, step.event.payload)
        try:
            match step.event.type:
                case "EncryptedTally":
                    referred = SizedTally.parse(payload).encrypted_tally
                case "PartialDecryption":
                    referred = Owned.parse(payload).payload
                case _:
                    return [payload]
        except ProtocolError as error:
            self._report(Problem(error.code, f"{box.listed.file}: {error.message}"), step.index)
            return [payload]
        return [self._site.object(uuid, referred), payload]


def _is_ballot(step: Step) -> bool:
    return step.event is not None and step.event.type == "Ballot" and step.chain is not None


def _weights(credentials: bytes) -> Mapping[str, int]:
    """The list of credentials; empty if it is not well formed, which has been reported."""
    try:
        return parse_credentials(credentials)
    except ProtocolError:
        return {}
