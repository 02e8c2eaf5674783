"""Elections computed by hand: scores, ties, quotas, majorities, seats, terms."""

from fractions import Fraction
from hashlib import sha256
from typing import Any, ClassVar

import pytest

from tests.assembly.builders import assembly, candidate, chose, election
from vote.assembly.board import ElectionOutcome, substitute
from vote.assembly.count import Count
from vote.assembly.definition import Definition
from vote.assembly.errors import DefinitionError
from vote.assembly.model import Election
from vote.assembly.outcome import as_json, compute

SEED = bytes(range(32))
HALVES = {"a": "1/2", "b": "1/2"}


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


MIN_PERSONS = {"attribute": "college", "value": "persons", "min": 2, "scope": "seats"}
MAX_PERSONS = {"attribute": "college", "value": "persons", "max": 1, "scope": "seats"}
MIN_WOMEN = {"attribute": "gender", "value": "f", "min": 2, "scope": "seats"}
MIN_MEN = {"attribute": "gender", "value": "m", "min": 2, "scope": "seats"}


class TestQuotas:
    """Votes fall from 90 on in the order in which the candidates are written."""

    def elect(self, ids: str, seats: int, *quotas: dict[str, Any], **others: Any) -> Any:
        names = ids.split()
        more = {key: others.pop(key) for key in ("board",) if key in others}
        question = election(people(*names), seats, quotas=list(quotas), **others)
        definition = assembly([question], **more)
        votes = {one: 90 - 10 * place for place, one in enumerate(names)}
        return whole(definition, **votes)

    def test_a_minimum_passes_over_the_better_placed_of_the_others(self) -> None:
        # Three seats, two persons at least: q1 takes the one seat that is free, q2 and q3 would
        # leave a single seat for two persons.
        found = self.elect("q1f q2f q3f p1f p2f", 3, MIN_PERSONS)
        assert found["elected"] == ["q1f", "p1f", "p2f"]
        assert passed(found) == {"q2f": MIN_PERSONS, "q3f": MIN_PERSONS}

    def test_a_minimum_that_is_met_anyway_changes_nothing(self) -> None:
        found = self.elect("p1f q1f p2f q2f", 3, MIN_PERSONS)
        assert (found["elected"], passed(found)) == (["p1f", "q1f", "p2f"], {})

    def test_a_maximum_passes_over_the_surplus(self) -> None:
        found = self.elect("p1f p2f q1f q2f", 3, MAX_PERSONS)
        assert found["elected"] == ["p1f", "q1f", "q2f"]
        assert passed(found) == {"p2f": MAX_PERSONS}

    def test_a_maximum_may_leave_a_seat_vacant(self) -> None:
        found = self.elect("p1f p2f q1f", 3, MAX_PERSONS)
        assert (found["elected"], found["vacant"]) == (["p1f", "q1f"], 1)

    def test_whoever_comes_after_the_last_seat_is_not_passed_over(self) -> None:
        found = self.elect("p1f p2f q1f q2f", 2, MIN_PERSONS)
        assert found["elected"] == ["p1f", "p2f"]
        assert passed(found) == {}

    def test_by_gender(self) -> None:
        # Two women of three: after x1m there is room for women only.
        found = self.elect("x1m x2m x3f x4m x5f", 3, MIN_WOMEN)
        assert found["elected"] == ["x1m", "x3f", "x5f"]
        assert passed(found) == {"x2m": MIN_WOMEN, "x4m": MIN_WOMEN}

    def test_one_person_can_serve_two_quotas(self) -> None:
        # Two seats, two persons and two women: only p3f and p4f are both.
        found = self.elect("p1m q1f p2m p3f p4f", 2, MIN_PERSONS, MIN_WOMEN)
        assert found["elected"] == ["p3f", "p4f"]
        assert passed(found) == {"p1m": MIN_WOMEN, "q1f": MIN_PERSONS, "p2m": MIN_WOMEN}

    def test_quotas_that_bar_only_together_are_both_named(self) -> None:
        # Three seats for two persons and two women. After q1m two seats are left: p1m and p2m
        # could serve the one quota, q2f and q3f the other; both would take two who are both.
        found = self.elect("q1m p1m p2m q2f q3f p3f", 3, MIN_PERSONS, MIN_WOMEN)
        assert passed(found)["q1m"] == MIN_PERSONS | {"together_with": [MIN_WOMEN]}
        # p1m is taken; p2m would leave one seat for two women; q2f, and p3f who is both.
        assert found["elected"] == ["p1m", "q2f", "p3f"]

    @pytest.mark.parametrize(
        ("until", "elected"),
        [
            # In office for another year: one person is there, one more is wanted, q1 fits in.
            ("2026-06-26", ["q1f", "p1f"]),
            # The term ends on the day of the meeting: gone; both seats are the persons'.
            ("2025-06-26", ["p1f", "p2f"]),
            # Ended before.
            ("2025-06-01", ["p1f", "p2f"]),
        ],
    )
    def test_the_whole_board_counts_those_who_stay(self, until: str, elected: list[str]) -> None:
        sitting = [{"name": "S", "college": "persons", "gender": "m", "until": until}]
        found = self.elect(
            "q1f q2f p1f p2f", 2, MIN_PERSONS | {"scope": "board"}, board={"sitting": sitting}
        )
        assert found["elected"] == elected

    def test_a_sitting_member_without_an_end_stays(self) -> None:
        sitting = [{"name": "S", "college": "persons"}]
        found = self.elect(
            "q1f q2f p1f p2f", 2, MIN_PERSONS | {"scope": "board"}, board={"sitting": sitting}
        )
        assert found["elected"] == ["q1f", "p1f"]

    def test_quotas_over_the_seats_do_not_look_at_the_board(self) -> None:
        sitting = [{"name": "S", "college": "persons"}]
        found = self.elect("q1f q2f p1f p2f", 2, MIN_PERSONS, board={"sitting": sitting})
        assert found["elected"] == ["p1f", "p2f"]

    def test_a_maximum_over_the_whole_board_counts_those_who_stay(self) -> None:
        sitting = [{"name": "S", "college": "persons"}]
        limit = MAX_PERSONS | {"scope": "board", "max": 2}
        found = self.elect("p1f p2f q1f", 2, limit, board={"sitting": sitting})
        assert found["elected"] == ["p1f", "q1f"]
        assert passed(found) == {"p2f": limit}

    def test_a_candidate_of_no_gender_counts_for_none(self) -> None:
        question = election(
            [candidate("company"), *people("x1m", "x2f", "x3f")], 3, quotas=[MIN_WOMEN]
        )
        found = whole(assembly([question]), company=90, x1m=80, x2f=70, x3f=60)
        assert found["elected"] == ["company", "x2f", "x3f"]

    def test_too_few_candidates_and_seats_stay_vacant(self) -> None:
        # Two persons are wanted, one stands: of three seats one is kept empty for the other.
        found = self.elect("q1f q2f q3f p1f", 3, MIN_PERSONS, unmet_quotas="vacant")
        assert (found["elected"], found["vacant"]) == (["q1f", "p1f"], 1)
        assert passed(found) == {"q2f": MIN_PERSONS, "q3f": MIN_PERSONS}

    def test_a_vacant_seat_serves_as_many_quotas_as_it_can(self) -> None:
        # Wanting: a person and a woman, one of each short. One empty seat stands for both.
        found = self.elect("q1m q2f q3m p1m", 3, MIN_PERSONS, MIN_WOMEN, unmet_quotas="vacant")
        assert (found["elected"], found["vacant"]) == (["q2f", "p1m"], 1)

    def test_too_few_candidates_and_the_quota_gives_way(self) -> None:
        # As far as it goes, one person; the other seats go by rank.
        found = self.elect("q1f q2f q3f p1f", 3, MIN_PERSONS, unmet_quotas="give_way")
        assert (found["elected"], found["vacant"]) == (["q1f", "q2f", "p1f"], 0)
        assert passed(found) == {"q3f": MIN_PERSONS}

    def test_the_quota_written_last_gives_way_first(self) -> None:
        # Three seats for two women and two men: the women's quota holds, one man is enough.
        names = "x1f x2f x3m x4m x5f"
        found = self.elect(names, 3, MIN_WOMEN, MIN_MEN, unmet_quotas="give_way")
        assert found["elected"] == ["x1f", "x2f", "x3m"]
        found = self.elect(names, 3, MIN_MEN, MIN_WOMEN, unmet_quotas="give_way")
        assert found["elected"] == ["x1f", "x3m", "x4m"]

    def test_a_board_beyond_the_maximum_takes_nobody_more(self) -> None:
        sitting = [{"name": name, "college": "persons"} for name in "ST"]
        limit = MAX_PERSONS | {"scope": "board"}
        found = self.elect(
            "p1f q1f p2f q2f", 2, limit, board={"sitting": sitting}, unmet_quotas="give_way"
        )
        assert found["elected"] == ["q1f", "q2f"]


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
