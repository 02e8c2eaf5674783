"""Votes for a rehearsal, drawn at random from a seed: plausible, and the same every time.

The members lean one way or another, their college with them; resolutions are more or less
contested, candidates more or less liked and closer to one side. Some members vote blank, some
come back and change their minds. Only the choices come from the seed, never a key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from random import Random
from typing import TypeVar

from vote.assembly.model import BLANK, Definition
from vote.assembly.papers import PaperQuestion, paper_questions
from vote.assembly.roll import Member
from vote.assembly.votes import Cast, mark

_T = TypeVar("_T")

_COMES_BACK = 0.05
_SKIPS_A_PAPER = 0.1
_BLANK_BALLOT = 0.04
_ABSTAINS = 0.08


@dataclass(frozen=True, slots=True)
class _Answer:
    """How much an answer is liked (0 to 1) and where it stands (-1 to 1)."""

    liked: float
    stands: float


@dataclass(frozen=True, slots=True)
class _Mood:
    """What people think in this drawing."""

    answers: dict[tuple[str, str], _Answer]
    leans: dict[str, float]  # of each voter


def draw(
    definition: Definition, roll: Sequence[Member], turnout: Fraction | float, seed: int
) -> list[Cast]:
    """Draw who votes and what, in the order of casting.

    :param turnout: from 0 to 1, of the members; rounded to whole members, half up
    :param seed: the same seed gives the same votes
    """
    # A seeded generator is the point here: what it draws is a rehearsal, and must come again.
    chance = Random(seed)  # noqa: S311
    wanted = floor(Fraction(turnout) * len(roll) + Fraction(1, 2))
    voters = _shuffled(chance, roll)[: max(0, min(wanted, len(roll)))]
    mood = _mood(definition, voters, chance)
    visits = [_visit(definition, voter, mood, chance) for voter in voters]
    again = [
        _visit(definition, voter, mood, chance) for voter in voters if chance.random() < _COMES_BACK
    ]
    return [cast for visit in [*visits, *_shuffled(chance, again)] for cast in visit]


def _shuffled(chance: Random, items: Sequence[_T]) -> list[_T]:
    """In an order that hangs on nothing but the generator's numbers."""
    keys = [chance.random() for _ in items]
    return [items[place] for place in sorted(range(len(items)), key=keys.__getitem__)]


def _mood(definition: Definition, voters: Sequence[Member], chance: Random) -> _Mood:
    answers = {
        (question.id, answer): _Answer(0.35 + 0.6 * chance.random(), 2 * chance.random() - 1)
        for paper in definition.ballots
        for question in paper_questions(definition, paper.id)
        for answer in question.answers
    }
    colleges = {college.id: chance.random() - 0.5 for college in definition.colleges}
    leans = {
        voter.member: colleges.get(voter.college, 0.0) + chance.random() + chance.random() - 1
        for voter in voters
    }
    return _Mood(answers, leans)


def _visit(definition: Definition, voter: Member, mood: _Mood, chance: Random) -> list[Cast]:
    """One visit: a ballot on every paper, but for some who leave a later one out."""
    casts: list[Cast] = []
    for paper in definition.ballots:
        if casts and chance.random() < _SKIPS_A_PAPER:
            continue
        questions = paper_questions(definition, paper.id)
        answers = tuple(
            mark(question, _choose(question, mood, mood.leans[voter.member], chance))
            for question in questions
        )
        casts.append(Cast(voter.member, paper.id, answers))
    return casts


def _choose(question: PaperQuestion, mood: _Mood, lean: float, chance: Random) -> Sequence[str]:
    if not question.blank:
        return _for_or_against(question, mood, lean, chance)
    if chance.random() < _BLANK_BALLOT:
        return [BLANK]
    wish = {}
    for answer in question.answers:
        one = mood.answers[question.id, answer]
        wish[answer] = one.liked + 0.5 * lean * one.stands + 0.8 * chance.random()
    ranked = sorted(question.answers, key=lambda answer: wish[answer], reverse=True)
    return ranked[: _how_many(question, chance)]


def _how_many(question: PaperQuestion, chance: Random) -> int:
    """Most tick as many as they may, some fewer, never none."""
    number = question.max
    while number > 1 and chance.random() < 0.25:
        number -= 1
    return number


def _for_or_against(
    question: PaperQuestion, mood: _Mood, lean: float, chance: Random
) -> Sequence[str]:
    in_favour, against, abstain = question.answers
    if chance.random() < _ABSTAINS:
        return [abstain]
    one = mood.answers[question.id, in_favour]
    return [in_favour if chance.random() < one.liked + 0.3 * lean * one.stands else against]
