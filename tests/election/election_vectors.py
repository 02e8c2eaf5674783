"""Makes `tests/vectors/election.json`: the ballot protocol, for Python and for JavaScript.

    python tests/election/election_vectors.py     (with `vote` installed) writes the file again

Files are given as the text that they hold. `draws` are the random numbers in the order in which
they are asked for (see the functions' documentation). Each refused case is named by its defect;
`error` is the code that both implementations raise.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.election.forged_ballots import refused_ballots
from tests.election.forgeries import (
    refused_credentials,
    refused_elections,
    refused_lot_shares,
    refused_results,
    refused_shares,
    refused_trustees,
)
from tests.election.samples import BALLOTS, CODES, STRANGER, UUID, Sample, Scalars, make_sample
from tests.election.threshold_sample import ThresholdSample, refused_groups
from vote.election import ballot, credential, lot, tally
from vote.election.election import election_hash
from vote.election.group import IDENTITY, G, Q, mul_base
from vote.election.trustee import Trustees

FILE = Path(__file__).parents[1] / "vectors" / "election.json"
EVENT_HASH = "0123456789abcdef" * 4
Json = dict[str, Any]


def vectors() -> Json:
    sample = make_sample()
    return {
        "format": 1,
        "points": points(),
        "scalars": scalars(),
        "codes": codes(),
        "election": election(sample),
        "ballots": {
            "accepted": list(accepted_ballots(sample)),
            "refused": list(refused_ballots(sample)),
        },
        "tally": tallied(sample),
        "lot": lots(sample),
        "threshold": threshold(),
    }


def points() -> Json:
    two = mul_base(2)
    multiplications = [
        (G, 0), (G, 1), (G, 2), (G, Q - 1), (two, 12345), (IDENTITY, 0), (IDENTITY, 7)
    ]  # fmt: skip
    additions = [(G, G), (G, IDENTITY), (IDENTITY, IDENTITY), (G, mul_base(Q - 1))]
    p = 2**255 - 19
    sign = 1 << 255
    refused = [
        ("upper case", mul_base(3).hex().upper(), "point-syntax"),
        ("63 digits", G.hex()[1:], "point-syntax"),
        ("65 digits", "0" + G.hex(), "point-syntax"),
        ("y not reduced", f"{p + 1:064x}", "point-not-in-subgroup"),
        ("neutral element with a sign", f"{sign + 1:064x}", "point-not-in-subgroup"),
        ("not on the curve", f"{2:064x}", "point-not-in-subgroup"),
        ("order 2", f"{p - 1:064x}", "point-not-in-subgroup"),
        ("order 4", f"{0:064x}", "point-not-in-subgroup"),
        ("order 4, negative", f"{sign:064x}", "point-not-in-subgroup"),
        (
            "order 8",
            "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
            "point-not-in-subgroup",
        ),
        ("generator plus the point of order 2", "99" * 31 + "95", "point-not-in-subgroup"),
    ]
    return {
        "neutral": IDENTITY.hex(),
        "generator": G.hex(),
        "order": str(Q),
        "multiplications": [
            {"point": point.hex(), "scalar": str(k), "product": point.mul(k).hex()}
            for point, k in multiplications
        ],
        "additions": [
            {"left": a.hex(), "right": b.hex(), "sum": a.add(b).hex(), "difference": a.sub(b).hex()}
            for a, b in additions
        ],
        "refused": [
            {"defect": defect, "point": text, "error": code} for defect, text, code in refused
        ],
    }


def scalars() -> Json:
    refused = [
        ("the order", str(Q), "scalar-out-of-range"),
        ("larger than the order", str(Q + 1), "scalar-out-of-range"),
        ("78 digits", "1" + "0" * 77, "number-syntax"),
        ("negative", "-1", "number-syntax"),
        ("plus sign", "+1", "number-syntax"),
        ("leading zero", "01", "number-syntax"),
        ("empty", "", "number-syntax"),
        ("space", " 1", "number-syntax"),
        ("newline", "1\n", "number-syntax"),
        ("underscore", "1_0", "number-syntax"),
        ("other digits", "١", "number-syntax"),
        ("hexadecimal", "0x1", "number-syntax"),
        ("fraction", "1.0", "number-syntax"),
    ]
    return {
        "accepted": ["0", "1", str(Q - 1)],
        "refused": [
            {"defect": defect, "scalar": text, "error": code} for defect, text, code in refused
        ],
    }


def codes() -> Json:
    refused = [
        ("without dashes", CODES[0].replace("-", "")),
        ("one character short", CODES[0][:-1]),
        ("one character more", CODES[0] + "D"),
        ("a zero", "0" + CODES[0][1:]),
        ("a small l", "l" + CODES[0][1:]),
        ("dashes elsewhere", "AAAAAB-BBBBB-CCCCC-DDDDDD"),
        ("a space inside", CODES[0].replace("-", " ")),
    ]
    return {
        "derivations": [
            {
                "code": code,
                "uuid": uuid,
                "secret_key": str(credential.secret_key(code, uuid)),
                "public_key": credential.public_key(code, uuid).hex(),
            }
            for code in (CODES[0], f" {CODES[1]}\n")
            for uuid in (UUID, "AnotherVecTor1")
        ],
        "sign_in": [
            {
                "assembly": "sample-2025",
                "code": code,
                "token": credential.sign_in_token("sample-2025", code),
            }
            for code in CODES[:2]
        ],
        "refused": [
            {"defect": defect, "code": code, "error": "code-syntax"} for defect, code in refused
        ],
    }


def election(sample: Sample) -> Json:
    return {
        "uuid": UUID,
        "election": sample.election.decode(),
        "hash": election_hash(sample.election),
        "trustees": sample.trustees.decode(),
        "private_keys": [str(key) for key in sample.private_keys],
        "public_keys": [key.hex() for key in sample.setup.trustees.keys],
        "credentials": sample.credentials.decode(),
        "codes": list(CODES),
        "stranger": STRANGER,
        "refused_elections": list(refused_elections(sample)),
        "refused_trustees": list(refused_trustees(sample)),
        "refused_credentials": list(refused_credentials(sample)),
    }


def accepted_ballots(sample: Sample) -> Iterator[Json]:
    names = ("first", "blank", "abstained", "voted again")
    for name, (voter, answers) in zip(names, BALLOTS, strict=True):
        drawn = Scalars(name)
        data = ballot.encrypt(sample.setup, CODES[voter], answers, drawn)
        yield {
            "name": name,
            "code": CODES[voter],
            "answers": answers,
            "draws": [str(number) for number in drawn.draws],
            "ballot": data.decode(),
            "credential": ballot.parse(data).credential.hex(),
            "tracker": ballot.tracker(data),
        }


def tallied(sample: Sample) -> Json:
    """Of the accepted ballots, the last of each credential."""
    total = tally.Accumulator(sample.setup)
    for case in accepted_ballots(sample):
        total.add(ballot.parse(case["ballot"].encode()))
    encrypted = total.encrypted_tally()
    shares: dict[int, bytes] = {}
    accepted = []
    for owner, key in enumerate(sample.private_keys, 1):
        drawn = Scalars(f"partial decryption {owner}")
        shares[owner] = tally.partial_decryption(sample.setup, encrypted, key, drawn)
        draws = [str(number) for number in drawn.draws]
        accepted.append({"owner": owner, "draws": draws, "share": shares[owner].decode()})
    result, sums = tally.result(sample.setup, encrypted, shares, total.sums.total_weight)
    return {
        "encrypted_tally": encrypted.decode(),
        "sized_encrypted_tally": total.sized().decode(),
        "total_weight": total.sums.total_weight,
        "shares": {
            "accepted": accepted,
            "refused": list(refused_shares(sample, encrypted, shares)),
        },
        "result": result.decode(),
        "sums": sums,
        "refused_results": list(refused_results(result)),
    }


def lots(sample: Sample) -> Json:
    fingerprint = sample.setup.fingerprint
    shares = {}
    accepted = []
    for owner, key in enumerate(sample.private_keys, 1):
        drawn = Scalars(f"lot {owner}")
        shares[owner] = lot.lot_share(key, fingerprint, EVENT_HASH, drawn)
        draws = [str(number) for number in drawn.draws]
        accepted.append({"owner": owner, "draws": draws, "share": shares[owner].decode()})
    point = lot.combine(sample.setup.trustees, fingerprint, EVENT_HASH, shares)
    return {
        "event_hash": EVENT_HASH,
        "base_point": lot.base_point(fingerprint, EVENT_HASH).hex(),
        "other_base_points": [
            {"event_hash": digit * 64, "point": lot.base_point(fingerprint, digit * 64).hex()}
            for digit in "0123456789"
        ],
        "shares": {"accepted": accepted, "refused": list(refused_lot_shares(sample, shares))},
        "lot": point.hex(),
        "seed": lot.seed([point]).hex(),
        "seed_of_two": lot.seed([point, G]).hex(),
    }


def threshold() -> Json:
    """The set-up of an election made by belenios-tool, with a group of trustees."""
    sample = ThresholdSample.load()
    found = sample.scan()
    trustees = Trustees.parse(found.trustees)
    return {
        "election": found.election.decode(),
        "trustees": found.trustees.decode(),
        "credentials": found.credentials.decode(),
        "public_keys": [key.hex() for key in trustees.keys],
        "refused": list(refused_groups(sample)),
    }


def encoded() -> str:
    return json.dumps(vectors(), ensure_ascii=True, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(encoded(), encoding="ascii")
