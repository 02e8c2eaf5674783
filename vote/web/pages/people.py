"""Who takes part, and how much one member's vote weighs: figures for drawings and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from vote.service.law import Candidate, Definition, Power
from vote.service.turnout import PaperTurnout
from vote.web.pages import charts, wording
from vote.web.pages.figures import percent


@dataclass(frozen=True, slots=True)
class Weight:
    """One member's vote in a college: `times` as heavy as where a vote weighs least."""

    name: str
    share: Fraction
    members: int
    times: Fraction | None
    radius: float


@dataclass(frozen=True, slots=True)
class CollegeTurnout:
    """Turnout of a college, or of everybody."""

    id: str
    name: str
    enrolled: int
    voters: int

    @property
    def part(self) -> Fraction:
        return Fraction(self.voters, self.enrolled) if self.enrolled else Fraction(0)

    @property
    def percent(self) -> str:
        return percent(self.part, 1)

    @property
    def pieces(self) -> tuple[charts.Piece, ...]:
        return charts.bar(self.part)


@dataclass(frozen=True, slots=True)
class Participation:
    """Turnout on one ballot paper, in the order of the colleges, and its quorum if it has one."""

    ballot: str
    everybody: CollegeTurnout
    colleges: tuple[CollegeTurnout, ...]
    quorum: charts.Gauge | None


def weights(definition: Definition, powers: Sequence[Power]) -> tuple[Weight, ...]:
    """How heavy one vote is in each college; empty where every vote weighs the same."""
    each = {power.college: power.one_vote for power in powers if power.one_vote is not None}
    if not definition.has_shares or not each:
        return ()
    lightest, heaviest = min(each.values()), max(each.values())
    return tuple(
        Weight(
            wording.college_name(definition, power.college),
            power.share,
            power.members,
            each[power.college] / lightest if power.college in each else None,
            charts.radius(each[power.college], heaviest) if power.college in each else 0,
        )
        for power in powers
    )


def participation(definition: Definition, turnout: PaperTurnout) -> Participation:
    """A ballot paper's turnout with the colleges' names."""
    order = [college.id for college in definition.colleges] or list(turnout.colleges)
    colleges = tuple(
        CollegeTurnout(
            college,
            wording.college_name(definition, college),
            turnout.colleges[college].enrolled,
            turnout.colleges[college].voters,
        )
        for college in order
        if college in turnout.colleges
    )
    quorum = turnout.quorum
    return Participation(
        turnout.ballot,
        CollegeTurnout(
            "*", wording.college_name(definition, "*"), turnout.total.enrolled, turnout.total.voters
        ),
        colleges if len(colleges) > 1 else (),
        charts.Gauge(quorum.value, quorum.minimum, quorum.reached) if quorum else None,
    )


def drawn_order(
    candidates: Sequence[Candidate], definition_sha256: str, question: str
) -> list[Candidate]:
    """The candidates in the order that the booth shows them in: drawn once, by the definition.

    Sorted by SHA-256 over the definition's hash, the question and the candidate's id; the same in
    every language (static/booth/order.mjs).
    """

    def key(candidate: Candidate) -> str:
        return sha256(f"{definition_sha256}|{question}|{candidate.id}".encode()).hexdigest()

    return sorted(candidates, key=key)
