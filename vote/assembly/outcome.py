"""What was decided: from the definition and the counts to ``outcome.json``.

The whole computation is a function of three things that the audit bundle holds: the definition,
the sums of each box, and the seed of the lot. Exact throughout; nothing is rounded.

Decided where ``formats.md`` is silent: without a quorum ``quorum`` is null; ``result`` is null
when every college is silent; an integer is written as a fraction of denominator 1 is, "1" or
"0"; the candidates stand in the order of their rank.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import rfc8785

from vote.assembly.advisory import ConsentOutcome, ConsultationOutcome, consult, seek_consent
from vote.assembly.board import CandidateOutcome, ElectionOutcome, elect
from vote.assembly.count import Count, Counts, check_counts
from vote.assembly.definition import definition_sha256
from vote.assembly.majority import ResolutionOutcome, decide
from vote.assembly.model import BLANK, Consultation, Definition, Election, Question, Resolution
from vote.assembly.quorum import QuorumOutcome, measure
from vote.assembly.scores import Marked
from vote.assembly.seats import PassedOver
from vote.assembly.ties import Tie
from vote.assembly.tree import majority_tree, quota_tree

__all__ = [
    "BallotOutcome",
    "CandidateOutcome",
    "ConsentOutcome",
    "ConsultationOutcome",
    "Count",
    "ElectionOutcome",
    "Outcome",
    "ResolutionOutcome",
    "compute",
    "outcome_json",
]

QuestionOutcome = ResolutionOutcome | ElectionOutcome | ConsultationOutcome | ConsentOutcome
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class BallotOutcome:
    """Turnout on one ballot paper, by college; ``quorum`` is None if there is none."""

    enrolled: Mapping[str, int]
    voters: Mapping[str, int]
    quorum: QuorumOutcome | None

    @property
    def reached(self) -> bool:
        """Whether the paper can decide anything."""
        return self.quorum is None or self.quorum.reached


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that was decided, by ballot paper and by question."""

    assembly: str
    definition_sha256: str
    ballots: Mapping[str, BallotOutcome]
    questions: Mapping[str, QuestionOutcome]


def compute(
    definition: Definition, counts: Counts, lot_seeds: Mapping[str, bytes] | None = None
) -> Outcome:
    """Decide every question of an assembly.

    :param counts: for each ballot paper, by college ("*" without shares), what was counted
    :param lot_seeds: for each ballot paper the seed of its lot; looked at only where the chain
        for ties comes to the lot
    :raises DefinitionError: the counts contradict the definition or themselves ("count"), or a
        lot is needed and its seed is missing ("lot-seed-missing")
    """
    check_counts(definition, counts)
    ballots = {paper.id: _ballot(definition, paper.id, counts) for paper in definition.ballots}
    seeds = lot_seeds or {}
    questions = {
        question.id: _question(
            definition,
            question,
            counts[question.ballot],
            seeds.get(question.ballot),
            quorum_reached=ballots[question.ballot].reached,
        )
        for question in definition.questions
    }
    return Outcome(definition.assembly.id, definition_sha256(definition), ballots, questions)


def _ballot(definition: Definition, ballot: str, counts: Counts) -> BallotOutcome:
    boxes = counts[ballot]
    quorum = definition.quorum_of(ballot)
    return BallotOutcome(
        enrolled={college: boxes[college].enrolled for college in definition.shares},
        voters={college: boxes[college].voters for college in definition.shares},
        quorum=measure(quorum, boxes, definition.shares) if quorum else None,
    )


def _question(
    definition: Definition,
    question: Question,
    boxes: Mapping[str, Count],
    seed: bytes | None,
    *,
    quorum_reached: bool,
) -> QuestionOutcome:
    if isinstance(question, Election):
        return elect(definition, question, boxes, seed, quorum_reached=quorum_reached)
    if isinstance(question, Consultation):
        return consult(definition, question, boxes)
    if isinstance(question, Resolution):
        return decide(
            question,
            definition.rules(question),
            definition.shares,
            {college: box.sums[question.id] for college, box in boxes.items()},
            quorum_reached=quorum_reached,
        )
    return seek_consent(question, boxes, quorum_reached=quorum_reached)


