"""From ``outcome.json`` back to the counts that it was computed from.

The outcome names every sum. So another rule can be tried on a bundle without its archives; that
the sums are those of the ballots is for the verifier to say.
"""

import json
from collections.abc import Mapping
from typing import Any

from vote.assembly.count import Count, Counts
from vote.assembly.errors import refuse
from vote.assembly.model import BLANK, Definition, Election, Question, Resolution
from vote.assembly.outcome import compute, outcome_json

Json = Mapping[str, Any]
FILE = "outcome.json"


def counts_of(definition: Definition, data: bytes) -> Counts:
    """The counts in an ``outcome.json`` of this definition.

    :raises DefinitionError: ("outcome-not-readable") it is not one
    """
    try:
        found = json.loads(data)
        return {
            paper.id: {
                college: _count(definition, paper.id, college, found)
                for college in definition.shares
            }
            for paper in definition.ballots
        }
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        message = "the file is not the outcome of this assembly."
        raise refuse("outcome-not-readable", FILE, message) from error


def check(definition: Definition, data: bytes) -> Counts:
    """As `counts_of`; and the outcome must be, byte for byte, what the rules make of them.

    :raises DefinitionError: also "outcome-differs", and what the counts are refused for
    """
    counts = counts_of(definition, data)
    if outcome_json(compute(definition, counts, seeds_of(definition, data))) != data:
        message = "the outcome is not what the rules of the assembly make of its own counts."
        raise refuse("outcome-differs", FILE, message)
    return counts


def seeds_of(definition: Definition, data: bytes) -> dict[str, bytes]:
    """The seeds that the outcome names, by ballot paper: of those on which a lot decided.

    :raises DefinitionError: ("outcome-not-readable") it is not one
    """
    try:
        questions = json.loads(data)["questions"]
        return {
            question.ballot: bytes.fromhex(questions[question.id]["lot_seed"])
            for question in definition.questions
            if isinstance(question, Election) and "lot_seed" in questions[question.id]
        }
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        message = "the file is not the outcome of this assembly."
        raise refuse("outcome-not-readable", FILE, message) from error


def _count(definition: Definition, ballot: str, college: str, found: Json) -> Count:
    turnout = found["ballots"][ballot]
    questions = definition.questions_of(ballot)
    sums = {one.id: _sums(one, college, found["questions"][one.id]) for one in questions}
    voters = _whole(turnout["voters"][college])
    weights = [_weight(one, college, found["questions"][one.id], sums[one.id]) for one in questions]
    return Count(
        enrolled=_whole(turnout["enrolled"][college]),
        voters=voters,
        weight_voting=weights[0] if weights else voters,
        sums=sums,
    )


def _sums(question: Question, college: str, found: Json) -> dict[str, int]:
    if isinstance(question, Resolution):
        votes = found["colleges"][college]
        return {answer: _whole(votes[answer]) for answer in ("for", "against", "abstain")}
    if "blank" in found["colleges"][college] and "consent" in found["colleges"][college]:
        votes = found["colleges"][college]
        return {BLANK if key == "blank" else key: _whole(n) for key, n in votes.items()}
    listed = found["candidates"] if isinstance(question, Election) else found["positions"]
    sums = {one["id"]: _whole(one["votes"][college]) for one in listed}
    return sums | {BLANK: _whole(found["colleges"][college]["blank"])}


def _weight(question: Question, college: str, found: Json, sums: Mapping[str, int]) -> int:
    """The weights of a college's voters, summed: each is behind one answer, or not blank."""
    marked = found["colleges"][college]
    if "nonblank" in marked:
        return _whole(marked["nonblank"]) + sums[BLANK]
    return sum(sums.values())


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError("a whole number was expected")
    return value
