"""Small assemblies for the tests of the law, in one language, and counts for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from vote.assembly.count import Count
from vote.assembly.definition import Definition
from vote.assembly.parsing import read

FIFTHS = dict.fromkeys(("persons", "employees", "authorities", "partners", "legal"), "1/5")
TALLY = {"carry": "proportional", "silent_college": "keep", "abstentions": "excluded"}
HALF = {"more_than": "1/2"}
TEXT = {"en": "a text"}

Tables = dict[str, Any]


def tables(
    questions: Sequence[Tables],
    shares: Mapping[str, str | None] | None = None,
    tally: Mapping[str, Any] | None = None,
    **others: Any,
) -> Tables:
    """The tables of an assembly; with shares, counted as in `TALLY` but for what `tally` says."""
    found: Tables = {
        "format": 1,
        "assembly": {
            "id": "sample",
            "languages": ["en"],
            "timezone": "Europe/Brussels",
            "opens": "2025-06-11T10:00:00",
            "meeting": "2025-06-26T10:00:00",
            "closes": "2025-06-26T16:45:00",
            "title": TEXT,
        },
        "questions": list(questions),
    }
    if shares:
        found["colleges"] = [
            {"id": one, "name": TEXT} | ({"share": share} if share else {})
            for one, share in shares.items()
        ]
    if shares and all(shares.values()):
        found["tally"] = TALLY | dict(tally or {})
    elif tally:
        found["tally"] = dict(tally)
    return found | others


def assembly(
    questions: Sequence[Tables],
    shares: Mapping[str, str | None] | None = None,
    tally: Mapping[str, Any] | None = None,
    **others: Any,
) -> Definition:
    """The same, read."""
    return read(tables(questions, shares, tally, **others))


def resolution(id_: str = "motion", **others: Any) -> Tables:
    """A resolution by more than half, unless said otherwise."""
    return {"id": id_, "type": "resolution", "majority": HALF, "title": TEXT} | others


def candidate(id_: str, college: str | None = None, gender: str | None = None) -> Tables:
    """A candidate whose dates are those of everybody else."""
    found = {"id": id_, "name": id_, "member_since": "2010-01-01", "born": "1970-01-01"}
    if college:
        found["college"] = college
    return found | ({"gender": gender} if gender else {})


def election(candidates: Sequence[Tables], seats: int, id_: str = "board", **others: Any) -> Tables:
    """An election: ties are decided by lot, and every name may be ticked, unless said otherwise."""
    return {
        "id": id_,
        "type": "election",
        "seats": seats,
        "max_choices": len(candidates),
        "tie_break": ["lot"],
        "title": TEXT,
        "candidates": list(candidates),
    } | others


def voted(in_favour: int, against: int, abstained: int, id_: str = "motion") -> Count:
    """A college where everybody enrolled voted, each with weight 1, on one resolution."""
    people = in_favour + against + abstained
    sums = {"for": in_favour, "against": against, "abstain": abstained}
    return Count(people, people, people, {id_: sums})


def chose(people: int, blank: int, id_: str = "board", **votes: int) -> Count:
    """A college where everybody enrolled voted, each with weight 1, in one election."""
    return Count(people, people, people, {id_: {"@blank": blank, **votes}})
