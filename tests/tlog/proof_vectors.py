"""Vectors of receipts."""

from collections.abc import Iterator

from tests.tlog.makers import (
    ENTRIES,
    INDEX,
    LOG,
    NAMESAKE,
    OTHER_LOG,
    TREE,
    Json,
    b64,
    bump,
    checkpoint,
    cosigned,
    other_log_note,
    other_log_text,
    proof,
    raw_note,
    replace,
    trailing_bits,
)
from vote.tlog.checkpoint import sign_checkpoint
from vote.tlog.proof import TlogProof


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


def refused_proof(defect: str, entry: bytes, data: bytes, error: str) -> Json:
    return {
        "defect": defect,
        "key": LOG.verifier.encode(),
        "entry": b64(entry),
        "proof": b64(data),
        "error": error,
    }
