"""One courier: brings one witness the checkpoints of one log, and its cosignatures back."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from enum import Enum
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from sqlalchemy.orm import Session

from vote.service.client import Answer, Client, UnreachableError
from vote.service.errors import UnavailableError
from vote.service.witnesses import Witness
from vote.store import log as log_store
from vote.store import witnesses as store
from vote.store.log import Published
from vote.tlog.errors import LogError
from vote.tlog.merkle import Hash, consistency_proof, reads
from vote.tlog.note import Note
from vote.tlog.witness import AddCheckpoint, accept_cosignatures, parse_latest_size

if TYPE_CHECKING:
    from vote.service.house import House

POLL: Final = 0.05  # seconds until it looks again for what another process may have done
IDLE: Final = 60.0  # seconds without work after which a courier goes
SLOWEST: Final = 5.0  # seconds between two attempts at a witness that does not answer
ENOUGH: Final = 20  # failures in a row after which it tries only when there is something new
_ANSWER: Final = 16 * 1024  # bytes
_ATTEMPTS: Final = (
    3  # requests for one cosignature: the witness' word on its size is believed twice
)
_SHOWN: Final = 200  # characters of a witness' own words

logger = logging.getLogger("vote.witnessing")


class WitnessError(Exception):
    """A witness that does not cosign; an English sentence."""


class _Step(Enum):
    DELIVERED = 1
    NOTHING_TO_DO = 2
    NOT_YET = 3


def next_target(
    *, newest: int, front: int, mine: int, reached: int, goal: int, patient: bool
) -> int | None:
    """Which checkpoint, by its size, a witness is to cosign next; None for the moment.

    A witness never goes back to a smaller tree, so that two who run ahead of each other would never
    cosign the same one. Hence: whoever is behind joins the largest tree that anybody cosigned
    (`front`) until `goal` witnesses have (`reached` so far); only then does somebody go on to the
    newest. Whoever is at the front waits for the others there, as long as it is `patient`.
    """
    if front > mine:
        return front if reached < goal else newest
    if newest == mine or (mine and reached < goal and patient):
        return None
    return newest


class Courier:
    """A thread that goes whenever it is woken, until it is stopped or `retire` lets it go."""

    def __init__(
        self,
        house: House,
        assembly: str,
        witness: Witness,
        brought: Callable[[str], None],
        retire: Callable[[Courier], bool],
    ) -> None:
        self.assembly = assembly
        self.witness = witness
        self.failing = False
        self._house = house
        self._brought = brought
        self._retire = retire
        self._held = 0  # what the witness holds as far as we know
        self._waiting_since: tuple[int, float] | None = None
        self._wake = Event()
        self._stop = Event()
        self._client = Client(witness.address, house.settings.witness_seconds)
        self._thread = Thread(
            target=self._run, name=f"courier-{assembly}-{witness.key.name}", daemon=True
        )
        self._thread.start()

    @property
    def woken(self) -> bool:
        return self._wake.is_set()

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()

    def join(self) -> None:
        self._thread.join(self._house.settings.witness_seconds + 1)

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            self._wake.clear()
            try:
                step = self._go()
            except Exception as error:  # whatever it is, this thread is not to end of it
                failures += 1
                self._fail(error)
                self._stop.wait(min(SLOWEST, 0.5 * 2 ** min(failures, 10)))
                if failures >= ENOUGH and self._may_go():
                    break
                continue
            if step is _Step.NOT_YET:
                self._wake.wait(POLL)
                continue
            failures = 0
            self._recover()
            if step is _Step.DELIVERED:
                self._brought(self.assembly)
            elif self._may_go():
                break
        self._client.close()

    def _may_go(self) -> bool:
        """Wait for work; whether none has come for so long that this thread may end."""
        return not self._wake.wait(IDLE) and self._retire(self)

    def _go(self) -> _Step:
        """One cosignature, if it is this process' turn and there is one to get."""
        place = f"witness-{self.assembly}-{self.witness.key.key_id.hex()}"
        with self._house.vault.try_locked(place) as free:
            if not free:
                return _Step.NOT_YET
            with self._house.database.reading() as session:
                found = self._target(session)
            if isinstance(found, _Step):
                return found
            line, cosigned = self._submit(found)
            with self._house.database.writing() as session:
                store.add_cosignature(
                    session, self.assembly, cosigned.size, self.witness.vkey, line
                )
            return _Step.DELIVERED

    def _target(self, session: Session) -> Published | _Step:
        newest = log_store.latest_checkpoint(session, self.assembly)
        if newest is None:
            return _Step.NOTHING_TO_DO
        everybody = [witness.vkey for witness in self._house.settings.witnesses]
        mine = store.last_cosigned(session, self.assembly, [self.witness.vkey])
        front = store.last_cosigned(session, self.assembly, everybody)
        self._held = max(self._held, mine)
        if newest.size == mine:
            return _Step.NOTHING_TO_DO
        size = next_target(
            newest=newest.size,
            front=front,
            mine=mine,
            reached=len(store.cosignatures(session, self.assembly, front).keys() & set(everybody)),
            goal=self._house.settings.witness_quorum,
            patient=self._is_patient(front),
        )
        if size is None:
            return _Step.NOT_YET
        target = newest if size == newest.size else None
        return target or store.checkpoint_of(session, self.assembly, size) or newest

    def _is_patient(self, front: int) -> bool:
        """Whether it has not yet waited at this tree for as long as a witness may take."""
        now = time.monotonic()
        if self._waiting_since is None or self._waiting_since[0] != front:
            self._waiting_since = (front, now)
        return now < self._waiting_since[1] + self._house.settings.witness_seconds

    def _submit(self, target: Published) -> tuple[str, Published]:
        """The witness' signature line, and the checkpoint that it is for."""
        for _ in range(_ATTEMPTS):
            if self._held > target.size:
                target = self._catch_up()
            path = self._proof(self._held, target.size)
            request = AddCheckpoint(self._held, path, target.note)
            answer = self._client.post("/add-checkpoint", request.encode(), _ANSWER)
            if answer.status == 200:
                line = self._line(target, answer)
                self._held = target.size
                return line, target
            if answer.status != 409:
                raise WitnessError(f"it answered {answer.status}: {_words(answer)}")
            self._held = parse_latest_size(answer.body)
        raise WitnessError("it says each time that it holds another tree")

    def _catch_up(self) -> Published:
        """The newest checkpoint, for a witness that has seen more than was asked of it.

        That happens when we were killed before its answer was stored.
        """
        with self._house.database.reading() as session:
            newest = log_store.latest_checkpoint(session, self.assembly)
        if newest is None or newest.size < self._held:
            held, self._held = self._held, 0
            raise WitnessError(
                f"it says that it has seen a log of {held} entries, which is more than we have. If"
                " this is true, the database was restored from an old backup"
            )
        return newest

    def _proof(self, old: int, new: int) -> tuple[Hash, ...]:
        with self._house.database.reading() as session:
            nodes = log_store.Nodes(session, self.assembly)
            nodes.load(reads(partial(consistency_proof, old, new)))
            return consistency_proof(old, new, nodes)

    def _line(self, target: Published, answer: Answer) -> str:
        key = self.witness.key
        note = Note.parse(accept_cosignatures(target.note, answer.body, [key]))
        [line] = [s for s in note.signatures if (s.name, s.key_id) == (key.name, key.key_id)]
        return line.encode()

    def _fail(self, error: Exception) -> None:
        if not self.failing:
            logger.warning(
                "witness %s does not cosign the log of %s: %s",
                self.witness.key.name,
                self.assembly,
                _reason(error),
            )
        self.failing = True

    def _recover(self) -> None:
        if self.failing:
            logger.warning(
                "witness %s cosigns the log of %s again", self.witness.key.name, self.assembly
            )
        self.failing = False


def _reason(error: Exception) -> str:
    match error:
        case WitnessError() | UnreachableError():
            return str(error)
        case LogError(message=message):
            return message
        case UnavailableError():
            return "our database cannot be reached"
    return f"our own fault ({type(error).__name__})"


def _words(answer: Answer) -> str:
    text = answer.body[:_SHOWN].decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()
