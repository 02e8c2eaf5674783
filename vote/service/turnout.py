"""Who has voted so far, in numbers; never what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from vote.assembly import quorum
from vote.assembly.count import Count
from vote.assembly.definition import Definition
from vote.assembly.quorum import QuorumOutcome
from vote.service.house import House
from vote.service.prepare import definition_of, get
from vote.store import people
from vote.store.models import Election, Record
from vote.store.people import Turnout


@dataclass(frozen=True, slots=True)
class PaperTurnout:
    """Turnout on one ballot paper, by the members' college, with its quorum if it has one."""

    ballot: str
    colleges: Mapping[str, Turnout]
    quorum: QuorumOutcome | None

    @property
    def total(self) -> Turnout:
        return Turnout(
            sum(each.enrolled for each in self.colleges.values()),
            sum(each.voters for each in self.colleges.values()),
        )


def turnout(house: House, assembly: str) -> list[PaperTurnout]:
    """Every ballot paper's turnout, in the order of the definition."""
    with house.database.reading() as session:
        definition = definition_of(get(session, assembly))
        counted = people.turnout(session, assembly)
    return [
        _of_paper(definition, ballot.id, counted.get(ballot.id, {}))
        for ballot in definition.ballots
    ]


def received(house: House, assembly: str) -> dict[str, int]:
    """How many ballots are in the box of each ballot paper, replaced ones too."""
    statement = (
        select(Election.ballot, func.count())
        .join(Record, (Record.election == Election.uuid) & (Record.event == "Ballot"))
        .where(Election.assembly == assembly)
        .group_by(Election.ballot)
    )
    with house.database.reading() as session:
        rows = session.execute(statement).all()
    return {row[0]: row[1] for row in rows}


def _of_paper(definition: Definition, ballot: str, counted: Mapping[str, Turnout]) -> PaperTurnout:
    colleges = {
        college.id: counted.get(college.id, Turnout(0, 0)) for college in definition.colleges
    } or dict(counted)
    rule = definition.quorum_of(ballot)
    if rule is None:
        return PaperTurnout(ballot, colleges, None)
    counts = {
        college: Count(each.enrolled, each.voters, each.voters, {})
        for college, each in colleges.items()
    }
    shares = {each.id: each.share.value for each in definition.colleges if each.share is not None}
    return PaperTurnout(ballot, colleges, quorum.measure(rule, counts, shares))
