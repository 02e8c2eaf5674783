"""Whatever is handed in, the answer is a value or a DefinitionError: never anything else."""

import json
import tomllib
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assembly.full import FULL
from tests.assembly.test_assembly_files import DEFINITION, HEADER, ROLL
from vote.assembly.definition import (
    canonical_json,
    from_json,
    from_toml,
    to_toml,
    with_settings,
)
from vote.assembly.errors import DefinitionError, Fault
from vote.assembly.parsing import read
from vote.assembly.roll import encode_roll, parse_roll
from vote.assembly.votes import count_in_the_clear, parse_votes

T = TypeVar("T")


def tried(read_it: Callable[[], T]) -> tuple[T | None, tuple[Fault, ...]]:
    """What is read, or the faults; anything else that is raised fails the test."""
    try:
        return read_it(), ()
    except DefinitionError as error:
        return None, error.faults


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 10**20),
        st.floats(),
        st.sampled_from(
            ["", "1/2", "none", "persons", "2025-06-11", "2025-06-11T10:00:00", "main"]
        ),
        st.text(max_size=5),
        st.dates(),
        st.datetimes(),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(["id", "fr", "en", "min", "more_than", "in_each_college", "quorum"]),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=5,
)


def spoil(data: Any, chance: st.DataObject) -> Any:
    """Somewhere in the tables, put a value, or take one away."""
    inner = data
    while True:
        keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
        if not keys:
            return data
        key = chance.draw(st.sampled_from(keys))
        if isinstance(inner[key], dict | list) and chance.draw(st.integers(0, 3)):
            inner = inner[key]
            continue
        if chance.draw(st.integers(0, 3)):
            inner[key] = chance.draw(VALUES)
        else:
            del inner[key]
        return data


@settings(max_examples=400)
@given(chance=st.data(), times=st.integers(1, 3))
def test_spoilt_tables(chance: st.DataObject, times: int) -> None:
    data = tomllib.loads(FULL)
    for _ in range(times):
        data = spoil(data, chance)
    definition, faults = tried(lambda: read(data))
    if definition is None:
        assert faults
        return
    assert from_toml(to_toml(definition)) == definition
    assert from_json(canonical_json(definition)) == definition


@given(chance=st.data())
def test_spoilt_json(chance: st.DataObject) -> None:
    good = canonical_json(from_toml(FULL))
    at = chance.draw(st.integers(0, len(good) - 1))
    byte = chance.draw(st.binary(max_size=2))
    bad = good[:at] + byte + good[at + 1 :]
    definition, _ = tried(lambda: from_json(bad))
    if definition is not None:
        assert canonical_json(definition) == bad


@given(value=VALUES)
def test_json_that_is_something_else(value: Any) -> None:
    _, faults = tried(lambda: from_json(json.dumps(value, default=str).encode()))
    assert faults


STEPS = ["tally", "carry", "questions", "board", "seats", "0", "x", ""]


@given(path=st.lists(st.sampled_from(STEPS), max_size=4), value=VALUES)
def test_settings_of_any_kind(path: list[str], value: object) -> None:
    definition, faults = tried(lambda: with_settings(DEFINITION, {".".join(path): value}))
    assert definition is not None or faults


CELLS = st.one_of(
    st.sampled_from(
        ["m1", "m2", "en", "persons", "1", "0", "", '"', ",", "\n", "@again", "@blank"]
    ),
    st.text(max_size=3),
)


@given(cells=st.lists(CELLS, max_size=30))
def test_any_rows_of_a_roll(cells: list[str]) -> None:
    data = (HEADER + ",".join(cells)).encode("utf-8", "surrogatepass")
    roll, faults = tried(lambda: parse_roll(data, DEFINITION))
    assert all(fault.where.startswith("roll.csv line ") for fault in faults)
    if roll is not None:
        assert parse_roll(encode_roll(roll), DEFINITION) == roll


@given(data=st.binary(max_size=80))
def test_any_bytes_of_a_roll(data: bytes) -> None:
    roll, faults = tried(lambda: parse_roll(data, DEFINITION))
    assert roll or faults


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["m1", "m2", "m3"]),
        st.sampled_from(["accounts", "board", "floor", "@again", "other"]),
        st.sampled_from(["for", "against", "x", "y", "@blank", ""]),
    ),
    max_size=8,
)


@settings(max_examples=300)
@given(rows=ROWS)
def test_any_rows_of_votes(rows: list[tuple[str, str, str]]) -> None:
    data = "member,question,choice\n" + "".join(",".join(row) + "\n" for row in rows)
    casts, faults = tried(lambda: parse_votes(data.encode(), DEFINITION, ROLL))
    assert all(fault.where.startswith("votes.csv line ") for fault in faults)
    if casts is None:
        return
    counts = count_in_the_clear(DEFINITION, ROLL, casts)
    voters = {(cast.ballot, cast.member) for cast in casts}
    assert len(voters) == sum(c.voters for boxes in counts.values() for c in boxes.values())
