"""A whole assembly from a folder to a bundle, through the same services as the real one.

Everything is real but the clock and the people: keys, codes and ballots are made here, used, and
thrown away. Whoever holds the returned secrets could read the ballots of the rehearsal.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

from vote.assembly.drawing import draw
from vote.assembly.votes import Cast, parse_votes
from vote.election import trustee as trustees
from vote.election.ballot import encrypt
from vote.election.credential import sign_in_token
from vote.election.setup import Setup
from vote.service import (
    box,
    bundle,
    casting,
    closing,
    contributing,
    opening,
    overview,
    prepare,
    trusting,
)
from vote.service import tally as tallying
from vote.service.folder import AssemblyFolder
from vote.service.house import House, Settings
from vote.service.window import voting_window
from vote.store import people
from vote.store.archive import elections, setup_parts

PUBLISH_EVERY = 50
Report = Callable[[str, int, int], None]


class Clock:
    """The rehearsal's own time: it stands wherever it is put."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Rehearsal:
    """How long each phase took, in seconds, and what was cast."""

    assembly: str
    seconds: dict[str, float] = field(default_factory=dict)
    ballots: int = 0

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start


def read_casts(folder: AssemblyFolder, votes: bytes) -> Sequence[Cast]:
    """What a votes.csv says. Raises DefinitionError with every fault."""
    return parse_votes(votes, folder.definition, folder.roll)


def draw_casts(folder: AssemblyFolder, turnout: float, seed: int) -> Sequence[Cast]:
    """Draw who votes and what; the same seed gives the same."""
    return draw(folder.definition, folder.roll, turnout, seed)


@dataclass(frozen=True, slots=True)
class Bureau:
    """The trustees' secrets: token and private key of each."""

    tokens: tuple[str, ...]
    private_keys: tuple[int, ...]


def rehearse(
    settings: Settings,
    folder: AssemblyFolder,
    casts: Sequence[Cast],
    place: bundle.Place,
    *,
    report: Report,
    workers: int,
) -> Rehearsal:
    """Play the assembly through and write its bundle to `place`.

    `casts` are the votes in the order in which they are cast: a member's later ballot on the same
    paper replaces the earlier one. Uses `workers` processes to vote.
    """
    clock = Clock(datetime.now(UTC))
    house = House(settings, clock)
    try:
        house.migrate()
        done = play(house, clock, folder, casts, report=report, workers=workers)
        with done.phase("bundle"):
            bundle.write(
                house, done.assembly, place, lambda part, total: report("bundle", part, total)
            )
        return done
    finally:
        house.close()


def play(
    house: House,
    clock: Clock,
    folder: AssemblyFolder,
    casts: Sequence[Cast],
    *,
    report: Report,
    workers: int,
    trustees: Sequence[str] = (),
) -> Rehearsal:
    """Play the assembly through, from the import to the decision, moving the house's `clock`.

    `trustees`: their names, as many as the assembly asks for; left out, they are numbered.
    """
    windows = {
        ballot.id: voting_window(folder.definition, ballot.id)
        for ballot in folder.definition.ballots
    }
    opens = {ballot: window.opens for ballot, window in windows.items()}
    clock.now = min(opens.values()) - timedelta(days=1)
    done = Rehearsal(prepare.import_assembly(house, folder, rehearsal=True))
    name = done.assembly
    with done.phase("prepare"):
        codes, bureau = set_up(house, name, report, trustees)
    with done.phase("vote"):
        done.ballots = vote(house, name, codes, casts, report=report, workers=workers, times=opens)
    clock.now = max(window.closes for window in windows.values())
    with done.phase("tally"):
        closing.close(house, name)
        tallying.advance(house, name, report)
        decrypt(house, name, bureau)
        tallying.advance(house, name, report)
    return done


def set_up(
    house: House, assembly: str, report: Report, trustees: Sequence[str] = ()
) -> tuple[dict[str, str], Bureau]:
    """Trustees, codes (member -> code) and opening, as a host and a bureau would."""
    bureau = gather_bureau(house, assembly, trustees)
    issued = prepare.issue_codes(house, assembly, lambda part, total: report("codes", part, total))
    opening.open_voting(house, assembly)
    return {each.member: each.code for each in issued}, bureau


