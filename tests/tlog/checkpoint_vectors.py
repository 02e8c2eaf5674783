"""Vectors of checkpoints and cosignatures."""

from collections.abc import Iterator

from tests.tlog.makers import (
    LOG,
    NAMESAKE,
    OTHER_NAME,
    SIZE,
    STRANGER,
    TREE,
    WITNESS,
    Json,
    b64,
    bump,
    checkpoint,
    cosigned,
    raw_note,
    replace,
    trailing_bits,
)
from vote.tlog.checkpoint import Checkpoint, sign_checkpoint
from vote.tlog.note import Note


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
