"""Elections computed by hand: scores, ties, majorities, seats, terms."""

from fractions import Fraction
from hashlib import sha256
from typing import Any, ClassVar

import pytest

from tests.assembly.builders import assembly, candidate, chose, election
from tests.assembly.electing import MIN_PERSONS, SEED, board, passed, people, whole
from vote.assembly.board import substitute
from vote.assembly.count import Count
from vote.assembly.errors import DefinitionError
from vote.assembly.model import Election
from vote.assembly.outcome import compute

HALVES = {"a": "1/2", "b": "1/2"}


class TestScores:
    def test_without_shares_the_score_is_the_number_of_votes(self) -> None:
        definition = assembly([election(people("x1f", "x2m", "x3f"), 2)])
        found = whole(definition, x1f=40, x2m=60, x3f=50)
        assert found["elected"] == ["x2m", "x3f"]
        assert [(one["id"], one["score"], one["rank"]) for one in found["candidates"]] == [
            ("x2m", "60", 1),
            ("x3f", "50", 2),
            ("x1f", "40", 3),
        ]
        assert found["candidates"][0]["votes"] == {"*": 60}

    def test_with_shares_it_is_the_weighted_part_of_the_ballots_that_are_not_blank(self) -> None:
        # x: 1/2 x 6/8 + 1/2 x 1/4 = 3/8 + 1/8 = 1/2; y: 1/2 x 4/8 + 1/2 x 4/4 = 1/4 + 1/2 = 3/4
        definition = assembly([election(people("x", "y"), 1)], HALVES)
        found = board(definition, {"a": chose(10, 2, x=6, y=4), "b": chose(4, 0, x=1, y=4)})
        assert found.elected == ("y",)
        assert {one.id: one.score for one in found.candidates} == {
            "x": Fraction(1, 2),
            "y": Fraction(3, 4),
        }

    def test_most_votes_do_not_win_against_the_shares(self) -> None:
        # x: 900 votes, but 1/2 x 900/1000 + 1/2 x 0 = 9/20; y: 1/2 x 1/10 + 1/2 x 1 = 11/20
        definition = assembly([election(people("x", "y"), 1)], HALVES)
        found = board(definition, {"a": chose(1000, 0, x=900, y=100), "b": chose(1, 0, x=0, y=1)})
        assert found.elected == ("y",)

    @pytest.mark.parametrize(
        ("rule", "score"),
        [("keep", Fraction(3, 8)), ("renormalise", Fraction(3, 4))],  # 1/2 x 3/4, and 3/8 / (1/2)
    )
    def test_a_college_that_is_all_blank(self, rule: str, score: Fraction) -> None:
        definition = assembly([election(people("x", "y"), 1)], HALVES, {"silent_college": rule})
        found = board(definition, {"a": chose(4, 0, x=3, y=1), "b": chose(5, 5, x=0, y=0)})
        assert found.candidates[0].score == score

    def test_weights_count_on_both_sides(self) -> None:
        # a: weights 5 and 1, 1 of them blank: x 5/5. b: weights 2 and 1: x 2/3.
        # 1/2 x 1 + 1/2 x 2/3 = 5/6
        definition = assembly([election(people("x", "y"), 1)], HALVES)
        boxes = {
            "a": Count(2, 2, 6, {"board": {"@blank": 1, "x": 5, "y": 0}}),
            "b": Count(2, 2, 3, {"board": {"@blank": 0, "x": 2, "y": 1}}),
        }
        assert board(definition, boxes).candidates[0].score == Fraction(5, 6)

    def test_nobody_is_elected_where_every_ballot_is_blank(self) -> None:
        definition = assembly([election(people("x", "y"), 1)])
        found = whole(definition, people=3, blank=3, x=0, y=0)
        assert (found["elected"], found["vacant"]) == ([], 1)

    def test_nobody_is_elected_without_the_quorum(self) -> None:
        definition = assembly(
            [election(people("x", "y"), 1)], quorum={"minimum": "1/2", "base": "heads"}
        )
        boxes = {"*": Count(10, 4, 4, {"board": {"@blank": 0, "x": 3, "y": 1}})}
        found = board(definition, boxes)
        assert (found.elected, found.vacant) == ((), 1)
        assert [one.id for one in found.candidates] == ["x", "y"]

    def test_a_candidate_without_a_vote_can_be_elected(self) -> None:
        definition = assembly([election(people("x", "y"), 2)])
        assert whole(definition, x=5, y=0)["elected"] == ["x", "y"]

    def test_fewer_candidates_than_seats_leave_a_seat_vacant(self) -> None:
        definition = assembly([election(people("x", "y"), 3)])
        found = whole(definition, x=5, y=7)
        assert (found["elected"], found["vacant"]) == (["y", "x"], 1)


