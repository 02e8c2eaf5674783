"""The workshop with a threshold group: any two of three trustees decrypt, beside the service."""

from __future__ import annotations

import json

from tests.audit.box import Box
from tests.audit.forged_ballots import compact
from tests.audit.workshop import TOML, Workshop
from vote.election.group import Q, mul_base, random_scalar
from vote.election.proofs import prove_knowledge
from vote.election.trustee import Trustees, public_key_json

SIZE, NEEDED = 3, 2
MEMBERS = range(1, SIZE + 1)
WITH_THRESHOLD = TOML.replace("count = 2\nthreshold = 2", "count = 3\nthreshold = 2")


def _signature(message: str, key: int) -> dict[str, str]:
    return json.loads(prove_knowledge(f"sigmsg|{message}|", key, random_scalar).to_json())


class ThresholdWorkshop(Workshop):
    """Everybody's polynomials in one place, as only a test may have them."""

    def __init__(self, toml: str = WITH_THRESHOLD) -> None:
        super().__init__(toml)
        self.polynomials = [[random_scalar() for _ in range(NEEDED)] for _ in MEMBERS]
        self.group = self._group([random_scalar() for _ in MEMBERS])
        for box in self.boxes:
            box.keys[1:] = [self._share(member) for member in MEMBERS]

    def _share(self, member: int) -> int:
        return (
            sum(
                coefficient * member**power
                for polynomial in self.polynomials
                for power, coefficient in enumerate(polynomial)
            )
            % Q
        )

    def _group(self, signing: list[int]) -> object:
        certs, coefexps, signatures, keys = [], [], [], []
        for member, key in zip(MEMBERS, signing, strict=True):
            context = {"group": "Ed25519", "size": SIZE, "threshold": NEEDED, "index": member}
            message = compact(
                {
                    "context": context,
                    "verification": mul_base(key).hex(),
                    "encryption": mul_base(random_scalar()).hex(),
                }
            ).decode()
            certs.append({"message": message, "signature": _signature(message, key)})
        for polynomial, key in zip(self.polynomials, signing, strict=True):
            points = [mul_base(coefficient).hex() for coefficient in polynomial]
            message = compact({"coefexps": points}).decode()
            coefexps.append({"message": message, "signature": _signature(message, key)})
            all_certs = compact({"certs": certs, "coefexps": points}).decode()
            signatures.append(_signature(f"certs_sig|{all_certs}", key))
        for member, key in zip(MEMBERS, signing, strict=True):
            public = json.loads(public_key_json(self._share(member)))
            keys.append(public | {"signature": _signature(public["public_key"], key)})
        return {
            "threshold": NEEDED,
            "certs": certs,
            "coefexps": coefexps,
            "signatures": signatures,
            "verification_keys": keys,
        }

    def trustees(self, box: Box) -> Trustees:
        service = json.loads(public_key_json(box.keys[0]))
        return Trustees.parse(compact([["Single", service], ["Pedersen", self.group]]))

    def secret(self, box: Box) -> int:
        return (box.keys[0] + sum(polynomial[0] for polynomial in self.polynomials)) % Q

    def decrypt_by(self, owners: set[int]) -> Workshop:
        """Only these trustees come, counted from 1 (the service)."""
        return self.decrypt(
            lambda box, owner: self.partial(box, owner) if owner in owners else b"",
            lambda box, owner: self.lots(box, owner) if owner in owners else [],
        )
