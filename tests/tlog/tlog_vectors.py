"""Makes `tests/vectors/tlog.json`: the log's formats with tampered siblings, for Python and JS.

    python tests/tlog/tlog_vectors.py        (with `vote` installed) writes the file again

Files and texts are in base64, hashes in hex. `error` is the code that both
implementations raise. Each refused case is named by its defect.
"""

import base64
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from vote.tlog.checkpoint import Checkpoint, sign_checkpoint
from vote.tlog.cosignature import CosignerSigningKey, add_signatures
from vote.tlog.merkle import Hash, Tree, leaf_hash
from vote.tlog.note import Note, SigningKey, sign
from vote.tlog.proof import TlogProof
from vote.tlog.tiles import encode_entries, tile_hashes, tile_path, tiles_of

FILE = Path(__file__).parents[1] / "vectors" / "tlog.json"
LOG = SigningKey.from_seed("vote.example/box1", bytes(range(32)))
NAMESAKE = SigningKey.from_seed("vote.example/box1", b"\x55" * 32)
OTHER_LOG = SigningKey.from_seed("vote.example/box2", b"\x66" * 32)
OTHER_NAME = SigningKey.from_seed("vote.example/box2", bytes(range(32)))
WITNESS = CosignerSigningKey.from_seed("witness.example/w1", b"\x77" * 32)
STRANGER = CosignerSigningKey.from_seed("witness.example/w2", b"\x88" * 32)
ENTRIES = [b"ballot %d\n" % number for number in range(21)]
TREE = Tree(leaf_hash(entry) for entry in ENTRIES)
SIZE, INDEX = 5, 2  # the worked example
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493
Json = dict[str, Any]


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def vectors() -> Json:
    return {
        "format": 1,
        "log": {"seed": LOG.seed().hex(), "vkey": LOG.verifier.encode()},
        "merkle": merkle(),
        "vkeys": {"accepted": [LOG.verifier.encode()], "refused": list(refused_vkeys())},
        "notes": {"accepted": list(accepted_notes()), "refused": list(refused_notes())},
        "checkpoints": {
            "accepted": list(accepted_checkpoints()),
            "refused": list(refused_checkpoints()),
        },
        "proofs": {"accepted": list(accepted_proofs()), "refused": list(refused_proofs())},
        "cosignatures": {
            "accepted": list(accepted_cosignatures()),
            "refused": list(refused_cosignatures()),
        },
        "tiles": tiles(),
    }


def replace(data: bytes, old: bytes, new: bytes) -> bytes:
    """`data` with its one `old` replaced: a defect that changes nothing would prove nothing."""
    assert data.count(old) == 1, (old, data)
    return data.replace(old, new)


def bump(data: bytes) -> bytes:
    """Another first letter of a base64 text: other bytes, still canonical."""
    return (b"B" if data[:1] == b"A" else b"A") + data[1:]


