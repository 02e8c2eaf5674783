"""What if: what other rules would have made of the same votes. Never the result.

A host who chooses rules sees where they differ; an auditor sees what a decision hangs on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vote.assembly.advisory import ConsentOutcome, ConsultationOutcome
from vote.assembly.count import Count
from vote.assembly.definition import Definition, with_settings
from vote.assembly.errors import DefinitionError
from vote.assembly.model import WHOLE
from vote.assembly.outcome import (
    ElectionOutcome,
    Outcome,
    ResolutionOutcome,
    compute,
    outcome_json,
)
from vote.service import counting
from vote.service.counting import Counted
from vote.service.errors import Refusal
from vote.service.house import House
from vote.service.prepare import definition_of, get
from vote.service.rule_choices import Choice, choices

Settings = Mapping[str, str | None]
QuestionOutcome = ResolutionOutcome | ElectionOutcome | ConsultationOutcome | ConsentOutcome


@dataclass(frozen=True, slots=True)
class Compared:
    """A question under the rules in force and under others.

    `differs`: the decision itself does (what is adopted, who is elected), not only figures.
    """

    question: str
    actual: QuestionOutcome
    other: QuestionOutcome

    @property
    def differs(self) -> bool:
        return _decision(self.actual) != _decision(self.other)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What other rules would have given: NOT the result.

    `quorums`: the ballot papers whose quorum is reached under one set of rules and not under the
    other.
    """

    settings: Settings
    definition: Definition
    outcome: Outcome
    questions: tuple[Compared, ...]
    quorums: tuple[str, ...]

    @property
    def outcome_json(self) -> bytes:
        """As `outcome.json`, for the pages that read one together with `definition`."""
        return outcome_json(self.outcome)

    @property
    def differs(self) -> bool:
        """Whether any decision would have been another one."""
        return bool(self.quorums) or any(each.differs for each in self.questions)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One choice of rules that the host had, and what it would have given.

    `found` is None where it cannot be said: `problem` says why, in English.
    """

    choice: Choice
    found: WhatIf | None
    problem: str = ""


def of_assembly(house: House, assembly: str) -> Counted:
    """The votes of a decided assembly, or of a rehearsal. Raises Refusal before the decision."""
    with house.database.reading() as session:
        row = get(session, assembly)
        if row.outcome is None:
            raise Refusal(
                "not-decided",
                "What other rules would give can be seen once the assembly has been decided. To "
                "compare rules before, rehearse the assembly.",
                status=409,
            )
        return counting.count(session, definition_of(row))


def try_rules(counted: Counted, settings: Settings) -> WhatIf:
    """Count the same votes by other rules.

    :param settings: paths and values as `assembly.definition.with_settings` takes them; None (or
        "") takes a rule away. Without any college's share, the whole assembly is counted as one
    :raises Refusal: no such rule, rules that cannot stand, or rules that would have needed another
        vote (other questions, another count by colleges, lots that were not drawn)
    """
    try:
        return _count_again(counted, settings)
    except DefinitionError as error:
        reasons = " ".join(fault.message for fault in error.faults)
        raise Refusal(
            "rules-cannot-be-tried",
            "These rules cannot be tried on this vote: {reasons}",
            {"reasons": reasons},
        ) from error


def _count_again(counted: Counted, settings: Settings) -> WhatIf:
    given = {path: value or None for path, value in settings.items()}
    definition = with_settings(counted.definition, given)
    counts = counted.counts
    if counted.definition.has_shares and not definition.has_shares:
        counts = {ballot: {WHOLE: _together(boxes)} for ballot, boxes in counts.items()}
    outcome = compute(definition, counts, counted.seeds)
    actual = counted.outcome
    return WhatIf(
        settings=given,
        definition=definition,
        outcome=outcome,
        questions=tuple(
            Compared(one, actual.questions[one], outcome.questions[one]) for one in actual.questions
        ),
        quorums=tuple(
            ballot
            for ballot in actual.ballots
            if actual.ballots[ballot].reached != outcome.ballots[ballot].reached
        ),
    )


def alternatives(counted: Counted) -> Iterator[Alternative]:
    """The choices of rules that apply to an assembly, each with what it would have given."""
    for choice in choices(counted.definition):
        try:
            yield Alternative(choice, try_rules(counted, choice.settings))
        except Refusal as refusal:
            yield Alternative(choice, None, refusal.message)


def _together(boxes: Mapping[str, Count]) -> Count:
    """All colleges counted as one."""
    sums: dict[str, dict[str, int]] = {}
    for box in boxes.values():
        for question, answers in box.sums.items():
            total = sums.setdefault(question, dict.fromkeys(answers, 0))
            for answer, votes in answers.items():
                total[answer] += votes
    return Count(
        enrolled=sum(box.enrolled for box in boxes.values()),
        voters=sum(box.voters for box in boxes.values()),
        weight_voting=sum(box.weight_voting for box in boxes.values()),
        sums=sums,
    )


def _decision(found: QuestionOutcome) -> object:
    """What was decided: a word, or who is elected, in any order, and until when."""
    if isinstance(found, ElectionOutcome):
        return frozenset((one.id, one.until) for one in found.candidates if one.elected)
    return None if isinstance(found, ConsultationOutcome) else found.decision
