"""Watching: what is new is fetched, held against everything seen before, checked and kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from vote.audit.errors import AuditError
from vote.audit.prescribed import (
    DEFINITION_FILE,
    ELECTIONS_FILE,
    Defined,
    Listed,
    check_definition,
    check_elections,
)
from vote.audit.source import FolderSource
from vote.service import durable
from vote.service.errors import Unreadable
from vote.service.monitor.checking import Checking
from vote.service.monitor.follower import Problem
from vote.service.monitor.logcopy import KEY, AlteredError, LogCopy
from vote.service.monitor.pool import Pool
from vote.service.monitor.site import MissingError, SilentError, Site
from vote.service.monitor.state import Alarm, State
from vote.tlog import misbehaviour
from vote.tlog.checkpoint import Checkpoint, open_checkpoint
from vote.tlog.errors import LogError
from vote.tlog.misbehaviour import Misbehaviour
from vote.tlog.note import VerifierKey
from vote.tlog.tiles import Tile, tile_reader

AGAIN: Final = 2.0  # seconds until what cannot be is looked at once more, before it is an alarm
LOOKS: Final = 3
WITHHELD: Final = "withheld"
_CACHED: Final = 256


class Stage(Enum):
    """Where the assembly is, as far as the monitor has seen."""

    BEFORE = "not open yet"
    OPEN = "being watched"
    RESERVED = "ended, with results that are not for everybody"
    ENDED = "ended"


class ContradictionError(Exception):
    """The service contradicts what it showed before: there is nothing to follow any more.

    `code`, an English sentence, and the file that proves it to others if there is one.
    """

    def __init__(self, code: str, message: str, proof: bytes | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.proof = proof


@dataclass(frozen=True, slots=True)
class Standing:
    """What has been seen so far."""

    entries: int
    checked: int
    ballots: int
    alarms: Sequence[Alarm]


class Watch:
    """The watch over one assembly.

    `found` is told of each new alarm, `progress` how many entries are checked, of how many.
    """

    def __init__(
        self,
        site: Site,
        state: State,
        jobs: int,
        *,
        found: Callable[[Alarm], None],
        progress: Callable[[int, int], None] = lambda _done, _total: None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._site = site
        self._state = state
        self._pool = Pool(jobs)
        self._found = found
        self._progress = progress
        self._pause = pause
        self._log: LogCopy | None = None
        self._checking: Checking | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._checking is not None:
            self._checking.close()
        self._pool.rest()
        self._site.close()

    @property
    def standing(self) -> Standing:
        """What has been seen so far."""
        log, checking = self._log, self._checking
        return Standing(
            log.head.size if log else 0,
            checking.checked if checking else 0,
            checking.ballots if checking else 0,
            tuple(self._state.alarms),
        )

    @property
    def log(self) -> LogCopy:
        """The copy of the log, once there is one."""
        if self._log is None:
            raise RuntimeError("nothing has been seen of the log yet")
        return self._log

    @property
    def archives(self) -> Sequence[Path]:
        """The copies of the elections' archives, as far as they have been watched."""
        return sorted((self._state.watched / "elections").glob("*.bel"))

    def poll(self) -> Stage:
        """Look once. Raises SilentError; ContradictionError, which has become an alarm.

        Alarms that one can go on after are reported and do not raise.
        """
        try:
            stage = self._poll()
        except ContradictionError as error:
            self.alarm(error.code, str(error), proof=error.proof)
            raise
        finally:
            self._pool.rest()
        return stage

    def alarm(
        self, code: str, message: str, *, proof: bytes | None = None, lasting: bool = True
    ) -> None:
        """Raise an alarm, unless it was raised before."""
        alarm = self._state.alarm(code, message, proof=proof, lasting=lasting)
        if alarm is not None:
            self._found(alarm)

    def _poll(self) -> Stage:
        if self._log is None and not self._begin():
            return Stage.BEFORE
        self._follow()
        if self._checking is None:
            self._checking = self._begin_checking()
        self._advance(self._checking)
        if not self._checking.ended:
            return Stage.OPEN
        return Stage.RESERVED if self._checking.reserved else Stage.ENDED

    def _advance(self, checking: Checking) -> None:
        """Check what can be checked; what is not served holds up the checking, not the watch."""
        for look in range(1, LOOKS + 1):
            try:
                checking.advance()
            except MissingError as error:
                if look == LOOKS:
                    message = f"entry {checking.checked}: {error}"
                    self.alarm(WITHHELD, message, lasting=False)
                    return
                self._pause(AGAIN)
            else:
                self._state.forget(WITHHELD)
                return

    # --- beginning ------------------------------------------------------------------------

    def _begin(self) -> bool:
        """Get to know the log's key; False before opening."""
        if self._site.checkpoint() is None:
            if not self._site.exists():
                raise Unreadable(
                    "unknown-assembly",
                    "There is no assembly at {address}.",
                    {"address": self._site.address},
                )
            return False
        key = self._served_key()
        if self._state.key is None:
            self._state.keep_key(key.encode())
        elif key.encode() != self._state.key:
            raise ContradictionError(
                "another-key",
                f"the service shows another key for its ballot log: {key.encode()} instead of"
                f" {self._state.key}",
            )
        (self._state.watched / "log").mkdir(parents=True, exist_ok=True)
        durable.write(self._state.watched / KEY, key.line(), mode=0o644)
        self._log = LogCopy(self._state.watched, key)
        return True

    def _served_key(self) -> VerifierKey:
        try:
            return VerifierKey.from_line(self._site.key())
        except (LogError, MissingError) as error:
            raise ContradictionError(
                "no-key", f"the service does not show the key of its ballot log: {error}"
            ) from error

    def _begin_checking(self) -> Checking:
        papers = self._papers()

        def report(problem: Problem, index: int) -> None:
            self.alarm(problem.code, f"entry {index}: {problem.message}")

        return Checking(
            self._site,
            self._state,
            self.log,
            self._pool,
            papers=papers,
            report=report,
            progress=self._progress,
        )

    def _papers(self) -> tuple[Defined, Sequence[Listed]]:
        """The definition and the list of elections, fetched once."""
        folder = self._state.watched
        try:
            if not (folder / DEFINITION_FILE).exists():
                durable.write(folder / ELECTIONS_FILE, self._site.elections(), mode=0o644)
                durable.write(folder / DEFINITION_FILE, self._site.definition(), mode=0o644)
            source = FolderSource(folder)
            defined = check_definition(source)
            return defined, check_elections(source, defined.definition)
        except (AuditError, MissingError) as error:
            (folder / DEFINITION_FILE).unlink(missing_ok=True)
            raise ContradictionError(
                "definition-unusable", f"the definition of the assembly cannot be used: {error}"
            ) from error

    # --- following ------------------------------------------------------------------------

    def _follow(self) -> None:
        """Bring the copy of the log up to date, or find out why that cannot be."""
        for look in range(1, LOOKS + 1):
            note = self._checkpoint()
            try:
                self._follow_to(note, self._opened(note))
            except (AlteredError, LogError, MissingError) as error:
                # A cache in between may have shown something old: look again before crying out.
                if look == LOOKS:
                    raise self._contradiction(note, error) from error
                self._pause(AGAIN)
            else:
                return

    def _checkpoint(self) -> bytes:
        note = self._site.checkpoint()
        if note is None:
            raise SilentError("the service no longer shows the assembly's ballot log")
        return note

    def _opened(self, note: bytes) -> Checkpoint:
        return open_checkpoint(note, self.log.key)

    def _follow_to(self, note: bytes, head: Checkpoint) -> None:
        ours = self.log.head
        if head.size < ours.size:
            if self.log.root(head.size) == head.root:
                raise AlteredError(
                    "rolled-back",
                    f"the log has {head.size} entries and had {ours.size}: the last"
                    f" {ours.size - head.size} were removed",
                )
            raise AlteredError("forked", "an older and other log is shown")
        if head.size > ours.size:
            self.log.extend(note, head, self._site)
        elif head.root != ours.root:
            raise AlteredError("forked", "another log of the same size is shown")
        elif note != self.log.note:
            self.log.keep_note(note)

    def _contradiction(self, note: bytes, error: Exception) -> ContradictionError:
        """What to say, with a proof for others if the log's own signatures contradict each other.

        The note is kept in any case.
        """
        name = f"checkpoint-{sha256(note).hexdigest()[:12]}"
        self._state.keep_evidence(name, note)
        if self.log.note is not None:
            self._state.keep_evidence("checkpoint-before", self.log.note)
        with suppress(LogError, MissingError):
            proof = self._proof(note)
            finding = proof.verify(self.log.key)
            return ContradictionError(
                finding.code, finding.message, misbehaviour.encode(proof, self.log.key)
            )
        match error:
            case AlteredError(code=code) | LogError(code=code):
                pass
            case _:
                code = "not-served"
        return ContradictionError(code, f"the ballot log cannot be followed any more: {error}")

    def _proof(self, note: bytes) -> Misbehaviour:
        """Raises LogError if there is none."""
        head, ours = self._opened(note), self.log.note
        if ours is None:
            raise LogError("no-contradiction", "nothing was seen before")
        if head.size <= self.log.head.size:
            return misbehaviour.from_checkpoints(ours, note, self.log.key, self.log.node)

        @lru_cache(_CACHED)
        def read(tile: Tile) -> bytes:
            return self._site.tile(tile)

        return misbehaviour.from_checkpoints(ours, note, self.log.key, tile_reader(head.size, read))
