"""The votes of a rehearsal, read from ``votes.csv``, and counting them in the clear.

Real votes are never in such a file.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from vote.assembly.count import Count
from vote.assembly.model import ABSTAIN, BLANK, Definition
from vote.assembly.papers import PaperQuestion, paper_question, paper_questions
from vote.assembly.roll import Member, box, enrolled
from vote.assembly.sheet import Row, Sheet

NAME: Final = "votes.csv"
COLUMNS: Final = ("member", "question", "choice")
AGAIN: Final = "@again"


@dataclass(frozen=True, slots=True)
class Cast:
    """One ballot: for each question of the paper a 0 or 1 per answer, as the encryption takes
    them; on a question that can be blank, the blank answer stands first."""

    member: str
    ballot: str
    answers: tuple[tuple[int, ...], ...]


@dataclass(slots=True)
class _Visit:
    """What a member does in one go: the line of the first row, the choices per question."""

    member: str
    line: int
    begun: bool = False
    choices: dict[str, list[str]] = field(default_factory=dict)


def parse_votes(data: bytes, definition: Definition, roll: Sequence[Member]) -> list[Cast]:
    """Read ``votes.csv``: the ballots in the order in which they are cast.

    A member's rows up to a row ``member,@again,`` are one visit, wherever they stand in the
    file; visits come in the order of their first rows, and cast one ballot on each paper of
    which they mention a question.

    :raises DefinitionError: with every fault, each with its line
    """
    sheet = Sheet(NAME, data, COLUMNS)
    members = {member.member for member in roll}
    papers = {question.id: paper_question(question) for question in definition.questions}
    visits: dict[str, list[_Visit]] = {}
    for row in sheet.rows:
        if row["member"] not in members:
            sheet.fault("member", row.line, f'"{row["member"][:80]}" is not on the roll.')
        elif row["question"] == AGAIN:
            _again(sheet, row, visits.get(row["member"], []))
        else:
            here = visits.setdefault(row["member"], [_Visit(row["member"], row.line)])
            _choice(sheet, row, papers, here[-1])
    for visit in (visits_of[-1] for visits_of in visits.values()):
        if not visit.begun:
            sheet.fault("again", visit.line, f'no vote follows this "{AGAIN}".')
    if sheet.faulty:
        raise sheet.refusal()
    ordered = sorted((one for several in visits.values() for one in several), key=_line)
    return [cast for visit in ordered for cast in _casts(definition, visit)]


def _line(visit: _Visit) -> int:
    return visit.line


def _again(sheet: Sheet, row: Row, visits: list[_Visit]) -> None:
    if row["choice"]:
        sheet.fault("again", row.line, f'nothing stands behind "{AGAIN},".')
    elif not visits or not visits[-1].begun:
        sheet.fault("again", row.line, f'"{AGAIN}" stands between two visits of a member.')
    else:
        visits.append(_Visit(row["member"], row.line))


def _choice(sheet: Sheet, row: Row, papers: Mapping[str, PaperQuestion], visit: _Visit) -> None:
    if not visit.begun:
        visit.begun, visit.line = True, row.line
    paper, choice = papers.get(row["question"]), row["choice"]
    if paper is None:
        sheet.fault("question", row.line, f'there is no question "{row["question"][:80]}".')
        return
    if choice not in paper.answers and not (paper.blank and choice == BLANK):
        sheet.fault("choice", row.line, f'"{choice[:80]}" is not a choice on "{paper.id}".')
        return
    chosen = visit.choices.setdefault(paper.id, [])
    if choice in chosen:
        sheet.fault("twice", row.line, f'"{choice}" is ticked already.')
        return
    chosen.append(choice)
    if len(chosen) > 1 and BLANK in chosen:
        sheet.fault("blank", row.line, "a blank ballot has no other choice.")
    elif len(chosen) > paper.max:
        sheet.fault("too-many", row.line, f'at most {paper.max} on "{paper.id}".')


def _casts(definition: Definition, visit: _Visit) -> Iterable[Cast]:
    for paper in definition.ballots:
        questions = paper_questions(definition, paper.id)
        if any(question.id in visit.choices for question in questions):
            answers = tuple(mark(one, visit.choices.get(one.id, ())) for one in questions)
            yield Cast(visit.member, paper.id, answers)


def mark(question: PaperQuestion, chosen: Sequence[str]) -> tuple[int, ...]:
    """The 0s and 1s of one question; without a choice, blank or, on a resolution, abstained."""
    if not question.blank:
        ticked = chosen or (ABSTAIN,)
        return tuple(int(answer in ticked) for answer in question.answers)
    blank = not chosen or BLANK in chosen
    return (int(blank), *(int(answer in chosen) for answer in question.answers))


def count_in_the_clear(
    definition: Definition, roll: Sequence[Member], casts: Iterable[Cast]
) -> dict[str, dict[str, Count]]:
    """Count ballots that are not encrypted: what the boxes of a rehearsal must give.

    The last ballot of a member on a paper counts.
    """
    last = {(cast.ballot, cast.member): cast for cast in casts}
    return {
        paper.id: {
            college: _count(definition, paper.id, people, roll_size, last)
            for college, (people, roll_size) in _by_box(definition, roll).items()
        }
        for paper in definition.ballots
    }


def _by_box(definition: Definition, roll: Sequence[Member]) -> dict[str, tuple[list[Member], int]]:
    sizes = enrolled(definition, roll)
    return {
        college: ([one for one in roll if box(definition, one) == college], size)
        for college, size in sizes.items()
    }


def _count(
    definition: Definition,
    ballot: str,
    people: Sequence[Member],
    size: int,
    last: Mapping[tuple[str, str], Cast],
) -> Count:
    voted = [
        (one.weight, last[ballot, one.member]) for one in people if (ballot, one.member) in last
    ]
    sums: dict[str, dict[str, int]] = {}
    for place, question in enumerate(paper_questions(definition, ballot)):
        answers = (*([BLANK] if question.blank else []), *question.answers)
        sums[question.id] = {
            answer: sum(weight * cast.answers[place][column] for weight, cast in voted)
            for column, answer in enumerate(answers)
        }
    return Count(size, len(voted), sum(weight for weight, _ in voted), sums)
