"""Elections decided in one call, for tests that compute them by hand."""

from typing import Any

from tests.assembly.builders import candidate, chose
from vote.assembly.board import ElectionOutcome
from vote.assembly.count import Count
from vote.assembly.definition import Definition
from vote.assembly.outcome import as_json, compute

SEED = bytes(range(32))
MIN_PERSONS = {"attribute": "college", "value": "persons", "min": 2, "scope": "seats"}
MAX_PERSONS = {"attribute": "college", "value": "persons", "max": 1, "scope": "seats"}
MIN_WOMEN = {"attribute": "gender", "value": "f", "min": 2, "scope": "seats"}
MIN_MEN = {"attribute": "gender", "value": "m", "min": 2, "scope": "seats"}


def board(
    definition: Definition, boxes: dict[str, Count], seed: bytes | None = SEED
) -> ElectionOutcome:
    outcome = compute(definition, {"main": boxes}, {"main": seed} if seed else {})
    found = outcome.questions["board"]
    assert isinstance(found, ElectionOutcome)
    return found


def whole(definition: Definition, people: int = 100, blank: int = 0, **votes: int) -> Any:
    """Elect without shares, and show the outcome as JSON says it."""
    boxes = {"*": chose(people, blank, "board", **votes)}
    outcome = compute(definition, {"main": boxes}, {"main": SEED})
    questions: Any = as_json(outcome)["questions"]
    return questions["board"]


def passed(found: Any) -> dict[str, Any]:
    return {one["id"]: one["passed_over"] for one in found["candidates"] if one["passed_over"]}


def people(*ids: str, **extra: Any) -> list[dict[str, Any]]:
    """Candidates "p1f": of the college p or q, and of the gender at the end of the id."""
    colleges = {"p": "persons", "q": "partners"}
    return [candidate(one, colleges.get(one[0]), one[-1]) | extra for one in ids]
