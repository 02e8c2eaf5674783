"""What the host is told: warnings, privacy, power, drawings, the second convocation."""

from collections import Counter
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest

from tests.assembly.builders import (
    FIFTHS,
    HALF,
    assembly,
    candidate,
    chose,
    election,
    resolution,
    tables,
    voted,
)
from vote.assembly.advice import roll_warnings, warnings
from vote.assembly.convocation import successor
from vote.assembly.definition import Definition, with_settings
from vote.assembly.drawing import draw
from vote.assembly.errors import DefinitionError
from vote.assembly.model import Quorum
from vote.assembly.outcome import compute
from vote.assembly.papers import elections
from vote.assembly.parsing import read
from vote.assembly.power import power, power_cast, quorum_need
from vote.assembly.privacy import privacy_findings, privacy_warnings
from vote.assembly.ratio import Ratio
from vote.assembly.roll import Member
from vote.assembly.votes import count_in_the_clear

HALVES = {"a": "1/2", "b": "1/2"}
SIZES = {"persons": 13242, "employees": 17, "authorities": 29, "partners": 79, "legal": 131}


def roll_of(sizes: dict[str, int]) -> list[Member]:
    return [
        Member(f"{college}-{n}", "N", f"{college}-{n}@example.org", "en", college)
        for college, size in sizes.items()
        for n in range(size)
    ]


def codes(definition: Definition) -> list[tuple[str, str]]:
    return [(found.code, found.where) for found in warnings(definition)]


def dated(**times: str) -> Definition:
    data = tables([resolution()])
    data["assembly"] |= times
    return read(data)


class TestWarnings:
    def test_an_ordinary_assembly_gives_none(self) -> None:
        assert codes(assembly([resolution(), election([candidate("x")], 1)], FIFTHS)) == []

    @pytest.mark.parametrize(
        ("times", "code", "where"),
        [
            ({"opens": "2025-06-11T09:59:59"}, "early-opening", "assembly.opens"),
            ({"convened": "2025-06-12"}, "short-notice", "assembly.convened"),
            ({"closes": "2025-10-26T02:30:00"}, "clock-change", "assembly.closes"),
            ({"opens": "2025-03-30T02:30:00"}, "clock-change", "assembly.opens"),
        ],
    )
    def test_dates(self, times: dict[str, str], code: str, where: str) -> None:
        assert (code, where) in codes(dated(**times))

    def test_fifteen_days_are_enough_on_a_first_convocation_and_ten_on_a_later_one(self) -> None:
        assert codes(dated(convened="2025-06-11")) == []
        data = tables([resolution()])
        data["assembly"] |= {"convened": "2025-06-16", "convocation": 2}
        assert codes(read(data)) == []
        data["assembly"]["convened"] = "2025-06-17"
        assert codes(read(data)) == [("short-notice", "assembly.convened")]

    @pytest.mark.parametrize(
        ("definition", "code", "where"),
        [
            (assembly([resolution()], trustees={"count": 1}), "one-trustee", "trustees.threshold"),
            (
                assembly([resolution()], trustees={"count": 3, "threshold": 1}),
                "all-trustees",
                "trustees.threshold",
            ),
            (assembly([resolution(carry="bloc")]), "no-effect", "questions[0].carry"),
            (assembly([resolution()], tally={"carry": "bloc"}), "no-effect", "tally.carry"),
            (
                assembly([resolution()], FIFTHS, {"bloc_majority": HALF}),
                "no-effect",
                "tally.bloc_majority",
            ),
            (
                assembly([election([candidate("x")], 2)]),
                "few-candidates",
                "questions[0].candidates",
            ),
            (
                assembly([election([candidate("x"), candidate("y")], 1)]),
                "many-choices",
                "questions[0].max_choices",
            ),
            (
                assembly([resolution()], ballots=[{"id": "main", "closes": "2025-06-27T00:00:00"}]),
                "outside-window",
                "ballots[0]",
            ),
        ],
    )
    def test_what_may_surprise(self, definition: Definition, code: str, where: str) -> None:
        assert codes(definition) == [(code, where)]

    def test_quotas_that_a_majority_may_thwart(self) -> None:
        quota = {"attribute": "gender", "value": "f", "min": 1, "scope": "seats"}
        people = [candidate("x", gender="f"), candidate("y")]
        one = election(people, 2, quotas=[quota], majority=HALF)
        assert codes(assembly([one])) == [
            ("unmet-quotas", "questions[0].unmet_quotas"),
            ("no-gender", "questions[0].candidates[1].gender"),
        ]
        decided = election(people[:1], 1, quotas=[quota], majority=HALF, unmet_quotas="vacant")
        assert codes(assembly([decided])) == []

    def test_a_roll(self) -> None:
        definition = assembly([resolution()], HALVES, quorum={"minimum": "3/5", "base": "colleges"})
        roll = [
            Member("1", "N", "same@example.org", "en", "a"),
            Member("2", "N", "Same@example.org", "en", "a"),
            Member("3", "N", "", "en", "a"),
        ]
        found = roll_warnings(definition, roll)
        assert [one.code for one in found] == [
            "empty-college",
            "no-email",
            "shared-email",
            "quorum-out-of-reach",
        ]
        assert roll_warnings(definition, roll_of({"a": 1, "b": 1})) == ()


