"""Tampered ballots, each named by its defect, with the code of the error that refuses it.

A ballot is signed again by its own voter where the defect is not the signature's, so that the check
that is meant to catch it does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial

from tests.election.forgeries import (
    NOT_ON_CURVE,
    NOT_REDUCED,
    ORDER_2,
    Edit,
    Json,
    compact,
    increment,
    mixed,
)
from tests.election.samples import (
    BALLOTS,
    CODES,
    RESOLUTION,
    STRANGER,
    UUID,
    Sample,
    Scalars,
    make_sample,
)
from vote.election import answer, ballot, credential
from vote.election.fingerprint import hash_base64
from vote.election.group import IDENTITY, G, Point, Q
from vote.election.proofs import prove_knowledge


def signed(value: Json, code: str) -> Json:
    """The ballot with a signature by the holder of `code` over what it says now."""
    body = {name: part for name, part in value.items() if name != "signature"}
    body_hash = hash_base64(compact(body))
    secret = credential.secret_key(code, UUID)
    proof = prove_knowledge(f"sig|{body_hash}|", secret, Scalars(f"forged {body_hash}"))
    return {**body, "signature": {"hash": body_hash, "proof": json.loads(proof.to_json())}}


def refused_ballots(sample: Sample) -> Iterator[Json]:
    voter, answers = BALLOTS[0]
    good = sample.encrypt(voter, answers)
    yield from _rewritten(good)
    for defect, code, edit in _signed_defects(sample):
        value = json.loads(good)
        edit(value)
        yield _ballot(defect, compact(signed(value, CODES[voter])), code)
    for defect, code, edit in _unsigned_defects(sample):
        value = json.loads(good)
        edit(value)
        yield _ballot(defect, compact(value), code)
    yield _ballot(
        "a credential that is not on the list",
        ballot.encrypt(sample.setup, STRANGER, answers, Scalars("stranger")),
        "credential-unknown",
    )
    stolen = {**json.loads(good), "credential": credential.public_key(CODES[1], UUID).hex()}
    yield _ballot(
        "another voter's choices, signed by the thief",
        compact(signed(stolen, CODES[1])),
        "individual-proof",
    )
    other = make_sample(uuid="AnotherVecTor1", codes=CODES).encrypt(voter, answers)
    yield _ballot("a ballot for another election", other, "other-election")
    value = json.loads(other)
    value |= {name: json.loads(good)[name] for name in ("election_uuid", "election_hash")}
    value["credential"] = credential.public_key(CODES[voter], UUID).hex()
    yield _ballot(
        "another election's choices under this one's name",
        compact(signed(value, CODES[voter])),
        "individual-proof",
    )


def _ballot(defect: str, data: bytes, code: str) -> Json:
    return {"defect": defect, "ballot": data.decode(), "error": code}


def _rewritten(good: bytes) -> Iterator[Json]:
    text = good.decode()
    value = json.loads(good)
    credential_first = {"credential": value["credential"], **value}
    yield _ballot("a space", (text.replace(":", ": ", 1)).encode(), "json-not-canonical")
    yield _ballot("a newline at the end", good + b"\n", "json-not-canonical")
    yield _ballot("a byte-order mark", b"\xef\xbb\xbf" + good, "json-syntax")
    yield _ballot("cut off", good[:-1], "json-syntax")
    yield _ballot("something after the end", good + b"{}", "json-syntax")
    yield _ballot("empty", b"", "json-syntax")
    yield _ballot("not an object", b"[]", "json-fields")
    yield _ballot("null", b"null", "json-fields")
    yield _ballot("keys in another order", compact(credential_first), "json-fields")
    yield _ballot("a field too many", compact({**value, "weight": 2}), "json-fields")
    yield _ballot(
        "a field twice",
        text.replace("{", f'{{"election_uuid":"{UUID}",', 1).encode(),
        "json-not-canonical",
    )
    yield _ballot(
        "a letter as an escape",
        text.replace('"answers"', '"\\u0061nswers"', 1).encode(),
        "json-not-canonical",
    )
    yield _ballot(
        "not a number", text.replace('"answers":[', '"answers":[NaN,').encode(), "json-syntax"
    )


def _signed_defects(sample: Sample) -> Iterator[tuple[str, str, Edit]]:
    yield from _wrong_points()
    yield from _wrong_numbers()
    yield from _wrong_shapes()
    yield from _wrong_proofs(sample)
    yield (
        "another election's identifier",
        "other-election",
        lambda b: b.update(election_uuid="AnotherVecTor1"),
    )
    yield (
        "another election's hash",
        "other-election",
        lambda b: b.update(election_hash=hash_base64(b"another election")),
    )


def _wrong_points() -> Iterator[tuple[str, str, Edit]]:
    def put(part: str, change: Callable[[str], str]) -> Edit:
        def edit(value: Json) -> None:
            choice = value["answers"][0]["choices"][0]
            choice[part] = change(choice[part])

        return edit

    for part in ("alpha", "beta"):
        outside = "point-not-in-subgroup"
        yield f"{part} in upper case", "point-syntax", put(part, str.upper)
        yield f"{part} not reduced", outside, put(part, lambda _: NOT_REDUCED)
        yield f"{part} not on the curve", outside, put(part, lambda _: NOT_ON_CURVE)
        yield f"{part} of order 2", outside, put(part, lambda _: ORDER_2)
        yield f"{part} outside the subgroup", outside, put(part, mixed)
    yield "alpha neutral", "individual-proof", put("alpha", lambda _: IDENTITY.hex())
    yield (
        "a credential outside the subgroup",
        "point-not-in-subgroup",
        lambda b: b.update(credential=mixed(b["credential"])),
    )


def _wrong_numbers() -> Iterator[tuple[str, str, Edit]]:
    def put(change: Callable[[int], object]) -> Edit:
        def edit(value: Json) -> None:
            proof = value["answers"][0]["individual_proofs"][0][0]
            proof["response"] = change(int(proof["response"]))

        return edit

    yield "a response not reduced", "scalar-out-of-range", put(lambda n: str(Q + n % 10**70))
    yield "a negative response", "number-syntax", put(lambda n: str(n - Q))
    yield "a response with a leading zero", "number-syntax", put(lambda n: f"0{n}"[:77])
    yield "a response with a plus sign", "number-syntax", put(lambda n: f"+{n}"[:77])
    yield "a response as a number", "json-type", put(lambda n: n % 1000)
    yield "a response as null", "json-type", put(lambda _: None)


def _wrong_shapes() -> Iterator[tuple[str, str, Edit]]:
    shape = "answer-shape"
    yield "an answer missing", shape, lambda b: b["answers"].pop()
    yield "an answer surplus", shape, lambda b: b["answers"].append(deepcopy(b["answers"][0]))
    yield "the answers swapped", shape, lambda b: b["answers"].reverse()
    yield "no answers", shape, lambda b: b["answers"].clear()
    yield "a choice missing", shape, lambda b: b["answers"][0]["choices"].pop()
    yield (
        "a choice surplus",
        shape,
        lambda b: b["answers"][0]["choices"].append(b["answers"][0]["choices"][0]),
    )
    yield (
        "a choice with its proof missing",
        shape,
        lambda b: ((b["answers"][0]["choices"].pop(), b["answers"][0]["individual_proofs"].pop())),
    )
    yield (
        "an individual proof missing",
        shape,
        lambda b: b["answers"][0]["individual_proofs"].pop(),
    )
    yield (
        "an individual proof for 0, 1 or 2",
        shape,
        lambda b: b["answers"][0]["individual_proofs"][0].append(
            {"challenge": "0", "response": "0"}
        ),
    )
    yield "an empty overall proof", shape, lambda b: b["answers"][0]["overall_proof"].clear()
    yield "the blank proof missing", shape, lambda b: b["answers"][1].pop("blank_proof")
    yield (
        "a blank proof surplus",
        shape,
        lambda b: b["answers"][0].update(blank_proof=b["answers"][1]["blank_proof"]),
    )


def _wrong_proofs(sample: Sample) -> Iterator[tuple[str, str, Edit]]:
    def shift(path: Callable[[Json], Json], part: str) -> Edit:
        return lambda value: increment(path(value), part)

    paths: list[tuple[str, str, Callable[[Json], Json]]] = [
        (
            "an individual proof",
            "individual-proof",
            lambda b: b["answers"][0]["individual_proofs"][2][1],
        ),
        ("an overall proof", "overall-proof", lambda b: b["answers"][0]["overall_proof"][0]),
        ("a blank proof", "blank-proof", lambda b: b["answers"][1]["blank_proof"][1]),
        ("a proof with blank", "overall-proof", lambda b: b["answers"][1]["overall_proof"][0]),
    ]
    for name, code, path in paths:
        for part in ("challenge", "response"):
            yield f"{name}'s {part} changed", code, shift(path, part)
    yield from _dishonest_choices(sample)


def _dishonest_choices(sample: Sample) -> Iterator[tuple[str, str, Edit]]:
    def take(source: Json, question: int, *parts: str) -> Edit:
        def edit(value: Json) -> None:
            for part in parts:
                value["answers"][question][part] = source["answers"][question][part]

        return edit

    def twin(answers: object) -> Json:
        return json.loads(sample.encrypt(0, answers, "twin"))  # type: ignore[arg-type]

    other = twin(((0, 1, 0), (0, 0, 1)))
    yield "another vote's choices", "individual-proof", take(other, 0, "choices")
    yield (
        "another vote's overall proof",
        "overall-proof",
        take(other, 0, "overall_proof"),
    )
    yield (
        "another vote's choices and individual proofs",
        "overall-proof",
        take(other, 0, "choices", "individual_proofs"),
    )
    yield "another vote's blank proof", "blank-proof", take(other, 1, "blank_proof")
    yield from _statements_left_out(sample)

    def two_for(value: Json) -> None:
        first = value["answers"][0]
        first["choices"][1] = first["choices"][0]
        first["individual_proofs"][1] = first["individual_proofs"][0]

    def two_in_one(value: Json) -> None:
        choice = value["answers"][0]["choices"][0]
        choice["beta"] = Point.from_hex(choice["beta"]).add(G).hex()

    def exchanged(value: Json) -> None:
        first = value["answers"][0]
        for part in ("choices", "individual_proofs"):
            first[part][0], first[part][1] = first[part][1], first[part][0]

    yield "two votes where one is allowed", "overall-proof", two_for
    yield "a choice worth two", "individual-proof", two_in_one
    yield "choices exchanged with their proofs", "overall-proof", exchanged
    blank = twin(((1, 0, 0), (1, 0, 0)))

    def blank_and_chosen(value: Json) -> None:
        for part in ("choices", "individual_proofs"):
            value["answers"][1][part][0] = blank["answers"][1][part][0]

    yield "blank, and choices besides", "blank-proof", blank_and_chosen


def _change_signature(part: str, value: Json) -> None:
    increment(value["signature"]["proof"], part)


def _statements_left_out(sample: Sample) -> Iterator[tuple[str, str, Edit]]:
    """Proofs over hashes that do not cover what the specification says they cover."""
    credential_hex = credential.public_key(CODES[0], UUID).hex()
    contexts = {
        "without the credential": sample.setup.fingerprint,
        "without the election": credential_hex,
        "over nothing but the choices": "",
        "with the parts exchanged": f"{credential_hex}|{sample.setup.fingerprint}",
    }
    for name, context in contexts.items():
        key = sample.setup.election.public_key
        proved = answer.prove(RESOLUTION, key, context, (1, 0, 0), Scalars(name))
        yield f"proofs {name}", "individual-proof", partial(_put_answer, proved.to_json())


def _put_answer(text: str, value: Json) -> None:
    value["answers"][0] = json.loads(text)


def _unsigned_defects(sample: Sample) -> Iterator[tuple[str, str, Edit]]:
    other = json.loads(sample.encrypt(0, ((0, 1, 0), (0, 0, 1)), "other"))
    yield (
        "another ballot's signature",
        "signature",
        lambda b: b.update(signature=other["signature"]),
    )
    yield "another ballot's answers", "signature", lambda b: b.update(answers=other["answers"])
    yield (
        "copied under another credential",
        "signature",
        lambda b: b.update(credential=credential.public_key(CODES[1], UUID).hex()),
    )
    yield (
        "signed by another voter",
        "signature",
        lambda b: b.update(signature=signed(b, CODES[1])["signature"]),
    )
    for part in ("challenge", "response"):
        yield (
            f"the signature's {part} changed",
            "signature",
            partial(_change_signature, part),
        )
    yield "the signature missing", "json-fields", lambda b: b.pop("signature")
    yield (
        "a hash with padding",
        "signature",
        lambda b: b["signature"].update(hash=b["signature"]["hash"] + "="),
    )
