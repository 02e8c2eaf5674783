"""Reading and writing definitions: what comes back, what is left out, which papers follow."""

import json
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import rfc8785

from tests.assembly.builders import assembly, candidate, election, resolution, tables
from tests.assembly.full import FULL
from vote.assembly.definition import (
    canonical_json,
    definition_sha256,
    from_json,
    from_toml,
    to_toml,
)
from vote.assembly.errors import DefinitionError
from vote.assembly.model import Election, Majority, Resolution
from vote.assembly.papers import elections
from vote.assembly.parsing import read
from vote.assembly.ratio import Ratio


class TestReadingAndWriting:
    def test_everything_is_read(self) -> None:
        definition = from_toml(FULL)
        assert definition.assembly.meeting == datetime(2025, 6, 26, 10)  # noqa: DTZ001
        assert definition.assembly.convened == date(2025, 6, 1)
        accounts, _, board, *_ = definition.questions
        assert isinstance(accounts, Resolution)
        assert accounts.text is not None
        assert accounts.text["fr"] == "Le bureau propose :\n\n- d'approuver \\ « tout »\t"
        assert accounts.majority == Majority(
            "at_least", Ratio("2/3"), Majority("more_than", Ratio("1/2"))
        )
        assert isinstance(board, Election)
        assert board.candidates[1].statement is None
        assert [one.name for one in definition.staying] == ["S", "T"]

    def test_toml_loses_nothing(self) -> None:
        definition = from_toml(FULL)
        assert from_toml(to_toml(definition)) == definition

    def test_canonical_json_loses_nothing(self) -> None:
        definition = from_toml(FULL)
        assert from_json(canonical_json(definition)) == definition

    def test_canonical_json_has_the_structure_and_names_of_the_toml(self) -> None:
        said = json.loads(canonical_json(from_toml(FULL)))
        written: Any = tomllib.loads(FULL)
        assert said["assembly"]["opens"] == "2025-06-11T10:00:00"
        assert said["questions"][2]["candidates"][0]["member_since"] == "2012-03-01"
        assert said["colleges"][1]["share"] == "2/8"  # the text that was given
        assert set(said) == set(written)
        for one, other in zip(said["questions"], written["questions"], strict=True):
            assert set(one) == set(other)
        assert said == json.loads(rfc8785.dumps(said))

    def test_a_byte_order_mark_is_tolerated(self) -> None:
        assert from_toml("\ufeff" + FULL) == from_toml(FULL)

    def test_the_order_of_keys_does_not_matter_to_the_hash(self) -> None:
        data = tables([resolution()])
        turned = dict(reversed(list(data.items())))
        assert definition_sha256(read(data)) == definition_sha256(read(turned))

    @pytest.mark.parametrize(
        "text",
        [
            'a "quoted" text',
            "back\\slash \\n",
            "two\nlines\n",
            '"""\n"""',
            "tab\t",
            "a\r\nb",
            "é 🗳 \x85",
        ],
    )
    def test_any_text_comes_back(self, text: str) -> None:
        definition = assembly([resolution(text={"en": text})])
        assert from_toml(to_toml(definition)) == definition
        assert from_json(canonical_json(definition)) == definition


