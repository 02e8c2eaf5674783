"""Where a ballot is, for whoever has its tracker; the log for readers; receipts that are none."""

from __future__ import annotations

from hashlib import sha256

import pytest

from tests.casting import AGAINST_BLANK
from tests.finished import finish
from tests.small import Opened
from tests.web.voting import cast, digest, tracker
from vote.election.archive import Event
from vote.election.fingerprint import tracker_of
from vote.service import box, logbook, receipts
from vote.service.errors import Refusal
from vote.tlog.merkle import leaf_hash, verify_inclusion
from vote.tlog.note import VerifierKey
from vote.tlog.proof import TlogProof


def refusal(opened: Opened, wanted: str) -> str:
    with pytest.raises(Refusal) as refused:
        receipts.find(opened.house, opened.assembly, wanted)
    return refused.value.code


def test_a_ballot_is_found_and_its_place_can_be_proved(opened: Opened) -> None:
    receipt = cast(opened, "persons-1")
    cast(opened, "persons-2")
    place = receipts.find(opened.house, "trial", digest(receipt))
    proof = TlogProof.parse(receipt)
    assert place.ballot == "main"
    assert (place.logged.index, place.logged.event.encode()) == (proof.index, proof.entry())
    assert place.newest.digest == digest(receipt)
    assert (place.tally, place.result) == (None, None)
    key = VerifierKey.parse(box.verifier_key(opened.house, "trial"))
    tree = proof.verify(place.logged.event.encode(), key)
    leaf = leaf_hash(place.logged.event.encode())
    verify_inclusion(leaf, place.logged.index, tree.size, proof.path, tree.root)


def test_a_newer_ballot_of_the_same_code_is_named(opened: Opened) -> None:
    first = cast(opened, "persons-1")
    cast(opened, "persons-2")
    second = cast(opened, "persons-1", AGAINST_BLANK)
    for receipt in (first, second):
        newest = receipts.find(opened.house, "trial", digest(receipt)).newest
        assert newest.digest == digest(second)
        assert newest.index == TlogProof.parse(second).index
        assert Event.parse(newest.event.encode()).payload == digest(second)


def test_after_the_decision_the_counting_is_named(opened: Opened) -> None:
    receipt = cast(opened, "persons-1")
    finish(opened)
    place = receipts.find(opened.house, "trial", digest(receipt))
    assert place.tally is not None
    assert place.result is not None
    assert place.logged.index < place.tally.index < place.result.index
    assert Event.parse(place.tally.event.encode()).type == "EncryptedTally"
    assert Event.parse(place.result.event.encode()).type == "Result"


@pytest.mark.parametrize(
    "wanted", ["", "x" * 64, "0" * 64, "A" * 64, "0" * 63, "0" * 65, "%", "' OR 1=1 --"]
)
def test_no_such_ballot(opened: Opened, wanted: str) -> None:
    assert refusal(opened, wanted) == "no-such-ballot"


def test_what_is_in_the_archive_but_no_ballot_is_none(opened: Opened) -> None:
    cast(opened, "persons-1")
    [setup] = [
        line for line in logbook.read(opened.house, "trial", 0, 9).lines if line.kind == "Setup"
    ]
    entry = box.tile(opened.house, "trial", "tile/entries/000.p/3")
    assert setup.index == 1
    start = entry.index(b'"payload":"') + len(b'"payload":"')
    assert refusal(opened, entry[start : start + 64].decode()) == "no-such-ballot"


def test_no_such_assembly(opened: Opened) -> None:
    with pytest.raises(Refusal) as refused:
        receipts.find(opened.house, "other", "0" * 64)
    assert refused.value.code == "unknown-assembly"


def test_the_log_page_by_page(opened: Opened) -> None:
    first, second = cast(opened, "persons-1"), cast(opened, "staff-1")
    page = logbook.read(opened.house, "trial", 0, 3)
    assert page.size == 4
    assert [line.kind for line in page.lines] == ["definition", "Setup", "Ballot"]
    assert page.lines[2].tracker == tracker(first)
    assert [line.ballot for line in page.lines] == [None, "main", "main"]
    [last] = logbook.read(opened.house, "trial", 3, 3).lines
    assert (last.index, last.tracker) == (3, tracker(second))
    assert logbook.read(opened.house, "trial", 4, 3).lines == ()
    assert logbook.read(opened.house, "trial", 1000, 3).lines == ()


def test_every_kind_of_entry_is_named(by_college: Opened) -> None:
    for member in ("persons-1", "staff-1", "partners-1"):
        cast(by_college, member)
    finish(by_college)
    page = logbook.read(by_college.house, "trial", 0, 1000)
    kinds = {line.kind for line in page.lines}
    assert kinds == {
        *("definition", "Setup", "Ballot", "EndBallots", "closed", "EncryptedTally"),
        *("PartialDecryption", "lot", "Result", "outcome"),
    }
    colleges = [line.college for line in page.lines if line.kind == "Ballot"]
    assert colleges == ["persons", "staff", "partners"]
    assert [line.ballot for line in page.lines if line.kind == "closed"] == ["main"]
    assert logbook.size(by_college.house, "trial") == len(page.lines)


def test_a_genuine_receipt_and_others(opened: Opened) -> None:
    receipt = cast(opened, "persons-1")
    genuine = receipts.check(opened.house, "trial", receipt)
    assert (genuine.digest, genuine.place, genuine.size) == (digest(receipt), 3, 3)
    assert tracker_of(genuine.digest) == tracker(receipt)
    entry = TlogProof.parse(receipt).entry()
    assert sha256(entry).hexdigest() != genuine.digest
    for other in (b"", b"hello", receipt + b"\n", receipt.replace(b"index 2", b"index 1")):
        with pytest.raises(Refusal) as refused:
            receipts.check(opened.house, "trial", other)
        assert refused.value.code == "not-a-receipt"
