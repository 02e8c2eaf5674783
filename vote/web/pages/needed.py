"""What it takes to reach a quorum, in voters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vote.service.law import WHOLE, Definition, Quorum, quorum_need_of
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
        people = {WHOLE: paper.everybody.enrolled}
        if definition.has_shares:
            people = {each.id: each.enrolled for each in paper.colleges}
        rule = definition.quorum_of(paper.ballot)
        need = quorum_need_of(definition, people, paper.ballot)
        if rule is None or need is None:
            continue
        colleges = {
            each.name: (need.evenly[each.id], each.enrolled)
            for each in paper.colleges
            if each.id in need.evenly
        }
        found.append(Needed(paper.ballot, rule, need.evenly.get(WHOLE), colleges))
    return found
