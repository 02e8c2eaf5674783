"""Ballots: what the prover makes the verifier accepts, any change it refuses; and their sums."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.election.forgeries import Json, compact
from tests.election.samples import (
    BALLOTS,
    CODES,
    SUMS,
    Sample,
    make_sample,
)
from tests.election.threshold_sample import ThresholdSample
from vote.election import ballot, tally, trustee
from vote.election.election import Election, Question
from vote.election.errors import ProtocolError
from vote.election.group import IDENTITY, Q, mul_base
from vote.election.logarithm import Logarithms
from vote.election.setup import parse_credentials
from vote.election.sums import Sums, ciphertexts_of

SAMPLE = make_sample()
BALLOT = SAMPLE.encrypt(*BALLOTS[0])


def accept(sample: Sample, data: bytes) -> ballot.Ballot:
    parsed = ballot.parse(data)
    ballot.verify(sample.setup.election, sample.setup.fingerprint, parsed)
    sample.setup.weight_of(parsed.credential)
    return parsed


def raises(code: str) -> pytest.RaisesExc[ProtocolError]:
    return pytest.RaisesExc(ProtocolError, check=lambda error: error.code == code)


@st.composite
def answered(draw: st.DrawFn) -> tuple[Question, list[int]]:
    """A question and an answer that it allows."""
    size = draw(st.integers(1, 4))
    blank = draw(st.booleans())
    low = draw(st.integers(0, size))
    high = draw(st.integers(low, size + 1))
    if blank and draw(st.booleans()):
        numbers = [0] * size
    else:
        chosen = draw(st.integers(low, min(high, size)))
        numbers = draw(st.permutations([1] * chosen + [0] * (size - chosen)))
    is_blank = blank and not any(numbers) and (low > 0 or draw(st.booleans()))
    question = Question(tuple(map(str, range(size))), blank, low, high, "?")
    return question, [int(is_blank), *numbers] if blank else list(numbers)


@settings(max_examples=40, deadline=None)
@given(st.lists(answered(), max_size=3))
def test_honest_ballots_are_accepted(asked: list[tuple[Question, list[int]]]) -> None:
    sample = make_sample([question for question, _ in asked], trustees=1)
    numbers = [numbers for _, numbers in asked]
    data = ballot.encrypt(sample.setup, CODES[0], numbers)
    parsed = accept(sample, data)
    assert parsed.encode() == data
    total = tally.Accumulator(sample.setup)
    total.add(parsed)
    encrypted = total.encrypted_tally()
    share = tally.partial_decryption(sample.setup, encrypted, sample.private_keys[0])
    assert tally.result(sample.setup, encrypted, {1: share}, 1)[1] == numbers


@given(st.integers(0, len(BALLOT) - 1), st.integers(1, 255))
def test_any_changed_byte_of_a_ballot_is_refused(position: int, difference: int) -> None:
    changed = bytearray(BALLOT)
    changed[position] ^= difference
    with pytest.raises(ProtocolError):
        accept(SAMPLE, bytes(changed))


@given(st.integers(0, len(BALLOT)), st.sampled_from('0123456789abcdef"{}[]:, \\'))
def test_any_character_more_in_a_ballot_is_refused(position: int, character: str) -> None:
    with pytest.raises(ProtocolError):
        accept(SAMPLE, BALLOT[:position] + character.encode() + BALLOT[position:])


@given(st.integers(0, len(BALLOT) - 1))
def test_any_character_less_in_a_ballot_is_refused(position: int) -> None:
    with pytest.raises(ProtocolError):
        accept(SAMPLE, BALLOT[:position] + BALLOT[position + 1 :])


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | text,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(text, children, max_size=3),
    max_leaves=5,
)


def nodes(value: Json) -> list[tuple[Json, int | str]]:
    """Where each part of a JSON value stands: what holds it, and under what."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, part in inside:
        found.append((value, key))
        if isinstance(part, dict | list):
            found += nodes(part)
    return found


READERS: list[tuple[bytes, Callable[[bytes], object]]] = [
    (BALLOT, lambda data: accept(SAMPLE, data)),
    (SAMPLE.election, Election.parse),
    (SAMPLE.trustees, trustee.Trustees.parse),
    (SAMPLE.credentials, parse_credentials),
    (ThresholdSample.load().scan().trustees, trustee.Trustees.parse),
]


@given(st.sampled_from(READERS), st.data(), json_values)
def test_a_part_replaced_is_refused_or_read_in_full(
    reader: tuple[bytes, Callable[[bytes], object]], data: st.DataObject, other: object
) -> None:
    """Never another error, whatever stands where something else is expected."""
    value = json.loads(reader[0])
    holder, key = data.draw(st.sampled_from(nodes(value)))
    holder[key] = other
    try:
        read = reader[1](compact(value))
    except ProtocolError:
        return
    if isinstance(read, Election | trustee.Trustees):
        assert read.encode() == compact(value)


def put(after: bytes, inserted: bytes) -> bytes:
    """The ballot with something more after the first occurrence of a text."""
    return BALLOT.replace(after, after + inserted, 1)


