"""An election with a threshold group of trustees, as belenios-tool made it.

    python tests/election/threshold_sample.py PATH/TO/belenios-tool

makes another one and writes `tests/vectors/election-threshold.json`: the whole archive and the
secret seeds from which the members of the group derive the keys that they sign with.
`tests/election/election_vectors.py` must then be run again.
"""

from __future__ import annotations

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.election.forgeries import Json, compact, increment
from tests.election.samples import Scalars
from tests.election.tool import Tool, ToolElection
from vote.election.check import Scan, scan
from vote.election.group import IDENTITY, G, Q
from vote.election.proofs import hash_to_scalar, prove_knowledge
from vote.election.trustee_key import TrusteePublicKey

FILE = Path(__file__).parents[1] / "vectors" / "election-threshold.json"
QUESTIONS: list[dict[str, object]] = [
    {"answers": ["for", "against", "abstain"], "min": 1, "max": 1, "question": "Accounts?"},
    {"answers": ["a", "b", "c"], "blank": True, "min": 0, "max": 2, "question": "Board?"},
]
VOTES = {
    "ann": [[1, 0, 0], [0, 1, 1, 0]],
    "bob": [[0, 1, 0], [1, 0, 0, 0]],
    "cleo": [[0, 0, 1], [0, 0, 0, 1]],
}
WEIGHTS = {"ann": 1, "bob": 12, "cleo": 3, "dan": 1}
SUMS = [[1, 12, 3], [12, 1, 1, 3]]


@dataclass
class ThresholdSample:
    archive: bytes
    seeds: list[str]

    @classmethod
    def load(cls) -> ThresholdSample:
        value = json.loads(FILE.read_text("ascii"))
        return cls(b64decode(value["archive"]), value["seeds"])

    def scan(self) -> Scan:
        return scan(BytesIO(self.archive))

    def sign(self, member: int, message: str) -> dict[str, str]:
        """The signature of a member, counted from 0."""
        digest = sha256(f"sk|{self.seeds[member]}".encode()).digest()
        key = int.from_bytes(digest, "big") % Q
        proof = prove_knowledge(f"sigmsg|{message}|", key, Scalars(message))
        return {"challenge": str(proof.challenge), "response": str(proof.response)}


def refused_groups(sample: ThresholdSample) -> Iterator[Json]:
    """Trustees whose group is tampered with; where it matters, signed again by the members."""
    good = json.loads(sample.scan().trustees)

    def case(defect: str, code: str, edit: Any) -> Json:
        value = deepcopy(good)
        edit(value[1][1])
        return {"defect": defect, "trustees": compact(value).decode(), "error": code}

    def certify(group: Json, **context: object) -> None:
        message = json.loads(group["certs"][0]["message"])
        put_certificate(group, {**message, "context": {**message["context"], **context}})

    def of_another_kind(group: Json) -> None:
        message = json.loads(group["certs"][0]["message"])
        context = {**message["context"], "group": "BELENIOS-2048"}
        put_certificate(group, {**message, "context": context})

    def with_a_neutral_key(group: Json) -> None:
        message = json.loads(group["certs"][0]["message"])
        put_certificate(group, {**message, "encryption": IDENTITY.hex()})

    def put_certificate(group: Json, message: Json) -> None:
        text = compact(message).decode()
        group["certs"][0] = {"message": text, "signature": sample.sign(0, text)}

    def polynomial(group: Json, points: list[str]) -> None:
        text = compact({"coefexps": points}).decode()
        group["coefexps"][0] = {"message": text, "signature": sample.sign(0, text)}
        certs = compact({"certs": group["certs"], "coefexps": points}).decode()
        group["signatures"][0] = sample.sign(0, f"certs_sig|{certs}")

    def other_key(group: Json) -> None:
        key = TrusteePublicKey.prove(hash_to_scalar("mine"), Scalars("mine"))
        text = key.public_key.hex()
        group["verification_keys"][0] = {
            **json.loads(key.to_json()),
            "signature": sample.sign(0, text),
        }

    points = json.loads(good[1][1]["coefexps"][0]["message"])["coefexps"]
    wrong_signature = "trustee-signature"
    keys = "verification_keys"
    yield case(
        "a certificate badly signed",
        wrong_signature,
        lambda g: increment(g["certs"][0]["signature"]),
    )
    yield case("certificates exchanged", "trustee-certificate", lambda g: g["certs"].reverse())
    yield case(
        "a certificate for another place", "trustee-certificate", lambda g: certify(g, index=2)
    )
    yield case(
        "a certificate for a larger group", "trustee-certificate", lambda g: certify(g, size=4)
    )
    yield case(
        "a certificate for another threshold",
        "trustee-certificate",
        lambda g: certify(g, threshold=1),
    )
    yield case("a certificate for another kind of group", "group-not-supported", of_another_kind)
    yield case("a certificate with a neutral key", "key-is-neutral", with_a_neutral_key)
    yield case("another threshold", "trustee-certificate", lambda g: g.update(threshold=1))
    yield case("a threshold of nobody", "threshold-shape", lambda g: g.update(threshold=0))
    yield case("a threshold above everybody", "threshold-shape", lambda g: g.update(threshold=4))
    yield case("certificates changed after signing", wrong_signature, certify)
    yield case(
        "a polynomial badly signed",
        wrong_signature,
        lambda g: increment(g["coefexps"][0]["signature"]),
    )
    yield case(
        "a polynomial signed for other certificates",
        wrong_signature,
        lambda g: increment(g["signatures"][0]),
    )
    yield case("polynomials exchanged", wrong_signature, lambda g: g["coefexps"].reverse())
    yield case(
        "a polynomial too long", "threshold-shape", lambda g: polynomial(g, [*points, G.hex()])
    )
    yield case("a polynomial too short", "threshold-shape", lambda g: polynomial(g, points[:-1]))
    yield case("another polynomial", "trustee-key", lambda g: polynomial(g, [points[1], points[0]]))
    yield case(
        "a constant polynomial", "trustee-key", lambda g: polynomial(g, [points[0], IDENTITY.hex()])
    )
    yield case("another key", "trustee-key", other_key)
    yield case("a key without proof", "trustee-proof", lambda g: increment(g[keys][0]["pok"]))
    yield case("a key badly signed", wrong_signature, lambda g: increment(g[keys][0]["signature"]))
    yield case("a key not signed", wrong_signature, lambda g: g[keys][0].pop("signature"))
    yield case("keys exchanged", "trustee-key", lambda g: g[keys].reverse())
    yield case("a key missing", "threshold-shape", lambda g: g[keys].pop())
    yield case("a certificate missing", "threshold-shape", lambda g: g["certs"].pop())
    yield case("no signatures", "json-fields", lambda g: g.pop("signatures"))


def make(command: Path, folder: Path) -> ThresholdSample:
    tool = Tool(command, folder)
    election = ToolElection(tool, QUESTIONS, WEIGHTS, singles=1, threshold=(2, 3))
    election.event("Ballot", election.ballot("ann", VOTES["bob"]))
    for name, answers in VOTES.items():
        election.event("Ballot", election.ballot(name, answers))
    election.close()
    election.decrypt(members=(1, 3))
    election.publish()
    return ThresholdSample(election.archive.read_bytes(), election.seeds())


if __name__ == "__main__":
    with TemporaryDirectory() as temporary:
        made = make(Path(sys.argv[1]).resolve(), Path(temporary))
    archive = b64encode(made.archive).decode()
    FILE.write_text(
        json.dumps({"format": 1, "seeds": made.seeds, "archive": archive}, indent=1) + "\n"
    )
