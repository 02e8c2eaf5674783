"""What was decided, joined with the definition, for the pages that show it.

Nothing is computed again here: the decisions and fractions are those of the outcome, as far as
they may be shown (`vote.assembly.disclosure`: where a college is small the host may have chosen to
show its figures merged with the others', or none at all).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from vote.service.law import (
    WHOLE,
    Candidate,
    Consultation,
    Definition,
    Election,
    Majority,
    Position,
    Question,
    Quota,
    Ratio,
    Resolution,
)
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
    """What became of a resolution. `decision`: adopted, rejected, or "no quorum".

    `detail`: shown, merged or withheld. `result` is exact where it is shown, rounded where it is
    merged, None where there is none or it is withheld; `silent`: nobody took a side.
    """

    question: Resolution
    decision: str
    detail: str
    result: Fraction | None
    silent: bool
    colleges: tuple[CollegeVotes, ...]
    everybody: CollegeVotes | None
    failed_in: tuple[str, ...]

    @property
    def threshold(self) -> Fraction:
        return self.question.majority.fraction.value

    @property
    def pieces(self) -> tuple[charts.Piece, ...]:
        return charts.bar(self.result or Fraction(0), "for")


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """What became of a candidate; `reason` says why somebody was passed over.

    Votes, score and rank are None where they are withheld; a merged score is rounded.
    """

    candidate: Candidate
    college: str
    votes: int | None
    score: Fraction | None
    rank: int | None
    elected: bool
    reason: str | None
    until: date | None
    pieces: tuple[charts.Piece, ...]


@dataclass(frozen=True, slots=True)
class ElectionResult:
    """An election: `elected` in the order of election, `candidates` in the order of rank."""

    question: Election
    detail: str
    elected: tuple[CandidateResult, ...]
    candidates: tuple[CandidateResult, ...]
    nonblank: int | None
    blank: int | None
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
    """How opinion is spread; no positions where the figures are withheld."""

    question: Consultation
    detail: str
    positions: tuple[PositionResult, ...]


@dataclass(frozen=True, slots=True)
class ConsentResult:
    """Consent sought: `answers` by consent, reservations, objection and blank, or withheld."""

    question: Question
    decision: str
    detail: str
    answers: Mapping[str, int] | None

    @property
    def pieces(self) -> tuple[charts.Piece, ...]:
        found = self.answers or {}
        return charts.stack(
            {
                "for": found.get("consent", 0),
                "abstain": found.get("reservations", 0),
                "against": found.get("objection", 0),
            }
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
    """Every ballot paper's turnout and every question's result, in the definition's order."""

    papers: tuple[PaperResult, ...]
    questions: tuple[QuestionResult, ...]


def read(definition: Definition, outcome: bytes, shown: Mapping[str, Mapping[str, Any]]) -> Results:
    """What pages may show of an outcome: `shown` has each question with its `detail`."""
    ballots = json.loads(outcome)["ballots"]
    return Results(
        papers=tuple(_paper(paper.id, ballots[paper.id]) for paper in definition.ballots),
        questions=tuple(
            _question(definition, question, shown[question.id]) for question in definition.questions
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
        for college in dict.fromkeys((*definition.shares, WHOLE))
        if college in found.get("colleges", {})
    )
    apart = definition.has_shares and found["detail"] == "shown"
    return ResolutionResult(
        question=question,
        decision=found["decision"],
        detail=found["detail"],
        result=_value(found, "result"),
        silent=any(key in found and found[key] is None for key in ("result", "percent")),
        colleges=colleges if apart else (),
        everybody=_together(colleges) if colleges else None,
        failed_in=tuple(
            wording.college_name(definition, college) for college in found.get("failed_in") or ()
        ),
    )


def _together(colleges: Sequence[CollegeVotes]) -> CollegeVotes:
    return CollegeVotes(
        name=_("Whole assembly"),
        share=None,
        in_favour=sum(each.in_favour for each in colleges),
        against=sum(each.against for each in colleges),
        abstained=sum(each.abstained for each in colleges),
        part=None,
    )


def _college_votes(definition: Definition, college: str, votes: Mapping[str, Any]) -> CollegeVotes:
    return CollegeVotes(
        name=wording.college_name(definition, college),
        share=definition.shares.get(college) if definition.has_shares else None,
        in_favour=votes["for"],
        against=votes["against"],
        abstained=votes["abstain"],
        part=_value(votes, "share"),
    )


def _election(
    definition: Definition, question: Election, found: Mapping[str, Any]
) -> ElectionResult:
    known = {candidate.id: candidate for candidate in question.candidates}
    scores = [_value(each, "score") or Fraction(0) for each in found["candidates"]]
    best = max(scores, default=Fraction(0))
    candidates = {
        each["id"]: _candidate(definition, known[each["id"]], each, best)
        for each in found["candidates"]
    }
    colleges = found.get("colleges")
    return ElectionResult(
        question=question,
        detail=found["detail"],
        elected=tuple(candidates[one] for one in found["elected"]),
        candidates=tuple(candidates.values()),
        nonblank=colleges and sum(college["nonblank"] for college in colleges.values()),
        blank=colleges and sum(college["blank"] for college in colleges.values()),
        vacant=found["vacant"],
        ties=tuple(_tie(known, tie) for tie in found.get("ties", ())),
    )


def _candidate(
    definition: Definition, candidate: Candidate, found: Mapping[str, Any], best: Fraction
) -> CandidateResult:
    score = _value(found, "score")
    colour = "for" if found["elected"] else "abstain"
    return CandidateResult(
        candidate=candidate,
        college=wording.college_name(definition, candidate.college or ""),
        votes=sum(found["votes"].values()) if "votes" in found else None,
        score=score,
        rank=found.get("rank"),
        elected=found["elected"],
        reason=_reason(definition, found["passed_over"]),
        until=date.fromisoformat(found["until"]) if "until" in found else None,
        pieces=charts.bar(score / best, colour) if score is not None and best else (),
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
        found["detail"],
        tuple(_position(known[each["id"]], each) for each in found.get("positions", ())),
    )


def _position(position: Position, found: Mapping[str, Any]) -> PositionResult:
    part = _value(found, "part") or Fraction(0)
    return PositionResult(position, sum(found["votes"].values()), part, charts.bar(part))


def _consent(question: Question, found: Mapping[str, Any]) -> ConsentResult:
    colleges = found.get("colleges")
    answers = None
    if colleges is not None:
        names = ("consent", "reservations", "objection", "blank")
        answers = {
            name: sum(college.get(name, 0) for college in colleges.values()) for name in names
        }
    return ConsentResult(question, found["decision"], found["detail"], answers)


def _value(found: Mapping[str, Any], exact: str) -> Fraction | None:
    """The exact fraction, or the rounded `percent` that stands in its place where it is merged."""
    if found.get(exact) is not None:
        return Fraction(found[exact])
    if found.get("percent") is not None:
        return Fraction(found["percent"]) / 100
    return None
