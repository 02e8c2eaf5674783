"""One ballot is checked, stored, marked on the roll and logged, all or nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import pytest

from tests.casting import AGAINST_BLANK, FOR_ONE, ballot, cast, election_of, stored, token_of
from tests.small import Opened
from vote.election.archive import Event
from vote.election.ballot import encrypt
from vote.election.credential import generate_code, sign_in_token
from vote.service import box, casting, closing, overview, turnout
from vote.service.errors import Refusal
from vote.tlog.note import VerifierKey


def refused(opened: Opened, member: str, data: bytes, uuid: str | None = None) -> str:
    """The code of the refusal; and nothing was stored."""
    before = stored(opened)
    token = token_of(opened, member)
    with pytest.raises(Refusal) as caught:
        casting.cast(opened.house, uuid or election_of(opened, member), token, data)
    assert stored(opened) == before
    return caught.value.code


def test_a_cast_ballot_gets_a_receipt_that_proves_its_event_is_in_the_signed_log(
    opened: Opened,
) -> None:
    data = ballot(opened, "persons-1")
    receipt = cast(opened, "persons-1", data)
    event = receipt.entry()
    assert Event.parse(event).payload == sha256(data).hexdigest()
    key = VerifierKey.parse(box.verifier_key(opened.house, opened.assembly))
    receipt.verify(event, key)
    assert turnout.turnout(opened.house, opened.assembly)[0].total.voters == 1


def test_voting_again_is_logged_again_and_marks_the_roll_once(opened: Opened) -> None:
    first = cast(opened, "persons-1", ballot(opened, "persons-1"))
    second = cast(opened, "persons-1", ballot(opened, "persons-1", AGAINST_BLANK))
    assert second.index == first.index + 1
    assert turnout.turnout(opened.house, opened.assembly)[0].total.voters == 1


def test_the_same_ballot_sent_again_gets_the_same_place_and_is_no_second_vote(
    opened: Opened,
) -> None:
    data = ballot(opened, "persons-1")
    first = cast(opened, "persons-1", data)
    before = stored(opened)
    assert cast(opened, "persons-1", data).index == first.index
    assert stored(opened) == before


def test_a_ballot_that_was_recorded_gets_its_receipt_even_after_closing(opened: Opened) -> None:
    data = ballot(opened, "persons-1")
    first = cast(opened, "persons-1", data)
    closing.close(opened.house, opened.assembly)
    assert cast(opened, "persons-1", data).index == first.index


def test_many_at_once_are_all_recorded_one_after_another(opened: Opened) -> None:
    members = list(opened.codes)
    ballots = {member: ballot(opened, member) for member in members}
    with ThreadPoolExecutor(8) as threads:
        receipts = list(threads.map(lambda m: cast(opened, m, ballots[m]), members))
    key = VerifierKey.parse(box.verifier_key(opened.house, opened.assembly))
    for receipt in receipts:
        receipt.verify(receipt.entry(), key)
    assert len({receipt.index for receipt in receipts}) == len(members)
    assert stored(opened)[1] == len(members)


def test_nobody_votes_before_opening(opened: Opened) -> None:
    data = ballot(opened, "persons-1")
    opened.clock.now -= timedelta(hours=2)
    assert refused(opened, "persons-1", data) == "not-open-yet"


def test_nobody_votes_after_the_closing_time(opened: Opened) -> None:
    data = ballot(opened, "persons-1")
    opened.clock.now += timedelta(days=3)
    assert refused(opened, "persons-1", data) == "closed"


def test_nobody_votes_after_the_host_has_closed(opened: Opened) -> None:
    data = ballot(opened, "persons-1")
    closing.close(opened.house, opened.assembly)
    assert refused(opened, "persons-1", data) == "closed"


def test_an_unknown_code_is_refused(opened: Opened) -> None:
    uuid = election_of(opened, "persons-1")
    code = generate_code()
    data = encrypt(overview.election_bytes(opened.house, uuid), code, FOR_ONE)
    before = stored(opened)
    with pytest.raises(Refusal) as caught:
        casting.cast(opened.house, uuid, sign_in_token(opened.assembly, code), data)
    assert caught.value.code == "unknown-code"
    assert stored(opened) == before


def test_a_ballot_made_with_another_members_code_is_refused(opened: Opened) -> None:
    data = ballot(opened, "persons-2")
    assert refused(opened, "persons-1", data) == "another-credential"


def test_a_ballot_for_another_colleges_election_is_refused(by_college: Opened) -> None:
    uuid = election_of(by_college, "staff-1")
    code = by_college.codes["persons-1"]
    data = encrypt(overview.election_bytes(by_college.house, uuid), code, FOR_ONE)
    assert refused(by_college, "persons-1", data, uuid) == "unknown-code"


def test_a_ballot_with_a_changed_byte_is_refused(opened: Opened) -> None:
    data = ballot(opened, "persons-1")
    position = data.index(b'"response":"') + 14
    digit = b"1" if data[position : position + 1] != b"1" else b"2"
    broken = data[:position] + digit + data[position + 1 :]
    assert refused(opened, "persons-1", broken).startswith("ballot-")


@pytest.mark.parametrize("garbage", [b"", b"{}", b"\xff", b"[" * 100_000, b'{"a":1}' * 9])
def test_what_is_no_ballot_is_refused(opened: Opened, garbage: bytes) -> None:
    assert refused(opened, "persons-1", garbage).startswith("ballot-")


def test_a_ballot_in_another_spelling_is_refused(opened: Opened) -> None:
    data = ballot(opened, "persons-1").replace(b'":', b'": ', 1)
    assert refused(opened, "persons-1", data).startswith("ballot-")
