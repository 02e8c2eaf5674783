"""Step 15: the order of things in the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from vote.audit.errors import Finding, refuse_if
from vote.audit.log import Chain, Contents, Item
from vote.tlog.entry import Closed, Definition, Lot, Outcome


@dataclass(slots=True)
class Paper:
    """A ballot paper while the log is read: its elections, and which of them have ended."""

    elections: set[str]
    ended: set[str] = field(default_factory=set)
    closed: bool = False


def check_order(contents: Contents, assembly: str, papers: Mapping[str, Sequence[str]]) -> int:
    """The definition comes first, no ballot after closing, the outcome last, nothing unknown.

    `papers`: for each ballot paper, the Setup payloads of its elections. How many entries there
    are.
    """
    walk = _Walk(
        contents,
        assembly,
        {ballot: Paper(set(setups)) for ballot, setups in papers.items()},
        {setup: ballot for ballot, setups in papers.items() for setup in setups},
    )
    refuse_if(sorted([*contents.strays, *walk.findings()], key=lambda finding: finding.file or ""))
    return contents.size


@dataclass(frozen=True, slots=True)
class _Walk:
    contents: Contents
    assembly: str
    papers: dict[str, Paper]
    paper_of: dict[str, str]

    def findings(self) -> Iterator[Finding]:
        """Read the log from its first entry to its last."""
        for item in self.contents.items:
            for code, message in self._step(item):
                yield self.contents.finding(item.number, code, message)
        own = [entry for _, entry in self.contents.own()]
        if not any(isinstance(entry, Definition) for entry in own):
            yield Finding("definition-missing", "the log has no definition entry")
        if not any(isinstance(entry, Outcome) for entry in own):
            yield Finding("outcome-missing", "the log has no outcome entry")
        for ballot, paper in self.papers.items():
            if not paper.closed:
                yield Finding("never-closed", f'the ballot paper "{ballot}" was never closed')

    def _step(self, item: Item) -> Iterator[tuple[str, str]]:
        if item.chain is not None:
            yield from self._event(item.chain, item)
            return
        match item.own:
            case Definition(assembly=assembly):
                if item.number != 0:
                    yield "definition-misplaced", "the definition is the first entry of a log"
                if assembly != self.assembly:
                    yield "other-assembly", f'the definition of another assembly, "{assembly}"'
            case Closed(assembly=assembly, ballot=ballot):
                yield from self._close(assembly, ballot)
            case Outcome():
                if item.number != self.contents.size - 1:
                    yield "outcome-misplaced", "the outcome is the last entry of a log"
            case Lot():
                pass  # step 16

    def _event(self, chain: Chain, item: Item) -> Iterator[tuple[str, str]]:
        ballot = self.paper_of.get(chain.setup)
        if ballot is None:
            yield "other-election", "an event of an election that the bundle does not have"
            return
        paper = self.papers[ballot]
        if item.event == "Ballot" and (paper.closed or paper.ended):
            yield "ballot-after-closing", f'a ballot after the closing of "{ballot}"'
        if item.event == "EndBallots":
            paper.ended.add(chain.setup)
        if item.event in ("EncryptedTally", "PartialDecryption", "Result") and not paper.closed:
            yield "tally-before-closing", f'{item.event} before the closing of "{ballot}"'

    def _close(self, assembly: str, ballot: str) -> Iterator[tuple[str, str]]:
        paper = self.papers.get(ballot)
        if assembly != self.assembly or paper is None:
            yield "other-assembly", f'the closing of an unknown ballot paper, "{ballot}"'
            return
        if paper.closed:
            yield "closed-twice", f'a second closing of "{ballot}"'
        if paper.ended != paper.elections:
            yield "closed-early", f'"{ballot}" is closed while one of its elections goes on'
        paper.closed = True
