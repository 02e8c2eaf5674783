"""The log's own entries: canonical JSON, and nothing else is taken for one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vote.tlog.entry import Closed, Definition, Lot, Outcome, OwnEntry, is_own, parse
from vote.tlog.errors import LogError

A, B = "a" * 64, "0123456789abcdef" * 4
SHARE = json.dumps(
    {"factor": A, "proof": {"challenge": "12", "response": "0"}}, separators=(",", ":")
).encode()
EXAMPLES: list[tuple[OwnEntry, bytes]] = [
    (
        Definition("letscoop-2025", A, B),
        b'{"assembly":"letscoop-2025","definition_sha256":"%b","elections_sha256":"%b",'
        b'"type":"definition"}' % (A.encode(), B.encode()),
    ),
    (
        Closed("letscoop-2025", "main"),
        b'{"assembly":"letscoop-2025","ballot":"main","type":"closed"}',
    ),
    (
        Lot("VU2UPz6MA3jmqY", 2, SHARE),
        b'{"election":"VU2UPz6MA3jmqY","owner":2,"share":%b,"type":"lot"}' % SHARE,
    ),
    (
        Outcome(A, {"minutes/fr.pdf": B, "elections.json": A}),
        b'{"files":{"elections.json":"%b","minutes/fr.pdf":"%b"},"outcome_sha256":"%b",'
        b'"type":"outcome"}' % (A.encode(), B.encode(), A.encode()),
    ),
    (
        Outcome(B, {}),
        b'{"files":{},"outcome_sha256":"%b","type":"outcome"}' % B.encode(),
    ),
]
EVENT = b'{"parent":"%b","height":3,"type":"Ballot","payload":"%b"}' % (A.encode(), B.encode())


@pytest.mark.parametrize(("entry", "data"), EXAMPLES)
def test_entries_are_written_and_read(entry: OwnEntry, data: bytes) -> None:
    assert entry.encode() == data
    assert parse(data) == entry
    assert is_own(data)


CLOSED = EXAMPLES[1][1]
LOT = EXAMPLES[2][1]
OUTCOME = EXAMPLES[3][1]


@pytest.mark.parametrize(
    ("defect", "data", "code"),
    [
        ("an-archives-event", EVENT, "entry-not-canonical"),
        ("unknown-type", b'{"type":"Ballot"}', "unknown-entry-type"),
        ("no-type", b"{}", "unknown-entry-type"),
        ("type-not-a-text", b'{"type":["closed"]}', "unknown-entry-type"),
        ("a-list", b"[]", "unknown-entry-type"),
        ("not-json", b"closed", "entry-not-canonical"),
        ("empty", b"", "entry-not-canonical"),
        ("invalid-utf-8", CLOSED.replace(b"main", b"m\xff"), "entry-not-canonical"),
        ("byte-order-mark", b"\xef\xbb\xbf" + CLOSED, "entry-not-canonical"),
        ("spaces", CLOSED.replace(b":", b": "), "entry-not-canonical"),
        ("final-newline", CLOSED + b"\n", "entry-not-canonical"),
        ("another-order", b'{"type":"closed","assembly":"a","ballot":"b"}', "entry-not-canonical"),
        ("key-twice", CLOSED[:-1] + b',"type":"closed"}', "entry-not-canonical"),
        ("escaped-letter", CLOSED.replace(b"main", b"m\\u0061in"), "entry-not-canonical"),
        ("lone-surrogate", CLOSED.replace(b"main", b"\\ud800"), "entry-not-canonical"),
        ("utf-16", CLOSED.decode().encode("utf-16"), "entry-not-canonical"),
        ("deep-nesting", b"[" * 60_000, "entry-not-canonical"),
        ("not-a-number", b"NaN", "entry-not-canonical"),
        ("huge-number", LOT.replace(b":2,", b":" + b"9" * 5000 + b","), "entry-not-canonical"),
        ("too-large", CLOSED.replace(b"main", b"m" * 65_536), "entry-too-large"),
        ("missing-field", b'{"assembly":"a","type":"closed"}', "entry-field"),
        ("surplus-field", CLOSED.replace(b'"type"', b'"time":0,"type"'), "entry-field"),
        ("name-not-a-text", CLOSED.replace(b'"main"', b"1"), "entry-field"),
        ("empty-name", CLOSED.replace(b'"main"', b'""'), "entry-field"),
        ("control-character-in-name", CLOSED.replace(b"main", b"m\\n"), "entry-field"),
        ("upper-case-hash", OUTCOME.replace(b'256":"aaa', b'256":"AAA'), "entry-field"),
        ("short-hash", OUTCOME.replace(b'256":"aaa', b'256":"aa'), "entry-field"),
        (
            "files-a-list",
            b'{"files":[],"outcome_sha256":"%b","type":"outcome"}' % A.encode(),
            "entry-field",
        ),
        (
            "hash-of-a-file-not-a-text",
            OUTCOME.replace(b'"' + B.encode() + b'"', b"null"),
            "entry-field",
        ),
        ("owner-zero", LOT.replace(b":2,", b":0,"), "entry-field"),
        ("owner-true", LOT.replace(b":2,", b":true,"), "entry-field"),
        ("owner-a-text", LOT.replace(b":2,", b':"2",'), "entry-field"),
        ("election-not-base58", LOT.replace(b"VU2U", b"VU0U"), "entry-field"),
        ("share-not-an-object", LOT.replace(SHARE, b"1"), "entry-field"),
        ("share-without-proof", LOT.replace(SHARE, b'{"factor":"%b"}' % A.encode()), "entry-field"),
        ("share-with-surplus", LOT.replace(b'"factor"', b'"extra":1,"factor"'), "entry-field"),
        ("scalar-with-a-leading-zero", LOT.replace(b'"12"', b'"012"'), "entry-field"),
        ("scalar-a-number", LOT.replace(b'"12"', b"12"), "entry-field"),
        ("factor-in-upper-case", LOT.replace(A.encode(), A.upper().encode()), "entry-field"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused_entries(defect: str, data: bytes, code: str) -> None:
    with pytest.raises(LogError) as raised:
        parse(data)
    assert raised.value.code == code, defect


@given(st.sampled_from([data for _, data in EXAMPLES]), st.data())
def test_a_changed_entry_is_another_one_or_none(data: bytes, draw: st.DataObject) -> None:
    place = draw.draw(st.integers(0, len(data) - 1))
    changed = data[:place] + draw.draw(st.binary(max_size=2)) + data[place + 1 :]
    try:
        entry = parse(changed)
    except LogError:
        return
    assert entry.encode() == changed  # what is accepted re-encodes to the same bytes


@pytest.mark.parametrize("data", [EVENT, b"[1]", b"\xff", b"[" * 60_000, b'{"type":null}'])
def test_what_is_not_the_logs_own(data: bytes) -> None:
    assert not is_own(data)


def test_a_damaged_entry_still_claims_to_be_the_logs_own() -> None:
    assert is_own(CLOSED.replace(b":", b": "))


@pytest.mark.parametrize("share", [b"{}", b" {}", SHARE + b"\n"])
def test_a_share_that_is_not_one_cannot_be_logged(share: bytes) -> None:
    with pytest.raises(LogError):
        Lot("VU2UPz6MA3jmqY", 2, share)


def test_the_files_of_an_outcome_do_not_change_afterwards() -> None:
    files = {"elections.json": A}
    outcome = Outcome(A, files)
    files["elections.json"] = B
    assert outcome.files == {"elections.json": A}
