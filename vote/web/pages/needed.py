"""What it takes to reach a quorum, in voters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from vote.service.law import Definition, Quorum
from vote.web.pages.people import Participation


@dataclass(frozen=True, slots=True)
class Needed:
    """The voters that a ballot paper's quorum asks for.

    `voters` of the whole assembly, by heads; `colleges`: college to (voters, members) where each
    college's turnout counts for its share, if every college turns out alike.
    """

    ballot: str
    rule: Quorum
    voters: int | None
    colleges: Mapping[str, tuple[int, int]]


def needed(definition: Definition, papers: Sequence[Participation]) -> list[Needed]:
    """For every ballot paper that has a quorum."""
    found = []
    for paper in papers:
        rule = definition.quorum_of(paper.ballot)
        if rule is None:
            continue
        minimum = rule.minimum.value
        voters, colleges = None, {}
        if rule.base == "heads":
            voters = ceil(minimum * paper.everybody.enrolled)
        else:
            colleges = {
                each.name: (ceil(minimum * each.enrolled), each.enrolled) for each in paper.colleges
            }
        found.append(Needed(paper.ballot, rule, voters, colleges))
    return found