def trailing_bits(data: bytes) -> bytes:
    """The same bytes in base64 whose padding bits are not zero."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    kept = data.rstrip(b"=")
    assert kept != data
    return kept[:-1] + bytes([alphabet[alphabet.index(kept[-1]) + 1]]) + data[len(kept) :]


def raw_note(text: bytes, *keys: SigningKey) -> bytes:
    """A genuinely signed note of a text that `sign` would not sign."""
    lines = [
        f"— {key.name} {b64(key.verifier.key_id + key.private.sign(text))}\n".encode()
        for key in keys
    ]
    return text + b"\n" + b"".join(lines)


# --- Merkle trees -------------------------------------------------------------------------


def merkle() -> Json:
    pairs = [(index, size) for size in (1, 2, 3, 5, 8, 21) for index in range(size)]
    steps = [(old, new) for new in (1, 2, 3, 5, 7, 8, 21) for old in range(new + 1)]
    return {
        "entries": [b64(entry) for entry in ENTRIES],
        "leaves": [leaf_hash(entry).hex() for entry in ENTRIES],
        "roots": [TREE.root(size).hex() for size in range(len(ENTRIES) + 1)],
        "inclusion": [
            {"index": index, "size": size, "path": hexes(TREE.inclusion_proof(index, size))}
            for index, size in pairs
        ],
        "consistency": [
            {"old": old, "new": new, "path": hexes(TREE.consistency_proof(old, new))}
            for old, new in steps
        ],
        "refused_inclusion": list(refused_inclusion()),
        "refused_consistency": list(refused_consistency()),
    }


def hexes(hashes: tuple[Hash, ...]) -> list[str]:
    return [value.hex() for value in hashes]


def refused_inclusion() -> Iterator[Json]:
    path = hexes(TREE.inclusion_proof(INDEX, SIZE))
    good: Json = {
        "leaf": leaf_hash(ENTRIES[INDEX]).hex(),
        "index": INDEX,
        "size": SIZE,
        "path": path,
        "root": TREE.root(SIZE).hex(),
    }
    for defect, change, error in [
        ("another-leaf", {"leaf": leaf_hash(ENTRIES[1]).hex()}, "root-mismatch"),
        ("wrong-index", {"index": 3}, "root-mismatch"),
        ("index-of-another-depth", {"index": 4}, "path-length"),
        ("index-equal-to-size", {"index": 5}, "index-out-of-range"),
        ("negative-index", {"index": -1}, "index-out-of-range"),
        ("empty-tree", {"index": 0, "size": 0}, "index-out-of-range"),
        ("another-size", {"size": 9}, "path-length"),
        ("another-root", {"root": TREE.root(6).hex()}, "root-mismatch"),
        ("shorter-path", {"path": path[:-1]}, "path-length"),
        ("longer-path", {"path": [*path, path[0]]}, "path-length"),
        ("no-path", {"path": []}, "path-length"),
        ("swapped-path", {"path": [path[1], path[0], path[2]]}, "root-mismatch"),
        ("node-as-leaf", {"index": 1, "size": 3, "path": path[1:]}, "root-mismatch"),
    ]:
        yield {"defect": defect, **good, **change, "error": error}


def refused_consistency() -> Iterator[Json]:
    def case(old: int, new: int) -> Json:
        return {
            "old": old,
            "new": new,
            "old_root": TREE.root(old).hex(),
            "new_root": TREE.root(new).hex(),
            "path": hexes(TREE.consistency_proof(old, new)),
        }

    odd, power, same = case(3, 7), case(4, 7), case(5, 5)
    other = leaf_hash(b"never logged").hex()
    for defect, good, change, error in [
        ("another-old-root", odd, {"old_root": other}, "root-mismatch"),
        ("another-new-root", odd, {"new_root": other}, "root-mismatch"),
        ("shorter-path", odd, {"path": odd["path"][:-1]}, "path-length"),
        ("longer-path", odd, {"path": [*odd["path"], other]}, "path-length"),
        (
            "path-of-another-size",
            odd,
            {"path": hexes(TREE.consistency_proof(5, 7))},
            "root-mismatch",
        ),
        ("tampered-start", odd, {"path": [other, *odd["path"][1:]]}, "root-mismatch"),
        ("tampered-end", odd, {"path": [*odd["path"][:-1], other]}, "root-mismatch"),
        ("another-old-root-of-a-power-of-two", power, {"old_root": other}, "root-mismatch"),
        ("fork", power, {"new_root": fork_root(7)}, "root-mismatch"),
        ("same-size-another-root", same, {"new_root": other}, "root-mismatch"),
        ("same-size-with-a-path", same, {"path": [other]}, "path-length"),
        ("from-nothing-with-a-path", case(0, 7), {"path": [other]}, "path-length"),
        ("from-nothing-another-root", case(0, 7), {"old_root": other}, "root-mismatch"),
        ("backwards", odd, {"old": 7, "new": 3}, "sizes-out-of-order"),
        ("negative-size", odd, {"old": -1}, "sizes-out-of-order"),
    ]:
        yield {"defect": defect, **good, **change, "error": error}


def fork_root(size: int) -> str:
    """The root of a log whose first entry is another."""
    return Tree(leaf_hash(entry) for entry in [b"fork\n", *ENTRIES[1:size]]).root().hex()


# --- verifier keys and notes --------------------------------------------------------------


def vkey_of(name: str, kind: int, public_key: bytes) -> str:
    """A vkey with the right key ID, whatever is wrong with the rest."""
    material = bytes([kind]) + public_key
    key_id = sha256(name.encode() + b"\n" + material).hexdigest()[:8]
    return f"{name}+{key_id}+{b64(material)}"


def refused_vkeys() -> Iterator[Json]:
    good = LOG.verifier.encode()
    name, key_id, material = good.split("+", 2)
    public_key = LOG.verifier.public_key
    prime = 2**255 - 19
    for defect, vkey, error in [
        ("one-plus-only", f"{name}+{key_id}", "vkey-malformed"),
        ("empty", "", "vkey-malformed"),
        ("another-key-id", f"{name}+00000000+{material}", "key-id-mismatch"),
        ("upper-case-key-id", f"{name}+{key_id.upper()}+{material}", "key-id-mismatch"),
        ("another-name", f"vote.example/box2+{key_id}+{material}", "key-id-mismatch"),
        ("empty-name", vkey_of("", 1, public_key), "key-name-invalid"),
        ("space-in-name", vkey_of("vote example", 1, public_key), "key-name-invalid"),
        ("no-break-space-in-name", vkey_of("vote\u00a0example", 1, public_key), "key-name-invalid"),
        ("newline-in-name", vkey_of("vote\nexample", 1, public_key), "key-name-invalid"),
        ("final-newline", good + "\n", "base64-not-canonical"),
        ("leading-space", " " + good, "key-name-invalid"),
        ("no-padding", vkey_of(name, 1, public_key[:31]).rstrip("="), "base64-not-canonical"),
        ("type-of-a-cosignature", vkey_of(name, 4, public_key), "key-type-unsupported"),
        ("type-unknown", vkey_of(name, 2, public_key), "key-type-unsupported"),
        ("no-key-material", f"{name}+{key_id}+", "key-type-unsupported"),
        ("short-key", vkey_of(name, 1, public_key[:31]), "public-key-invalid"),
        ("long-key", vkey_of(name, 1, public_key + b"\0"), "public-key-invalid"),
        ("identity", vkey_of(name, 1, b"\1" + bytes(31)), "public-key-invalid"),
        ("small-order", vkey_of(name, 1, bytes(32)), "public-key-invalid"),
        (
            "not-canonical",
            vkey_of(name, 1, (prime + 1).to_bytes(32, "little")),
            "public-key-invalid",
        ),
        ("not-on-the-curve", vkey_of(name, 1, b"\2" + bytes(31)), "public-key-invalid"),
    ]:
        yield {"defect": defect, "vkey": vkey, "error": error}


def accepted_notes() -> Iterator[Json]:
    keys = [LOG.verifier.encode()]
    poem = "Two lines\n\nand an empty one: é, 🗳, \u00a0.\n\n"
    sixteen = [LOG, *(SigningKey.from_seed(f"s.example/{n}", bytes([n]) * 32) for n in range(15))]
    for name, text, signers in [
        ("one-signature", "A text\n", [LOG]),
        ("empty-lines-in-the-text", poem, [LOG]),
        ("only-a-newline", "\n", [LOG]),
        ("unknown-signer-ignored", "A text\n", [OTHER_LOG, LOG]),
        ("unknown-key-of-the-same-name-ignored", "A text\n", [NAMESAKE, LOG]),
        ("sixteen-signatures", "A text\n", sixteen),
    ]:
        yield {"name": name, "keys": keys, "note": b64(sign(text, signers)), "text": text}
    broken = replace(sign("A text\n", [LOG, OTHER_LOG]), b"box2 ", b"box3 ")
    yield {
        "name": "unknown-bad-signature-ignored",
        "keys": keys,
        "note": b64(broken),
        "text": "A text\n",
    }


def refused_notes() -> Iterator[Json]:
    good = sign("A text\n", [LOG])
    text, line = good[:8], good[8:]
    value = line.rsplit(b" ", 1)[1].strip()
    foreign = sign("A text\n", [OTHER_LOG])
    seventeen = text + line * 17
    for defect, note, error in [
        ("flipped-byte-in-the-text", replace(good, b"A text", b"B text"), "signature-invalid"),
        (
            "flipped-byte-in-the-signature",
            replace(good, value[-8:], bump(value[-8:])),
            "signature-invalid",
        ),
        (
            "flipped-byte-in-the-key-id",
            replace(good, value[:4], bump(value[:4])),
            "no-known-signature",
        ),
        ("signature-of-another-text", text + sign("B text\n", [LOG])[8:], "signature-invalid"),
        ("malleable-signature", raw_signature(text[:7], malleable(text[:7])), "signature-invalid"),
        (
            "short-signature",
            raw_signature(text[:7], LOG.private.sign(text[:7])[:63]),
            "signature-invalid",
        ),
        (
            "long-signature",
            raw_signature(text[:7], LOG.private.sign(text[:7]) + b"\0"),
            "signature-invalid",
        ),
        ("signature-of-four-bytes", raw_signature(text[:7], b""), "signature-too-short"),
        (
            "one-good-one-bad-of-a-known-key",
            good + sign("B text\n", [LOG])[8:],
            "signature-invalid",
        ),
        ("unknown-key", foreign, "no-known-signature"),
        ("unknown-key-of-the-same-name", sign("A text\n", [NAMESAKE]), "no-known-signature"),
        ("no-signature", text, "no-signatures"),
        ("no-empty-line", text[:-1] + line, "no-signatures"),
        ("no-text", b"\n" + line, "no-signatures"),
        ("empty", b"", "no-signatures"),
        ("trailing-empty-line", good + b"\n", "no-signatures"),
        ("missing-final-newline", good[:-1], "no-final-newline"),
        ("crlf", good.replace(b"\n", b"\r\n"), "control-character"),
        ("tab-in-the-text", raw_note(b"A\ttext\n", LOG), "control-character"),
        ("nul-in-the-text", raw_note(b"A\0text\n", LOG), "control-character"),
        ("invalid-utf-8", raw_note(b"A \xff text\n", LOG), "not-utf8"),
        ("overlong-utf-8", raw_note(b"A \xc0\xaf text\n", LOG), "not-utf8"),
        ("surrogate-in-utf-8", raw_note(b"A \xed\xa0\x80 text\n", LOG), "not-utf8"),
        ("hyphen-for-dash", replace(good, "—".encode(), b"-"), "signature-line-malformed"),
        (
            "no-space-after-dash",
            replace(good, "— ".encode(), "—".encode()),
            "signature-line-malformed",
        ),
        ("no-base64", text + "— vote.example/box1\n".encode(), "signature-line-malformed"),
        ("two-spaces", replace(good, b"box1 ", b"box1  "), "base64-not-canonical"),
        ("trailing-space", good[:-1] + b" \n", "base64-not-canonical"),
        ("no-padding", replace(good, b"=\n", b"\n"), "base64-not-canonical"),
        ("trailing-bits", replace(good, value, trailing_bits(value)), "base64-not-canonical"),
        (
            "url-safe-base64",
            replace(good, value, value[:8] + b"-_" + value[10:]),
            "base64-not-canonical",
        ),
        ("text-after-the-signature", good + b"one more\n", "signature-line-malformed"),
        ("plus-in-the-signers-name", replace(good, b"box1 ", b"box+1 "), "key-name-invalid"),
        (
            "no-break-space-in-the-signers-name",
            replace(good, b"box1 ", b"box\xc2\xa01 "),
            "key-name-invalid",
        ),
        ("seventeen-signatures", seventeen, "too-many-signatures"),
    ]:
        yield {"defect": defect, "keys": [LOG.verifier.encode()], "note": b64(note), "error": error}


def raw_signature(text: bytes, signature: bytes) -> bytes:
    """A note of `text` with whatever bytes under the log's key ID."""
    return text + f"\n— {LOG.name} {b64(LOG.verifier.key_id + signature)}\n".encode()


