"""The ballot protocol from the front door: set up, vote, add up, decrypt; and its properties."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.election.samples import (
    BALLOTS,
    BOARD,
    CODES,
    RESOLUTION,
    SUMS,
    UUID,
    Sample,
    Scalars,
    make_sample,
)
from tests.election.threshold_sample import SUMS as THRESHOLD_SUMS
from tests.election.threshold_sample import ThresholdSample
from vote.election import ballot, credential, lot, tally, trustee
from vote.election.check import check_result, check_setup, verify_archive
from vote.election.election import Election, Question
from vote.election.errors import ProtocolError
from vote.election.group import IDENTITY, G, Point, Q, mul_base, random_scalar
from vote.election.logarithm import Logarithms
from vote.election.setup import Setup, are_sorted, encode_credentials, parse_credentials
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


def test_from_set_up_to_result() -> None:
    code = credential.generate_code()
    uuid = credential.generate_uuid()
    keys = [trustee.generate_private_key() for _ in range(3)]
    holders = trustee.Trustees.singles(
        [trustee.parse_public_key(trustee.public_key_json(key)) for key in keys]
    )
    election = Election("", "Sample", holders.election_public_key(), (RESOLUTION, BOARD), uuid)
    credentials = encode_credentials([(credential.public_key(code, uuid), 2)])
    setup = Setup.from_parts(election.encode(), holders.encode(), credentials)
    data = ballot.encrypt(setup, code, [[0, 1, 0], [0, 1, 1]])
    assert data != ballot.encrypt(election.encode(), code, [[0, 1, 0], [0, 1, 1]])

    total = tally.Accumulator(setup)
    parsed = ballot.parse(data)
    ballot.verify(setup.election, setup.fingerprint, parsed)
    total.add(parsed)
    encrypted = total.encrypted_tally()
    shares = {n: tally.partial_decryption(setup, encrypted, key) for n, key in enumerate(keys, 1)}
    for owner, share in shares.items():
        tally.verify_partial_decryption(setup, encrypted, owner, share)
    assert tally.result(setup, encrypted, shares, 2)[1] == [[0, 2, 0], [0, 2, 2]]


# Group


@given(st.integers(0, Q - 1), st.integers(0, Q - 1))
def test_multiplication_distributes(a: int, b: int) -> None:
    assert mul_base(a).add(mul_base(b)) == mul_base((a + b) % Q)
    assert mul_base(a).sub(mul_base(b)) == mul_base((a - b) % Q)
    assert mul_base(a).mul(b) == mul_base(a * b % Q)


@given(st.integers(0, Q - 1))
def test_points_are_written_in_one_way(a: int) -> None:
    point = mul_base(a)
    assert Point.from_hex(point.hex()) == point
    assert point.mul(0) == IDENTITY


@given(st.binary(min_size=32, max_size=32))
def test_bytes_that_are_accepted_are_members(data: bytes) -> None:
    try:
        point = Point.from_hex(data.hex())
    except ProtocolError:
        return
    assert point.mul(Q - 1).add(point) == IDENTITY


def test_points_off_the_curve_cannot_be_added() -> None:
    with raises("point-not-in-subgroup"):
        Point.claim(f"{2:064x}").add(G)
    with raises("point-not-in-subgroup"):
        G.sub(Point.claim(f"{2:064x}"))


# Credentials and elections


def test_generated_codes_differ_and_parse() -> None:
    codes = {credential.generate_code() for _ in range(100)}
    assert len(codes) == 100
    assert {credential.parse_code(f" {code}\n") for code in codes} == codes
    assert len({credential.generate_uuid() for _ in range(100)}) == 100


def test_the_list_of_credentials_is_sorted_and_parses() -> None:
    voters = [(credential.public_key(code, UUID), 1) for code in CODES]
    data = encode_credentials(voters)
    assert data == encode_credentials(reversed(voters))
    assert parse_credentials(data) == {point.hex(): 1 for point, _ in sorted(voters)}
    assert are_sorted(parse_credentials(data))
    assert not are_sorted(reversed(parse_credentials(data)))
    assert b"," not in data.replace(b'","', b"")


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
questions = st.builds(
    lambda answers, blank, low, more, title: Question(
        tuple(answers), blank, low, low + more, title
    ),
    st.lists(text, min_size=1, max_size=4),
    st.booleans(),
    st.integers(0, 3),
    st.integers(0, 3),
    text,
)


@given(text, text, st.lists(questions, max_size=3), st.none() | text)
def test_elections_are_written_in_one_way(
    description: str, name: str, asked: list[Question], administrator: str | None
) -> None:
    election = Election(description, name, G, tuple(asked), UUID, administrator)
    assert Election.parse(election.encode()) == election
    assert json.loads(election.encode())["name"] == name


# Ballots: what the prover makes the verifier accepts, any change it refuses


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


def test_a_ballot_is_no_larger_than_its_election_allows() -> None:
    limit = ballot.size_limit(SAMPLE.setup.election)
    assert limit - 300 < len(BALLOT) <= limit


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


# Trustees and lots


def test_a_trustee_must_be_one_of_the_election() -> None:
    with raises("trustee-unknown"):
        tally.partial_decryption(SAMPLE.setup, accumulated().encrypted_tally(), 12345)


def test_private_keys_are_written_as_belenios_tool_does() -> None:
    key = random_scalar()
    data = trustee.private_key_json(key)
    assert data == f'"{key}"'.encode()
    assert trustee.parse_private_key(data + b"\n") == key
    with raises("scalar-out-of-range"):
        trustee.parse_private_key(f'"{Q}"'.encode())


def test_no_private_key_is_zero() -> None:
    numbers = iter([0, 0, 5])
    assert trustee.generate_private_key(lambda: next(numbers)) == 5


def test_an_election_with_a_threshold() -> None:
    sample = ThresholdSample.load()
    found = verify_archive(lambda: BytesIO(sample.archive))
    assert (found.stage, sorted(found.shares)) == ("decided", [1, 2, 4])
    assert check_result(found, check_setup(found)) == THRESHOLD_SUMS


@pytest.mark.parametrize("owners", [(1,), (1, 2), (2, 3, 4), (2, 3), ()])
def test_too_few_shares_are_not_enough(owners: tuple[int, ...]) -> None:
    setup = check_setup(ThresholdSample.load().scan())
    with raises("shares-missing"):
        setup.trustees.combine(dict.fromkeys(owners, G))


@pytest.mark.parametrize("members", [(2, 3), (2, 4), (3, 4), (2, 3, 4)])
def test_any_members_give_the_same(members: tuple[int, ...]) -> None:
    """With keys x + y i, the shares of P give P x, whoever brings them."""
    setup = check_setup(ThresholdSample.load().scan())
    single, x, y = 111, 222, 333
    shares = {owner: mul_base(x + y * (owner - 1)) for owner in members}
    assert setup.trustees.combine({1: mul_base(single), **shares}) == mul_base(single + x)


def test_the_lot_is_everybodys_key_times_the_point() -> None:
    fingerprint = SAMPLE.setup.fingerprint
    shares = {
        owner: lot.lot_share(key, fingerprint, "ab" * 32, Scalars(f"{owner}"))
        for owner, key in enumerate(SAMPLE.private_keys, 1)
    }
    point = lot.combine(SAMPLE.setup.trustees, fingerprint, "ab" * 32, shares)
    whole = sum(SAMPLE.private_keys) % Q
    assert point == lot.base_point(fingerprint, "ab" * 32).mul(whole)
    with raises("shares-missing"):
        lot.combine(SAMPLE.setup.trustees, fingerprint, "ab" * 32, {1: shares[1]})
    with raises("hash-syntax"):
        lot.base_point(fingerprint, "AB" * 32)
    assert len(lot.seed([point])) == 32


def test_sample_sums() -> None:
    total = accumulated(*BALLOTS)
    encrypted = total.encrypted_tally()
    shares = {
        owner: tally.partial_decryption(SAMPLE.setup, encrypted, key)
        for owner, key in enumerate(SAMPLE.private_keys, 1)
    }
    assert tally.result(SAMPLE.setup, encrypted, shares, total.sums.total_weight)[1] == SUMS