def outcome_json(outcome: Outcome) -> bytes:
    """``outcome.json``: canonical JSON (RFC 8785).

    Added to ``formats.md``: on a resolution with a majority in each college, ``failed_in``; on
    an election ``colleges`` (``nonblank`` and ``blank`` ballots), ``vacant``, ``ties`` and,
    where they apply, ``lot_seed``, ``substitutes`` and a candidate's ``until``. ``passed_over``
    is null, or the quota as in the definition (``together_with``: the others without which it
    would not have), or ``{"majority": {…}}``.
    """
    return rfc8785.dumps(as_json(outcome))  # type: ignore[arg-type]


def as_json(outcome: Outcome) -> Json:
    """The same as plain values."""
    return {
        "format": 1,
        "assembly": outcome.assembly,
        "definition_sha256": outcome.definition_sha256,
        "ballots": {ballot: _ballot_json(found) for ballot, found in outcome.ballots.items()},
        "questions": {one: _question_json(found) for one, found in outcome.questions.items()},
    }


def _ballot_json(ballot: BallotOutcome) -> Json:
    quorum = ballot.quorum
    return {
        "enrolled": dict(ballot.enrolled),
        "voters": dict(ballot.voters),
        "quorum": quorum
        and {
            "base": quorum.base,
            "value": str(quorum.value),
            "minimum": str(quorum.minimum),
            "reached": quorum.reached,
        },
    }


def _question_json(found: QuestionOutcome) -> Json:
    if isinstance(found, ResolutionOutcome):
        return _resolution_json(found)
    if isinstance(found, ElectionOutcome):
        return _election_json(found)
    if isinstance(found, ConsentOutcome):
        return _consent_json(found)
    return _consultation_json(found)


def _resolution_json(found: ResolutionOutcome) -> Json:
    return {
        "type": "resolution",
        "decision": found.decision,
        "result": None if found.result is None else str(found.result),
        "colleges": {
            college: {
                "for": vote.in_favour,
                "against": vote.against,
                "abstain": vote.abstained,
                "share": None if vote.part is None else str(vote.part),
            }
            for college, vote in found.colleges.items()
        },
        **_if_any(failed_in=None if found.failed_in is None else list(found.failed_in)),
    }


def _election_json(found: ElectionOutcome) -> Json:
    substitutes = found.substitutes
    return {
        "type": "election",
        "elected": list(found.elected),
        "vacant": found.vacant,
        "candidates": [_candidate_json(candidate) for candidate in found.candidates],
        "colleges": _marked_json(found.colleges),
        "ties": [_tie_json(tie) for tie in found.ties],
        **_if_any(
            lot_seed=found.lot_seed,
            substitutes=None if substitutes is None else list(substitutes),
        ),
    }


def _candidate_json(candidate: CandidateOutcome) -> Json:
    return {
        "id": candidate.id,
        "votes": dict(candidate.votes),
        "score": str(candidate.score),
        "rank": candidate.rank,
        "elected": candidate.elected,
        "passed_over": _passed_json(candidate.passed_over),
        **_if_any(until=candidate.until and candidate.until.isoformat()),
    }


def _passed_json(passed: PassedOver | None) -> Json | None:
    if passed is None:
        return None
    if passed.majority is not None:
        return {"majority": majority_tree(passed.majority)}
    first, *others = [quota_tree(quota) for quota in passed.quotas]
    return {**first, **_if_any(together_with=others or None)}


def _tie_json(tie: Tie) -> Json:
    return {"candidates": list(tie.candidates), "decided_by": tie.decided_by}


def _marked_json(colleges: Mapping[str, Marked]) -> Json:
    return {
        college: {"nonblank": ballots.nonblank, "blank": ballots.blank}
        for college, ballots in colleges.items()
    }


def _consultation_json(found: ConsultationOutcome) -> Json:
    return {
        "type": "consultation",
        "positions": [
            {"id": one, "votes": dict(position.votes), "part": str(position.part)}
            for one, position in found.positions.items()
        ],
        "colleges": _marked_json(found.colleges),
    }


_BLANK_NAME: Final = {BLANK: "blank"}


def _consent_json(found: ConsentOutcome) -> Json:
    return {
        "type": "consent",
        "decision": found.decision,
        "colleges": {
            college: {_BLANK_NAME.get(answer, answer): n for answer, n in sums.items()}
            for college, sums in found.colleges.items()
        },
    }


def _if_any(**entries: object) -> Json:
    return {key: value for key, value in entries.items() if value is not None}