@pytest.mark.parametrize(
    ("defect", "code", "data"),
    [
        ("above the size limit", "too-large", BALLOT + b" " * ballot.MAX_BALLOT_BYTES),
        ("deeply nested", "json-syntax", b"[" * ballot.MAX_BALLOT_BYTES),
        ("deeply nested objects", "json-syntax", b'{"a":' * 200_000),
        ("a huge number", "json-syntax", put(b'"answers":[', b"9" * 99_999)),
        ("a huge float", "json-syntax", put(b'"answers":[', b"1e999999,")),
        ("a huge scalar", "number-syntax", put(b'"challenge":"', b"9" * 5000)),
        ("not UTF-8", "json-syntax", put(b'"election_uuid":"', b"\xff")),
        ("half a character", "json-syntax", put(b'"election_uuid":"', b"\\ud800")),
        ("a null character", "json-syntax", BALLOT + b"\0"),
        ("a fraction", "json-syntax", b"1.0"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_strange_files_are_refused_quickly(defect: str, code: str, data: bytes) -> None:
    with raises(code):
        ballot.parse(data)


@pytest.mark.parametrize(
    "answers",
    [
        [[1, 1, 0], [0, 1, 1]],  # too many
        [[0, 0, 0], [0, 1, 1]],  # too few
        [[1, 0, 0], [1, 1, 0]],  # blank, and something besides
        [[2, 0, 0], [0, 1, 1]],
        [[-1, 1, 1], [0, 1, 1]],
        [[1, 0], [0, 1, 1]],
        [[1, 0, 0, 0], [0, 1, 1]],
    ],
)
def test_choices_that_are_not_allowed_are_not_encrypted(answers: list[list[int]]) -> None:
    with raises("choice-not-allowed"):
        ballot.encrypt(SAMPLE.setup, CODES[0], answers)


@pytest.mark.parametrize("answers", [[[1, 0, 0]], [[1, 0, 0]] * 3, []])
def test_every_question_is_answered(answers: list[list[int]]) -> None:
    with raises("answer-shape"):
        ballot.encrypt(SAMPLE.setup, CODES[0], answers)


def test_the_neutral_element_is_a_ciphertext_like_another() -> None:
    """Randomness zero hides nothing, but is the voter's own affair: the protocol allows it."""
    numbers = iter([0] * 10_000)
    data = ballot.encrypt(SAMPLE.setup, CODES[0], BALLOTS[0][1], lambda: next(numbers))
    assert accept(SAMPLE, data).answers[0].choices[1].alpha == IDENTITY


# Sums


def accumulated(*votes: tuple[int, tuple[tuple[int, ...], ...]]) -> tally.Accumulator:
    total = tally.Accumulator(SAMPLE.setup)
    for voter, answers in votes:
        total.add(ballot.parse(SAMPLE.encrypt(voter, answers)))
    return total


def test_the_last_ballot_counts() -> None:
    once, again = accumulated(*BALLOTS), accumulated(*BALLOTS[1:])
    assert once.encrypted_tally() == again.encrypted_tally()
    assert once.sized() == again.sized()
    assert (once.sums.count, once.sums.total_weight) == (3, 5)


def test_a_stranger_does_not_count() -> None:
    other = make_sample(codes=("Stran-gerrrr-Stran-gerrrr",), weights=(1,))
    with raises("credential-unknown"):
        tally.Accumulator(SAMPLE.setup).add(ballot.parse(other.encrypt(0, BALLOTS[0][1])))


@given(st.lists(st.sampled_from([1, 2, 40_000]), max_size=5), st.integers(0, 5))
@settings(max_examples=15, deadline=None)
def test_sums_do_not_depend_on_how_they_are_split(weights: list[int], split: int) -> None:
    points = [
        ciphertexts_of(ballot.parse(SAMPLE.encrypt(voter % 4, BALLOTS[voter % 4][1])))
        for voter in range(len(weights))
    ]
    whole, first, second = Sums.empty(6), Sums.empty(6), Sums.empty(6)
    for number, (data, weight) in enumerate(zip(points, weights, strict=True)):
        whole.add(data, weight)
        (first if number < split else second).add(data, weight)
    second.merge(first)
    assert second.weighted() == whole.weighted()
    assert (second.count, second.total_weight) == (len(weights), sum(weights))


@given(st.integers(0, 10**6), st.data())
@settings(max_examples=30, deadline=None)
def test_small_logarithms_are_found(largest: int, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, largest))
    logarithms = Logarithms(largest)
    assert logarithms.find(mul_base(number)) == number
    with raises("sum-too-large"):
        logarithms.find(mul_base(largest + 1))
    with raises("sum-too-large"):
        logarithms.find(mul_base(Q - 1))


def test_the_sums_are_decrypted() -> None:
    total = accumulated(*BALLOTS)
    encrypted = total.encrypted_tally()
    shares = {
        owner: tally.partial_decryption(SAMPLE.setup, encrypted, key)
        for owner, key in enumerate(SAMPLE.private_keys, 1)
    }
    assert tally.result(SAMPLE.setup, encrypted, shares, total.sums.total_weight)[1] == SUMS