def malleable(text: bytes) -> bytes:
    """A signature with the group's order added to its scalar: the same point, another spelling."""
    signature = LOG.private.sign(text)
    scalar = int.from_bytes(signature[32:], "little") + GROUP_ORDER
    return signature[:32] + scalar.to_bytes(32, "little")


# --- checkpoints --------------------------------------------------------------------------


def checkpoint(size: int = SIZE) -> Checkpoint:
    return Checkpoint(LOG.name, size, TREE.root(size))


def cosigned() -> bytes:
    note = sign_checkpoint(checkpoint(), LOG)
    lines = [WITNESS.cosign(checkpoint(), 1_800_000_000), STRANGER.cosign(checkpoint(), 1)]
    return add_signatures(note, lines)


def accepted_checkpoints() -> Iterator[Json]:
    for name, size, note in [
        ("worked-example", 5, sign_checkpoint(checkpoint(), LOG)),
        ("empty-tree", 0, sign_checkpoint(checkpoint(0), LOG)),
        ("one-entry", 1, sign_checkpoint(checkpoint(1), LOG)),
        ("cosigned", 5, cosigned()),
    ]:
        yield {
            "name": name,
            "key": LOG.verifier.encode(),
            "note": b64(note),
            "origin": LOG.name,
            "size": size,
            "root": TREE.root(size).hex(),
        }


