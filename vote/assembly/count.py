"""What comes out of the boxes: for each ballot paper and college, people, weights and sums."""

from collections.abc import Mapping
from dataclasses import dataclass

from vote.assembly.errors import DefinitionError, Fault
from vote.assembly.model import BLANK, Definition
from vote.assembly.papers import PaperQuestion, paper_questions


@dataclass(frozen=True, slots=True)
class Count:
    """One ballot paper in one college.

    ``enrolled`` and ``voters`` are members; ``weight_voting`` is the sum of the voters' weights;
    ``sums`` gives, for each question, the weights behind each answer ("@blank" the blank one,
    on questions that have it).
    """

    enrolled: int
    voters: int
    weight_voting: int
    sums: Mapping[str, Mapping[str, int]]


Counts = Mapping[str, Mapping[str, Count]]  # ballot paper -> college or "*" -> count


def check_counts(definition: Definition, counts: Counts) -> None:
    """Refuse counts that no ballots could have given.

    :raises DefinitionError: with every contradiction found; ``where`` is "BALLOT/COLLEGE" or
        "BALLOT/COLLEGE/QUESTION"
    """
    faults: list[Fault] = []
    papers = {paper.id for paper in definition.ballots}
    if set(counts) != papers:
        faults.append(_fault("counts", "the counts are not those of the ballot papers."))
    for ballot in papers & set(counts):
        if set(counts[ballot]) != set(definition.shares):
            faults.append(_fault(ballot, "the counts are not those of the colleges."))
        for college, count in counts[ballot].items():
            faults += _contradictions(definition, ballot, f"{ballot}/{college}", count)
    if faults:
        raise DefinitionError(faults)


def _fault(where: str, message: str) -> Fault:
    return Fault("count", where, message)


def _contradictions(definition: Definition, ballot: str, where: str, count: Count) -> list[Fault]:
    faults: list[Fault] = []
    if not 0 <= count.voters <= count.enrolled:
        faults.append(_fault(where, "more voters than members enrolled, or fewer than none."))
    if count.weight_voting < count.voters:
        faults.append(_fault(where, "every voter's weight is at least 1."))
    if count.voters == 0 and count.weight_voting:
        faults.append(_fault(where, "there is weight where nobody voted."))
    questions = paper_questions(definition, ballot)
    if {question.id for question in questions} != set(count.sums):
        return [*faults, _fault(where, "the sums are not those of the questions.")]
    for question in questions:
        faults += _impossible(
            question, count.sums[question.id], count.weight_voting, f"{where}/{question.id}"
        )
    return faults


def _impossible(
    question: PaperQuestion, sums: Mapping[str, int], weight: int, where: str
) -> list[Fault]:
    answers = {*question.answers, BLANK} if question.blank else set(question.answers)
    if set(sums) != answers:
        return [_fault(where, "the sums are not those of the answers.")]
    marked = weight - sums.get(BLANK, 0)
    ticks = [sums[answer] for answer in question.answers]
    if min(sums.values()) < 0 or max([0, *ticks]) > marked:
        return [_fault(where, "a sum is below 0 or above the weight that voted.")]
    if not question.min * marked <= sum(ticks) <= question.max * marked:
        return [_fault(where, "the sums are not those of ballots with so many choices.")]
    return []
