"""Vectors of verifier keys and notes."""

from collections.abc import Iterator
from hashlib import sha256

from tests.tlog.makers import (
    LOG,
    NAMESAKE,
    OTHER_LOG,
    Json,
    b64,
    bump,
    raw_note,
    replace,
    trailing_bits,
)
from vote.tlog.note import SigningKey, sign

GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493


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