def refused_checkpoints() -> Iterator[Json]:
    text = checkpoint().encode().encode()
    root = text.splitlines()[2]
    other = Checkpoint(OTHER_NAME.name, SIZE, TREE.root(SIZE))
    for defect, body, error in [
        ("extension-line", text + b"extension\n", "checkpoint-extension"),
        ("empty-extension-line", text + b"\n", "checkpoint-extension"),
        ("two-lines", b"vote.example/box1\n5\n", "checkpoint-malformed"),
        ("empty-origin", b"\n5\n" + root + b"\n", "checkpoint-malformed"),
        ("origin-of-another-log", other.encode().encode(), "origin-mismatch"),
        ("origin-with-a-trailing-space", replace(text, b"box1\n", b"box1 \n"), "origin-mismatch"),
        ("origin-with-a-byte-order-mark", b"\xef\xbb\xbf" + text, "origin-mismatch"),
        ("size-with-a-leading-zero", replace(text, b"\n5\n", b"\n05\n"), "decimal-not-canonical"),
        ("size-with-a-plus", replace(text, b"\n5\n", b"\n+5\n"), "decimal-not-canonical"),
        ("negative-size", replace(text, b"\n5\n", b"\n-5\n"), "decimal-not-canonical"),
        ("size-in-hex", replace(text, b"\n5\n", b"\n0x5\n"), "decimal-not-canonical"),
        ("size-with-a-space", replace(text, b"\n5\n", b"\n 5\n"), "decimal-not-canonical"),
        (
            "size-in-arabic-digits",
            replace(text, b"\n5\n", "\n٥\n".encode()),
            "decimal-not-canonical",
        ),
        (
            "size-of-two-to-the-63",
            replace(text, b"\n5\n", b"\n9223372036854775808\n"),
            "decimal-not-canonical",
        ),
        ("no-size", replace(text, b"\n5\n", b"\n\n"), "decimal-not-canonical"),
        ("short-root", replace(text, root, b64(b"\1" * 31).encode()), "hash-length"),
        ("long-root", replace(text, root, b64(b"\1" * 33).encode()), "hash-length"),
        ("no-root", replace(text, root, b""), "hash-length"),
        (
            "root-with-trailing-bits",
            replace(text, root, trailing_bits(root)),
            "base64-not-canonical",
        ),
        ("root-without-padding", replace(text, root, root.rstrip(b"=")), "base64-not-canonical"),
        ("root-in-hex", replace(text, root, TREE.root(5).hex().encode()), "hash-length"),
        ("empty-tree-with-a-root", replace(text, b"\n5\n", b"\n0\n"), "empty-tree-root"),
    ]:
        key = OTHER_NAME if body.startswith(b"vote.example/box2") else LOG
        note = raw_note(body, key, LOG) if key is not LOG else raw_note(body, LOG)
        yield refused_checkpoint(defect, note, error)
    good = sign_checkpoint(checkpoint(), LOG)
    for defect, note, error in [
        ("flipped-byte-in-the-root", replace(good, root, bump(root)), "signature-invalid"),
        ("another-size", replace(good, b"\n5\n", b"\n6\n"), "signature-invalid"),
        ("another-log", sign_checkpoint(other, OTHER_NAME), "no-known-signature"),
        ("signed-by-a-namesake", sign_checkpoint(checkpoint(), NAMESAKE), "no-known-signature"),
        ("cosigned-but-not-signed", cosigned_only(), "no-known-signature"),
        ("crlf", good.replace(b"\n", b"\r\n"), "control-character"),
    ]:
        yield refused_checkpoint(defect, note, error)


