"""The JSON vectors that Python and JavaScript share, each refused case named by its defect."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.election.election_vectors import FILE, encoded
from vote.election import ballot, credential, lot, tally
from vote.election.election import Election, election_hash
from vote.election.errors import ProtocolError
from vote.election.group import Point, RandomScalar, mul_base, parse_scalar
from vote.election.setup import Setup, parse_credentials
from vote.election.trustee import Trustees

Case = dict[str, Any]
VECTORS: Case = json.loads(FILE.read_text("ascii"))
PARTS = VECTORS["election"]
SETUP = Setup.from_parts(*(PARTS[n].encode() for n in ("election", "trustees", "credentials")))
TALLY = VECTORS["tally"]["encrypted_tally"].encode()


def cases(*path: str) -> pytest.MarkDecorator:
    """Parametrise over the cases at `path`, with the defect as the test's id."""
    found: Any = VECTORS
    for step in path:
        found = found[step]
    return pytest.mark.parametrize("case", found, ids=[case.get("defect") for case in found])


def refuses(case: Case, verify: Callable[[], object]) -> None:
    with pytest.raises(ProtocolError) as raised:
        verify()
    assert raised.value.code == case["error"]
    assert raised.value.message


def drawn(case: Case) -> RandomScalar:
    numbers: Iterator[int] = map(int, case["draws"])
    return lambda: next(numbers)


def test_the_committed_file_is_what_the_script_makes() -> None:
    assert FILE.read_text("ascii") == encoded()


@cases("points", "refused")
def test_strange_points_are_refused(case: Case) -> None:
    refuses(case, lambda: Point.from_hex(case["point"]))


@cases("points", "refused")
@pytest.mark.parametrize("scalar", [0, 1, 8, 12345])
def test_strange_points_cannot_be_multiplied(case: Case, scalar: int) -> None:
    refuses(case, lambda: Point.claim(case["point"]).mul(scalar))


@cases("points", "multiplications")
def test_multiplication(case: Case) -> None:
    point = Point.from_hex(case["point"])
    assert point.mul(int(case["scalar"])).hex() == case["product"]


@cases("points", "additions")
def test_addition(case: Case) -> None:
    left, right = Point.from_hex(case["left"]), Point.from_hex(case["right"])
    assert left.add(right).hex() == case["sum"]
    assert left.sub(right).hex() == case["difference"]


@pytest.mark.parametrize("text", VECTORS["scalars"]["accepted"])
def test_scalars(text: str) -> None:
    assert str(parse_scalar(text)) == text


@cases("scalars", "refused")
def test_other_scalars_are_refused(case: Case) -> None:
    refuses(case, lambda: parse_scalar(case["scalar"]))


@cases("codes", "derivations")
def test_credentials_derive_from_codes(case: Case) -> None:
    assert str(credential.secret_key(case["code"], case["uuid"])) == case["secret_key"]
    assert credential.public_key(case["code"], case["uuid"]).hex() == case["public_key"]


@cases("codes", "sign_in")
def test_sign_in_tokens_derive_from_codes(case: Case) -> None:
    assert credential.sign_in_token(case["assembly"], case["code"]) == case["token"]


@cases("codes", "refused")
def test_other_codes_are_refused(case: Case) -> None:
    refuses(case, lambda: credential.secret_key(case["code"], PARTS["uuid"]))


def test_the_set_up() -> None:
    assert SETUP.fingerprint == PARTS["hash"] == election_hash(PARTS["election"].encode())
    assert [key.hex() for key in SETUP.trustees.keys] == PARTS["public_keys"]
    assert [mul_base(int(key)).hex() for key in PARTS["private_keys"]] == PARTS["public_keys"]
    assert SETUP.election.encode().decode() == PARTS["election"]


@cases("election", "refused_elections")
def test_other_elections_are_refused(case: Case) -> None:
    refuses(case, lambda: Election.parse(case["election"].encode()))


@cases("election", "refused_trustees")
def test_other_trustees_are_refused(case: Case) -> None:
    refuses(case, lambda: Trustees.parse(case["trustees"].encode()))


@cases("election", "refused_credentials")
def test_other_credentials_are_refused(case: Case) -> None:
    refuses(case, lambda: parse_credentials(case["credentials"].encode()))


def accept(data: bytes) -> None:
    parsed = ballot.parse(data)
    ballot.verify(SETUP.election, SETUP.fingerprint, parsed)
    SETUP.weight_of(parsed.credential)