def gather_bureau(house: House, assembly: str, names: Sequence[str] = ()) -> Bureau:
    """As many trustees as the assembly asks for, each with a key of their own."""
    with house.database.reading() as session:
        count = prepare.definition_of(prepare.get(session, assembly)).trustees.count
    numbered = [f"Trustee {number}" for number in range(1, count + 1)]
    links = prepare.invite_trustees(house, assembly, names or numbered)
    keys = tuple(trustees.generate_private_key() for _ in links)
    for link, key in zip(links, keys, strict=True):
        prepare.register_trustee_key(house, assembly, link.token, trustees.public_key_json(key))
    return Bureau(tuple(link.token for link in links), keys)


def decrypt(house: House, assembly: str, bureau: Bureau) -> None:
    """Every trustee decrypts every election, as their own computer would."""
    for token, key in zip(bureau.tokens, bureau.private_keys, strict=True):
        for task in trusting.desk(house, assembly, token).elections:
            if task.event_hash is None:
                continue
            with house.database.reading() as session:
                setup = Setup.from_parts(*setup_parts(session, task.uuid))
                encrypted, _, _ = tallying.encrypted_tally(session, task.uuid)
            part = contributing.decrypt(setup, encrypted, task.event_hash, key, lot_wanted=task.lot)
            tallying.accept(house, task.uuid, token, part.partial_decryption, part.lot_share)


@dataclass(frozen=True, slots=True)
class _Job:
    """One ballot to be cast: into which election, when, by whose code, saying what."""

    uuid: str
    now: datetime | None
    token: str
    code: str
    answers: tuple[tuple[int, ...], ...]


def vote(
    house: House,
    assembly: str,
    codes: Mapping[str, str],
    casts: Sequence[Cast],
    *,
    report: Report,
    workers: int,
    times: Mapping[str, datetime] | None = None,
) -> int:
    """Encrypt and cast the ballots on `workers` processes; how many were cast.

    `times` puts the clock of each ballot paper's voters; without it they vote now.
    """
    jobs = list(_jobs(house, assembly, codes, casts, times or {}))
    done = 0
    report("vote", 0, len(jobs))
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_start_worker, initargs=(house.settings,)
    ) as pool:
        for turn in _turns(jobs):
            for _ in pool.map(_cast, turn, chunksize=4):
                done += 1
                report("vote", done, len(jobs))
                if done % PUBLISH_EVERY == 0:
                    box.publish(house, assembly)
    box.publish(house, assembly)
    return done


def _jobs(
    house: House,
    assembly: str,
    codes: Mapping[str, str],
    casts: Sequence[Cast],
    times: Mapping[str, datetime],
) -> Iterator[_Job]:
    with house.database.reading() as session:
        colleges = {each.member: each.college for each in people.roll(session, assembly)}
        rows = elections(session, assembly)
    uuids = {(row.ballot, row.college): row.uuid for row in rows}
    for each in casts:
        college = colleges[each.member]
        code = codes[each.member]
        yield _Job(
            uuid=uuids.get((each.ballot, college)) or uuids[each.ballot, None],
            now=times.get(each.ballot),
            token=sign_in_token(assembly, code),
            code=code,
            answers=each.answers,
        )


def _turns(jobs: Iterable[_Job]) -> Iterator[list[_Job]]:
    """Nobody votes twice in one turn, so that a later ballot comes after the earlier one."""
    turns: list[list[_Job]] = []
    seen: Counter[tuple[str, str]] = Counter()
    for job in jobs:
        turn = seen[job.uuid, job.code]
        seen[job.uuid, job.code] += 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(job)
    yield from turns


class _Worker:
    """A process that votes: it has the house open, and each election's bytes once."""

    def __init__(self, settings: Settings) -> None:
        self.clock = Clock(datetime.now(UTC))
        self.house = House(settings, self.clock)
        self.elections: dict[str, bytes] = {}

    def cast(self, job: _Job) -> None:
        if job.uuid not in self.elections:
            self.elections[job.uuid] = overview.election_bytes(self.house, job.uuid)
        self.clock.now = job.now or datetime.now(UTC)
        data = encrypt(self.elections[job.uuid], job.code, job.answers)
        casting.store(self.house, job.uuid, job.token, data)


_worker: _Worker | None = None


def _start_worker(settings: Settings) -> None:
    global _worker  # noqa: PLW0603 -- one for each process of the pool, set when it starts
    _worker = _Worker(settings)


def _cast(job: _Job) -> None:
    if _worker is None:
        raise RuntimeError("the pool's process was not started with _start_worker")
    _worker.cast(job)
