"""What if: the same votes by other rules, for the host. Never the result."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint

from vote.service import overview, what_if
from vote.service.counting import Counted
from vote.service.law import Definition, Texts
from vote.service.overview import View
from vote.service.rule_choices import choices
from vote.service.what_if import Alternative
from vote.web.context import house
from vote.web.pages import other_rules, results, steps
from vote.web.pages.results import Results

blueprint = Blueprint("compare", __name__, url_prefix="/<assembly>")


@dataclass(frozen=True, slots=True)
class Line:
    """A question, or a ballot paper's quorum: as it was decided, and as it would have been."""

    kind: str
    name: str
    title: Texts | None
    decided: str
    other: str


@dataclass(frozen=True, slots=True)
class Tried:
    """Other rules in words; `lines` are the decisions that would have been others.

    `problem`: why they cannot be tried on these votes, in English.
    """

    rule: str
    lines: tuple[Line, ...]
    problem: str


@blueprint.get("/what-if")
def page(assembly: str) -> str:
    """After the decision what other rules would have given; before, what could be compared."""
    view = overview.view(house(), assembly)
    tried: list[Tried] = []
    if view.outcome is not None:
        counted = what_if.of_assembly(house(), assembly)
        tried = list(_tried(counted, view.outcome))
    return steps.show(
        "console/what_if.html",
        view,
        decided=view.outcome is not None,
        differing=[each for each in tried if each.lines],
        same=[each for each in tried if not each.lines and not each.problem],
        impossible=[each for each in tried if each.problem],
        choices=[other_rules.say(each) for each in choices(view.definition)],
        rehearsals=_rehearsals(view),
    )


def _tried(counted: Counted, outcome: bytes) -> Iterator[Tried]:
    decided = _read(counted.definition, outcome)
    for each in what_if.alternatives(counted):
        rule = other_rules.say(each.choice)
        yield Tried(rule, tuple(_lines(counted.definition, decided, each)), each.problem)


def _lines(definition: Definition, decided: Results, tried: Alternative) -> Iterator[Line]:
    found = tried.found
    if found is None:
        return
    other = _read(found.definition, found.outcome_json)
    for before, after in zip(decided.papers, other.papers, strict=True):
        if before.ballot in found.quorums:
            title = definition.ballot(before.ballot).title
            said = other_rules.quorum(before), other_rules.quorum(after)
            yield Line("quorum", before.ballot, title, *said)
    differing = {each.question for each in found.questions if each.differs}
    for one, two in zip(decided.questions, other.questions, strict=True):
        if one.question.id in differing:
            said = other_rules.told(definition, one), other_rules.told(found.definition, two)
            yield Line("question", one.question.id, one.question.title, *said)


def _read(definition: Definition, outcome: bytes) -> Results:
    """Everything in an outcome: this page is the host's, who holds the bundle."""
    questions: Mapping[str, Mapping[str, Any]] = json.loads(outcome)["questions"]
    shown = {name: {**found, "detail": "shown"} for name, found in questions.items()}
    return results.read(definition, outcome, shown)


def _rehearsals(view: View) -> list[View]:
    """Decided rehearsals that asked some of the same questions, by id and title."""
    asked = _asked(view)
    return [
        each
        for each in overview.assemblies(house())
        if each.rehearsal
        and each.outcome is not None
        and each.id != view.id
        and asked & _asked(each)
    ]


def _asked(view: View) -> set[tuple[str, str]]:
    """Every question's id and title, in the assembly's first language."""
    first = view.definition.assembly.languages[0]
    return {(question.id, question.title[first]) for question in view.definition.questions}