@cases("ballots", "accepted")
def test_ballots_are_made_and_accepted(case: Case) -> None:
    data = ballot.encrypt(SETUP, case["code"], case["answers"], drawn(case))
    assert data.decode() == case["ballot"]
    assert ballot.tracker(data) == case["tracker"]
    assert ballot.parse(data).credential.hex() == case["credential"]
    accept(data)


@cases("ballots", "refused")
def test_other_ballots_are_refused(case: Case) -> None:
    refuses(case, lambda: accept(case["ballot"].encode()))


def test_the_tally() -> None:
    total = tally.Accumulator(SETUP)
    for case in VECTORS["ballots"]["accepted"]:
        total.add(ballot.parse(case["ballot"].encode()))
    assert total.encrypted_tally() == TALLY
    assert total.sized().decode() == VECTORS["tally"]["sized_encrypted_tally"]


@cases("tally", "shares", "accepted")
def test_shares_are_made_and_accepted(case: Case) -> None:
    key = int(PARTS["private_keys"][case["owner"] - 1])
    data = tally.partial_decryption(SETUP, TALLY, key, drawn(case))
    assert data.decode() == case["share"]
    tally.verify_partial_decryption(SETUP, TALLY, case["owner"], data)


@cases("tally", "shares", "refused")
def test_other_shares_are_refused(case: Case) -> None:
    data = case["share"].encode()
    refuses(case, lambda: tally.verify_partial_decryption(SETUP, TALLY, case["owner"], data))


def shares(*path: str) -> dict[int, bytes]:
    found: Any = VECTORS
    for step in path:
        found = found[step]
    return {case["owner"]: case["share"].encode() for case in found}


def test_the_result() -> None:
    given = shares("tally", "shares", "accepted")
    weight = VECTORS["tally"]["total_weight"]
    data, sums = tally.result(SETUP, TALLY, given, weight)
    assert data.decode() == VECTORS["tally"]["result"]
    assert sums == VECTORS["tally"]["sums"]
    assert tally.verify_result(SETUP, TALLY, given, weight, data) == sums


@cases("tally", "refused_results")
def test_other_results_are_refused(case: Case) -> None:
    given = shares("tally", "shares", "accepted")
    weight = VECTORS["tally"]["total_weight"]
    data = case["result"].encode()
    refuses(case, lambda: tally.verify_result(SETUP, TALLY, given, weight, data))


def test_the_lot() -> None:
    event_hash = VECTORS["lot"]["event_hash"]
    assert lot.base_point(SETUP.fingerprint, event_hash).hex() == VECTORS["lot"]["base_point"]
    given = shares("lot", "shares", "accepted")
    point = lot.combine(SETUP.trustees, SETUP.fingerprint, event_hash, given)
    assert point.hex() == VECTORS["lot"]["lot"]
    assert lot.seed([point]).hex() == VECTORS["lot"]["seed"]


@cases("lot", "other_base_points")
def test_the_points_of_other_lots(case: Case) -> None:
    assert lot.base_point(SETUP.fingerprint, case["event_hash"]).hex() == case["point"]


@cases("lot", "shares", "accepted")
def test_lot_shares_are_made(case: Case) -> None:
    key = int(PARTS["private_keys"][case["owner"] - 1])
    data = lot.lot_share(key, SETUP.fingerprint, VECTORS["lot"]["event_hash"], drawn(case))
    assert data.decode() == case["share"]


@cases("lot", "shares", "refused")
def test_other_lot_shares_are_refused(case: Case) -> None:
    key = SETUP.trustees.key_of(case["owner"])
    data = case["share"].encode()
    event_hash = VECTORS["lot"]["event_hash"]
    refuses(case, lambda: lot.verify_lot_share(key, SETUP.fingerprint, event_hash, data))


def test_the_set_up_with_a_threshold() -> None:
    files = [VECTORS["threshold"][n].encode() for n in ("election", "trustees", "credentials")]
    setup = Setup.from_parts(*files)
    assert [key.hex() for key in setup.trustees.keys] == VECTORS["threshold"]["public_keys"]
    assert setup.trustees.encode() == files[1]


@cases("threshold", "refused")
def test_other_groups_are_refused(case: Case) -> None:
    refuses(case, lambda: Trustees.parse(case["trustees"].encode()))
