"""Scores: of candidates, and of the positions of a consultation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from vote.assembly.colleges import carry_over
from vote.assembly.count import Count
from vote.assembly.model import BLANK, SilentCollege


@dataclass(frozen=True, slots=True)
class Marked:
    """One college's ballots on one question, by weight: those with a choice, and the blank."""

    nonblank: int
    blank: int


def marked(question: str, counts: Mapping[str, Count]) -> dict[str, Marked]:
    """The ballots on a question, by college."""
    blank = {college: count.sums[question][BLANK] for college, count in counts.items()}
    return {
        college: Marked(count.weight_voting - blank[college], blank[college])
        for college, count in counts.items()
    }


def fractions(
    question: str,
    answers: Iterable[str],
    counts: Mapping[str, Count],
    shares: Mapping[str, Fraction],
    silent_college: SilentCollege,
) -> dict[str, Fraction]:
    """For each answer, the sum over colleges of share x (votes / non-blank ballots).

    A college without a non-blank ballot adds 0 (keep), or is left out of the denominator
    (renormalise). Without shares ("*": 1) it is votes / non-blank ballots. If no college has a
    non-blank ballot, all are 0.
    """
    ballots = marked(question, counts)
    found = {}
    for answer in answers:
        parts = {
            college: Fraction(count.sums[question][answer], ballots[college].nonblank)
            if ballots[college].nonblank
            else None
            for college, count in counts.items()
        }
        found[answer] = carry_over(parts, shares, silent_college) or Fraction(0)
    return found


def votes(question: str, answer: str, counts: Mapping[str, Count]) -> dict[str, int]:
    """The votes of one answer by college, weights summed."""
    return {college: count.sums[question][answer] for college, count in counts.items()}