class TestPrivacy:
    definition = assembly([resolution()], HALVES)

    def test_small_colleges_before_opening(self) -> None:
        found = privacy_warnings(self.definition, roll_of({"a": 10, "b": 9}))
        assert [(one.code, one.where) for one in found] == [("small-college", "colleges.b")]
        assert privacy_warnings(self.definition, roll_of({"a": 10, "b": 9}), floor=9) == ()

    def test_a_member_who_outweighs_all_the_others(self) -> None:
        others = [Member(f"m{n}", "N", "", "en", "a") for n in range(20)]
        for weight, expected in ((20, []), (21, ["heavy-member"])):
            roll = [Member("heavy", "N", "", "en", "a", weight), *others]
            found = privacy_warnings(self.definition, roll)
            assert [one.code for one in found] == expected

    def test_at_closing(self) -> None:
        counts = {"main": {"a": voted(8, 1, 3), "b": voted(0, 11, 0)}}
        found = privacy_findings(self.definition, counts)
        assert [(one.code, one.where) for one in found] == [("unanimous", "main/b/motion")]
        counts = {"main": {"a": voted(1, 0, 1), "b": voted(0, 0, 0)}}
        found = privacy_findings(self.definition, counts)
        assert [(one.code, one.where) for one in found] == [("few-voters", "main/a")]

    def test_a_candidate_whom_everybody_ticked(self) -> None:
        definition = assembly([election([candidate("x"), candidate("y")], 2)])
        found = privacy_findings(definition, {"main": {"*": chose(12, 0, x=12, y=5)}})
        assert [one.code for one in found] == ["unanimous"]


class TestPower:
    def test_one_employees_vote_weighs_hundreds_of_natural_persons(self) -> None:
        rows = {one.college: one for one in power(assembly([resolution()], FIFTHS), roll_of(SIZES))}
        persons, employees = rows["persons"], rows["employees"]
        assert employees.one_vote == Fraction(1, 85)  # 1/5 / 17
        assert employees.against(persons) == Fraction(13242, 17)  # 779 to one
        assert persons.against(employees) == Fraction(17, 13242)

    def test_without_shares_every_vote_weighs_the_same(self) -> None:
        (row,) = power(assembly([resolution()]), roll_of({"": 4}))
        assert (row.college, row.members, row.one_vote) == ("*", 4, Fraction(1, 4))

    def test_weights_share_the_college_among_them(self) -> None:
        roll = [Member("1", "N", "", "en", "a", 3), Member("2", "N", "", "en", "b")]
        first, second = power(assembly([resolution()], HALVES), roll)
        assert (first.one_vote, second.one_vote) == (Fraction(1, 6), Fraction(1, 2))

    def test_an_empty_college_has_no_vote_to_weigh(self) -> None:
        first, second = power(assembly([resolution()], HALVES), roll_of({"a": 2}))
        assert second.one_vote is None
        assert first.against(second) is None

    def test_in_the_result_only_those_who_voted_share(self) -> None:
        boxes = {"a": voted(1, 1, 0), "b": voted(5, 0, 0)}
        first, second = power_cast(assembly([resolution()], HALVES), boxes)
        assert first.against(second) == Fraction(5, 2)

    @pytest.mark.parametrize(("minimum", "voters"), [("1/5", 3), ("1/4", 4), ("0", 0), ("1", 13)])
    def test_the_turnout_for_a_quorum_by_heads(self, minimum: str, voters: int) -> None:
        # Of 13: 1/5 is 2.6, hence 3; 1/4 is 3.25, hence 4.
        definition = assembly([resolution()], quorum={"minimum": minimum, "base": "heads"})
        need = quorum_need(definition, roll_of({"": 13}), "main")
        assert need is not None
        assert need.evenly == {"*": voters}

    def test_the_turnout_for_a_quorum_by_colleges(self) -> None:
        # Each of the four in b brings 1/2 x 1/4 = 1/8, each of the hundred in a 1/200. For 3/5:
        # all of b, 1/2, and 20 of a, 1/10. Evenly: 60 of a, 2.4 and so 3 of b.
        definition = assembly([resolution()], HALVES, quorum={"minimum": "3/5", "base": "colleges"})
        need = quorum_need(definition, roll_of({"a": 100, "b": 4}), "main")
        assert need is not None
        assert need.evenly == {"a": 60, "b": 3}
        assert need.fewest == {"a": 20, "b": 4}

    def test_a_quorum_out_of_reach_and_none_at_all(self) -> None:
        definition = assembly([resolution()], HALVES, quorum={"minimum": "3/5", "base": "colleges"})
        need = quorum_need(definition, roll_of({"a": 3}), "main")
        assert need is not None
        assert need.fewest is None
        free = with_settings(definition, {"quorum": None})
        assert quorum_need(free, roll_of({"a": 3}), "main") is None


