"""Adding ballots up, decrypting the sums, and the result.

Specification, "Encrypted tally", "Partial decryptions" and "Election result".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from vote.election import jsontext
from vote.election.ballot import Ballot
from vote.election.election import Election
from vote.election.errors import ProtocolError
from vote.election.fingerprint import hash_hex, parse_hash
from vote.election.group import Point, RandomScalar, mul_base, random_scalar
from vote.election.logarithm import Logarithms
from vote.election.proofs import Ciphertext, Proof, prove_equality, verify_equality
from vote.election.setup import Setup
from vote.election.sums import Sums, ciphertexts_of

MAX_TALLY_BYTES: Final = 16 * 2**20
_MAX_REFERENCE_BYTES: Final = 256

Matrix = tuple[tuple[Ciphertext, ...], ...]
"""One row per question, one ciphertext per choice."""

_Item = TypeVar("_Item")


class Accumulator:
    """The homomorphic sum of the last ballot of each credential.

    Ballots must have been verified. To be able to replace a ballot it keeps each one's points,
    64 bytes per ciphertext.
    """

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._sums = Sums.empty(sum(question.width for question in setup.election.questions))
        self._last: dict[Point, bytes] = {}

    def add(self, ballot: Ballot) -> None:
        """Count a ballot, instead of its credential's earlier one. Raises "credential-unknown"."""
        weight = self._setup.weight_of(ballot.credential)
        points = ciphertexts_of(ballot)
        replaced = self._last.get(ballot.credential)
        if replaced is not None:
            self._sums.subtract(replaced, weight)
        self._sums.add(points, weight)
        self._last[ballot.credential] = points

    @property
    def sums(self) -> Sums:
        """What has been added so far."""
        return self._sums

    def encrypted_tally(self) -> bytes:
        """The file `encrypted_tally`."""
        return encrypted_tally(self._setup.election, self._sums)

    def sized(self) -> bytes:
        """The file `sized_encrypted_tally`, which refers to `encrypted_tally()`."""
        return SizedTally.of(self._sums, self.encrypted_tally()).encode()


def encrypted_tally(election: Election, sums: Sums) -> bytes:
    """The file `encrypted_tally` for these sums."""
    ciphertexts = iter(sums.weighted())
    rows = tuple(
        tuple(next(ciphertexts) for _ in range(question.width)) for question in election.questions
    )
    return _matrix_json(rows).encode()


def _matrix_json(rows: Sequence[Sequence[Ciphertext | Proof]]) -> str:
    return "[" + ",".join(f"[{','.join(item.to_json() for item in row)}]" for row in rows) + "]"


def parse_encrypted_tally(election: Election, data: bytes) -> Matrix:
    """Read an encrypted tally: a row per question. Raises "tally-shape", "json-…", "point-…".

    All its points are members of the group.
    """
    rows = jsontext.parse(
        data,
        MAX_TALLY_BYTES,
        lambda value: tuple(
            tuple(Ciphertext.from_json(item) for item in jsontext.array(row))
            for row in jsontext.array(value)
        ),
        lambda matrix: _matrix_json(matrix).encode(),
    )
    _check_shape(election, rows)
    for row in rows:
        for ciphertext in row:
            ciphertext.alpha.validated()
            ciphertext.beta.validated()
    return rows


def _check_shape(election: Election, rows: Sequence[Sequence[_Item]]) -> None:
    if [len(row) for row in rows] != [question.width for question in election.questions]:
        raise ProtocolError("tally-shape", "there is not one item for each choice")


@dataclass(frozen=True, slots=True)
class SizedTally:
    """The payload of an EncryptedTally event."""

    num_tallied: int
    total_weight: int
    encrypted_tally: str

    @classmethod
    def of(cls, sums: Sums, tally: bytes) -> SizedTally:
        """Describe the tally of these sums."""
        return cls(sums.count, sums.total_weight, hash_hex(tally))

    @classmethod
    def parse(cls, data: bytes) -> SizedTally:
        """Raises "hash-syntax", "number-syntax", "json-…"."""
        return jsontext.parse(data, _MAX_REFERENCE_BYTES, cls._from_json, cls.encode)

    @classmethod
    def _from_json(cls, value: object) -> SizedTally:
        found = jsontext.fields(value, ("num_tallied", "total_weight", "encrypted_tally"))
        return cls(
            jsontext.integer(found["num_tallied"]),
            jsontext.weight(found["total_weight"]),
            parse_hash(jsontext.text(found["encrypted_tally"])),
        )

    def encode(self) -> bytes:
        """The payload's bytes."""
        return (
            f'{{"num_tallied":{self.num_tallied},'
            f'"total_weight":{jsontext.weight_text(self.total_weight)},'
            f'"encrypted_tally":"{self.encrypted_tally}"}}'
        ).encode()


@dataclass(frozen=True, slots=True)
class Owned:
    """The payload of a PartialDecryption event: whose it is, counted from 1, and its hash."""

    owner: int
    payload: str

    @classmethod
    def parse(cls, data: bytes) -> Owned:
        """Raises "hash-syntax", "json-…"."""
        return jsontext.parse(data, _MAX_REFERENCE_BYTES, cls._from_json, cls.encode)

    @classmethod
    def _from_json(cls, value: object) -> Owned:
        found = jsontext.fields(value, ("owner", "payload"))
        return cls(jsontext.integer(found["owner"]), parse_hash(jsontext.text(found["payload"])))

    def encode(self) -> bytes:
        """The payload's bytes."""
        return f'{{"owner":{self.owner},"payload":"{self.payload}"}}'.encode()