def cosigned_only() -> bytes:
    note = Note.parse(cosigned())
    return Note(note.text, note.signatures[1:]).encode()


def refused_checkpoint(defect: str, note: bytes, error: str) -> Json:
    return {"defect": defect, "key": LOG.verifier.encode(), "note": b64(note), "error": error}


# --- receipts -----------------------------------------------------------------------------


def proof(index: int = INDEX, size: int = SIZE, extra: bytes | None = None) -> TlogProof:
    note = sign_checkpoint(checkpoint(size), LOG)
    return TlogProof(extra, index, TREE.inclusion_proof(index, size), note)


def accepted_proofs() -> Iterator[Json]:
    cosigned_proof = TlogProof(ENTRIES[2], 2, TREE.inclusion_proof(2, 5), cosigned())
    for name, receipt in [
        ("worked-example", proof()),
        ("with-its-entry", proof(extra=ENTRIES[2])),
        ("first-entry", proof(0, 5, ENTRIES[0])),
        ("last-entry-on-its-own-branch", proof(4, 5, ENTRIES[4])),
        ("only-entry", proof(0, 1, ENTRIES[0])),
        ("cosigned", cosigned_proof),
    ]:
        yield {
            "name": name,
            "key": LOG.verifier.encode(),
            "entry": b64(ENTRIES[receipt.index]),
            "index": receipt.index,
            "proof": b64(receipt.encode()),
        }


