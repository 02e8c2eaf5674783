"""roll.csv and votes.csv: what is read, and every fault with its line."""

from collections.abc import Callable

import pytest

from tests.assembly.builders import assembly, candidate, election, resolution
from vote.assembly.errors import DefinitionError
from vote.assembly.roll import Member, encode_roll, enrolled, parse_roll
from vote.assembly.votes import Cast, count_in_the_clear, parse_votes

SHARES = {"persons": "1/2", "partners": "1/2"}
DEFINITION = assembly(
    [resolution("accounts"), election([candidate("x"), candidate("y"), candidate("z")], 2,
                                      max_choices=2),
     resolution("floor", ballot="live")],
    SHARES,
    ballots=[{"id": "main"}, {"id": "live"}],
)  # fmt: skip
HEADER = "member,name,email,language,college,weight\n"
ROLL = tuple(
    Member(f"m{n}", f"Member {n}", "", "en", "persons" if n < 3 else "partners", n)
    for n in range(1, 5)
)


def lines(read: Callable[[], object]) -> list[tuple[str, str]]:
    """The faults, as (line, code)."""
    with pytest.raises(DefinitionError) as refusal:
        read()
    return [(fault.where.rpartition(" ")[2], fault.code) for fault in refusal.value.faults]


class TestRoll:
    def read(self, text: str | bytes) -> tuple[Member, ...]:
        return parse_roll(text.encode() if isinstance(text, str) else text, DEFINITION)

    def test_what_is_written_is_read(self) -> None:
        assert self.read(encode_roll(ROLL)) == ROLL

    def test_awkward_names_come_back(self) -> None:
        roll = (Member("a,b", 'A "quoted", name', "a@b.example", "en", "persons", 999_999_999),)
        assert self.read(encode_roll(roll)) == roll

    @pytest.mark.parametrize(
        "text",
        [
            HEADER + "m1,Ada,,en,persons,1\n",
            "\ufeff" + HEADER + "m1,Ada,,en,persons,1\n",
            HEADER + "m1,Ada,,en,persons,1",
            HEADER.replace("\n", "\r\n") + "m1,Ada,,en,persons,1\r\n",
            HEADER + "\n  \nm1,Ada,,en,persons,\n\n",
            HEADER + "m1,Ada,,en,persons\n",
            "member,name,email,language,college\nm1,Ada,,en,persons\n",
            "weight,college,language,email,name,member\n1,persons,en,,Ada,m1\n",
            HEADER + '"m1", Ada ,,en,"persons",1\n',
        ],
    )
    def test_one_member_in_many_hands(self, text: str) -> None:
        assert self.read(text) == (Member("m1", "Ada", "", "en", "persons", 1),)

    def test_every_fault_comes_with_its_line(self) -> None:
        text = HEADER.encode() + b"\n".join(
            [
                b"m1,Ada,ada.example,en,persons,1",  # 2: the address
                b'm2,"A name',  # 3 and 4: a cell over two lines, a character nobody sees
                b'on two lines",,en,persons,1',
                b"m1,Ben,,en,persons,1",  # 5: on line 2 already
                b"m5,Eve,,de,persons,0",  # 6: a language and a weight that are none
                b"m6,Fay,,en,other,1.5",  # 7: a college and a weight that are none
                b",,,,,",  # 8: empty, like a line without anything
                b",Gus,,en,persons,-1",  # 9: no member, a weight that is none
                b"m8,Hal\xff,,en,persons,1",  # 10: not UTF-8
                b"m9,Ida,,en,persons,1,more",  # 11: a cell too many
                b"m10,,,,persons,01",  # 12: no name, no language, a weight that is none
            ]
        )
        assert lines(lambda: self.read(text)) == [
            ("2", "email"),
            ("3", "unprintable"),
            ("5", "twice"),
            ("6", "language"),
            ("6", "weight"),
            ("7", "college"),
            ("7", "weight"),
            ("9", "empty"),
            ("9", "weight"),
            ("10", "encoding"),
            ("11", "cells"),
            ("12", "empty"),
            ("12", "empty"),
            ("12", "weight"),
        ]

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "header"),
            ("member,name\n", "header"),
            ("member;name;email;language;college;weight\n", "header"),
            (HEADER.replace("weight", "poids"), "header"),
            (HEADER.strip() + ",weight\n", "header"),
            (HEADER, "no-member"),
            (HEADER + 'm1,"Ada,,en,persons,1\n', "csv"),
            (HEADER + 'm1,"Ada"x,,en,persons,1\n', "csv"),
            (HEADER + "m1," + "A" * 501 + ",,en,persons,1\n", "too-long"),
            (HEADER + "m1,A\x00a,,en,persons,1\n", "unprintable"),
            (HEADER + "m1,Ada,,en,persons,٣\n", "weight"),
            (HEADER + "m1,Ada,,en,persons,1e3\n", "weight"),
            (HEADER + "m1,Ada,,en,persons,1000000000\n", "weight"),
            (HEADER + "m1,Ada,,en,,1\n", "college"),
        ],
    )
    def test_what_cannot_be_a_roll(self, text: str, code: str) -> None:
        assert code in [found for _, found in lines(lambda: self.read(text))]

    def test_utf_16_is_refused(self) -> None:
        assert lines(lambda: self.read((HEADER + "m1,Ada,,en,persons,1\n").encode("utf-16")))

    def test_without_colleges_the_names_are_free(self) -> None:
        definition = assembly([resolution()])
        text = b"member,name,email,language,college\nm1,Ada,,en,\nm2,Ben,,en,anything\n"
        assert len(parse_roll(text, definition)) == 2
        assert enrolled(definition, parse_roll(text, definition)) == {"*": 2}


