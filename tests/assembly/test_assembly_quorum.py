"""Quorums computed by hand: by heads, by colleges, a paper's own."""

from fractions import Fraction
from typing import Any

import pytest

from tests.assembly.builders import assembly, resolution, voted
from vote.assembly.count import Count
from vote.assembly.majority import ResolutionOutcome
from vote.assembly.outcome import compute
from vote.assembly.quorum import by_colleges


def test_weights_count_in_the_result_and_heads_in_the_quorum() -> None:
    """Three members voted out of ten: weights 5 for, 2 + 1 against: 5/8. By heads 3/10 < 1/2."""
    count = Count(10, 3, 8, {"motion": {"for": 5, "against": 3, "abstain": 0}})
    definition = assembly([resolution()], quorum={"minimum": "1/2", "base": "heads"})
    outcome = compute(definition, {"main": {"*": count}})
    found = outcome.questions["motion"]
    assert isinstance(found, ResolutionOutcome)
    assert (found.result, found.decision) == (Fraction(5, 8), "no quorum")
    quorum = outcome.ballots["main"].quorum
    assert quorum is not None
    assert quorum.value == Fraction(3, 10)


@pytest.mark.parametrize(
    ("voters", "reached"),
    [(19, False), (20, True), (21, True)],  # of 100: a minimum of 1/5 is reached at 20
)
def test_a_quorum_is_reached_from_its_minimum_on(voters: int, reached: bool) -> None:
    count = Count(100, voters, voters, {"motion": {"for": voters, "against": 0, "abstain": 0}})
    definition = assembly([resolution()], quorum={"minimum": "1/5", "base": "heads"})
    assert compute(definition, {"main": {"*": count}}).ballots["main"].reached is reached


def test_a_paper_may_have_a_quorum_of_its_own_or_none() -> None:
    """One voter of ten: 1/10 misses the assembly's 1/5, meets 1/10, and "none" asks nothing."""
    papers: list[dict[str, Any]] = [
        {"id": "main"},
        {"id": "low", "quorum": {"minimum": "1/10", "base": "heads"}},
        {"id": "free", "quorum": "none"},
    ]
    questions = [resolution(f"on-{paper['id']}", ballot=paper["id"]) for paper in papers]
    definition = assembly(questions, ballots=papers, quorum={"minimum": "1/5", "base": "heads"})
    boxes = {
        paper["id"]: {
            "*": Count(10, 1, 1, {f"on-{paper['id']}": {"for": 1, "against": 0, "abstain": 0}})
        }
        for paper in papers
    }
    questions_decided = compute(definition, boxes).questions
    decisions = {
        one: found.decision
        for one, found in questions_decided.items()
        if isinstance(found, ResolutionOutcome)
    }
    assert decisions == {
        "on-main": "no quorum",
        "on-low": "adopted",
        "on-free": "adopted",
    }


def test_an_empty_college_adds_nothing_to_a_quorum_by_colleges() -> None:
    """Everybody of a, nobody in b: 1/2 x 1 + 1/2 x 0 = 1/2."""
    boxes = {"a": voted(3, 0, 0), "b": voted(0, 0, 0)}
    assert by_colleges(boxes, {"a": Fraction(1, 2), "b": Fraction(1, 2)}) == Fraction(1, 2)
