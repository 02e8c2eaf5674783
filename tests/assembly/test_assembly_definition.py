"""Reading and writing definitions: what is accepted, what is refused and how it is said."""

import json
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import rfc8785

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
from vote.assembly.definition import (
    canonical_json,
    definition_sha256,
    from_json,
    from_toml,
    to_toml,
    with_settings,
)
from vote.assembly.errors import DefinitionError
from vote.assembly.model import Election, Majority, Resolution
from vote.assembly.papers import elections
from vote.assembly.parsing import read
from vote.assembly.ratio import Ratio

FULL = '''\
format = 1

[assembly]
id = "sample-2025"
kind = "extraordinary"
organisation = "scic"
convocation = 2
convened = 2025-06-01
languages = ["fr", "en"]
timezone = "Europe/Brussels"
opens = 2025-06-11T10:00:00
meeting = 2025-06-26T10:00:00
closes = 2025-06-26T16:45:00
title = { fr = "Assemblée « générale »", en = "General \\"assembly\\"" }

[trustees]
count = 3
threshold = 2

[quorum]
minimum = "1/5"
base = "colleges"
second = "0"

[tally]
carry = "bloc"
silent_college = "renormalise"
abstentions = "against"
bloc_majority = { at_least = "1/2" }

[[colleges]]
id = "persons"
share = "1/2"
name = { fr = "Personnes", en = "Persons" }

[[colleges]]
id = "partners"
share = "2/8"
name = { fr = "Partenaires", en = "Partners" }

[[colleges]]
id = "others"
share = "1/4"
name = { fr = "Autres", en = "Others" }

[[ballots]]
id = "advance"

[[ballots]]
id = "live"
title = { fr = "En séance", en = "In the room" }
opens = 2025-06-26T10:30:00
closes = 2025-06-26T12:00:00
quorum = "none"

[[ballots]]
id = "late"
quorum = { minimum = "1/10", base = "heads" }

[[questions]]
id = "accounts"
ballot = "live"
type = "resolution"
majority = { at_least = "2/3", in_each_college = { more_than = "1/2" } }
carry = "proportional"
silent_college = "keep"
abstentions = "for"
bloc_majority = { more_than = "1/2" }
title = { fr = "Comptes", en = "Accounts" }
text = { fr = """
Le bureau propose :

- d'approuver \\\\ « tout »\\t""", en = "One line" }

[[questions]]
id = "statutes"
ballot = "late"
type = "resolution"
majority = { at_least = "2/3", in_each_college = true }
title = { fr = "Statuts", en = "Statutes" }

[[questions]]
id = "board"
ballot = "advance"
type = "election"
seats = 2
max_choices = 3
tie_break = ["seniority", "age", "lot"]
majority = { at_least = "1/4" }
silent_college = "keep"
unmet_quotas = "give_way"
vacancies = "next_candidate"
title = { fr = "Conseil", en = "Board" }

  [[questions.candidates]]
  id = "ada"
  name = "Ada"
  college = "persons"
  gender = "f"
  member_since = 2012-03-01
  born = 1980-05-17
  photo = "photos/ada.jpg"
  statement = { fr = "Bonjour", en = "Hello" }

  [[questions.candidates]]
  id = "company"
  name = "The company"
  college = "partners"
  member_since = 2013-03-01
  born = 1999-05-17
  statement = { fr = "", en = "" }

  [[questions.quotas]]
  attribute = "college"
  value = "persons"
  min = 1
  max = 2
  scope = "seats"

  [[questions.quotas]]
  attribute = "gender"
  value = "f"
  min = 2
  scope = "board"

  [[questions.terms]]
  until = 2029-06-30
  seats = 1

  [[questions.terms]]
  until = 2027-06-30
  replaces = "Who left"

[[questions]]
id = "colours"
ballot = "advance"
type = "consultation"
silent_college = "keep"
title = { fr = "Couleurs", en = "Colours" }

  [[questions.positions]]
  id = "green"
  title = { fr = "vert", en = "green" }

  [[questions.positions]]
  id = "orange"
  title = { fr = "orange", en = "orange" }

  [[questions.positions]]
  id = "red"
  title = { fr = "rouge", en = "red" }

[[questions]]
id = "circle"
ballot = "advance"
type = "consent"
title = { fr = "Cercle", en = "Circle" }
text = { fr = "…", en = "…" }

[board]
sitting = [ { name = "S", college = "persons", gender = "f", until = 2027-06-30 }, { name = "T" } ]
'''