class TestTies:
    def test_the_earlier_member_comes_first(self) -> None:
        definition = assembly(
            [
                election(
                    [
                        candidate("late") | {"member_since": "2015-01-02"},
                        candidate("early") | {"member_since": "2015-01-01"},
                    ],
                    1,
                    tie_break=["seniority", "age", "lot"],
                )
            ]
        )
        found = whole(definition, late=50, early=50)
        assert found["elected"] == ["early"]
        assert found["ties"] == [{"candidates": ["early", "late"], "decided_by": "seniority"}]
        assert "lot_seed" not in found

    def test_the_elder_comes_first_among_equally_early_members(self) -> None:
        definition = assembly(
            [
                election(
                    [
                        candidate("young") | {"born": "1990-05-17"},
                        candidate("old") | {"born": "1950-05-17"},
                    ],
                    1,
                    tie_break=["seniority", "age", "lot"],
                )
            ]
        )
        found = whole(definition, young=50, old=50)
        assert (found["elected"], found["ties"][0]["decided_by"]) == (["old"], "age")

    def test_the_chain_is_taken_in_its_own_order(self) -> None:
        definition = assembly(
            [
                election(
                    [
                        candidate("old") | {"born": "1950-01-01", "member_since": "2015-01-01"},
                        candidate("early") | {"born": "1990-01-01", "member_since": "2000-01-01"},
                    ],
                    1,
                    tie_break=["age", "seniority", "lot"],
                )
            ]
        )
        assert whole(definition, old=50, early=50)["elected"] == ["old"]

    def test_the_lot_is_the_smaller_hash_of_seed_question_and_candidate(self) -> None:
        ids = ["x", "y", "z"]
        definition = assembly([election(people(*ids), 2)])
        tickets = {one: sha256(f"{SEED.hex()}|board|{one}".encode()).hexdigest() for one in ids}
        found = whole(definition, x=9, y=9, z=9)
        assert found["elected"] == sorted(ids, key=lambda one: tickets[one])[:2]
        assert found["ties"][0]["decided_by"] == "lot"
        assert found["lot_seed"] == SEED.hex()

    def test_another_seed_gives_another_order_some_time(self) -> None:
        definition = assembly([election(people("x", "y"), 1)])
        boxes = {"*": chose(2, 0, x=1, y=1)}
        first = {board(definition, boxes, bytes([n])).elected for n in range(20)}
        assert first == {("x",), ("y",)}

    def test_a_lot_that_was_not_drawn_is_asked_for(self) -> None:
        definition = assembly([election(people("x", "y"), 1)])
        with pytest.raises(DefinitionError) as refusal:
            board(definition, {"*": chose(2, 0, x=1, y=1)}, seed=None)
        assert refusal.value.faults[0].code == "lot-seed-missing"

    def test_no_lot_is_needed_without_a_tie(self) -> None:
        definition = assembly([election(people("x", "y"), 1)])
        assert board(definition, {"*": chose(3, 0, x=2, y=1)}, seed=None).elected == ("x",)

    def test_equal_fractions_are_equal_whatever_their_terms(self) -> None:
        # x: 1/3 x 1/3 + 2/3 x 1/3 = 1/3; y: 1/3 x 1 + 2/3 x 0 = 1/3
        definition = assembly(
            [
                election(
                    [
                        candidate("x"),
                        candidate("y") | {"born": "1960-01-01"},
                    ],
                    1,
                    tie_break=["age"],
                )
            ],
            {"a": "1/3", "b": "2/3"},
        )
        boxes = {"a": chose(3, 0, x=1, y=3), "b": chose(3, 0, x=1, y=0)}
        found = board(definition, boxes)
        assert found.candidates[0].score == found.candidates[1].score
        assert found.elected == ("y",)


