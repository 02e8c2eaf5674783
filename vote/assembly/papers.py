"""What is voted with: one ballot paper for each paper of the definition and each college.

Each is one encrypted election: the colleges' sums have to be known apart (without shares there
is a single sum).
"""

from dataclasses import dataclass

from vote.assembly.model import (
    ABSTAIN,
    AGAINST,
    CONSENT,
    FOR,
    OBJECTION,
    RESERVATIONS,
    Consultation,
    Definition,
    Election,
    Question,
    Resolution,
)


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """A question as a ballot carries it.

    ``answers`` are ids; between ``min`` and ``max`` of them are ticked, or, where ``blank`` is
    true, none of them and the blank answer.
    """

    id: str
    answers: tuple[str, ...]
    blank: bool
    min: int
    max: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A ballot paper as one college gets it; ``college`` is None without shares."""

    ballot: str
    college: str | None
    questions: tuple[PaperQuestion, ...]


def elections(definition: Definition) -> tuple[Paper, ...]:
    """Every encrypted election of the assembly: ballot papers in order, colleges in order."""
    colleges: list[str | None] = [None]
    if definition.has_shares:
        colleges = [college.id for college in definition.colleges]
    return tuple(
        Paper(ballot.id, college, paper_questions(definition, ballot.id))
        for ballot in definition.ballots
        for college in colleges
    )


def paper_questions(definition: Definition, ballot: str) -> tuple[PaperQuestion, ...]:
    """The questions of a ballot paper, in their order."""
    return tuple(paper_question(question) for question in definition.questions_of(ballot))


def paper_question(question: Question) -> PaperQuestion:
    """A question as a ballot carries it: which answers, how many, and whether blank is one."""
    if isinstance(question, Resolution):
        return PaperQuestion(question.id, (FOR, AGAINST, ABSTAIN), blank=False, min=1, max=1)
    if isinstance(question, Election):
        answers = tuple(candidate.id for candidate in question.candidates)
        most = min(question.max_choices, len(answers))
        return PaperQuestion(question.id, answers, blank=True, min=0, max=most)
    if isinstance(question, Consultation):
        answers = tuple(position.id for position in question.positions)
        return PaperQuestion(question.id, answers, blank=True, min=1, max=1)
    answers = (CONSENT, RESERVATIONS, OBJECTION)
    return PaperQuestion(question.id, answers, blank=True, min=1, max=1)