def refused(data: dict[str, Any]) -> list[tuple[str, str]]:
    """The faults of these tables, as (code, where)."""
    with pytest.raises(DefinitionError) as refusal:
        read(data)
    assert all(fault.message.endswith((".", "?")) for fault in refusal.value.faults)
    return [(fault.code, fault.where) for fault in refusal.value.faults]


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


def without(data: dict[str, Any], *path: str | int) -> dict[str, Any]:
    """Take the value at the end of the path away."""
    inner: Any = data
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return data


def setting(data: dict[str, Any], value: object, *path: str | int) -> dict[str, Any]:
    """Set the value at the end of the path."""
    inner: Any = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return data


def full() -> dict[str, Any]:
    """The tables of `FULL`, to be spoilt."""
    return tomllib.loads(FULL)


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


Spoil = Callable[[dict[str, Any]], dict[str, Any]]


def put(value: object, *path: str | int) -> Spoil:
    """A spoiler that sets a value."""
    return lambda data: setting(data, value, *path)


SPOILT: dict[str, tuple[Spoil, str, str]] = {
    "unknown top key": (put(1, "quorums"), "unknown-key", "quorums"),
    "mistyped rule": (put("bloc", "tally", "cary"), "unknown-key", "tally.cary"),
    "mistyped rule of a question": (
        put("for", "questions", 0, "abstention"),
        "unknown-key",
        "questions[0].abstention",
    ),
    "format 2": (put(2, "format"), "unknown-format", "format"),
    "an unknown rule": (put("half", "tally", "carry"), "not-a-choice", "tally.carry"),
    "a decimal fraction": (put("0.2", "quorum", "minimum"), "not-a-fraction", "quorum.minimum"),
    "a percentage": (put("20%", "quorum", "minimum"), "not-a-fraction", "quorum.minimum"),
    "a float": (put(0.2, "quorum", "minimum"), "not-a-fraction", "quorum.minimum"),
    "a number": (put(1, "quorum", "minimum"), "not-a-fraction", "quorum.minimum"),
    "a fraction above 1": (put("6/5", "quorum", "minimum"), "not-a-fraction", "quorum.minimum"),
    "a fraction of nothing": (put("1/0", "quorum", "minimum"), "not-a-fraction", "quorum.minimum"),
    "a negative fraction": (put("-1/5", "quorum", "minimum"), "not-a-fraction", "quorum.minimum"),
    "shares above 1": (put("1/3", "colleges", 1, "share"), "shares-sum", "colleges"),
    "a share of 0": (put("0", "colleges", 1, "share"), "share-zero", "colleges"),
    "a college without a share": (
        lambda data: without(data, "colleges", 1, "share"),
        "share-missing",
        "colleges",
    ),
    "two colleges of one id": (put("persons", "colleges", 1, "id"), "twice", "colleges"),
    "two papers of one id": (put("live", "ballots", 2, "id"), "twice", "ballots"),
    "two questions of one id": (put("accounts", "questions", 1, "id"), "twice", "questions"),
    "two candidates of one id": (
        put("ada", "questions", 2, "candidates", 1, "id"),
        "twice",
        "questions[2].candidates[1].id",
    ),
    "a SCIC with a college above a half": (
        lambda data: setting(
            setting(data, "51/100", "colleges", 0, "share"), "6/25", "colleges", 1, "share"
        ),
        "scic-shares",
        "colleges",
    ),
    "an id with a space": (put("a b", "assembly", "id"), "bad-id", "assembly.id"),
    "an id that is a blank ballot": (
        put("@blank", "questions", 0, "id"),
        "bad-id",
        "questions[0].id",
    ),
    "an id with an accent": (put("azaïs", "questions", 0, "id"), "bad-id", "questions[0].id"),
    "a text that is missing in a language": (
        lambda data: without(data, "questions", 0, "title", "en"),
        "text-missing",
        "questions[0].title.en",
    ),
    "a text that is empty in a language": (
        put("", "questions", 0, "text", "en"),
        "text-missing",
        "questions[0].text.en",
    ),
    "a text in a language that is none": (
        put("…", "assembly", "title", "nl"),
        "unknown-language",
        "assembly.title.nl",
    ),
    "a text in no language": (put("…", "assembly", "title"), "not-texts", "assembly.title"),
    "a text with a control character": (
        put("a\x00b", "assembly", "title", "en"),
        "text-missing",
        "assembly.title.en",
    ),
    "half a surrogate": (
        put("\ud800", "assembly", "title", "en"),
        "text-missing",
        "assembly.title.en",
    ),
    "a language twice": (
        put(["fr", "en", "fr"], "assembly", "languages"),
        "twice",
        "assembly.languages",
    ),
    "no language": (put([], "assembly", "languages"), "not-a-list", "assembly.languages"),
    "a time with a zone": (
        put("2025-06-11T10:00:00Z", "assembly", "opens"),
        "not-a-local-time",
        "assembly.opens",
    ),
    "a date for a time": (
        put(date(2025, 6, 11), "assembly", "opens"),
        "not-a-local-time",
        "assembly.opens",
    ),
    "a time for a date": (
        put(datetime(2012, 3, 1), "questions", 2, "candidates", 0, "born"),  # noqa: DTZ001
        "not-a-date",
        "questions[2].candidates[0].born",
    ),
    "the 30th of February": (
        put("2012-02-30", "questions", 2, "candidates", 0, "born"),
        "not-a-date",
        "questions[2].candidates[0].born",
    ),
    "closing before opening": (
        put(datetime(2025, 6, 11, 10), "assembly", "closes"),  # noqa: DTZ001
        "window",
        "assembly.closes",
    ),
    "a paper closing before opening": (
        put(datetime(2025, 6, 26, 10), "ballots", 1, "closes"),  # noqa: DTZ001
        "window",
        "ballots[1].closes",
    ),
    "no such zone": (
        put("Europe/Bruxelles", "assembly", "timezone"),
        "timezone",
        "assembly.timezone",
    ),
    "a zone that is a path": (
        put("/etc/passwd", "assembly", "timezone"),
        "timezone",
        "assembly.timezone",
    ),
    "a zone that is a folder": (
        put("Europe", "assembly", "timezone"),
        "timezone",
        "assembly.timezone",
    ),
    "a threshold above the count": (
        put(4, "trustees", "threshold"),
        "threshold",
        "trustees.threshold",
    ),
    "no trustee": (put(0, "trustees", "count"), "not-a-number", "trustees.count"),
    "true for a number": (put(True, "trustees", "count"), "not-a-number", "trustees.count"),
    "a question on no paper": (
        put("other", "questions", 0, "ballot"),
        "unknown-ballot",
        "questions[0].ballot",
    ),
    "both kinds of majority": (
        put({"more_than": "1/2", "at_least": "1/2"}, "questions", 0, "majority"),
        "majority",
        "questions[0].majority",
    ),
    "neither kind of majority": (
        put({}, "questions", 0, "majority"),
        "majority",
        "questions[0].majority",
    ),
    "more than the whole": (
        put({"more_than": "1"}, "questions", 0, "majority"),
        "majority",
        "questions[0].majority.more_than",
    ),
    "at least nothing": (
        put({"at_least": "0"}, "questions", 0, "majority"),
        "majority",
        "questions[0].majority.at_least",
    ),
    "a double majority on an election": (
        put(True, "questions", 2, "majority", "in_each_college"),
        "unknown-key",
        "questions[2].majority.in_each_college",
    ),
    "a candidate of no college": (
        put("other", "questions", 2, "candidates", 0, "college"),
        "unknown-college",
        "questions[2].candidates[0].college",
    ),
    "a quota for no college": (
        put("other", "questions", 2, "quotas", 0, "value"),
        "unknown-college",
        "questions[2].quotas[0].value",
    ),
    "a quota of nothing": (
        lambda data: without(
            without(data, "questions", 2, "quotas", 0, "min"), "questions", 2, "quotas", 0, "max"
        ),
        "quota",
        "questions[2].quotas[0]",
    ),
    "a minimum above the maximum": (
        put(3, "questions", 2, "quotas", 0, "min"),
        "quota",
        "questions[2].quotas[0]",
    ),
    "a quota that nobody can meet": (
        lambda data: without(
            setting(data, 3, "questions", 2, "quotas", 1, "min"), "questions", 2, "unmet_quotas"
        ),
        "quotas-infeasible",
        "questions[2].quotas",
    ),
    "a sitting member of no college": (
        put("other", "board", "sitting", 0, "college"),
        "unknown-college",
        "board.sitting[0].college",
    ),
    "a chain with something behind the lot": (
        put(["lot", "age"], "questions", 2, "tie_break"),
        "chain",
        "questions[2].tie_break",
    ),
    "a chain that says one thing twice": (
        put(["age", "age", "lot"], "questions", 2, "tie_break"),
        "twice",
        "questions[2].tie_break",
    ),
    "an empty chain": (
        put([], "questions", 2, "tie_break"),
        "not-a-list",
        "questions[2].tie_break",
    ),
    "a chain that needs a date that is missing": (
        lambda data: without(data, "questions", 2, "candidates", 0, "born"),
        "date-missing",
        "questions[2].candidates[0].born",
    ),
    "a photo from elsewhere": (
        put("photos/../roll.csv", "questions", 2, "candidates", 0, "photo"),
        "photo",
        "questions[2].candidates[0].photo",
    ),
    "terms for another number of seats": (
        put(2, "questions", 2, "terms", 0, "seats"),
        "terms",
        "questions[2].terms",
    ),
    "a scale of two": (
        lambda data: without(data, "questions", 3, "positions", 2),
        "positions",
        "questions[3].positions",
    ),
    "colleges that are a table": (put({}, "colleges"), "not-a-list", "colleges"),
    "a college that is a text": (put(["persons"], "colleges"), "not-a-table", "colleges[0]"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_wrong_is_named_with_its_place(name: str) -> None:
    spoil, code, where = SPOILT[name]
    assert (code, where) in refused(spoil(full()))


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


def test_all_faults_come_in_one_go() -> None:
    data = setting(full(), "2/3", "colleges", 0, "share")
    data = setting(data, "half", "tally", "carry")
    data = without(data, "questions", 0, "majority")
    data = without(data, "questions", 2, "tie_break")
    assert {where for _, where in refused(data)} == {
        "colleges",
        "tally.carry",
        "questions[0].majority",
        "questions[2].tie_break",
    }


def test_one_fault_does_not_bring_others_with_it() -> None:
    assert refused(setting(full(), 0.5, "colleges", 0, "share")) == [
        ("not-a-fraction", "colleges[0].share")
    ]
    assert refused(without(full(), "assembly", "languages")) == [("missing", "assembly.languages")]
    assert refused(setting(full(), "per sons", "colleges", 0, "id")) == [
        ("bad-id", "colleges[0].id")
    ]


@pytest.mark.parametrize("text", ["format = ", "a = [" * 5000, "format = 1\nformat = 1"])
def test_what_is_not_toml_is_refused(text: str) -> None:
    with pytest.raises(DefinitionError) as refusal:
        from_toml(text)
    assert refusal.value.faults[0].code == "not-toml"


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
