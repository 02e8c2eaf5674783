"""Elections under quotas, computed by hand."""

from typing import Any

import pytest

from tests.assembly.builders import assembly, candidate, election
from tests.assembly.electing import (
    MAX_PERSONS,
    MIN_MEN,
    MIN_PERSONS,
    MIN_WOMEN,
    passed,
    people,
    whole,
)


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