class TestDrawing:
    people = tuple(candidate(f"n{n}", "a") for n in range(6))
    definition = assembly(
        [
            resolution("accounts"),
            election(people, 3, max_choices=3),
            resolution("floor", ballot="live"),
        ],
        HALVES,
        ballots=[{"id": "main"}, {"id": "live"}],
    )
    roll = roll_of({"a": 300, "b": 20})

    def test_a_seed_fixes_the_votes(self) -> None:
        first = draw(self.definition, self.roll, Fraction(1, 2), 7)
        assert first == draw(self.definition, self.roll, 0.5, 7)
        assert first != draw(self.definition, self.roll, 0.5, 8)

    @pytest.mark.parametrize(
        ("turnout", "voters"), [(0, 0), (0.2, 64), (0.0015, 0), (1, 320), (2, 320)]
    )
    def test_the_turnout_is_that_asked_for(self, turnout: float, voters: int) -> None:
        casts = draw(self.definition, self.roll, turnout, 7)
        assert len({cast.member for cast in casts}) == voters

    def test_the_ballots_are_as_the_papers_allow(self) -> None:
        casts = draw(self.definition, self.roll, 1, 7)
        papers = {paper.ballot: paper for paper in elections(self.definition)}
        for cast in casts:
            for question, answers in zip(papers[cast.ballot].questions, cast.answers, strict=True):
                blank, chosen = (answers[0], answers[1:]) if question.blank else (0, answers)
                assert len(chosen) == len(question.answers)
                assert set(answers) <= {0, 1}
                assert sum(chosen) == 0 if blank else question.min <= sum(chosen) <= question.max

    def test_some_come_back_some_are_blank_and_nobody_wins_all(self) -> None:
        casts = draw(self.definition, self.roll, 1, 7)
        times = Counter((cast.ballot, cast.member) for cast in casts)
        assert set(times.values()) == {1, 2}
        counts = count_in_the_clear(self.definition, self.roll, casts)
        assert counts["main"]["a"].sums["board"]["@blank"] > 0
        assert min(counts["main"]["a"].sums["accounts"].values()) > 0
        seeds = {"main": bytes(32)}
        assert compute(self.definition, counts, seeds).ballots["main"].quorum is None


class TestSecondConvocation:
    times: dict[str, Any] = {  # noqa: RUF012
        "opens": datetime(2025, 7, 5, 10),  # noqa: DTZ001
        "meeting": datetime(2025, 7, 10, 10),  # noqa: DTZ001
        "closes": datetime(2025, 7, 10, 16),  # noqa: DTZ001
    }

    def test_the_same_agenda_under_the_second_quorum(self) -> None:
        first = assembly(
            [resolution()], quorum={"minimum": "1/4", "base": "heads", "second": "1/5"}
        )
        second = successor(first, "sample-2", **self.times, convened=date(2025, 6, 27))
        assert second.questions == first.questions
        assert second.assembly.convocation == 2
        assert second.assembly.id == "sample-2"
        assert second.quorum == Quorum(Ratio("1/5"), "heads", Ratio("1/5"))

    def test_no_quorum_the_second_time(self) -> None:
        own = {"minimum": "1/4", "base": "heads", "second": "0"}
        first = assembly(
            [resolution()],
            quorum={"minimum": "1/4", "base": "heads", "second": "1/5"},
            ballots=[{"id": "main", "quorum": own, "opens": "2025-06-26T10:00:00"}],
        )
        second = successor(first, "sample-2", **self.times)
        assert second.quorum_of("main") is None
        assert second.window("main") == (self.times["opens"], self.times["closes"])

    def test_a_second_quorum_that_was_never_decided_is_asked_for(self) -> None:
        first = assembly([resolution()], quorum={"minimum": "1/4", "base": "heads"})
        with pytest.raises(DefinitionError) as refusal:
            successor(first, "sample-2", **self.times)
        assert refusal.value.faults[0].code == "second-quorum"

    def test_without_a_quorum_there_is_none_the_second_time_either(self) -> None:
        assert successor(assembly([resolution()]), "sample-2", **self.times).quorum is None
