"""The ballot protocol from the front door: set up, vote, add up, decrypt; and its properties."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.election.forgeries import compact
from tests.election.samples import (
    BOARD,
    CODES,
    RESOLUTION,
    UUID,
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
from vote.election.setup import Setup, encode_credentials, parse_credentials

SAMPLE = make_sample()


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


languages = st.none() | st.tuples(text, st.sampled_from(["ltr", "rtl"]))


@given(st.tuples(text, text), st.lists(questions, max_size=3), st.none() | text, languages)
def test_elections_are_written_in_one_way(
    titles: tuple[str, str],
    asked: list[Question],
    administrator: str | None,
    language: tuple[str, str] | None,
) -> None:
    description, name = titles
    election = Election(
        description, name, G, tuple(asked), UUID, administrator, administrator, language
    )
    assert Election.parse(election.encode()) == election
    assert json.loads(election.encode())["name"] == name


@pytest.mark.parametrize("language", ["fr", ["fr"], ["fr", "up"], ["fr", "ltr", ""], [1, 2], None])
def test_a_language_is_a_code_and_a_direction(language: object) -> None:
    with raises("json-type"):
        Election.parse(compact({**json.loads(SAMPLE.election), "language": language}))


# Trustees and lots


def test_a_trustee_must_be_one_of_the_election() -> None:
    with raises("trustee-unknown"):
        tally.partial_decryption(
            SAMPLE.setup, tally.Accumulator(SAMPLE.setup).encrypted_tally(), 12345
        )


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
