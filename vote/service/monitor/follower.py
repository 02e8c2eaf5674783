"""Reading a log entry by entry: which election an event belongs to, and whether it may stand there.

The same rules as steps 14 and 15 of `vote.audit.verify`, as each entry comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from vote.audit.prescribed import Listed
from vote.election.archive import Event
from vote.election.errors import ProtocolError
from vote.election.fingerprint import hash_hex
from vote.tlog import entry as own_entries
from vote.tlog.entry import Closed, Definition, OwnEntry
from vote.tlog.errors import LogError


class Problem(NamedTuple):
    """Something that must not be: a stable code, and an English sentence."""

    code: str
    message: str


@dataclass(slots=True)
class Chain:
    """The events of one election so far. `setup`: the payload of the first. `listed`: which
    election it is, once that is known. `ballots`: the payloads seen."""

    setup: str
    listed: Listed | None = None
    height: int = 0
    ended: bool = False
    ballots: set[bytes] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Step:
    """One entry: one of the log's own, an event of a chain, or neither; and what is wrong.

    `number`: of the event in its chain, from 0.
    """

    index: int
    data: bytes
    own: OwnEntry | None = None
    event: Event | None = None
    chain: Chain | None = None
    number: int = 0
    problems: tuple[Problem, ...] = ()


class Follower:
    """Takes the entries of one assembly's log in their order."""

    def __init__(self, assembly: str) -> None:
        self.chains: dict[str, Chain] = {}
        self.closed: set[str] = set()
        self.outcome: int | None = None
        self._assembly = assembly
        self._ends: dict[str, Chain] = {}  # by the hash that the next event has to refer to

    def take(self, index: int, data: bytes) -> Step:
        """The next entry; what it says is taken for the rules on those that follow."""
        ended = self.outcome is not None
        step = self._take(index, data)
        misplaced = []
        if isinstance(step.own, Definition) != (index == 0):
            message = "the definition is the first entry, and no other"
            misplaced.append(Problem("definition-misplaced", message))
        if ended:
            misplaced.append(Problem("outcome-misplaced", "it comes after the outcome"))
        return replace(step, problems=(*misplaced, *step.problems)) if misplaced else step

    def _take(self, index: int, data: bytes) -> Step:
        try:
            if own_entries.is_own(data):
                own = own_entries.parse(data)
                return Step(index, data, own=own, problems=tuple(self._own(index, own)))
            event = Event.parse(data)
        except LogError as error:
            return Step(index, data, problems=(Problem(error.code, error.message),))
        except ProtocolError:
            problem = Problem("unknown-entry", "it is neither an event nor one of the log's own")
            return Step(index, data, problems=(problem,))
        chain = self._link(event, hash_hex(data))
        if chain is None:
            message = "the event does not follow the last one of any election"
            return Step(index, data, problems=(Problem("event-stray", message),))
        number = chain.height
        problems = tuple(self._event(chain, event))
        return Step(index, data, event=event, chain=chain, number=number, problems=problems)

    def is_ballot(self, data: bytes) -> bool:
        """Whether the next entry, if it is this one, is a ballot of an election that has begun."""
        try:
            event = Event.parse(data)
        except ProtocolError:
            return False
        return event.type == "Ballot" and event.parent in self._ends

    def assign(self, chain: Chain, listed: Listed) -> None:
        """Say which election a chain is of."""
        chain.listed = listed

    def assigned(self) -> set[str]:
        """The UUIDs of the elections whose chains are known."""
        return {chain.listed.uuid for chain in self.chains.values() if chain.listed}

    def _own(self, index: int, own: OwnEntry) -> Iterator[Problem]:
        match own:
            case Definition(assembly=assembly) | Closed(assembly=assembly):
                if assembly != self._assembly:
                    yield Problem("other-assembly", f'it speaks of another assembly, "{assembly}"')
        match own:
            case Closed(ballot=ballot):
                yield from self._close(ballot)
            case own_entries.Outcome():
                self.outcome = index

    def _close(self, ballot: str) -> Iterator[Problem]:
        if ballot in self.closed:
            yield Problem("closed-twice", f'the ballot paper "{ballot}" is closed a second time')
        chains = [c for c in self.chains.values() if c.listed and c.listed.paper.ballot == ballot]
        if not chains:
            yield Problem("other-assembly", f'the closing of an unknown ballot paper, "{ballot}"')
        if not all(chain.ended for chain in chains):
            yield Problem(
                "closed-early", f'"{ballot}" is closed while one of its elections goes on'
            )
        self.closed.add(ballot)

    def _link(self, event: Event, event_hash: str) -> Chain | None:
        if event.parent is None:
            setup = event.payload or ""
            if event.type != "Setup" or setup in self.chains:
                return None
            chain = self.chains[setup] = Chain(setup)
        else:
            found = self._ends.pop(event.parent, None)
            if found is None:
                return None
            chain = found
        self._ends[event_hash] = chain
        return chain

    def _event(self, chain: Chain, event: Event) -> Iterator[Problem]:
        if event.height != chain.height:
            yield Problem("event-height", f"the event says {event.height}, not {chain.height}")
        chain.height += 1
        ballot = chain.listed.paper.ballot if chain.listed else None
        match event.type:
            case "Setup":
                pass
            case "Ballot":
                if chain.ended or ballot in self.closed:
                    yield Problem("ballot-after-closing", f'a ballot after the end of "{ballot}"')
                payload = bytes.fromhex(event.payload or "")
                if payload in chain.ballots:
                    yield Problem("ballot-twice", "the same ballot was recorded before")
                chain.ballots.add(payload)
            case "EndBallots":
                chain.ended = True
            case _:
                if not chain.ended or ballot not in self.closed:
                    yield Problem("tally-before-closing", f'{event.type} before "{ballot}" closed')


def missing_elections(follower: Follower, listed: Sequence[Listed]) -> list[Listed]:
    """The elections whose chain has not begun, in their order."""
    known = follower.assigned()
    return [each for each in listed if each.uuid not in known]
