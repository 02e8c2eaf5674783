"""Small colleges: warnings before opening and at closing, and what is shown after the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vote.assembly import recount
from vote.assembly.count import Count
from vote.assembly.disclosure import Detail, Privacy, Treatment, detail_of, disclose, treatments
from vote.assembly.errors import Fault
from vote.assembly.outcome import compute
from vote.assembly.privacy import privacy_findings, privacy_warnings
from vote.service.house import House
from vote.service.prepare import definition_of, get
from vote.service.proceedings import read
from vote.store import people


@dataclass(frozen=True, slots=True)
class Advice:
    """What the host should know, what can be done about it, and what was chosen so far."""

    findings: tuple[Fault, ...]
    choices: tuple[Treatment, ...]
    chosen: Privacy


def before_opening(house: House, assembly: str) -> Advice:
    """From the roll: colleges so small that their sums may show how somebody voted."""
    with house.database.reading() as session:
        definition = definition_of(get(session, assembly))
        chosen = read(session, assembly).privacy
        roll = [people.as_listed(each) for each in people.roll(session, assembly)]
    findings = privacy_warnings(definition, roll, chosen.floor)
    return Advice(findings, treatments(definition), chosen)


def at_closing(house: House, assembly: str) -> Advice:
    """From the turnout: colleges of which few voted. Who was unanimous nobody knows yet."""
    with house.database.reading() as session:
        definition = definition_of(get(session, assembly))
        chosen = read(session, assembly).privacy
        turnout = people.turnout(session, assembly)
    counts = {
        paper.id: {
            college: _count(turnout.get(paper.id, {}), college) for college in definition.shares
        }
        for paper in definition.ballots
    }
    findings = privacy_findings(definition, counts, chosen.floor)
    return Advice(findings, treatments(definition), chosen)


def _count(turnout: Mapping[str, people.Turnout], college: str) -> Count:
    """Of one college; of everybody as "*"."""
    counted = [each for name, each in turnout.items() if college in ("*", name)]
    voters = sum(each.voters for each in counted)
    return Count(sum(each.enrolled for each in counted), voters, voters, {})


def details(house: House, assembly: str) -> Mapping[str, Detail]:
    """After the decision, for each ballot paper how much of its counts pages may show."""
    with house.database.reading() as session:
        row = get(session, assembly)
        definition = definition_of(row)
        chosen = read(session, assembly).privacy
    if row.outcome is None:
        return {paper.id: "shown" for paper in definition.ballots}
    return detail_of(definition, recount.counts_of(definition, row.outcome), chosen)


def shown_questions(house: House, assembly: str) -> Mapping[str, Mapping[str, object]]:
    """The questions of the outcome as far as pages may show them (`assembly.disclosure`)."""
    with house.database.reading() as session:
        row = get(session, assembly)
        definition = definition_of(row)
        chosen = read(session, assembly).privacy
    if row.outcome is None:
        return {}
    counts = recount.counts_of(definition, row.outcome)
    outcome = compute(definition, counts, recount.seeds_of(definition, row.outcome))
    return disclose(definition, counts, outcome, chosen)


def results_are_public(house: House, assembly: str) -> bool:
    """Whether decryptions and results may be published already now.

    Where the host chose to show less, nobody knows before the decision whether it will be needed:
    until then they are kept back.
    """
    with house.database.reading() as session:
        if read(session, assembly).privacy.treatment == "show":
            return True
        decided = get(session, assembly).outcome is not None
    return decided and is_public(house, assembly)


def is_public(house: House, assembly: str) -> bool:
    """Whether everything may be published; false where the host chose to show less.

    The bundle and, after the decision, the archives hold every sum: they are then for those who
    are entitled to them.
    """
    return all(detail == "shown" for detail in details(house, assembly).values())
