"""What was decided, and what other rules would have given, side by side for commands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from vote.assembly.advisory import ConsentOutcome, ConsultationOutcome
from vote.assembly.disclosure import percent
from vote.assembly.model import BLANK, Definition, Election
from vote.assembly.outcome import ElectionOutcome, Outcome, as_json
from vote.service.counting import Counted
from vote.service.what_if import QuestionOutcome, WhatIf

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Said:
    """A decision in a few words, and the figure that it hangs on ("66.16% (1128/1705)")."""

    decision: str
    figure: str


@dataclass(frozen=True, slots=True)
class Line:
    """A question or the quorum of a ballot paper (`kind`): what was decided, what would have been.

    `other` is None where nothing else was tried; `differs`: the decision would be another one.
    """

    kind: str
    name: str
    title: str
    actual: Said
    other: Said | None
    differs: bool


def lines(counted: Counted, found: WhatIf | None = None) -> Iterator[Line]:
    """The quorums, then the questions."""
    definition = counted.definition
    language = definition.assembly.languages[0]
    for ballot in definition.ballots:
        quorum = _quorum(counted.outcome, ballot.id)
        other = _quorum(found.outcome, ballot.id) if found else None
        if quorum.figure or (other and other.figure):
            differs = other is not None and quorum.decision != other.decision
            yield Line("quorum", ballot.id, "", quorum, other, differs)
    others = {each.question: each for each in found.questions} if found else {}
    for question in definition.questions:
        actual = _said(definition, question.id, counted.outcome.questions[question.id])
        compared = others.get(question.id)
        yield Line(
            "question",
            question.id,
            question.title[language],
            actual,
            _said(definition, question.id, compared.other) if compared else None,
            compared is not None and compared.differs,
        )


def to_json(counted: Counted, found: WhatIf | None = None) -> dict[str, object]:
    """The same for machines: `outcome` as in `outcome.json`; `what_if` is not the result."""
    tried = found and {
        "not_the_result": True,
        "settings": dict(found.settings),
        "outcome": as_json(found.outcome),
        "questions_that_differ": [each.question for each in found.questions if each.differs],
        "quorums_that_differ": list(found.quorums),
    }
    return {"format": FORMAT, "outcome": as_json(counted.outcome), "what_if": tried}


def _quorum(outcome: Outcome, ballot: str) -> Said:
    quorum = outcome.ballots[ballot].quorum
    if quorum is None:
        return Said("none required", "")
    figure = f"{exact_percent(quorum.value)} by {quorum.base}, {quorum.minimum} needed"
    return Said("reached" if quorum.reached else "not reached", figure)


def _said(definition: Definition, question: str, found: QuestionOutcome) -> Said:
    if isinstance(found, ElectionOutcome):
        asked = definition.question(question)
        people = asked.candidates if isinstance(asked, Election) else ()
        names = {candidate.id: candidate.name for candidate in people}
        elected = ", ".join(names.get(one, one) for one in found.elected) or "nobody"
        return Said(f"elected: {elected}", f"{found.vacant} vacant" if found.vacant else "")
    if isinstance(found, ConsultationOutcome):
        parts = (f"{one} {exact_percent(each.part)}" for one, each in found.positions.items())
        return Said("advice", ", ".join(parts))
    if isinstance(found, ConsentOutcome):
        sums: dict[str, int] = {}
        for college in found.colleges.values():
            for answer, votes in college.items():
                sums[answer] = sums.get(answer, 0) + votes
        told = (f"{votes} {'blank' if one == BLANK else one}" for one, votes in sums.items())
        return Said(found.decision, ", ".join(told))
    return Said(found.decision, "" if found.result is None else exact_percent(found.result))


def exact_percent(value: Fraction) -> str:
    """A fraction in per cent, rounded half up to two decimals, and as it is: "66.16% (…)"."""
    return f"{percent(value)}% ({value})"
