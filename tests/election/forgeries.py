"""Tampered files, each named by its defect, with the code of the error that refuses it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from tests.election.samples import (
    BALLOTS,
    Sample,
    Scalars,
)
from vote.election import ballot, lot, tally
from vote.election.group import IDENTITY, G, Point, Q
from vote.election.proofs import hash_to_scalar
from vote.election.trustee_key import TrusteePublicKey

Json = Any
Edit = Callable[[Json], object]

NOT_ON_CURVE = f"{2:064x}"
ORDER_2 = f"{2**255 - 20:064x}"
NOT_REDUCED = f"{2**255 - 18:064x}"


def compact(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\x7f", "\\u007f").encode()


def mixed(point: str) -> str:
    """The point plus the one of order two."""
    return Point.claim(point).add(Point.claim(ORDER_2)).hex()


def increment(proof: Json, part: str = "response") -> None:
    """Make a proof a wrong one."""
    proof[part] = str((int(proof[part]) + 1) % Q)


def refused_elections(sample: Sample) -> Iterator[Json]:
    def case(defect: str, code: str, edit: Edit) -> Json:
        value = json.loads(sample.election)
        edit(value)
        return {"defect": defect, "election": compact(value).decode(), "error": code}

    def question(**changes: object) -> Edit:
        return lambda e: e["questions"][0].update(changes)

    key = "point-not-in-subgroup"
    yield case("another version", "version-not-supported", lambda e: e.update(version=2))
    yield case("another group", "group-not-supported", lambda e: e.update(group="BELENIOS-2048"))
    yield case("a neutral key", "key-is-neutral", lambda e: e.update(public_key=IDENTITY.hex()))
    yield case("a key of order 2", key, lambda e: e.update(public_key=ORDER_2))
    yield case("a key outside the subgroup", key, lambda e: e.update(public_key=mixed(G.hex())))
    yield case("a short identifier", "uuid-syntax", lambda e: e.update(uuid="tooShort"))
    yield case("an identifier with a zero", "uuid-syntax", lambda e: e.update(uuid="0" * 14))
    yield case("more at least than at most", "question-bounds", question(min=2))
    yield case("a negative minimum", "json-type", question(min=-1))
    yield case("a fraction", "json-syntax", question(max=1.5))
    yield case("a number as text", "json-type", question(max="1"))
    yield case("no answer to choose", "question-bounds", question(answers=[]))
    yield case("blank as a number", "json-type", lambda e: e["questions"][1].update(blank=1))
    for kind in ("NonHomomorphic", "Lists"):
        value = {"type": kind, "value": {"answers": ["x", "y"], "question": "?"}}
        yield case(
            f"a question of type {kind}",
            "question-type-not-supported",
            partial(_with_question, value),
        )
    yield case("a field too many", "json-fields", lambda e: e.update(colour="blue"))
    yield case("no questions", "json-fields", lambda e: e.pop("questions"))
    yield {
        "defect": "a newline at the end",
        "election": sample.election.decode() + "\n",
        "error": "json-not-canonical",
    }


def _with_question(value: Json, election: Json) -> None:
    election["questions"] = [value]


def refused_trustees(sample: Sample) -> Iterator[Json]:
    def case(defect: str, code: str, edit: Edit) -> Json:
        value = json.loads(sample.trustees)
        edit(value)
        return {"defect": defect, "trustees": compact(value).decode(), "error": code}

    def first(**changes: object) -> Edit:
        return lambda t: t[0][1].update(changes)

    def cancelling(trustees: Json) -> None:
        """The last trustee, who has seen the other's key, would hold the whole key alone."""
        mine = TrusteePublicKey.prove(hash_to_scalar("mine"), Scalars("mine"))
        others = Point.from_hex(trustees[0][1]["public_key"])
        trustees[1][1] = json.loads(mine.to_json())
        trustees[1][1]["public_key"] = mine.public_key.sub(others).hex()

    yield case("nobody", "no-trustee", lambda t: t.clear())
    yield case("one trustee twice", "trustee-twice", lambda t: t.append(t[0]))
    yield case("a broken proof", "trustee-proof", lambda t: increment(t[0][1]["pok"]))
    yield case("another's key", "trustee-proof", lambda t: t[0][1].update(public_key=G.hex()))
    yield case("a key that cancels another out", "trustee-proof", cancelling)
    yield case("a neutral key", "key-is-neutral", first(public_key=IDENTITY.hex()))
    yield case("a key of order 2", "point-not-in-subgroup", first(public_key=ORDER_2))
    yield case("one of another kind", "json-type", lambda t: t[0].__setitem__(0, "Double"))