def refused_proofs() -> Iterator[Json]:
    good = proof(extra=ENTRIES[INDEX]).encode()
    plain = proof().encode()
    note = proof().checkpoint
    extra, path = b64(ENTRIES[INDEX]).encode(), [h.base64().encode() for h in proof().path]
    head = b"c2sp.org/tlog-proof@v1\n"

    def index(text: bytes) -> bytes:
        return replace(good, b"index 2\n", b"index " + text + b"\n")

    cases = [
        ("flipped-byte-in-the-extra-line", replace(good, extra, bump(extra)), "extra-differs"),
        ("extra-of-another-entry", replace(good, extra, b64(ENTRIES[1]).encode()), "extra-differs"),
        ("empty-extra", replace(good, b"extra " + extra, b"extra "), "extra-empty"),
        ("extra-twice", replace(good, extra, extra + b"\nextra " + extra), "proof-malformed"),
        (
            "extra-after-the-index",
            index(b"2\nextra " + extra).replace(b"extra " + extra + b"\n", b"", 1),
            "base64-not-canonical",
        ),
        (
            "extra-with-trailing-bits",
            replace(good, extra, trailing_bits(b64(b"ballot 2").encode())),
            "base64-not-canonical",
        ),
        ("extra-without-a-space", replace(good, b"extra ", b"extra"), "proof-malformed"),
        ("wrong-index", index(b"3"), "root-mismatch"),
        ("index-of-another-depth", index(b"4"), "path-length"),
        ("index-equal-to-the-size", index(b"5"), "index-out-of-range"),
        ("index-with-a-leading-zero", index(b"02"), "decimal-not-canonical"),
        ("index-with-a-plus", index(b"+2"), "decimal-not-canonical"),
        ("negative-index", index(b"-2"), "decimal-not-canonical"),
        ("index-with-a-space", index(b"2 "), "decimal-not-canonical"),
        ("index-in-arabic-digits", index("٢".encode()), "decimal-not-canonical"),
        ("index-of-two-to-the-63", index(b"9223372036854775808"), "decimal-not-canonical"),
        ("empty-index", index(b""), "decimal-not-canonical"),
        ("no-index", replace(good, b"index 2\n", b""), "proof-malformed"),
        ("flipped-byte-in-the-path", replace(good, path[1], bump(path[1])), "root-mismatch"),
        (
            "swapped-path",
            good.replace(path[0], b"?").replace(path[1], path[0]).replace(b"?", path[1]),
            "root-mismatch",
        ),
        ("shorter-path", replace(good, path[2] + b"\n", b""), "path-length"),
        ("longer-path", replace(good, path[2], path[2] + b"\n" + path[2]), "path-length"),
        ("path-of-64-hashes", replace(good, path[2], b"\n".join([path[2]] * 62)), "path-length"),
        (
            "path-with-trailing-bits",
            replace(good, path[0], trailing_bits(path[0])),
            "base64-not-canonical",
        ),
        (
            "path-without-padding",
            replace(good, path[0], path[0].rstrip(b"=")),
            "base64-not-canonical",
        ),
        (
            "path-in-url-safe-base64",
            replace(good, path[2], path[2].replace(b"+", b"-")),
            "base64-not-canonical",
        ),
        ("path-with-a-space", replace(good, path[0], path[0] + b" "), "base64-not-canonical"),
        ("short-hash", replace(good, path[0], b64(b"\1" * 31).encode()), "hash-length"),
        ("another-version", replace(good, b"proof@v1", b"proof@v2"), "proof-version"),
        ("no-version", good.removeprefix(head), "proof-version"),
        ("byte-order-mark", b"\xef\xbb\xbf" + good, "proof-version"),
        ("leading-empty-line", b"\n" + good, "proof-version"),
        ("empty-line-before-the-index", replace(good, b"index", b"\nindex"), "proof-malformed"),
        (
            "two-empty-lines-before-the-checkpoint",
            replace(good, path[2] + b"\n", path[2] + b"\n\n"),
            "checkpoint-extension",
        ),
        ("crlf", good.replace(b"\n", b"\r\n"), "proof-malformed"),
        ("crlf-in-one-line", replace(good, b"index 2\n", b"index 2\r\n"), "control-character"),
        ("missing-final-newline", good[:-1], "no-final-newline"),
        ("trailing-empty-line", good + b"\n", "no-signatures"),
        ("trailing-text", good + b"and more\n", "signature-line-malformed"),
        ("no-checkpoint", replace(good, note, b""), "no-signatures"),
        ("truncated-before-the-checkpoint", good.partition(b"\n\n")[0] + b"\n", "proof-malformed"),
        ("empty", b"", "proof-malformed"),
        ("invalid-utf-8", replace(good, b"index 2", b"index \xff"), "not-utf8"),
        ("checkpoint-of-a-larger-tree", replace(good, note, proof(2, 9).checkpoint), "path-length"),
        (
            "checkpoint-of-a-tree-of-the-same-depth",
            replace(good, note, proof(2, 6).checkpoint),
            "root-mismatch",
        ),
        ("checkpoint-of-another-log", replace(good, note, other_log_note()), "no-known-signature"),
        (
            "checkpoint-of-a-namesake",
            replace(good, note, sign_checkpoint(checkpoint(), NAMESAKE)),
            "no-known-signature",
        ),
        (
            "checkpoint-of-another-origin",
            replace(good, note, raw_note(other_log_text(), LOG)),
            "origin-mismatch",
        ),
        (
            "checkpoint-with-an-extension",
            replace(good, note, raw_note(checkpoint().encode().encode() + b"x\n", LOG)),
            "checkpoint-extension",
        ),
        ("flipped-byte-in-the-root", replace(good, b"\nuqm7", b"\nvqm7"), "signature-invalid"),
        (
            "flipped-byte-in-the-signature",
            replace(good, b"2BkdiOInQs=\n", b"2BkdiOInQw=\n"),
            "signature-invalid",
        ),
        ("seventeen-signatures", good + note.partition(b"\n\n")[2] * 16, "too-many-signatures"),
    ]
    for defect, data, error in cases:
        yield refused_proof(defect, ENTRIES[INDEX], data, error)
    yield refused_proof("another-entry", ENTRIES[1], good, "extra-differs")
    yield refused_proof("another-entry-without-extra", ENTRIES[1], plain, "root-mismatch")
    node = TREE.node(0, 0) + TREE.node(0, 1)
    yield refused_proof("a-node-as-the-entry", node, plain, "root-mismatch")
    yield {
        **refused_proof("another-key", ENTRIES[INDEX], good, "no-known-signature"),
        "key": OTHER_LOG.verifier.encode(),
    }


