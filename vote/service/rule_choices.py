"""The rules that a host could have chosen otherwise: a curated list, those that apply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from vote.assembly.definition import Definition
from vote.assembly.model import Consultation, Election, Majority, Quorum, Resolution

Rule = Literal[
    "carry",
    "bloc_majority",
    "silent_college",
    "abstentions",
    "majority",
    "each_college",
    "quorum_base",
    "quorum_minimum",
    "quotas",
    "one_member_one_vote",
]

_MAJORITIES: Final = (
    ("more_than", "1/2"),
    ("at_least", "2/3"),
    ("at_least", "3/4"),
    ("at_least", "4/5"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One other choice: which rule, which value, and the settings that make it.

    `rule` and `value` are codes for whoever says them in words: "majority" "at_least 2/3".
    """

    rule: Rule
    value: str
    settings: dict[str, str | None]


def choices(definition: Definition) -> Iterator[Choice]:
    """The other choices, without those that are in force already or would change nothing."""
    resolutions = [one for one in definition.questions if isinstance(one, Resolution)]
    if definition.has_shares:
        yield from _carries(definition, resolutions)
        yield from _silences(definition)
    yield from _abstentions(definition, resolutions)
    yield from _majorities(definition, resolutions)
    yield from _quorums(definition)
    yield from _quotas(definition)
    if definition.has_shares:
        yield _one_member_one_vote(definition)


def _of_all(questions: Sequence[Resolution], rule: str, value: str | None) -> dict[str, str | None]:
    return {f"questions.{one.id}.{rule}": value for one in questions}


def _carries(definition: Definition, resolutions: Sequence[Resolution]) -> Iterator[Choice]:
    if not resolutions:
        return
    in_force = {definition.rules(one).carry for one in resolutions}
    if in_force != {"proportional"}:
        proportional = _of_all(resolutions, "carry", "proportional")
        yield Choice("carry", "proportional", proportional)
    blocs = _of_all(resolutions, "carry", "bloc")
    if in_force != {"bloc"}:
        yield Choice("carry", "bloc", blocs)
    for test, fraction in _MAJORITIES[:2]:
        inner = [definition.rules(one).bloc_majority or one.majority for one in resolutions]
        if in_force == {"bloc"} and all(_is(each, test, fraction) for each in inner):
            continue
        tests: dict[str, str | None] = {}
        for one in resolutions:
            tests |= {f"questions.{one.id}.bloc_majority": None}
            tests |= {f"questions.{one.id}.bloc_majority.{test}": fraction}
        yield Choice("bloc_majority", f"{test} {fraction}", blocs | tests)


def _silences(definition: Definition) -> Iterator[Choice]:
    for value in ("keep", "renormalise"):
        settings: dict[str, str | None] = {
            f"questions.{one.id}.silent_college": value
            for one in definition.questions
            if isinstance(one, Resolution | Election | Consultation)
            and definition.rules(one).silent_college != value
        }
        if settings:
            yield Choice("silent_college", value, settings)


def _abstentions(definition: Definition, resolutions: Sequence[Resolution]) -> Iterator[Choice]:
    for value in ("excluded", "against", "for"):
        if any(definition.rules(one).abstentions != value for one in resolutions):
            settings = _of_all(resolutions, "abstentions", value)
            yield Choice("abstentions", value, settings)


def _is(majority: Majority, test: str, fraction: str) -> bool:
    return (majority.test, str(majority.fraction.value)) == (test, fraction)


def _majorities(definition: Definition, resolutions: Sequence[Resolution]) -> Iterator[Choice]:
    for test, fraction in _MAJORITIES:
        if any(not _is(one.majority, test, fraction) for one in resolutions):
            settings = _of_all(resolutions, f"majority.{test}", fraction)
            yield Choice("majority", f"{test} {fraction}", settings)
    if definition.has_shares and any(one.majority.inner is None for one in resolutions):
        settings = _of_all(resolutions, "majority.in_each_college", "true")
        yield Choice("each_college", "true", settings)


def _quorums(definition: Definition) -> Iterator[Choice]:
    """By the other base, and without any."""
    places: dict[str, Quorum] = {}
    if definition.quorum is not None:
        places["quorum"] = definition.quorum
    for paper in definition.ballots:
        if isinstance(paper.quorum, Quorum):
            places[f"ballots.{paper.id}.quorum"] = paper.quorum
    for base in ("heads", "colleges"):
        settings: dict[str, str | None] = {
            f"{place}.base": base for place, quorum in places.items() if quorum.base != base
        }
        if settings and definition.has_shares:
            yield Choice("quorum_base", base, settings)
    if places:
        without: dict[str, str | None] = dict.fromkeys(places)
        yield Choice("quorum_minimum", "0", without)


def _quotas(definition: Definition) -> Iterator[Choice]:
    elections = [one for one in definition.questions if isinstance(one, Election)]
    settings: dict[str, str | None] = {
        f"questions.{one.id}.quotas": None for one in elections if one.quotas
    }
    if settings:
        yield Choice("quotas", "none", settings)


def _one_member_one_vote(definition: Definition) -> Choice:
    settings: dict[str, str | None] = {
        f"colleges.{college.id}.share": None for college in definition.colleges
    }
    for choice in _quorums(definition):
        if choice.rule == "quorum_base" and choice.value == "heads":
            settings |= choice.settings
    return Choice("one_member_one_vote", "true", settings)
