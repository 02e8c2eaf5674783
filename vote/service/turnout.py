"""Who has voted so far, in numbers; never what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from vote.assembly import quorum
from vote.service.house import House
from vote.service.prepare import definition_of, get
from vote.store import people
from vote.store.people import Turnout


@dataclass(frozen=True, slots=True)
class PaperTurnout:
    """Turnout on one ballot paper, by the members' college, with its quorum if it has one."""

    ballot: str
    colleges: Mapping[str, Turnout]
    quorum: quorum.Reached | None

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
    return [_of_paper(definition, ballot.id, counted.get(ballot.id, {})) for ballot in definition.ballots]