def refused_credentials(sample: Sample) -> Iterator[Json]:
    lines = json.loads(sample.credentials)
    key = lines[0].partition(",")[0]
    cases = [
        ("a credential twice", "credential-twice", [*lines, lines[0]]),
        ("a credential twice, with two weights", "credential-twice", [*lines, f"{key},2"]),
        ("a weight of nothing", "weight-not-positive", [f"{key},0"]),
        ("a negative weight", "number-syntax", [f"{key},-1"]),
        ("a weight with a leading zero", "number-syntax", [f"{key},01"]),
        ("an empty weight", "number-syntax", [f"{key},"]),
        ("a name after the weight", "number-syntax", [f"{key},1,somebody"]),
        ("a space", "number-syntax", [f"{key}, 1"]),
        ("a neutral key", "key-is-neutral", [IDENTITY.hex()]),
        ("a key outside the subgroup", "point-not-in-subgroup", [mixed(key)]),
        ("a number", "json-type", [1]),
    ]
    for defect, code, value in cases:
        yield {"defect": defect, "credentials": compact(value).decode(), "error": code}


def refused_shares(sample: Sample, encrypted: bytes, shares: dict[int, bytes]) -> Iterator[Json]:
    def case(defect: str, code: str, edit: Edit, owner: int = 1) -> Json:
        value = json.loads(shares[1])
        edit(value)
        return {"defect": defect, "owner": owner, "share": compact(value).decode(), "error": code}

    def factor(change: Callable[[str], str]) -> Edit:
        def edit(value: Json) -> None:
            value["decryption_factors"][0][0] = change(value["decryption_factors"][0][0])

        return edit

    other = sample.encrypt(1, BALLOTS[1][1], "another tally")
    total = tally.Accumulator(sample.setup)
    total.add(ballot.parse(other))
    elsewhere = json.loads(
        tally.partial_decryption(
            sample.setup, total.encrypted_tally(), sample.private_keys[0], Scalars("elsewhere")
        )
    )
    outside = "point-not-in-subgroup"
    yield case(
        "a factor changed", "decryption-proof", factor(lambda p: Point.claim(p).add(G).hex())
    )
    yield case("a neutral factor", "decryption-proof", factor(lambda _: IDENTITY.hex()))
    yield case("a factor outside the subgroup", outside, factor(mixed))
    yield case("a factor not on the curve", outside, factor(lambda _: NOT_ON_CURVE))
    yield case(
        "a proof changed", "decryption-proof", lambda s: increment(s["decryption_proofs"][1][0])
    )
    yield case("another trustee's", "decryption-proof", lambda _: None, owner=2)
    yield case("nobody's", "owner-unknown", lambda _: None, owner=3)
    yield case("the owner nought", "owner-unknown", lambda _: None, owner=0)
    yield case("for another tally", "decryption-proof", lambda s: s.update(elsewhere))
    yield case("a row missing", "tally-shape", lambda s: s["decryption_factors"].pop())
    yield case("a proof missing", "tally-shape", lambda s: s["decryption_proofs"][0].pop())
    yield case(
        "a factor surplus", "tally-shape", lambda s: s["decryption_factors"][0].append(G.hex())
    )


def refused_results(result: bytes) -> Iterator[Json]:
    def case(defect: str, code: str, edit: Callable[[list[list[object]]], object]) -> Json:
        value = json.loads(result)
        edit(value["result"])
        return {"defect": defect, "result": compact(value).decode(), "error": code}

    yield case("a vote more", "result-wrong", lambda r: r[0].__setitem__(0, r[0][0] + 1))  # type: ignore[operator]
    yield case("two answers exchanged", "result-wrong", lambda r: r[0].reverse())
    yield case("a question missing", "tally-shape", lambda r: r.pop())
    yield case("an answer missing", "tally-shape", lambda r: r[0].pop())
    yield case(
        "a number as text", "json-not-canonical", lambda r: r[0].__setitem__(0, str(r[0][0]))
    )
    yield case("a negative number", "json-type", lambda r: r[0].__setitem__(0, -1))
    yield case(
        "a number larger than all weights", "result-wrong", lambda r: r[0].__setitem__(0, 10**6)
    )


def refused_lot_shares(sample: Sample, shares: dict[int, bytes]) -> Iterator[Json]:
    def case(defect: str, code: str, data: object, owner: int = 1) -> Json:
        return {"defect": defect, "owner": owner, "share": compact(data).decode(), "error": code}

    good = json.loads(shares[1])
    elsewhere = lot.lot_share(
        sample.private_keys[0], sample.setup.fingerprint, "f" * 64, Scalars("other event")
    )
    proof = {**good["proof"], "challenge": str((int(good["proof"]["challenge"]) + 1) % Q)}
    changed = Point.from_hex(good["factor"]).add(G).hex()
    yield case("another trustee's", "lot-proof", good, owner=2)
    yield case("for another event", "lot-proof", json.loads(elsewhere))
    yield case("a factor changed", "lot-proof", {**good, "factor": changed})
    yield case("a neutral factor", "lot-proof", {**good, "factor": IDENTITY.hex()})
    outside = {**good, "factor": mixed(good["factor"])}
    yield case("a factor outside the subgroup", "point-not-in-subgroup", outside)
    yield case("a proof changed", "lot-proof", {**good, "proof": proof})
    yield case("a field too many", "json-fields", {**good, "owner": 1})
