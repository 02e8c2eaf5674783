"""Receipts: genuine or not, in the box or not, counted or replaced."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.audit.box import Box
from tests.audit.forging import Stages
from tests.audit.workshop import ADA, FOR, Files, Workshop, write
from vote.audit.errors import UnreadableError
from vote.audit.keys import known_key
from vote.audit.receipts import ReceiptReport, verify_receipt
from vote.election.fingerprint import hash_base64, hash_hex
from vote.tlog import misbehaviour
from vote.tlog.checkpoint import Checkpoint
from vote.tlog.cosignature import CosignerSigningKey, add_signatures
from vote.tlog.merkle import Hash
from vote.tlog.note import SigningKey
from vote.tlog.proof import TlogProof


def number_of(workshop: Workshop, ballot: bytes) -> int:
    """The number in the log of a ballot's event."""
    payload = hash_hex(ballot).encode()
    return next(n for n, entry in enumerate(workshop.entries) if payload in entry)


def receipt_of(workshop: Workshop, ballot: bytes) -> bytes:
    """The receipt as the voter got it, a little after casting."""
    number = number_of(workshop, ballot)
    return workshop.receipt(number, number + 2)


@pytest.fixture
def place(tmp_path: Path) -> Callable[[bytes], Path]:
    def put(data: bytes) -> Path:
        path = tmp_path / "my.tlog-proof"
        path.write_bytes(data)
        return path

    return put


Place = Callable[[bytes], Path]


def failures(found: ReceiptReport) -> dict[int, str]:
    """The code of the first finding of each check that failed."""
    return {
        check.step.number: check.findings[0].code
        for check in found.report.checks
        if check.status == "failed"
    }


def facts(found: ReceiptReport) -> dict[str, object]:
    return json.loads(found.report.to_json())["facts"]


def test_a_ballot_that_counts(stages: Stages, bundle: Path, place: Place, tmp_path: Path) -> None:
    workshop = stages.decided
    ballot = workshop.box().ballots[2]
    (tmp_path / "ballot.json").write_bytes(ballot)
    found = verify_receipt(
        place(receipt_of(workshop, ballot)), bundle=bundle, ballot=tmp_path / "ballot.json"
    )
    assert found.report.exit_code == 0
    assert found.misbehaviour is None
    assert facts(found)["standing"] == "counted"
    assert facts(found)["tracker"] == hash_base64(ballot)
    text = found.report.to_text()
    assert "This ballot is in the box and is the one that counts for its code." in text
    assert hash_base64(ballot) in text


def test_a_ballot_that_was_replaced(stages: Stages, bundle: Path, place: Place) -> None:
    workshop = stages.decided
    found = verify_receipt(place(receipt_of(workshop, workshop.box().ballots[0])), bundle=bundle)
    assert found.report.exit_code == 0
    assert facts(found)["standing"] == "replaced"
    assert "a later one of the same code counts instead" in found.report.to_text()


def test_with_the_key_alone(stages: Stages, place: Place) -> None:
    workshop = stages.decided
    path = place(receipt_of(workshop, workshop.box().ballots[0]))
    found = verify_receipt(path, key=workshop.log_key.verifier)
    assert found.report.exit_code == 0
    assert [check.step.number for check in found.report.checks] == [1, 2, 3, 4]
    assert facts(found)["standing"] is None
    assert "Whether the ballot counts is seen with the bundle" in found.report.to_text()


def test_a_receipt_with_the_signature_of_a_witness(
    stages: Stages, bundle: Path, place: Place
) -> None:
    workshop = stages.decided
    receipt = TlogProof.parse(receipt_of(workshop, workshop.box().ballots[1]))
    witness = CosignerSigningKey.generate("witness.example")
    line = witness.cosign(Checkpoint(workshop.log_key.name, 3, Hash(bytes(32))), 1_780_000_000)
    cosigned = replace(receipt, checkpoint=add_signatures(receipt.checkpoint, [line]))
    assert verify_receipt(place(cosigned.encode()), bundle=bundle).report.exit_code == 0


def test_the_receipt_of_the_log_as_it_ended(stages: Stages, bundle: Path, place: Place) -> None:
    workshop = stages.decided
    number = number_of(workshop, workshop.box().ballots[1])
    assert verify_receipt(place(workshop.receipt(number)), bundle=bundle).report.exit_code == 0