class TestDefaults:
    def test_what_the_format_leaves_out_is_spelled_out(self) -> None:
        people = [candidate("x"), candidate("y")]
        board = election(people, 2)
        del board["max_choices"]
        said = json.loads(canonical_json(assembly([resolution(), board])))
        assert said["assembly"]["kind"] == "ordinary"
        assert said["assembly"]["convocation"] == 1
        assert said["trustees"] == {"count": 3, "threshold": 3}
        assert said["tally"] == {"abstentions": "excluded"}
        assert said["ballots"] == [{"id": "main"}]
        assert [one["ballot"] for one in said["questions"]] == ["main", "main"]
        assert said["questions"][1]["max_choices"] == 2
        assert not {"quorum", "board", "colleges"} & set(said)

    def test_the_threshold_is_the_count(self) -> None:
        assert assembly([resolution()], trustees={"count": 5}).trustees.threshold == 5

    def test_colleges_without_shares_need_no_tally(self) -> None:
        definition = assembly([resolution()], {"persons": None, "partners": None})
        assert definition.shares == {"*": 1}
        assert [paper.college for paper in elections(definition)] == [None]

    def test_a_question_stands_on_the_only_paper_or_on_main(self) -> None:
        assert assembly([resolution()], ballots=[{"id": "one"}]).questions[0].ballot == "one"
        papers = [{"id": "other"}, {"id": "main"}]
        questions = [resolution("a"), resolution("b", ballot="other")]
        assert assembly(questions, ballots=papers).questions[0].ballot == "main"

    def test_without_colleges_their_names_are_free(self) -> None:
        definition = assembly([election([candidate("x", "anything")], 1)])
        assert definition.colleges == ()

    def test_a_paper_takes_the_times_of_the_assembly(self) -> None:
        definition = from_toml(FULL)
        assembly_ = definition.assembly
        assert definition.window("advance") == (assembly_.opens, assembly_.closes)
        assert definition.window("live")[1] == datetime(2025, 6, 26, 12)  # noqa: DTZ001
        assert definition.quorum_of("advance") == definition.quorum
        assert definition.quorum_of("live") is None
        late = definition.quorum_of("late")
        assert late is not None
        assert late.base == "heads"


class TestPapers:
    def test_one_for_each_paper_and_college(self) -> None:
        definition = from_toml(FULL)
        papers = elections(definition)
        assert [(paper.ballot, paper.college) for paper in papers] == [
            (ballot, college)
            for ballot in ("advance", "live", "late")
            for college in ("persons", "partners", "others")
        ]
        board, colours, circle = papers[0].questions
        assert (board.answers, board.blank, board.min, board.max) == (
            ("ada", "company"),
            True,
            0,
            2,
        )
        assert (colours.answers, colours.blank, colours.min, colours.max) == (
            ("green", "orange", "red"),
            True,
            1,
            1,
        )
        assert circle.answers == ("consent", "reservations", "objection")
        (accounts,) = papers[3].questions
        assert (accounts.answers, accounts.blank, accounts.min, accounts.max) == (
            ("for", "against", "abstain"),
            False,
            1,
            1,
        )


class TestStrictJson:
    good = canonical_json(from_toml(FULL))

    @pytest.mark.parametrize(
        ("name", "spoil"),
        [
            ("a space", lambda data: data.replace(b":", b": ", 1)),
            ("a newline at the end", lambda data: data + b"\n"),
            ("keys in another order", lambda data: json.dumps(
                dict(reversed(json.loads(data).items())), separators=(",", ":"), ensure_ascii=False
            ).encode()),
            ("escaped characters", lambda data: data.replace("é".encode(), b"\\u00e9", 1)),
            ("a key twice", lambda data: data.replace(b'"format":1', b'"format":1,"format":1')),
            ("a number with a fraction", lambda data: data.replace(b'"format":1', b'"format":1.0')),
            ("a byte-order mark", lambda data: b"\xef\xbb\xbf" + data),
            ("not UTF-8", lambda data: data.replace("é".encode(), b"\xe9", 1)),
            ("a list", lambda data: b"[" + data + b"]"),
            ("nothing", lambda data: b""),
            ("deep nesting", lambda data: b"[" * 100_000),
            ("a huge number", lambda data: data.replace(b'"format":1', b'"format":' + b"1" * 5000)),
            ("null", lambda data: data.replace(b'"format":1', b'"extra":null,"format":1')),
        ],
    )  # fmt: skip
    def test_other_bytes_are_refused(self, name: str, spoil: Callable[[bytes], bytes]) -> None:
        with pytest.raises(DefinitionError):
            from_json(spoil(self.good))

    def test_a_default_left_out_is_not_canonical(self) -> None:
        said = json.loads(canonical_json(assembly([resolution()])))
        del said["assembly"]["kind"]
        with pytest.raises(DefinitionError) as refusal:
            from_json(rfc8785.dumps(said))
        assert refusal.value.faults[0].code == "not-canonical"
