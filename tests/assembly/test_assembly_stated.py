"""What a definition has to state, and rules that do not go together."""

from typing import Any

import pytest

from tests.assembly.builders import (
    FIFTHS,
    HALF,
    TALLY,
    assembly,
    candidate,
    election,
    resolution,
    tables,
)
from tests.assembly.full import full, refused, setting, without
from vote.assembly.errors import DefinitionError
from vote.assembly.parsing import read


class TestNothingIsDecidedInSilence:
    """Rules that decide between two results have no default."""

    @pytest.mark.parametrize("rule", sorted(TALLY))
    def test_a_rule_of_counting_with_shares(self, rule: str) -> None:
        data = without(tables([resolution("first"), resolution("second")], FIFTHS), "tally", rule)
        with pytest.raises(DefinitionError) as refusal:
            read(data)
        (fault,) = refusal.value.faults
        assert (fault.code, fault.where) == ("missing", f"tally.{rule}")
        assert fault.params["questions"] == "first, second"
        assert "decided" in fault.message

    def test_the_whole_tally_with_shares(self) -> None:
        data = without(tables([resolution()], FIFTHS), "tally")
        assert refused(data) == [
            ("missing", f"tally.{rule}") for rule in ("carry", "silent_college", "abstentions")
        ]

    def test_unless_every_question_decides_for_itself(self) -> None:
        rules = {"carry": "bloc", "silent_college": "keep", "abstentions": "for"}
        definition = read(without(tables([resolution(**rules)], FIFTHS), "tally"))
        found = definition.rules(definition.questions[0])
        assert (found.carry, found.silent_college, found.abstentions) == ("bloc", "keep", "for")

    def test_an_election_needs_the_rule_for_silent_colleges_only(self) -> None:
        data = tables([election([candidate("x", "persons")], 1)], FIFTHS)
        assert read(setting(data, {"silent_college": "keep"}, "tally"))
        assert refused(setting(data, {"carry": "bloc", "abstentions": "for"}, "tally")) == [
            ("missing", "tally.silent_college")
        ]

    @pytest.mark.parametrize(
        ("path", "where"),
        [
            (("questions", 0, "majority"), "questions[0].majority"),
            (("questions", 2, "tie_break"), "questions[2].tie_break"),
            (("questions", 2, "seats"), "questions[2].seats"),
            (("questions", 2, "quotas", 0, "scope"), "questions[2].quotas[0].scope"),
            (("quorum", "base"), "quorum.base"),
            (("quorum", "minimum"), "quorum.minimum"),
            (("questions", 0, "type"), "questions[0].type"),
            (("questions", 0, "ballot"), "questions[0].ballot"),
            (("assembly", "timezone"), "assembly.timezone"),
            (("assembly", "opens"), "assembly.opens"),
            (("assembly", "title"), "assembly.title"),
            (("assembly", "languages"), "assembly.languages"),
            (("colleges", 0, "name"), "colleges[0].name"),
            (("format",), "format"),
            (("questions",), "questions"),
            (("assembly",), "assembly"),
        ],
    )
    def test_what_has_to_be_stated(self, path: tuple[str | int, ...], where: str) -> None:
        found = refused(without(full(), *path))
        assert ("missing", where) in found

    def test_the_board_for_a_quota_over_the_whole_board(self) -> None:
        assert refused(without(full(), "board")) == [("board-missing", "board")]


class TestChains:
    def chain(self, *criteria: str, **second: str) -> dict[str, Any]:
        people = [candidate("x"), candidate("y") | second]
        return tables([election(people, 1, tie_break=list(criteria))])

    def test_a_chain_without_a_lot_must_not_leave_a_tie_open(self) -> None:
        assert refused(self.chain("seniority", "age")) == [("chain-open", "questions[0].tie_break")]

    def test_it_may_do_without_where_it_cannot(self) -> None:
        assert read(self.chain("seniority", "age", born="1971-01-01"))
        assert read(self.chain("age", born="1971-01-01"))


class TestColleges:
    def test_a_quorum_by_colleges_needs_shares(self) -> None:
        data = tables([resolution()], quorum={"minimum": "1/5", "base": "colleges"})
        assert refused(data) == [("quorum-base", "quorum.base")]
        own = {"minimum": "1/5", "base": "colleges"}
        data = tables([resolution()], ballots=[{"id": "main", "quorum": own}])
        assert refused(data) == [("quorum-base", "ballots[0].quorum.base")]

    def test_a_majority_in_each_college_needs_shares(self) -> None:
        data = tables([resolution(majority=HALF | {"in_each_college": True})])
        assert refused(data) == [("no-shares", "questions[0].majority.in_each_college")]

    def test_false_asks_for_nothing(self) -> None:
        asked = assembly([resolution(majority=HALF | {"in_each_college": False})])
        assert asked == assembly([resolution()])

    def test_a_quota_by_college_needs_everybodys_college(self) -> None:
        quota = {"attribute": "college", "value": "a", "min": 1, "scope": "seats"}
        data = tables([election([candidate("x"), candidate("y", "a")], 1, quotas=[quota])])
        assert refused(data) == [("college-missing", "questions[0].quotas[0]")]

    def test_empty_papers_are_refused(self) -> None:
        data = tables([resolution(ballot="one")], ballots=[{"id": "one"}, {"id": "two"}])
        assert refused(data) == [("no-question", "ballots[1]")]


class TestQuotasBeforeOpening:
    quotas = (
        {"attribute": "gender", "value": "f", "min": 1, "scope": "seats"},
        {"attribute": "college", "value": "a", "min": 2, "scope": "seats"},
        {"attribute": "college", "value": "b", "min": 2, "scope": "seats"},
    )

    def data(self, seats: int, **others: Any) -> dict[str, Any]:
        people = [candidate(f"{c}{n}", c, "f") for c in "ab" for n in range(2)]
        return tables([election(people, seats, quotas=list(self.quotas), **others)])

    def test_four_seats_are_enough(self) -> None:
        assert read(self.data(4))

    @pytest.mark.parametrize("rule", [None, "vacant"])
    def test_three_are_not_and_the_quotas_that_exclude_each_other_are_named(
        self, rule: str | None
    ) -> None:
        with pytest.raises(DefinitionError) as refusal:
            read(self.data(3, **({"unmet_quotas": rule} if rule else {})))
        (fault,) = refusal.value.faults
        assert fault.params["quotas"] == (
            "at least 2 of the college a among the seats; "
            "at least 2 of the college b among the seats"
        )
        assert "vacant seats would not help" in fault.message

    def test_unless_they_may_give_way(self) -> None:
        assert read(self.data(3, unmet_quotas="give_way"))