def change(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data
    return data.replace(old, new, 1)


@pytest.mark.parametrize(
    ("defect", "edit", "number"),
    [
        ("CRLF", lambda d: d.replace(b"\n", b"\r\n"), 1),
        ("a space", lambda d: change(d, b"index ", b"index  "), 1),
        ("a leading zero", lambda d: change(d, b"index ", b"index 0"), 1),
        ("without its end", lambda d: d[:-20], 1),
        ("without its event", lambda d: change(d, d.split(b"\n")[1] + b"\n", b""), 1),
        ("more at its end", lambda d: d + b"more\n", 1),
        ("loose base64", lambda d: change(d, b"=\n", b"==\n"), 1),
        ("another index", lambda d: change(d, b"index ", b"index 1"), 3),
        ("a shorter path", lambda d: change(d, d.split(b"\n")[3] + b"\n", b""), 3),
        ("a longer path", lambda d: change(d, b"\n\n", b"\n" + b"A" * 43 + b"=\n\n"), 3),
        ("another size", lambda d: change(d, b"atelier-2026\n", b"atelier-2026\n9"), 2),
    ],
)
def test_a_receipt_with_a_defect(
    defect: str,
    edit: Callable[[bytes], bytes],
    number: int,
    stages: Stages,
    bundle: Path,
    place: Place,
) -> None:
    workshop = stages.decided
    data = edit(receipt_of(workshop, workshop.box().ballots[0]))
    found = verify_receipt(place(data), bundle=bundle)
    assert found.report.exit_code == 1, defect
    assert number in failures(found), failures(found)
    assert "not a genuine receipt" in found.report.to_text()


def test_a_receipt_with_any_byte_changed(stages: Stages, bundle: Path, place: Place) -> None:
    workshop = stages.decided
    data = receipt_of(workshop, workshop.box().ballots[0])
    key = workshop.log_key.verifier
    for position in range(len(data)):
        changed = bytearray(data)
        changed[position] ^= 1 << position % 8
        try:
            found = verify_receipt(place(bytes(changed)), key=key)
        except UnreadableError as error:
            assert error.code == "not-a-receipt"  # noqa: PT017
            continue
        assert found.report.exit_code == 1, position
        assert "unexpected" not in failures(found).values()


def test_another_key(stages: Stages, bundle: Path, place: Place) -> None:
    workshop = stages.decided
    path = place(receipt_of(workshop, workshop.box().ballots[0]))
    other = SigningKey.generate(workshop.log_key.name).verifier
    assert failures(verify_receipt(path, key=other)) == {2: "no-known-signature"}
    found = verify_receipt(path, key=other, bundle=bundle)
    assert failures(found) == {2: "no-known-signature", 5: "other-key"}


def test_the_receipt_of_another_ballot(
    stages: Stages, bundle: Path, place: Place, tmp_path: Path
) -> None:
    workshop = stages.decided
    (tmp_path / "ballot.json").write_bytes(workshop.box().ballots[1])
    path = place(receipt_of(workshop, workshop.box().ballots[0]))
    found = verify_receipt(path, bundle=bundle, ballot=tmp_path / "ballot.json")
    assert failures(found) == {4: "other-ballot"}


@pytest.mark.parametrize("number", [0, 1, -1])
def test_the_receipt_of_something_else(
    number: int, stages: Stages, bundle: Path, place: Place
) -> None:
    """Of the definition, a set-up, the outcome: genuine entries, but nobody's ballot."""
    workshop = stages.decided
    path = place(workshop.receipt(number % len(workshop.entries)))
    assert failures(verify_receipt(path, bundle=bundle)) == {4: "not-a-ballot"}


def lost(stages: Stages, edit: Callable[[Box], list[bytes]]) -> tuple[Workshop, bytes]:
    """An assembly that goes on with other ballots than it gave receipts for, with the same key."""
    promised = stages.voted
    ballot = promised.box().ballots[-1]
    workshop = stages.opened
    for box, original in zip(workshop.boxes, promised.boxes, strict=True):
        ballots = edit(original) if box.file == workshop.box().file else original.ballots
        for data in ballots:
            workshop.record(box, data)
    workshop.close().sum_up().decrypt().publish_results().decide()
    return workshop, receipt_of(promised, ballot)


@pytest.mark.parametrize(
    ("defect", "edit"),
    [
        ("left out", lambda box: box.ballots[:-1]),
        ("replaced", lambda box: [*box.ballots[:-1], box.encrypt("p3", (FOR, ADA))]),
        ("moved", lambda box: box.ballots[::-1]),
    ],
)
def test_a_ballot_that_is_not_where_it_was_promised(
    defect: str,
    edit: Callable[[Box], list[bytes]],
    stages: Stages,
    place: Place,
    tmp_path: Path,
) -> None:
    workshop, receipt = lost(stages, edit)
    bundle = write(workshop.bundle(), tmp_path / defect)
    found = verify_receipt(place(receipt), bundle=bundle)
    assert found.report.exit_code == 1
    assert set(failures(found)) == {6, 7}
    assert "does not hold this ballot as the receipt promises" in found.report.to_text()
    assert found.misbehaviour is not None
    key = workshop.log_key.verifier
    assert misbehaviour.verify(found.misbehaviour, key).message in found.report.to_text()


def test_a_receipt_from_beyond_the_bundle(stages: Stages, place: Place, tmp_path: Path) -> None:
    """The log went on after its outcome, or the bundle is older than the receipt."""
    workshop = stages.decided
    bundle = write(workshop.bundle(), tmp_path / "bundle")
    ballot = workshop.cast(workshop.box(), "p3", (FOR, ADA))
    found = verify_receipt(place(workshop.receipt(number_of(workshop, ballot))), bundle=bundle)
    assert failures(found) == {6: "receipt-newer", 7: "not-in-log"}
    assert found.misbehaviour is not None


def test_a_ballot_whose_archive_is_gone(
    stages: Stages, files: Files, place: Place, tmp_path: Path
) -> None:
    workshop = stages.decided
    path = place(receipt_of(workshop, workshop.box().ballots[0]))
    left = {name: data for name, data in files.items() if name != workshop.box().file}
    found = verify_receipt(path, bundle=write(left, tmp_path / "bundle"))
    assert failures(found) == {7: "not-in-archive"}


def test_what_cannot_be_read(stages: Stages, bundle: Path, tmp_path: Path) -> None:
    workshop = stages.decided
    receipt = tmp_path / "receipt"
    receipt.write_bytes(receipt_of(workshop, workshop.box().ballots[0]))
    (tmp_path / "election.bel").write_bytes(workshop.box().archive())
    for refused, arguments in {
        "unreadable": (tmp_path / "nothing", {"bundle": bundle}),
        "not-a-receipt": (bundle / "outcome.json", {"bundle": bundle}),
        "not-a-bundle": (receipt, {"bundle": tmp_path / "election.bel"}),
    }.items():
        with pytest.raises(UnreadableError) as refusal:
            verify_receipt(arguments[0], **arguments[1])
        assert refusal.value.code == refused
    with pytest.raises(UnreadableError):
        verify_receipt(receipt, key=known_key(str(bundle / "log/key")), ballot=tmp_path / "none")