class TestVotes:
    def read(self, *rows: str) -> list[Cast]:
        text = "member,question,choice\n" + "\n".join(rows) + "\n"
        return parse_votes(text.encode(), DEFINITION, ROLL)

    def test_a_row_for_each_choice(self) -> None:
        assert self.read("m1,accounts,for", "m1,board,x", "m1,board,z") == [
            Cast("m1", "main", ((1, 0, 0), (0, 1, 0, 1)))
        ]

    def test_a_question_without_a_row_is_blank_or_abstained(self) -> None:
        assert self.read("m1,accounts,against", "m2,board,y") == [
            Cast("m1", "main", ((0, 1, 0), (1, 0, 0, 0))),
            Cast("m2", "main", ((0, 0, 1), (0, 0, 1, 0))),
        ]

    def test_a_paper_without_a_row_is_not_voted_on(self) -> None:
        assert self.read("m1,floor,abstain") == [Cast("m1", "live", ((0, 0, 1),))]

    def test_a_visit_casts_one_ballot_on_each_paper(self) -> None:
        assert self.read("m1,floor,for", "m1,board,@blank") == [
            Cast("m1", "main", ((0, 0, 1), (1, 0, 0, 0))),
            Cast("m1", "live", ((1, 0, 0),)),
        ]

    def test_members_come_back_in_the_order_of_the_file(self) -> None:
        casts = self.read(
            "m1,accounts,for", "m2,accounts,for", "m1,@again,", "m3,accounts,against",
            "m1,accounts,against", "m3,board,x", "m1,@again,", "m1,floor,for",
        )  # fmt: skip
        assert [(cast.member, cast.ballot, cast.answers[0]) for cast in casts] == [
            ("m1", "main", (1, 0, 0)),
            ("m2", "main", (1, 0, 0)),
            ("m3", "main", (0, 1, 0)),
            ("m1", "main", (0, 1, 0)),
            ("m1", "live", (1, 0, 0)),
        ]

    def test_the_last_ballot_counts_with_the_members_weight(self) -> None:
        casts = self.read(
            "m1,accounts,for", "m2,accounts,for", "m4,accounts,for", "m4,board,x",
            "m1,@again,", "m1,accounts,against",
        )  # fmt: skip
        counts = count_in_the_clear(DEFINITION, ROLL, casts)
        persons, partners = counts["main"]["persons"], counts["main"]["partners"]
        assert (persons.enrolled, persons.voters, persons.weight_voting) == (2, 2, 3)
        assert persons.sums["accounts"] == {"for": 2, "against": 1, "abstain": 0}
        assert persons.sums["board"] == {"@blank": 3, "x": 0, "y": 0, "z": 0}
        assert partners.sums["board"] == {"@blank": 0, "x": 4, "y": 0, "z": 0}
        assert counts["live"]["persons"].voters == 0

    def test_nobody_voted(self) -> None:
        assert self.read() == []

    def test_every_fault_comes_with_its_line(self) -> None:
        assert lines(
            lambda: self.read(
                "m9,accounts,for",  # 2: nobody of that name
                "m1,account,for",  # 3: no such question
                "m1,accounts,yes",  # 4: no such choice
                "m1,accounts,@blank",  # 5: a resolution has no blank
                "m1,accounts,for",
                "m1,accounts,against",  # 7: one choice only
                "m2,board,x",
                "m2,board,x",  # 9: ticked already
                "m2,board,y",
                "m2,board,z",  # 11: two at most
                "m3,board,@blank",
                "m3,board,y",  # 13: blank and not blank
                "m4,@again,",  # 14: nothing to come back from
                "m2,@again,x",  # 15: something behind it
                "m2,@again,",  # 16: nothing follows it
                "m3,@again",  # 17: a cell is missing
            )
        ) == [
            ("2", "member"),
            ("3", "question"),
            ("4", "choice"),
            ("5", "choice"),
            ("7", "too-many"),
            ("9", "twice"),
            ("11", "too-many"),
            ("13", "blank"),
            ("14", "again"),
            ("15", "again"),
            ("16", "again"),
            ("17", "cells"),
        ]

    def test_a_header_of_its_own_is_refused(self) -> None:
        text = b"member,question,choice,weight\nm1,accounts,for,2\n"
        assert lines(lambda: parse_votes(text, DEFINITION, ROLL)) == [("1", "header")]
