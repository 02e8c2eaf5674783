"""Rules altered by their paths, as `vote what-if` does."""

from typing import Any

import pytest

from tests.assembly.builders import FIFTHS, assembly, candidate, election, resolution
from vote.assembly.definition import canonical_json, with_settings
from vote.assembly.errors import DefinitionError
from vote.assembly.model import Election, Majority, Resolution
from vote.assembly.ratio import Ratio


class TestWhatIf:
    definition = assembly([resolution("accounts"), resolution("other")], FIFTHS)

    def rules(self, **settings: object) -> Any:
        altered = with_settings(
            self.definition, {key.replace("__", "."): value for key, value in settings.items()}
        )
        return [altered.rules(question) for question in altered.questions]

    def test_a_rule_of_the_assembly(self) -> None:
        assert [one.carry for one in self.rules(tally__carry="bloc")] == ["bloc", "bloc"]

    def test_a_rule_of_one_question(self) -> None:
        found = self.rules(questions__accounts__abstentions="against")
        assert [one.abstentions for one in found] == ["against", "excluded"]

    def test_the_definition_itself_stays_as_it_is(self) -> None:
        before = canonical_json(self.definition)
        self.rules(tally__carry="bloc")
        assert canonical_json(self.definition) == before

    def test_a_majority_of_the_other_kind_takes_the_place_of_the_first(self) -> None:
        altered = with_settings(self.definition, {"questions.accounts.majority.at_least": "2/3"})
        first = altered.questions[0]
        assert isinstance(first, Resolution)
        assert first.majority == Majority("at_least", Ratio("2/3"))

    def test_texts_are_understood(self) -> None:
        people = [candidate("x"), candidate("y") | {"born": "1960-01-01"}]
        definition = assembly([election(people, 1)])
        altered = with_settings(
            definition, {"questions.board.seats": "2", "questions.board.tie_break": "age, lot"}
        )
        board = altered.questions[0]
        assert isinstance(board, Election)
        assert (board.seats, board.tie_break) == (2, ("age", "lot"))
        double = with_settings(
            self.definition, {"questions.other.majority.in_each_college": "true"}
        ).questions[1]
        assert isinstance(double, Resolution)
        assert double.majority.inner is not None

    def test_a_quorum_can_be_set_and_taken_away(self) -> None:
        with_one = with_settings(self.definition, {"quorum.minimum": "1/5", "quorum.base": "heads"})
        assert with_one.quorum is not None
        assert with_settings(with_one, {"quorum": None}) == self.definition
        assert with_settings(with_one, {"ballots.main.quorum": "none"}).quorum_of("main") is None

    @pytest.mark.parametrize(
        "path", ["", ".", "tally", "tally.cary", "questions.none.carry", "questions.accounts.seats",
                 "colleges", "questions..carry", "a.b.c"],
    )  # fmt: skip
    def test_a_path_that_leads_nowhere_is_refused(self, path: str) -> None:
        with pytest.raises(DefinitionError):
            with_settings(self.definition, {path: "bloc"})

    def test_other_rules_are_checked_like_the_first(self) -> None:
        with pytest.raises(DefinitionError) as refusal:
            with_settings(self.definition, {"colleges.persons.share": "1/2"})
        assert refusal.value.faults[0].code == "shares-sum"