class TestMajority:
    def test_a_candidate_below_it_is_not_elected(self) -> None:
        # Of 80 ballots that are not blank: 50 and 41 are more than half, 40 is not.
        definition = assembly([election(people("x", "y", "z"), 3, majority={"more_than": "1/2"})])
        found = whole(definition, people=100, blank=20, x=50, y=40, z=41)
        assert (found["elected"], found["vacant"]) == (["x", "z"], 1)
        assert passed(found) == {"y": {"majority": {"more_than": "1/2"}}}

    def test_with_shares_it_is_asked_of_the_score(self) -> None:
        # x: 1/2 x 1 + 1/2 x 0 = 1/2; y: 1/2 x 1/2 + 1/2 x 1 = 3/4
        definition = assembly(
            [election(people("x", "y"), 2, majority={"more_than": "1/2"})], HALVES
        )
        found = board(definition, {"a": chose(2, 0, x=2, y=1), "b": chose(2, 0, x=0, y=2)})
        assert found.elected == ("y",)

    def test_whoever_misses_it_cannot_serve_a_quota(self) -> None:
        # p2f has 30 of 100: one person is left for the two that are wanted, a seat stays empty.
        definition = assembly(
            [
                election(
                    people("q1f", "q2f", "p1f", "p2f"),
                    3,
                    majority={"at_least": "1/2"},
                    quotas=[MIN_PERSONS],
                )
            ]
        )
        found = whole(definition, q1f=90, q2f=80, p1f=50, p2f=30)
        assert (found["elected"], found["vacant"]) == (["q1f", "p1f"], 1)
        assert passed(found) == {
            "q2f": MIN_PERSONS,
            "p2f": {"majority": {"at_least": "1/2"}},
        }


class TestTerms:
    terms: ClassVar = [
        {"until": "2029-06-30", "seats": 2},
        {"until": "2027-06-30", "replaces": "Somebody who left"},
    ]

    def test_terms_go_to_the_elected_in_the_order_of_election(self) -> None:
        definition = assembly([election(people("x", "y", "z"), 3, terms=self.terms)])
        found = whole(definition, x=10, y=30, z=20)
        assert {one["id"]: one["until"] for one in found["candidates"]} == {
            "y": "2029-06-30",
            "z": "2029-06-30",
            "x": "2027-06-30",
        }

    def test_the_next_candidate_with_whom_the_quotas_hold_takes_a_seat_that_falls_vacant(
        self,
    ) -> None:
        question = election(
            people("p1f", "p2f", "q1f", "p3f"),
            2,
            quotas=[MIN_PERSONS],
            vacancies="next_candidate",
        )
        definition = assembly([question])
        found = board(definition, {"*": chose(100, 0, p1f=90, p2f=80, q1f=70, p3f=60)})
        parsed = definition.question("board")
        assert isinstance(parsed, Election)
        assert found.substitutes == ("q1f", "p3f")
        assert substitute(definition, parsed, found, "p1f") == "p3f"

    def test_under_co_option_nobody_is_next(self) -> None:
        definition = assembly([election(people("x", "y"), 1, vacancies="co_option")])
        found = board(definition, {"*": chose(10, 0, x=9, y=8)})
        parsed = definition.question("board")
        assert isinstance(parsed, Election)
        assert found.substitutes is None
        assert substitute(definition, parsed, found, "x") is None


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("more voters than enrolled", Count(1, 2, 2, {"board": {"@blank": 0, "x": 1, "y": 1}})),
        ("less weight than voters", Count(2, 2, 1, {"board": {"@blank": 0, "x": 1, "y": 0}})),
        ("weight without voters", Count(2, 0, 1, {"board": {"@blank": 1, "x": 0, "y": 0}})),
        ("a sum above the weight", Count(2, 2, 2, {"board": {"@blank": 0, "x": 3, "y": 0}})),
        ("choices on blank ballots", Count(2, 2, 2, {"board": {"@blank": 2, "x": 1, "y": 0}})),
        ("more choices than allowed", Count(2, 2, 2, {"board": {"@blank": 0, "x": 2, "y": 1}})),
        ("a negative sum", Count(2, 2, 2, {"board": {"@blank": -1, "x": 1, "y": 1}})),
        ("an answer missing", Count(2, 2, 2, {"board": {"@blank": 0, "x": 1}})),
        ("another question", Count(2, 2, 2, {"other": {"@blank": 0, "x": 1, "y": 1}})),
    ],
)
def test_counts_that_no_ballots_could_give_are_refused(name: str, count: Count) -> None:
    definition = assembly([election(people("x", "y"), 1, max_choices=1)])
    with pytest.raises(DefinitionError) as refusal:
        compute(definition, {"main": {"*": count}}, {"main": SEED})
    assert {fault.code for fault in refusal.value.faults} == {"count"}, name


@pytest.mark.parametrize("counts", [{}, {"main": {}}, {"main": {"a": chose(1, 1, x=0, y=0)}}])
def test_counts_of_other_boxes_are_refused(counts: Any) -> None:
    definition = assembly([election(people("x", "y"), 1)])
    with pytest.raises(DefinitionError):
        compute(definition, counts, {"main": SEED})
