"""Definitions with one thing spoilt: each fault is named, with its place."""

from datetime import date, datetime

import pytest

from tests.assembly.full import Spoil, full, put, refused, setting, without
from vote.assembly.definition import from_toml
from vote.assembly.errors import DefinitionError

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
