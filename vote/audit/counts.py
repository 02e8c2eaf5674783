"""From the result of an archive to what the law of the assembly counts with."""

from __future__ import annotations

from collections.abc import Sequence

from vote.assembly.outcome import Count
from vote.assembly.papers import Paper

WHOLE_ASSEMBLY = "*"  # the one college of an assembly without shares
BLANK = "@blank"


def count_of(
    paper: Paper, *, enrolled: int, voters: int, weight: int, result: Sequence[Sequence[int]]
) -> Count:
    """`result`: for each question of the paper the sums in the archive's order.

    Where a question can be answered blank, the first sum is that of the blank ballots.
    `enrolled` and `voters` are members; `weight` is the voters' weights summed.
    """
    sums = {}
    for question, counted in zip(paper.questions, result, strict=True):
        answers = (BLANK, *question.answers) if question.blank else question.answers
        sums[question.id] = dict(zip(answers, counted, strict=True))
    return Count(enrolled=enrolled, voters=voters, weight_voting=weight, sums=sums)


def election_name(assembly: str, paper: Paper) -> str:
    """The `name` of a paper's election: it binds assembly, ballot paper and college together."""
    return "/".join(filter(None, [assembly, paper.ballot, paper.college]))
