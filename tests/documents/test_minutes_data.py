"""minutes.json: what it says, and that nothing in it can be changed unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
import rfc8785

from tests.documents import samples
from vote.assembly import minutes
from vote.assembly.definition import canonical_json
from vote.assembly.disclosure import Privacy
from vote.assembly.errors import DefinitionError
from vote.assembly.minutes import Evidence
from vote.assembly.outcome import outcome_json
from vote.assembly.record import Record, parse_record, record_json, roll_seal

ASKED = samples.definition()
COUNTED = samples.counts()
DATA = samples.minutes(samples.FULL, asked=ASKED, counted=COUNTED)


def check(data: bytes, evidence: Evidence | None = None) -> Record:
    outcome = samples.outcome(ASKED, COUNTED)
    return minutes.check(data, ASKED, COUNTED, outcome, evidence or samples.evidence(ASKED))


def code_of(data: bytes, evidence: Evidence | None = None) -> tuple[str, str]:
    with pytest.raises(DefinitionError) as refused:
        check(data, evidence)
    [fault] = refused.value.faults
    return fault.code, fault.where


def changed(change: Callable[[Any], object]) -> bytes:
    found = json.loads(DATA)
    change(found)
    return rfc8785.dumps(found)


def test_what_the_bundle_gives_holds_and_what_was_recorded_comes_back() -> None:
    assert check(DATA) == samples.FULL


def test_the_structure_is_as_it_is_written_down() -> None:
    found = json.loads(DATA)
    assert set(found) == {
        *("format", "assembly", "trustees", "colleges", "quorum", "tally", "board"),
        *("proxies", "ballots"),
        *("questions", "hashes", "recorded"),
    }
    main, advice = found["ballots"]
    assert main == {
        "id": "main",
        "title": {language: f"{language} Main paper" for language in ("fr", "nl", "en")},
        "opens": "2026-06-11T10:00:00",
        "closes": "2026-06-26T16:45:00",
        "enrolled": {"users": 400, "staff": 40, "partners": 20},
        "voters": {"users": 90, "staff": 12, "partners": 3},
        "weights": {"users": 100, "staff": 12, "partners": 3},
        "turnout": {"heads": "21/92", "colleges": "93/400"},
        "quorum": {"base": "heads", "minimum": "1/5", "reached": True, "value": "21/92"},
        "exposed": True,
    }
    assert advice["closes"] == "2026-06-26T12:00:00"
    accounts, statutes, board, colours, motion = found["questions"]
    assert accounts["rules"] == {
        "abstentions": "excluded",
        "carry": "proportional",
        "silent_college": "keep",
    }
    assert statutes["rules"] == {
        "abstentions": "against",
        "bloc_majority": {"at_least": "2/3"},
        "carry": "bloc",
        "silent_college": "renormalise",
    }
    assert (colours["rules"], motion["rules"]) == ({"silent_college": "keep"}, {})
    assert all("statement" not in each for each in board["candidates"])
    published = json.loads(outcome_json(samples.outcome(ASKED, COUNTED)))["questions"]
    for question in found["questions"]:
        assert question["outcome"] == published[question["id"]] | {"detail": "shown"}


# Each defect, and where it is found.
DEFECTS: dict[str, tuple[Callable[[Any], object], str]] = {
    "a vote added": (
        lambda m: m["questions"][0]["outcome"]["colleges"]["users"].update({"for": 71}),
        "questions[0].outcome.colleges.users.for",
    ),
    "another decision": (
        lambda m: m["questions"][0]["outcome"].update(decision="rejected"),
        "questions[0].outcome.decision",
    ),
    "another text voted on": (
        lambda m: m["questions"][0]["text"].update(nl="iets anders"),
        "questions[0].text.nl",
    ),
    "another rule": (
        lambda m: m["questions"][0]["rules"].update(abstentions="against"),
        "questions[0].rules.abstentions",
    ),
    "another term": (
        lambda m: m["questions"][2]["outcome"]["candidates"][0].update(until="2040-06-30"),
        "questions[2].outcome.candidates[0].until",
    ),
    "a question left out": (lambda m: m["questions"].pop(), "questions"),
    "a surplus key": (lambda m: m.update(note="x"), "note"),
    "a key left out": (lambda m: m["assembly"].pop("convened"), "assembly.convened"),
    "a quorum reached": (
        lambda m: m["ballots"][1]["quorum"].update(reached=True),
        "ballots[1].quorum.reached",
    ),
    "another turnout": (
        lambda m: m["ballots"][0]["turnout"].update(heads="1/2"),
        "ballots[0].turnout.heads",
    ),
    "one for true": (lambda m: m["ballots"][0].update(exposed=1), "ballots[0].exposed"),
    "another outcome": (
        lambda m: m["hashes"].update(outcome_sha256="00" * 32),
        "hashes.outcome_sha256",
    ),
    "another seal of a box": (
        lambda m: m["hashes"]["boxes"][1].update(sealed="00" * 32),
        "hashes.boxes[1].sealed",
    ),
    "another log": (lambda m: m["hashes"]["log"].update(size=7), "hashes.log.size"),
    "figures hidden that were not": (
        lambda m: m["recorded"]["privacy"].update(treatment="withhold"),
        "questions[0].outcome.colleges",
    ),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_change_is_found_and_named(defect: str) -> None:
    change, where = DEFECTS[defect]
    assert code_of(changed(change)) == ("minutes-differ", where)


@pytest.mark.parametrize(
    "data",
    [
        DATA + b"\n",
        b" " + DATA,
        DATA.replace(b'"format":1', b'"format": 1'),
        DATA.replace(b'"format":1', b'"format":1,"format":1'),
    ],
    ids=["a newline", "a space first", "a space within", "a key twice"],
)
def test_only_the_canonical_bytes_hold(data: bytes) -> None:
    assert code_of(data) == ("minutes-differ", "minutes.json")


@pytest.mark.parametrize("data", [b"", b"nul", b"\xff", b"[]", b"1", b"[" * 100_000])
def test_what_is_not_json_is_refused(data: bytes) -> None:
    assert code_of(data)[0] == "minutes-not-json"


def test_what_the_bundle_says_counts() -> None:
    evidence = samples.evidence(ASKED)
    other = replace(evidence, elections_sha256="11" * 32)
    assert code_of(DATA, other) == ("minutes-differ", "hashes.elections_sha256")
    fewer = replace(evidence, boxes=evidence.boxes[1:])
    assert code_of(DATA, fewer) == ("minutes-differ", "hashes.boxes")


RECORDED: dict[str, Any] = record_json(samples.FULL)


@pytest.mark.parametrize(
    "change",
    [
        {"made": "yesterday"},
        {"made": "2026-06-26T15:01:12+00:00"},
        {"made": "2026-06-26T15:01:12Z\n"},
        {"rehearsal": 0},
        {"place": ""},
        {"place": 7},
        {"place": "\ud800"},
        {"summoned_by": ["pigeon"]},
        {"summoned_by": "email"},
        {"scrutineers": [None]},
        {"in_the_room": -1},
        {"in_the_room": True},
        {"in_the_room": 1.5},
        {"appeals_until": "20270626"},
        {"appeals_until": "2027-02-30"},
        {"roll": "AB" * 32},
        {"privacy": {"floor": 10, "treatment": "show"}},
        {"privacy": {"floor": 10, "treatment": "hide", "chosen": True}},
        {"incidents": [{"at": "then", "by": "x", "text": "y"}]},
        {"incidents": [{"at": "2026-06-26T15:01:12Z", "by": "x", "text": "y", "z": 1}]},
        {"more": 1},
    ],
    ids=str,
)
def test_what_was_recorded_is_read_strictly(change: dict[str, Any]) -> None:
    with pytest.raises(DefinitionError) as refused:
        parse_record(RECORDED | change)
    assert refused.value.faults[0].code == "minutes-record"


def test_a_record_is_written_back_as_it_was_read() -> None:
    assert parse_record(RECORDED) == samples.FULL
    assert parse_record(record_json(samples.SPARE)) == samples.SPARE
    assert record_json(parse_record(RECORDED)) == RECORDED
    with pytest.raises(DefinitionError):
        parse_record(None)
    with pytest.raises(DefinitionError):
        parse_record({key: value for key, value in RECORDED.items() if key != "place"})


def test_the_seal_of_the_roll_hides_and_binds() -> None:
    roll = b"member,name,email,language,college,weight\nm-1,Ada,,fr,users,1\n"
    seal = roll_seal("spring", bytes(32), roll)
    # (printf 'vote-roll|spring|000…|'; cat roll.csv) | sha256sum
    assert seal == "5fa8883b9c44b2c7e96a49368315cf953966ab2effb584422a6756fcb6a1797c"
    assert roll_seal("spring", bytes(31) + b"\1", roll) != seal
    assert roll_seal("autumn", bytes(32), roll) != seal
    assert roll_seal("spring", bytes(32), roll + b" ") != seal


def test_the_definitions_hash_is_that_of_the_bundles_file() -> None:
    found = json.loads(DATA)["hashes"]["definition_sha256"]
    assert found == sha256(canonical_json(ASKED)).hexdigest()


def test_minutes_without_figures_hold_as_well() -> None:
    hidden = samples.minutes(privacy=Privacy(10, "withhold", chosen=True))
    assert check(hidden).privacy.treatment == "withhold"
