"""Resolutions computed by hand: a table that a lawyer can check with pencil and paper.

In every row: the shares of the colleges, the rules, the votes as for/against/abstained, and
what must come out. The arithmetic stands beside each row.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pytest

from tests.assembly.builders import assembly, resolution, voted
from vote.assembly.majority import ResolutionOutcome
from vote.assembly.outcome import compute


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    name: str
    votes: dict[str, tuple[int, int, int]]
    result: str | None
    decision: str
    shares: dict[str, str] = field(default_factory=dict)
    tally: dict[str, Any] = field(default_factory=dict)
    question: dict[str, Any] = field(default_factory=dict)
    failed_in: tuple[str, ...] | None = None


HALVES = {"a": "1/2", "b": "1/2"}
THIRDS = {"a": "1/3", "b": "1/3", "c": "1/3"}
QUARTERS = {"a": "1/2", "b": "1/4", "c": "1/4"}
WHOLE_ASSEMBLY = [
    # 3 of 5 = 3/5 > 1/2
    Row("a plain majority", {"*": (3, 2, 0)}, "3/5", "adopted"),
    # 2 of 4 = 1/2, which is not more than 1/2
    Row("a tie is not more than half", {"*": (2, 2, 0)}, "1/2", "rejected"),
    # 2 of 4 = 1/2, which is at least 1/2
    Row(
        "a tie is at least half",
        {"*": (2, 2, 0)},
        "1/2",
        "adopted",
        question={"majority": {"at_least": "1/2"}},
    ),
    # excluded: 2/(2+1) = 2/3; the four abstentions do not count
    Row("abstentions excluded", {"*": (2, 1, 4)}, "2/3", "adopted"),
    # against: 2/(2+1+4) = 2/7
    Row(
        "abstentions against",
        {"*": (2, 1, 4)},
        "2/7",
        "rejected",
        tally={"abstentions": "against"},
    ),
    # for: (2+4)/(2+1+4) = 6/7
    Row("abstentions for", {"*": (2, 1, 4)}, "6/7", "adopted", tally={"abstentions": "for"}),
    # the question's own rule goes before the assembly's: 2/7
    Row(
        "a question of its own mind on abstentions",
        {"*": (2, 1, 4)},
        "2/7",
        "rejected",
        tally={"abstentions": "for"},
        question={"abstentions": "against"},
    ),
    # 6 of 9 = 2/3, which is at least 2/3
    Row(
        "exactly two thirds",
        {"*": (6, 3, 0)},
        "2/3",
        "adopted",
        question={"majority": {"at_least": "2/3"}},
    ),
    # 665 of 1000 = 133/200 = 0.665 < 2/3
    Row(
        "just below two thirds",
        {"*": (665, 335, 0)},
        "133/200",
        "rejected",
        question={"majority": {"at_least": "2/3"}},
    ),
    # 8 of 10 = 4/5
    Row(
        "exactly four fifths",
        {"*": (8, 2, 0)},
        "4/5",
        "adopted",
        question={"majority": {"at_least": "4/5"}},
    ),
    # 74 of 100 = 37/50 < 3/4
    Row(
        "just below three quarters",
        {"*": (74, 26, 0)},
        "37/50",
        "rejected",
        question={"majority": {"at_least": "3/4"}},
    ),
    # 5 of 5 = 1
    Row(
        "unanimity asked and given",
        {"*": (5, 0, 1)},
        "1",
        "adopted",
        question={"majority": {"at_least": "1"}},
    ),
    # 0 of 3 = 0
    Row("nobody for", {"*": (0, 3, 0)}, "0", "rejected"),
    # everybody abstained, excluded: 0/0, the assembly is silent
    Row("everybody abstained", {"*": (0, 0, 7)}, None, "rejected"),
    # the same, counted against: 0/7 = 0
    Row(
        "everybody abstained, against",
        {"*": (0, 0, 7)},
        "0",
        "rejected",
        tally={"abstentions": "against"},
    ),
    # the same, counted for: 7/7 = 1
    Row(
        "everybody abstained, for",
        {"*": (0, 0, 7)},
        "1",
        "adopted",
        tally={"abstentions": "for"},
    ),
    # nobody voted: 0/0 under every rule
    Row("nobody voted", {"*": (0, 0, 0)}, None, "rejected", tally={"abstentions": "for"}),
    # without shares a bloc means nothing: 3/5, not 1
    Row("no bloc without shares", {"*": (3, 2, 0)}, "3/5", "adopted", tally={"carry": "bloc"}),
]

COLLEGES = [
    # 1/2 x 9/10 + 1/2 x 1/5 = 9/20 + 2/20 = 11/20
    Row("proportional", {"a": (9, 1, 0), "b": (1, 4, 0)}, "11/20", "adopted", HALVES),
    # one member, one vote would give 901/1001; 1/2 x 9/10 + 1/2 x 0 = 9/20
    Row(
        "a small college weighs its share",
        {"a": (900, 100, 0), "b": (0, 1, 0)},
        "9/20",
        "rejected",
        HALVES,
    ),
    # a passes (9/10), b does not (1/5): 1/2, which is not more than 1/2
    Row(
        "bloc",
        {"a": (9, 1, 0), "b": (1, 4, 0)},
        "1/2",
        "rejected",
        HALVES,
        {"carry": "bloc"},
    ),
    # a (1/2) and b (1/4) pass with 2/3 and 3/5, c (0) does not: 3/4
    Row(
        "bloc of unequal shares",
        {"a": (2, 1, 0), "b": (3, 2, 0), "c": (0, 9, 0)},
        "3/4",
        "adopted",
        QUARTERS,
        {"carry": "bloc"},
    ),
    # b is tied (1/2 is not more than 1/2) and brings nothing: 1/2 + 0 + 0
    Row(
        "a tie inside a bloc brings nothing",
        {"a": (2, 1, 0), "b": (2, 2, 0), "c": (0, 9, 0)},
        "1/2",
        "rejected",
        QUARTERS,
        {"carry": "bloc"},
    ),
    # inside at least 1/2 is enough: b brings its quarter, 3/4
    Row(
        "bloc with a test of its own inside",
        {"a": (2, 1, 0), "b": (2, 2, 0), "c": (0, 9, 0)},
        "3/4",
        "adopted",
        QUARTERS,
        {"carry": "bloc", "bloc_majority": {"at_least": "1/2"}},
    ),
    # the question's own carry goes before the assembly's: 11/20 as above
    Row(
        "a question of its own mind on carry",
        {"a": (9, 1, 0), "b": (1, 4, 0)},
        "11/20",
        "adopted",
        HALVES,
        {"carry": "bloc"},
        {"carry": "proportional"},
    ),
    # b abstained altogether and is silent: kept, 1/2 x 9/10 = 9/20
    Row("a silent college kept", {"a": (9, 1, 0), "b": (0, 0, 3)}, "9/20", "rejected", HALVES),
    # the same, renormalised: 9/20 / (1/2) = 9/10
    Row(
        "a silent college left out",
        {"a": (9, 1, 0), "b": (0, 0, 3)},
        "9/10",
        "adopted",
        HALVES,
        {"silent_college": "renormalise"},
    ),
    # the question's own rule: kept, 9/20
    Row(
        "a question of its own mind on silence",
        {"a": (9, 1, 0), "b": (0, 0, 3)},
        "9/20",
        "rejected",
        HALVES,
        {"silent_college": "renormalise"},
        {"silent_college": "keep"},
    ),
    # abstentions against: b is not silent, it says 0/3: 1/2 x 9/10 + 0 = 9/20 all the same
    Row(
        "abstentions against break the silence",
        {"a": (9, 1, 0), "b": (0, 0, 3)},
        "9/20",
        "rejected",
        HALVES,
        {"silent_college": "renormalise", "abstentions": "against"},
    ),
    # abstentions for: b says 3/3: 1/2 x 9/10 + 1/2 = 19/20
    Row(
        "abstentions for break the silence",
        {"a": (9, 1, 0), "b": (0, 0, 3)},
        "19/20",
        "adopted",
        HALVES,
        {"abstentions": "for"},
    ),
    # bloc, c silent and kept: 1/2 of 1
    Row(
        "bloc, a silent college kept",
        {"a": (2, 1, 0), "b": (1, 2, 0), "c": (0, 0, 0)},
        "1/2",
        "rejected",
        QUARTERS,
        {"carry": "bloc"},
    ),
    # bloc, c silent and left out: 1/2 / (3/4) = 2/3
    Row(
        "bloc, a silent college left out",
        {"a": (2, 1, 0), "b": (1, 2, 0), "c": (0, 0, 0)},
        "2/3",
        "adopted",
        QUARTERS,
        {"carry": "bloc", "silent_college": "renormalise"},
    ),
    # every college silent: 0/0 whatever is done with their shares
    Row(
        "all colleges silent",
        {"a": (0, 0, 2), "b": (0, 0, 0)},
        None,
        "rejected",
        HALVES,
        {"silent_college": "renormalise"},
    ),
    # thirds: 1/3 x (1/2 + 1/2 + 1/2) = 1/2 exactly
    Row(
        "three exact halves",
        {"a": (1, 1, 0), "b": (5, 5, 0), "c": (7, 7, 0)},
        "1/2",
        "rejected",
        THIRDS,
    ),
    # 1/3 x (2/3 + 2/3 + 2/3) = 2/3 exactly
    Row(
        "three exact two-thirds",
        {"a": (2, 1, 0), "b": (4, 2, 0), "c": (6, 3, 0)},
        "2/3",
        "adopted",
        THIRDS,
        {},
        {"majority": {"at_least": "2/3"}},
    ),
    # double majority: 11/20 overall, but b says 1/5
    Row(
        "double majority missed in one college",
        {"a": (9, 1, 0), "b": (1, 4, 0)},
        "11/20",
        "rejected",
        HALVES,
        {},
        {"majority": {"more_than": "1/2", "in_each_college": True}},
        failed_in=("b",),
    ),
    # 1/2 x 9/10 + 1/2 x 3/5 = 3/4, and both pass
    Row(
        "double majority",
        {"a": (9, 1, 0), "b": (3, 2, 0)},
        "3/4",
        "adopted",
        HALVES,
        {},
        {"majority": {"more_than": "1/2", "in_each_college": True}},
        failed_in=(),
    ),
    # 3/4 is at least 2/3; inside, 3/5 is not 2/3 but is more than the half asked there
    Row(
        "double majority with a test of its own inside",
        {"a": (9, 1, 0), "b": (3, 2, 0)},
        "3/4",
        "adopted",
        HALVES,
        {},
        {"majority": {"at_least": "2/3", "in_each_college": {"more_than": "1/2"}}},
        failed_in=(),
    ),
    # c is silent. Kept, it has not approved: 1/2 x 1 + 1/4 x 1 = 3/4, rejected
    Row(
        "double majority, a silent college kept",
        {"a": (2, 0, 0), "b": (3, 0, 0), "c": (0, 0, 4)},
        "3/4",
        "rejected",
        QUARTERS,
        {},
        {"majority": {"more_than": "1/2", "in_each_college": True}},
        failed_in=("c",),
    ),
    # left out, it is not asked: 3/4 / (3/4) = 1
    Row(
        "double majority, a silent college left out",
        {"a": (2, 0, 0), "b": (3, 0, 0), "c": (0, 0, 4)},
        "1",
        "adopted",
        QUARTERS,
        {"silent_college": "renormalise"},
        {"majority": {"more_than": "1/2", "in_each_college": True}},
        failed_in=(),
    ),
]


@pytest.mark.parametrize("row", [*WHOLE_ASSEMBLY, *COLLEGES], ids=lambda row: row.name)
def test_resolutions_by_hand(row: Row) -> None:
    definition = assembly([resolution(**row.question)], row.shares or None, row.tally or None)
    boxes = {college: voted(*votes) for college, votes in row.votes.items()}
    found = compute(definition, {"main": boxes}).questions["motion"]
    assert isinstance(found, ResolutionOutcome)
    assert found.result == (None if row.result is None else Fraction(row.result))
    assert found.decision == row.decision
    assert found.failed_in == row.failed_in
