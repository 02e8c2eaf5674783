"""From outcome.json back to the counts: what `vote outcome` counts with."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785

from tests.documents import samples
from vote.assembly import recount
from vote.assembly.errors import DefinitionError
from vote.assembly.outcome import outcome_json

ASKED = samples.definition()
COUNTED = samples.counts()
DATA = outcome_json(samples.outcome(ASKED, COUNTED))


def code_of(data: bytes) -> str:
    with pytest.raises(DefinitionError) as refused:
        recount.check(ASKED, data)
    return refused.value.faults[0].code


def test_every_count_comes_back() -> None:
    assert recount.counts_of(ASKED, DATA) == COUNTED
    assert recount.check(ASKED, DATA) == COUNTED
    assert recount.seeds_of(ASKED, DATA) == {"main": samples.SEED}


def changed(path: list[Any], value: object) -> bytes:
    found = json.loads(DATA)
    place = found
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return rfc8785.dumps(found)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (["questions", "accounts", "decision"], "rejected", "outcome-differs"),
        (["questions", "accounts", "result"], "1/2", "outcome-differs"),
        (["questions", "accounts", "colleges", "staff", "for"], 11, "count"),
        (["questions", "accounts", "colleges", "staff", "for"], 10**6, "count"),
        (["questions", "accounts", "colleges", "staff", "for"], "12", "outcome-not-readable"),
        (["questions", "accounts", "colleges", "staff", "for"], True, "outcome-not-readable"),
        (["questions", "board", "lot_seed"], "x", "outcome-not-readable"),
        (["questions", "board", "candidates"], None, "outcome-not-readable"),
        (["questions", "accounts", "colleges"], {}, "outcome-not-readable"),
        (["ballots", "main", "voters", "staff"], 13, "count"),
        (["ballots"], {}, "outcome-not-readable"),
        (["questions"], [], "outcome-not-readable"),
    ],
)
def test_what_is_not_the_outcome_of_its_own_counts_is_refused(
    path: list[Any], value: object, code: str
) -> None:
    assert code_of(changed(path, value)) == code


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b"null", b"[" * 100_000, DATA + b" "])
def test_rubbish_is_refused(data: bytes) -> None:
    assert code_of(data) in ("outcome-not-readable", "outcome-differs")