@dataclass(frozen=True, slots=True)
class PartialDecryption:
    """One trustee's decryption factors and the proofs that they are right, shaped as the tally."""

    factors: tuple[tuple[Point, ...], ...]
    proofs: tuple[tuple[Proof, ...], ...]

    @classmethod
    def parse(cls, data: bytes) -> PartialDecryption:
        """Read without verifying. Raises "json-…", "point-syntax", "number-syntax", "scalar-…"."""
        return jsontext.parse(data, MAX_TALLY_BYTES, cls._from_json, cls.encode)

    @classmethod
    def _from_json(cls, value: object) -> PartialDecryption:
        found = jsontext.fields(value, ("decryption_factors", "decryption_proofs"))
        return cls(
            tuple(
                tuple(Point.claim(jsontext.text(point)) for point in jsontext.array(row))
                for row in jsontext.array(found["decryption_factors"])
            ),
            tuple(
                tuple(Proof.from_json(proof) for proof in jsontext.array(row))
                for row in jsontext.array(found["decryption_proofs"])
            ),
        )

    def encode(self) -> bytes:
        """The file's bytes."""
        factors = ",".join(
            "[" + ",".join(f'"{point.hex()}"' for point in row) + "]" for row in self.factors
        )
        return (
            f'{{"decryption_factors":[{factors}],"decryption_proofs":{_matrix_json(self.proofs)}}}'
        ).encode()


def _decrypt_prefix(setup: Setup, public_key: Point) -> str:
    return f"decrypt|{setup.fingerprint}|{public_key.hex()}|"


def partial_decryption(
    setup: Setup, tally: bytes, private_key: int, random_scalar: RandomScalar = random_scalar
) -> bytes:
    """A trustee's share of the decryption of an encrypted tally.

    One random number is drawn for each ciphertext, row by row.
    Raises "trustee-unknown" when the key is nobody's, and as `parse_encrypted_tally` does.
    """
    public_key = mul_base(private_key)
    if public_key not in setup.trustees.keys:
        raise ProtocolError("trustee-unknown", "the key is not one of this election's trustees'")
    prefix = _decrypt_prefix(setup, public_key)
    rows = parse_encrypted_tally(setup.election, tally)
    return PartialDecryption(
        tuple(tuple(ciphertext.alpha.mul(private_key) for ciphertext in row) for row in rows),
        tuple(
            tuple(prove_equality(prefix, c.alpha, private_key, random_scalar) for c in row)
            for row in rows
        ),
    ).encode()


def verify_partial_decryption(setup: Setup, tally: bytes, owner: int, data: bytes) -> None:
    """Check that `data` is the share of the trustee numbered `owner`, from 1, of this tally.

    Raises "owner-unknown", "tally-shape", "decryption-proof", "point-…", "json-…", "scalar-…".
    """
    public_key = setup.trustees.key_of(owner)
    rows = parse_encrypted_tally(setup.election, tally)
    share = PartialDecryption.parse(data)
    _check_shape(setup.election, share.factors)
    _check_shape(setup.election, share.proofs)
    prefix = _decrypt_prefix(setup, public_key)
    for row, factors, proofs in zip(rows, share.factors, share.proofs, strict=True):
        for ciphertext, factor, proof in zip(row, factors, proofs, strict=True):
            pair = (ciphertext.alpha, factor)
            verify_equality("decryption-proof", prefix, public_key, pair, proof)


def result(
    setup: Setup, tally: bytes, partials: Mapping[int, bytes], total_weight: int
) -> tuple[bytes, list[list[int]]]:
    """The file `result`, and the sums in it: for each question, each choice's weight.

    `partials`: verified partial decryptions by owner. Raises "shares-missing", "sum-too-large".
    """
    logarithms = Logarithms(total_weight)
    sums = [[logarithms.find(p) for p in row] for row in _decrypt(setup, tally, partials)]
    return _result_json(sums), sums


def verify_result(
    setup: Setup, tally: bytes, partials: Mapping[int, bytes], total_weight: int, data: bytes
) -> list[list[int]]:
    """Check a published result; no logarithm is needed for it. The sums, as `result` gives them.

    Raises "result-wrong", "tally-shape", "shares-missing", "json-…".
    """
    sums = parse_result(data)
    _check_shape(setup.election, sums)
    for row, decrypted in zip(sums, _decrypt(setup, tally, partials), strict=True):
        for number, point in zip(row, decrypted, strict=True):
            if number > total_weight or mul_base(number) != point:
                raise ProtocolError("result-wrong", "the result is not what decryption gives")
    return sums


def parse_result(data: bytes) -> list[list[int]]:
    """Read the file `result`. Raises "json-…", "number-syntax"."""
    return jsontext.parse(data, MAX_TALLY_BYTES, _result_from_json, _result_json)


def _result_from_json(value: object) -> list[list[int]]:
    rows = jsontext.array(jsontext.fields(value, ("result",))["result"])
    return [[jsontext.weight(number) for number in jsontext.array(row)] for row in rows]


def _result_json(sums: Sequence[Sequence[int]]) -> bytes:
    rows = ",".join(f"[{','.join(jsontext.weight_text(n) for n in row)}]" for row in sums)
    return f'{{"result":[{rows}]}}'.encode()


def _decrypt(setup: Setup, tally: bytes, partials: Mapping[int, bytes]) -> list[list[Point]]:
    """The generator's multiples by the sums."""
    rows = parse_encrypted_tally(setup.election, tally)
    shares = {owner: PartialDecryption.parse(data).factors for owner, data in partials.items()}
    for factors in shares.values():
        _check_shape(setup.election, factors)
    return [
        [
            ciphertext.beta.sub(
                setup.trustees.combine({owner: f[i][j] for owner, f in shares.items()})
            )
            for j, ciphertext in enumerate(row)
        ]
        for i, row in enumerate(rows)
    ]