def other_log_text() -> bytes:
    return Checkpoint(OTHER_LOG.name, SIZE, TREE.root(SIZE)).encode().encode()


def other_log_note() -> bytes:
    return raw_note(other_log_text(), OTHER_LOG)


def refused_proof(defect: str, entry: bytes, data: bytes, error: str) -> Json:
    return {
        "defect": defect,
        "key": LOG.verifier.encode(),
        "entry": b64(entry),
        "proof": b64(data),
        "error": error,
    }


# --- cosignatures -------------------------------------------------------------------------


def accepted_cosignatures() -> Iterator[Json]:
    witness, stranger = WITNESS.verifier.encode(), STRANGER.verifier.encode()
    for name, keys, found in [
        ("one-known", [witness], [1_800_000_000]),
        ("both-known", [witness, stranger], [1_800_000_000, 1]),
        ("none-known", [], []),
    ]:
        yield {"name": name, "witnesses": keys, "note": b64(cosigned()), "timestamps": found}


def refused_cosignatures() -> Iterator[Json]:
    note = Note.parse(cosigned())
    good = note.signatures[1]

    def with_value(value: bytes) -> bytes:
        line = type(good)(good.name, good.key_id, value)
        return Note(note.text, (note.signatures[0], line)).encode()

    later = (1_800_000_001).to_bytes(8, "big") + good.value[8:]
    huge = (2**63).to_bytes(8, "big") + good.value[8:]
    plain = WITNESS.private.sign(note.text.encode())
    bad_text = Note(note.text.replace("\n5\n", "\n6\n"), note.signatures).encode()
    for defect, data, error in [
        ("another-time", with_value(later), "signature-invalid"),
        ("time-zero", with_value(bytes(8) + good.value[8:]), "cosignature-malformed"),
        ("time-of-two-to-the-63", with_value(huge), "cosignature-malformed"),
        ("no-time", with_value(plain), "cosignature-malformed"),
        ("plain-signature-with-a-time", with_value(good.value[:8] + plain), "signature-invalid"),
        ("long", with_value(good.value + b"\0"), "cosignature-malformed"),
        ("flipped-byte", with_value(good.value[:-1] + b"\0"), "signature-invalid"),
        ("another-checkpoint", bad_text, "signature-invalid"),
    ]:
        yield {
            "defect": defect,
            "witnesses": [WITNESS.verifier.encode()],
            "note": b64(data),
            "error": error,
        }


