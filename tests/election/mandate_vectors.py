"""Makes `tests/vectors/mandate.json`: mailboxes and mandates, for Python and for JavaScript.

    python tests/election/mandate_vectors.py     (with `vote` installed) writes the file again

The sealed messages are made here step by step, with a fixed ephemeral key, as libsodium's
documentation of sealed boxes describes; the code under test opens them with `crypto_box_seal_open`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

from nacl.bindings import crypto_box_easy, crypto_box_seed_keypair

from tests.election.samples import CODES, UUID
from vote.election import credential
from vote.election.group import Q
from vote.election.mailbox import MailboxKey, mailbox_key
from vote.election.mandate import ElectionKey, Mandate, bearer

FILE = Path(__file__).parents[1] / "vectors" / "mandate.json"
ASSEMBLY = "sample-2025"
GRANTOR, HOLDER, STRANGER = CODES[:3]
MANDATE = "00112233445566778899aabbccddeeff"
TICKETS = {UUID: "ab" * 32, "AnotherVecTor1": "cd" * 32}
Json = dict[str, Any]


def vectors() -> Json:
    message = mandate().encode()
    sealed = seal_slowly(mailbox_key(ASSEMBLY, HOLDER), message)
    token = credential.sign_in_token(ASSEMBLY, HOLDER)
    return {
        "format": 1,
        "assembly": ASSEMBLY,
        "grantor": GRANTOR,
        "holder": HOLDER,
        "mailboxes": [mailbox(ASSEMBLY, code) for code in CODES] + [mailbox("other", HOLDER)],
        "refused_keys": list(refused_keys()),
        "sealed": {"message": message.decode(), "sealed": sealed.hex()},
        "refused_sealed": list(refused_sealed(sealed)),
        "offer": {"mandate": MANDATE, "tickets": TICKETS},
        "bearers": [bearer(token, MANDATE, ticket) for ticket in TICKETS.values()],
        "refused_mandates": list(refused_mandates(message.decode())),
    }


def mandate() -> Mandate:
    keys = (
        ElectionKey(uuid, credential.secret_key(GRANTOR, uuid), ticket)
        for uuid, ticket in TICKETS.items()
    )
    return Mandate(ASSEMBLY, MANDATE, tuple(keys))


def mailbox(assembly: str, code: str) -> Json:
    key = mailbox_key(assembly, code)
    return {"assembly": assembly, "code": code, "key": key.hex(), "number": key.number(assembly)}


def seal_slowly(key: MailboxKey, message: bytes) -> bytes:
    """A sealed box of libsodium: ephemeral key ‖ box, the nonce BLAKE2b-192 of both keys."""
    public, secret = crypto_box_seed_keypair(sha256(b"an ephemeral key for tests").digest())
    nonce = blake2b(public + key.raw, digest_size=24).digest()
    return public + crypto_box_easy(message, nonce, key.raw, secret)


def refused_keys() -> Iterator[Json]:
    good = mailbox_key(ASSEMBLY, HOLDER).hex()
    p = 2**255 - 19
    for defect, key in (
        ("upper case", good.upper()),
        ("63 digits", good[1:]),
        ("65 digits", good + "0"),
        ("empty", ""),
        ("the point 0, of small order", "00" * 32),
        ("the point 1, of small order", "01" + "00" * 31),
        ("the point p - 1, of small order", (p - 1).to_bytes(32, "little").hex()),
        ("not reduced", (p + 9).to_bytes(32, "little").hex()),
        ("with its highest bit set", good[:-2] + f"{int(good[-2:], 16) | 0x80:02x}"),
    ):
        yield {"defect": defect, "key": key, "error": "mailbox-key"}


def refused_sealed(sealed: bytes) -> Iterator[Json]:
    for defect, code, data in (
        ("for another member", STRANGER, sealed),
        ("opened by whoever sealed it", GRANTOR, sealed),
        ("a changed byte at the end", HOLDER, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        ("a changed byte of the ephemeral key", HOLDER, bytes([sealed[0] ^ 1]) + sealed[1:]),
        ("a byte short", HOLDER, sealed[:-1]),
        ("a byte more", HOLDER, sealed + b"\0"),
        ("shorter than any", HOLDER, sealed[:47]),
        ("empty", HOLDER, b""),
    ):
        yield {"defect": defect, "code": code, "sealed": data.hex(), "error": "sealed-message"}


def refused_mandates(good: str) -> Iterator[Json]:
    secret = mandate().elections[0].secret_key
    ticket = TICKETS[UUID]
    for defect, data, error in (
        ("another format", good.replace('"format":1', '"format":2'), "mandate-format"),
        ("a format as text", good.replace('"format":1', '"format":"1"'), "json-type"),
        ("white space", good.replace(",", ", ", 1), "json-not-canonical"),
        ("a byte-order mark", "\ufeff" + good, "json-syntax"),
        ("cut off", good[:-1], "json-syntax"),
        ("a field more", good[:-1] + ',"code":"no"}', "json-fields"),
        ("a list", f"[{good}]", "json-fields"),
        (
            "fields in another order",
            good.replace('"format":1,', "")[:-1] + ',"format":1}',
            "json-fields",
        ),
        ("a short identifier", good.replace(MANDATE, MANDATE[1:]), "mandate-syntax"),
        ("an identifier in capitals", good.replace(MANDATE, MANDATE.upper()), "mandate-syntax"),
        ("a short ticket", good.replace(ticket, ticket[1:]), "mandate-syntax"),
        ("a ticket and a line", good.replace(ticket, ticket + "\\n"), "mandate-syntax"),
        ("no election's identifier", good.replace(UUID, "l" * 16), "uuid-syntax"),
        ("a number as large as Q", good.replace(str(secret), str(Q)), "scalar-out-of-range"),
        ("a leading zero", good.replace(str(secret), f"0{secret}"[:77]), "number-syntax"),
        ("a number that is none", good.replace(f'"{secret}"', "5"), "json-type"),
        ("the number 0", good.replace(str(secret), "0"), "key-is-neutral"),
        ("larger than any", good.replace(ASSEMBLY, "a" * 65536), "too-large"),
    ):
        yield {"defect": defect, "mandate": data, "error": error}


def encoded() -> str:
    return json.dumps(vectors(), ensure_ascii=True, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(encoded(), encoding="ascii")
