"""`outcome.json` joined with the definition, for the pages that show what was decided.

Nothing is computed again here: the decisions and fractions are those of the outcome.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from vote.assembly.definition import Definition
from vote.assembly.model import (
    Candidate,
    Consultation,
    Election,
    Majority,
    Position,
    Question,
    Quota,
    Resolution,
)
from vote.assembly.ratio import Ratio
from vote.web.languages import gettext as _
from vote.web.pages import charts, wording


@dataclass(frozen=True, slots=True)
class CollegeVotes:
    """A resolution's sums in one college (or all of them): `part` is the college's fraction."""

    name: str
    share: Fraction | None
    in_favour: int
    against: int
    abstained: int
    part: Fraction | None

    @property
    def total(self) -> int:
        return self.in_favour + self.against + self.abstained

    @property
    def pieces(self) -> tuple[charts.Piece, ...]:
        return charts.stack(
            {"for": self.in_favour, "against": self.against, "abstain": self.abstained}
        )


@dataclass(frozen=True, slots=True)
class ResolutionResult:
    """What became of a resolution. `decision`: adopted, rejected, or "no quorum"."""

    question: Resolution
    decision: str
    result: Fraction | None
    colleges: tuple[CollegeVotes, ...]
    everybody: CollegeVotes
    failed_in: tuple[str, ...]

    @property
    def threshold(self) -> Fraction:
        return self.question.majority.fraction.value

    @property
    def pieces(self) -> tuple[charts.Piece, ...]:
        return charts.bar(self.result or Fraction(0), "for")


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """What became of a candidate; `reason` says why somebody was passed over."""

    candidate: Candidate
    college: str
    votes: int
    score: Fraction
    rank: int
    elected: bool
    reason: str | None
    until: date | None
    pieces: tuple[charts.Piece, ...]


@dataclass(frozen=True, slots=True)
class ElectionResult:
    """An election: `elected` in the order of election, `candidates` in the order of rank."""

    question: Election
    elected: tuple[CandidateResult, ...]
    candidates: tuple[CandidateResult, ...]
    nonblank: int
    blank: int
    vacant: int
    ties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PositionResult:
    """One card of a consultation and how much of the assembly chose it."""

    position: Position
    votes: int
    part: Fraction
    pieces: tuple[charts.Piece, ...]


@dataclass(frozen=True, slots=True)
class ConsultationResult:
    question: Consultation
    positions: tuple[PositionResult, ...]


@dataclass(frozen=True, slots=True)
class ConsentResult:
    question: Question
    decision: str
    consent: int
    reservations: int
    objection: int
    blank: int

    @property
    def pieces(self) -> tuple[charts.Piece, ...]:
        return charts.stack(
            {"for": self.consent, "abstain": self.reservations, "against": self.objection}
        )


QuestionResult = ResolutionResult | ElectionResult | ConsultationResult | ConsentResult


@dataclass(frozen=True, slots=True)
class PaperResult:
    """Turnout on a ballot paper, as the outcome records it."""

    ballot: str
    enrolled: int
    voters: int
    quorum: charts.Gauge | None


@dataclass(frozen=True, slots=True)
class Results:
    papers: tuple[PaperResult, ...]
    questions: tuple[QuestionResult, ...]

    def of(self, question: str) -> QuestionResult:
        return next(each for each in self.questions if each.question.id == question)


def read(definition: Definition, outcome: bytes) -> Results:
    """The outcome of this definition, question by question in its order."""
    found = json.loads(outcome)
    return Results(
        papers=tuple(_paper(paper.id, found["ballots"][paper.id]) for paper in definition.ballots),
        questions=tuple(
            _question(definition, question, found["questions"][question.id])
            for question in definition.questions
        ),
    )


def _paper(ballot: str, found: Mapping[str, Any]) -> PaperResult:
    quorum = found["quorum"]
    return PaperResult(
        ballot,
        sum(found["enrolled"].values()),
        sum(found["voters"].values()),
        quorum
        and charts.Gauge(Fraction(quorum["value"]), Fraction(quorum["minimum"]), quorum["reached"]),
    )


def _question(
    definition: Definition, question: Question, found: Mapping[str, Any]
) -> QuestionResult:
    if isinstance(question, Resolution):
        return _resolution(definition, question, found)
    if isinstance(question, Election):
        return _election(definition, question, found)
    if isinstance(question, Consultation):
        return _consultation(question, found)
    return _consent(question, found)


def _resolution(
    definition: Definition, question: Resolution, found: Mapping[str, Any]
) -> ResolutionResult:
    colleges = tuple(
        _college_votes(definition, college, found["colleges"][college])
        for college in definition.shares
    )
    return ResolutionResult(
        question,
        found["decision"],
        _fraction(found["result"]),
        colleges if definition.has_shares else (),
        CollegeVotes(
            _("Whole assembly"),
            None,
            sum(each.in_favour for each in colleges),
            sum(each.against for each in colleges),
            sum(each.abstained for each in colleges),
            None,
        ),
        tuple(
            wording.college_name(definition, college) for college in found.get("failed_in") or ()
        ),
    )


def _college_votes(definition: Definition, college: str, votes: Mapping[str, Any]) -> CollegeVotes:
    return CollegeVotes(
        wording.college_name(definition, college),
        definition.shares.get(college) if definition.has_shares else None,
        votes["for"],
        votes["against"],
        votes["abstain"],
        _fraction(votes["share"]),
    )


def _election(
    definition: Definition, question: Election, found: Mapping[str, Any]
) -> ElectionResult:
    known = {candidate.id: candidate for candidate in question.candidates}
    best = max((Fraction(each["score"]) for each in found["candidates"]), default=Fraction(0))
    candidates = tuple(
        CandidateResult(
            candidate=known[each["id"]],
            college=wording.college_name(definition, known[each["id"]].college or ""),
            votes=sum(each["votes"].values()),
            score=Fraction(each["score"]),
            rank=each["rank"],
            elected=each["elected"],
            reason=_reason(definition, each["passed_over"]),
            until=date.fromisoformat(each["until"]) if "until" in each else None,
            pieces=charts.bar(
                Fraction(each["score"]) / best if best else Fraction(0),
                "for" if each["elected"] else "abstain",
            ),
        )
        for each in found["candidates"]
    )
    order = {each.candidate.id: each for each in candidates}
    return ElectionResult(
        question,
        elected=tuple(order[one] for one in found["elected"]),
        candidates=candidates,
        nonblank=sum(college["nonblank"] for college in found["colleges"].values()),
        blank=sum(college["blank"] for college in found["colleges"].values()),
        vacant=found["vacant"],
        ties=tuple(_tie(known, tie) for tie in found["ties"]),
    )


def _reason(definition: Definition, passed: Mapping[str, Any] | None) -> str | None:
    if passed is None:
        return None
    if "majority" in passed:
        return _(
            "Did not reach the majority: %(part)s of the votes.",
            part=wording.threshold(_majority(passed["majority"])),
        )
    limits = [_quota(passed), *(_quota(other) for other in passed.get("together_with") or ())]
    return _("Passed over for the quota: %(quotas)s.", quotas=wording.quotas(definition, limits))


def _quota(tree: Mapping[str, Any]) -> Quota:
    return Quota(tree["attribute"], tree["value"], tree.get("min"), tree.get("max"), tree["scope"])


def _majority(tree: Mapping[str, Any]) -> Majority:
    if "more_than" in tree:
        return Majority("more_than", Ratio(tree["more_than"]))
    return Majority("at_least", Ratio(tree["at_least"]))


def _tie(known: Mapping[str, Candidate], tie: Mapping[str, Any]) -> str:
    names = ", ".join(known[one].name for one in tie["candidates"])
    how = {
        "seniority": _("Equal scores, decided by the longest membership: %(names)s.", names=names),
        "age": _("Equal scores, decided by the greater age: %(names)s.", names=names),
        "lot": _("Equal scores, decided by drawing lots: %(names)s.", names=names),
    }
    return how[tie["decided_by"]]


def _consultation(question: Consultation, found: Mapping[str, Any]) -> ConsultationResult:
    known = {position.id: position for position in question.positions}
    return ConsultationResult(
        question,
        tuple(
            PositionResult(
                known[each["id"]],
                sum(each["votes"].values()),
                Fraction(each["part"]),
                charts.bar(Fraction(each["part"])),
            )
            for each in found["positions"]
        ),
    )


def _consent(question: Question, found: Mapping[str, Any]) -> ConsentResult:
    def total(answer: str) -> int:
        return sum(college.get(answer, 0) for college in found["colleges"].values())

    return ConsentResult(
        question,
        found["decision"],
        total("consent"),
        total("reservations"),
        total("objection"),
        total("blank"),
    )


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
