"""A resolution: each college's fraction, what carries over, and the decision.

Decided where ``formats.md`` is silent, for a majority that is also asked for in each college
(double majority): the fraction of a college is the one that its own row shows; a silent college
follows the rule for silent colleges, as its share does: with ``keep`` it has not approved, and
the resolution fails; with ``renormalise`` it is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from vote.assembly.colleges import carry_over, part_for
from vote.assembly.model import (
    ABSTAIN,
    AGAINST,
    FOR,
    Majority,
    Resolution,
    Rules,
    SilentCollege,
)

Decision = Literal["adopted", "rejected", "no quorum"]


@dataclass(frozen=True, slots=True)
class CollegeVote:
    """What one college said: weights for, against, abstained; ``part`` None when silent."""

    in_favour: int
    against: int
    abstained: int
    part: Fraction | None


@dataclass(frozen=True, slots=True)
class ResolutionOutcome:
    """``result`` is None when every college is silent.

    ``failed_in`` lists the colleges without their own majority, where one is asked for in each
    college (otherwise None).
    """

    decision: Decision
    result: Fraction | None
    colleges: Mapping[str, CollegeVote]
    failed_in: tuple[str, ...] | None = None


def decide(
    question: Resolution,
    rules: Rules,
    shares: Mapping[str, Fraction],
    sums: Mapping[str, Mapping[str, int]],
    *,
    quorum_reached: bool,
) -> ResolutionOutcome:
    """Decide a resolution.

    :param shares: of each college ("*": 1 without shares)
    :param sums: of each college, the weights behind "for", "against" and "abstain"
    """
    colleges = {college: _college(sums[college], rules) for college in shares}
    parts = {college: vote.part for college, vote in colleges.items()}
    result = carry_over(_carried(question, rules, parts), shares, rules.silent_college)
    failed = _failed(question.majority.inner, parts, rules.silent_college)
    adopted = result is not None and question.majority.passes(result) and not failed
    decision: Decision = "adopted" if adopted else "rejected"
    return ResolutionOutcome(
        decision=decision if quorum_reached else "no quorum",
        result=result,
        colleges=colleges,
        failed_in=failed if question.majority.inner else None,
    )


def _college(sums: Mapping[str, int], rules: Rules) -> CollegeVote:
    in_favour, against, abstained = sums[FOR], sums[AGAINST], sums[ABSTAIN]
    part = part_for(in_favour, against, abstained, rules.abstentions)
    return CollegeVote(in_favour, against, abstained, part)


def _carried(
    question: Resolution, rules: Rules, parts: Mapping[str, Fraction | None]
) -> Mapping[str, Fraction | None]:
    """What each college brings: its fraction, or as a bloc all of its share or none."""
    if rules.carry == "proportional":
        return parts
    test = rules.bloc_majority or question.majority
    return {
        college: None if part is None else Fraction(test.passes(part))
        for college, part in parts.items()
    }


def _failed(
    inner: Majority | None, parts: Mapping[str, Fraction | None], silent_college: SilentCollege
) -> tuple[str, ...]:
    if inner is None:
        return ()
    return tuple(
        college
        for college, part in parts.items()
        if (silent_college == "keep" if part is None else not inner.passes(part))
    )
