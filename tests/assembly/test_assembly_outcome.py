"""outcome.json: every key of the format, in canonical bytes; consultation and consent."""

import json
from typing import Any

import pytest
import rfc8785

from tests.assembly.builders import FIFTHS, TEXT, assembly, candidate, election, resolution
from tests.assembly.test_assembly_examples import ONE, counts
from vote.assembly.count import Count
from vote.assembly.definition import definition_sha256
from vote.assembly.outcome import compute, outcome_json


def test_the_example_of_the_format() -> None:
    """The worked example One, as `outcome.json` says it, in full."""
    definition = assembly([resolution()], FIFTHS, quorum={"minimum": "2/10", "base": "heads"})
    data = outcome_json(compute(definition, counts(ONE)))
    assert data == rfc8785.dumps(json.loads(data))
    assert json.loads(data) == {
        "format": 1,
        "assembly": "sample",
        "definition_sha256": definition_sha256(definition),
        "ballots": {
            "main": {
                "enrolled": {
                    "persons": 13242,
                    "employees": 17,
                    "authorities": 29,
                    "partners": 79,
                    "legal": 131,
                },
                "voters": {
                    "persons": 6480,
                    "employees": 14,
                    "authorities": 18,
                    "partners": 45,
                    "legal": 69,
                },
                "quorum": {
                    "base": "heads",
                    "value": "3313/6749",
                    "minimum": "1/5",
                    "reached": True,
                },
            }
        },
        "questions": {
            "motion": {
                "type": "resolution",
                "decision": "adopted",
                "result": "83512379/98538180",
                "colleges": {
                    "persons": {"for": 5902, "against": 311, "abstain": 267, "share": "5902/6213"},
                    "employees": {"for": 9, "against": 3, "abstain": 2, "share": "3/4"},
                    "authorities": {"for": 12, "against": 1, "abstain": 5, "share": "12/13"},
                    "partners": {"for": 31, "against": 8, "abstain": 6, "share": "31/39"},
                    "legal": {"for": 50, "against": 11, "abstain": 8, "share": "50/61"},
                },
            }
        },
    }


def test_an_election_in_full() -> None:
    quota = {"attribute": "gender", "value": "f", "min": 1, "scope": "seats"}
    people = [candidate("x", gender="m"), candidate("y", gender="m"), candidate("z", gender="f")]
    definition = assembly([election(people, 2, quotas=[quota])])
    box = Count(10, 8, 9, {"board": {"@blank": 1, "x": 7, "y": 6, "z": 0}})
    said = json.loads(outcome_json(compute(definition, {"main": {"*": box}})))
    assert said["ballots"] == {"main": {"enrolled": {"*": 10}, "voters": {"*": 8}, "quorum": None}}
    row: dict[str, Any] = {"elected": True, "passed_over": None}
    assert said["questions"]["board"] == {
        "type": "election",
        "elected": ["x", "z"],
        "vacant": 0,
        "ties": [],
        "colleges": {"*": {"nonblank": 8, "blank": 1}},
        "candidates": [
            {"id": "x", "votes": {"*": 7}, "score": "7", "rank": 1, **row},
            {
                "id": "y",
                "votes": {"*": 6},
                "score": "6",
                "rank": 2,
                "elected": False,
                "passed_over": quota,
            },
            {"id": "z", "votes": {"*": 0}, "score": "0", "rank": 3, **row},
        ],
    }


def test_silence_is_null_and_whole_numbers_have_no_denominator() -> None:
    definition = assembly([resolution()], {"a": "1/2", "b": "1/4", "c": "1/4"})
    boxes = {
        college: Count(
            2, 2, 2, {"motion": dict(zip(("for", "against", "abstain"), v, strict=True))}
        )
        for college, v in {"a": (2, 0, 0), "b": (0, 2, 0), "c": (0, 0, 2)}.items()
    }
    said = json.loads(outcome_json(compute(definition, {"main": boxes})))["questions"]["motion"]
    assert [said["colleges"][c]["share"] for c in "abc"] == ["1", "0", None]
    assert said["result"] == "1/2"


def test_everybody_silent_has_no_result() -> None:
    box = Count(2, 2, 2, {"motion": {"for": 0, "against": 0, "abstain": 2}})
    said = json.loads(outcome_json(compute(assembly([resolution()]), {"main": {"*": box}})))
    assert (said["questions"]["motion"]["result"], said["questions"]["motion"]["decision"]) == (
        None,
        "rejected",
    )


POSITIONS = [{"id": one, "title": TEXT} for one in ("green", "orange", "red")]
CARDS = {"id": "cards", "type": "consultation", "title": TEXT, "positions": POSITIONS}
CIRCLE = {"id": "circle", "type": "consent", "title": TEXT}


def test_a_consultation_shows_how_opinion_is_spread() -> None:
    # green: 1/2 x 3/4 + 1/2 x 0 = 3/8; orange: 1/2 x 1/4 + 1/2 x 1/2 = 3/8; red: 1/2 x 1/2 = 1/4
    definition = assembly([CARDS], {"a": "1/2", "b": "1/2"})
    boxes = {
        "a": Count(6, 6, 6, {"cards": {"@blank": 2, "green": 3, "orange": 1, "red": 0}}),
        "b": Count(2, 2, 2, {"cards": {"@blank": 0, "green": 0, "orange": 1, "red": 1}}),
    }
    said = json.loads(outcome_json(compute(definition, {"main": boxes})))["questions"]["cards"]
    assert [(one["id"], one["part"]) for one in said["positions"]] == [
        ("green", "3/8"),
        ("orange", "3/8"),
        ("red", "1/4"),
    ]
    assert said["colleges"]["a"] == {"nonblank": 4, "blank": 2}
    assert "decision" not in said


@pytest.mark.parametrize(
    ("consent", "reservations", "objection", "blank", "decision"),
    [
        (5, 2, 0, 1, "adopted"),
        (5, 0, 1, 0, "rejected"),  # one objection stands
        (0, 3, 0, 0, "adopted"),  # reservations are heard and do not stop it
        (0, 0, 0, 4, "rejected"),  # nobody consented
        (0, 0, 0, 0, "no quorum"),
    ],
)
def test_consent(
    consent: int, reservations: int, objection: int, blank: int, decision: str
) -> None:
    sums = {
        "@blank": blank,
        "consent": consent,
        "reservations": reservations,
        "objection": objection,
    }
    people = sum(sums.values())
    definition = assembly([CIRCLE], quorum={"minimum": "1/10", "base": "heads"})
    counted = {"main": {"*": Count(10, people, people, {"circle": sums})}}
    said = json.loads(outcome_json(compute(definition, counted)))["questions"]["circle"]
    assert said["decision"] == decision
    assert said["colleges"]["*"]["blank"] == blank