# --- tiles --------------------------------------------------------------------------------


def tiles() -> Json:
    return {
        "paths": [
            {"level": level, "index": index, "width": width, "path": tile_path(level, index, width)}
            for level, index, width in [
                (0, 0, 256),
                (0, 0, 1),
                (1, 273, 255),
                ("entries", 1234067, 256),
                ("entries", 999, 112),
                (63, 1000, 17),
            ]
        ],
        "refused_paths": [
            "",
            "tile/0/0",
            "tile/0/0000",
            "tile/0/x000/001",
            "tile/0/x001/x234",
            "tile/0/001/234",
            "tile/00/001",
            "tile/64/001",
            "tile/-1/001",
            "tile/0/001.p/0",
            "tile/0/001.p/256",
            "tile/0/001.p/05",
            "tile/0/001.p/",
            "tile/0/001/",
            "/tile/0/001",
            "tile/0/../001",
            "tile/0/001\n",
            "tile/0/٠٠١",
            "tile/data/001",
        ],
        "of_size": {
            str(size): [tile.path for tile in tiles_of(size)] for size in (0, 1, 5, 256, 257, 1025)
        },
        "hashes": b64(tile_hashes(next(tiles_of(21)), TREE.node)),
        "entries": b64(encode_entries(ENTRIES)),
    }


def encoded() -> str:
    return json.dumps(vectors(), ensure_ascii=True, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(encoded(), encoding="ascii")
