"""The worked examples of the law: whole assemblies, decided under one rule and another."""

from fractions import Fraction

import pytest

from tests.assembly.builders import FIFTHS, assembly, resolution, voted
from vote.assembly.count import Count
from vote.assembly.definition import Definition, with_settings
from vote.assembly.majority import ResolutionOutcome
from vote.assembly.outcome import compute
from vote.assembly.quorum import by_colleges, by_heads

ENROLLED = {"persons": 13242, "employees": 17, "authorities": 29, "partners": 79, "legal": 131}
ONE = {
    "persons": (5902, 311, 267),
    "employees": (9, 3, 2),
    "authorities": (12, 1, 5),
    "partners": (31, 8, 6),
    "legal": (50, 11, 8),
}

TWO = {
    "persons": (5508, 612, 360),
    "employees": (9, 5, 0),
    "authorities": (10, 6, 2),
    "partners": (24, 20, 1),
    "legal": (38, 29, 2),
}


def counts(votes: dict[str, tuple[int, int, int]]) -> dict[str, dict[str, Count]]:
    """The boxes of the worked examples: the colleges of the sample, enrolled as they are."""
    boxes = {}
    for college, (f, a, b) in votes.items():
        sums = {"motion": {"for": f, "against": a, "abstain": b}}
        boxes[college] = Count(ENROLLED[college], f + a + b, f + a + b, sums)
    return {"main": boxes}


def decided(
    definition: Definition, boxes: dict[str, dict[str, Count]], **rules: object
) -> ResolutionOutcome:
    altered = with_settings(definition, {key.replace("__", "."): v for key, v in rules.items()})
    found = compute(altered, boxes).questions["motion"]
    assert isinstance(found, ResolutionOutcome)
    return found


class TestExampleOne:
    """Ordinary, more than 1/2, five colleges of a fifth each."""

    definition = assembly([resolution()], FIFTHS)
    boxes = counts(ONE)

    def test_turnout_by_heads(self) -> None:
        # 6480 + 14 + 18 + 45 + 69 = 6626 of 13242 + 17 + 29 + 79 + 131 = 13498
        assert by_heads(self.boxes["main"]) == Fraction(3313, 6749)

    def test_turnout_by_colleges(self) -> None:
        shares = self.definition.shares
        found = by_colleges(self.boxes["main"], shares)
        assert found == Fraction(34117501222, 56301198995)

    @pytest.mark.parametrize(("base", "reached"), [("heads", False), ("colleges", True)])
    def test_a_quorum_of_one_half_is_missed_or_met_by_the_base(
        self, base: str, reached: bool
    ) -> None:
        definition = with_settings(self.definition, {"quorum.minimum": "1/2", "quorum.base": base})
        outcome = compute(definition, self.boxes)
        quorum = outcome.ballots["main"].quorum
        assert quorum is not None
        assert quorum.reached is reached
        found = outcome.questions["motion"]
        assert isinstance(found, ResolutionOutcome)
        assert found.decision == ("adopted" if reached else "no quorum")

    @pytest.mark.parametrize(
        ("abstentions", "result"),
        [
            ("excluded", Fraction(83512379, 98538180)),
            ("against", Fraction(1895563, 2608200)),
        ],
    )
    def test_proportional(self, abstentions: str, result: Fraction) -> None:
        found = decided(self.definition, self.boxes, tally__abstentions=abstentions)
        assert (found.result, found.decision) == (result, "adopted")

    @pytest.mark.parametrize("abstentions", ["excluded", "against"])
    def test_bloc_is_the_whole_either_way(self, abstentions: str) -> None:
        found = decided(
            self.definition, self.boxes, tally__abstentions=abstentions, tally__carry="bloc"
        )
        assert (found.result, found.decision) == (Fraction(1), "adopted")


class TestExampleTwo:
    """Extraordinary, at least 2/3, five colleges of a fifth each."""

    definition = assembly([resolution(majority={"at_least": "2/3"})], FIFTHS)
    boxes = counts(TWO)

    @pytest.mark.parametrize(
        ("abstentions", "result"),
        [
            ("excluded", Fraction(676959, 1031800)),
            ("against", Fraction(90779, 144900)),
        ],
    )
    def test_proportional_is_rejected(self, abstentions: str, result: Fraction) -> None:
        found = decided(self.definition, self.boxes, tally__abstentions=abstentions)
        assert (found.result, found.decision) == (result, "rejected")

    def test_bloc_with_more_than_half_inside_is_adopted(self) -> None:
        found = decided(
            self.definition,
            self.boxes,
            tally__carry="bloc",
            tally__bloc_majority={"more_than": "1/2"},
        )
        assert (found.result, found.decision) == (Fraction(1), "adopted")

    def test_bloc_with_two_thirds_inside_is_rejected(self) -> None:
        # Without a test of its own a college needs the question's two thirds: the persons alone
        # have them (5508/6120 = 9/10).
        found = decided(self.definition, self.boxes, tally__carry="bloc")
        assert (found.result, found.decision) == (Fraction(1, 5), "rejected")

    def test_one_member_one_vote_is_adopted(self) -> None:
        whole = voted(*(sum(column) for column in zip(*TWO.values(), strict=True)))
        definition = assembly([resolution(majority={"at_least": "2/3"})])
        found = compute(definition, {"main": {"*": whole}}).questions["motion"]
        assert isinstance(found, ResolutionOutcome)
        assert (found.result, found.decision) == (Fraction(1863, 2087), "adopted")


def test_l4_exactly_one_half_is_not_more_than_one_half() -> None:
    """Fractions 131/180, 1/2, 7/18, 19/30, 1/4 at 1/5 each: 450/180 / 5 = 1/2, no more."""
    definition = assembly([resolution()], FIFTHS)
    votes = [(131, 49, 0), (1, 1, 0), (7, 11, 0), (19, 11, 0), (1, 3, 0)]
    boxes = dict(zip(FIFTHS, (voted(*row) for row in votes), strict=True))
    found = compute(definition, {"main": boxes}).questions["motion"]
    assert isinstance(found, ResolutionOutcome)
    assert (found.result, found.decision) == (Fraction(1, 2), "rejected")
    # A float says otherwise: that is why everything is a fraction.
    assert sum(0.2 * f / (f + a) for f, a, _ in votes) != 0.5
