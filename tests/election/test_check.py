"""The verification of a whole archive, and archives that are sound to read but wrong."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pytest

from tests.election.forged_ballots import refused_ballots
from tests.election.samples import (
    BALLOTS,
    STRANGER,
    SUMS,
    Chain,
    Scalars,
    make_sample,
    vote,
    whole_archive,
)
from vote.election import ballot, tally
from vote.election.check import (
    add_up,
    check_partial_decryption,
    check_result,
    check_roll,
    check_setup,
    check_tally,
    chunks,
    scan,
    verify_archive,
    verify_chunk,
)
from vote.election.errors import ProtocolError
from vote.election.fingerprint import hash_hex
from vote.election.setup import SetupData
from vote.election.tally import Owned, SizedTally

SAMPLE = make_sample()
VOTES = [SAMPLE.encrypt(voter, answers) for voter, answers in BALLOTS]


def refuses(chain: Chain, code: str, about: int | None) -> None:
    with pytest.raises(ProtocolError) as raised:
        verify_archive(chain.open, chunk_size=2)
    assert (raised.value.code, raised.value.index) == (code, about)


def test_an_election_from_beginning_to_end() -> None:
    chain = whole_archive(SAMPLE)
    found = verify_archive(chain.open)
    assert chain.last is not None
    assert (found.stage, found.events, found.last_event) == ("decided", 10, chain.last.hash())
    assert (len(found.ballots), len(found.last_ballot)) == (4, 3)
    assert list(found.ballots) == [hash_hex(data) for data in VOTES]
    assert found.sized == SizedTally(3, 5, hash_hex(found.tally or b""))
    assert check_result(found, SAMPLE.setup) == SUMS


def test_step_by_step_in_any_order_of_chunks() -> None:
    chain = whole_archive(SAMPLE)
    found = scan(chain.open())
    setup = check_setup(found)
    check_roll(found, setup)
    parts = [
        pickle.loads(pickle.dumps(verify_chunk))(found.election, pickle.loads(pickle.dumps(chunk)))
        for chunk in chunks(chain.open(), found, setup, size=3)
    ]
    assert len(parts) == 2
    check_tally(found, setup, add_up(setup, pickle.loads(pickle.dumps(parts[::-1]))))
    for owner in found.shares:
        check_partial_decryption(found, setup, owner)
    assert check_result(found, setup) == SUMS


def test_an_archive_may_stop_after_any_event() -> None:
    stages = []
    partial = Chain()
    for kind, data in whole_archive(SAMPLE).items:
        partial.items.append((kind, data))
        if kind == "event":
            stages.append(verify_archive(partial.open).stage)
    assert stages == ["voting"] * 5 + ["ended"] + ["tallied"] * 3 + ["decided"]


def test_errors_travel_between_processes() -> None:
    error = pickle.loads(pickle.dumps(ProtocolError("a-code", "a sentence", 7)))
    assert (error.code, error.message, error.index) == ("a-code", "a sentence", 7)


def test_an_archive_that_changes_during_verification_is_noticed() -> None:
    chain = vote(Chain().set_up(SAMPLE), VOTES)
    found = scan(chain.open())
    other = vote(Chain().set_up(SAMPLE), VOTES[:3])
    with pytest.raises(ProtocolError, match="archive-changed"):
        list(chunks(other.open(), found, SAMPLE.setup, 2))


# The chain of events

FILES = (SAMPLE.election, SAMPLE.trustees, SAMPLE.credentials)
ANOTHER_VOTE = SAMPLE.encrypt(3, BALLOTS[0][1])
RESULT = b'{"result":[[0,2,3],[1,0,1]]}'


def begun(*ballots: bytes) -> Chain:
    return vote(Chain().set_up(SAMPLE), ballots)


def voted() -> Chain:
    return begun(*VOTES)


def closed() -> Chain:
    return voted().event("EndBallots")


def encrypted(ballots: Sequence[bytes]) -> tuple[bytes, bytes]:
    total = tally.Accumulator(SAMPLE.setup)
    for data in ballots:
        total.add(ballot.parse(data))
    return total.encrypted_tally(), total.sized()


def share(owner: int, encrypted_tally: bytes, label: str = "") -> bytes:
    key = SAMPLE.private_keys[owner - 1]
    return tally.partial_decryption(SAMPLE.setup, encrypted_tally, key, Scalars(label))


TALLY = encrypted(VOTES)
OTHER_TALLY = encrypted(VOTES[:3])
FIRST, SECOND = share(1, TALLY[0]), share(2, TALLY[0])


def tallied() -> Chain:
    return closed().event("EncryptedTally", *TALLY)


def decrypted() -> Chain:
    return tallied().share(1, FIRST).share(2, SECOND)


def decided() -> Chain:
    return decrypted().event("Result", RESULT)


def edit_last(chain: Chain, **changes: object) -> Chain:
    """Change the last event; its hash is right all the same."""
    value = json.loads(chain.items[-1][1]) | changes
    chain.items[-1] = ("event", json.dumps(value, separators=(",", ":")).encode())
    return chain


def swapped(chain: Chain) -> Chain:
    """The last two ballots in the other order, their events as they were."""
    items = chain.items
    items[-4], items[-2] = items[-2], items[-4]
    return chain


def without(chain: Chain, *positions: int) -> Chain:
    for position in positions:
        del chain.items[position]
    return chain


class Case(NamedTuple):
    """A defect, the code that refuses it, the event or ballot that the error names, the archive."""

    defect: str
    code: str
    about: int | None
    chain: Chain


Cases = Iterator[tuple[str, str, int | None, Chain]]


def parametrize(cases: Cases) -> pytest.MarkDecorator:
    made = [Case(*case) for case in cases]
    return pytest.mark.parametrize("case", made, ids=[case.defect for case in made])


def wrong_chains() -> Cases:
    yield "no event", "setup-missing", None, Chain()
    yield "data only", "setup-missing", None, Chain().data(*FILES)
    yield "data after the last event", "data-surplus", None, voted().data(b"{}")
    order = "event-order"
    yield "a ballot first", order, 0, Chain().event("Ballot", VOTES[0])
    yield "two set-ups", order, 5, voted().set_up(SAMPLE)
    yield "a ballot after the end", order, 6, closed().event("Ballot", ANOTHER_VOTE)
    yield "the end twice", order, 6, closed().event("EndBallots")
    yield "a tally before the end", order, 5, voted().event("EncryptedTally", *TALLY)
    yield "a tally twice", order, 7, tallied().event("EncryptedTally", *TALLY)
    yield "a share before the tally", order, 6, closed().share(1, FIRST)
    yield "a result before the shares", order, 7, tallied().event("Result", RESULT)
    yield "two results", order, 10, decided().event("Result", RESULT)
    yield "a ballot after the result", order, 10, decided().event("Ballot", ANOTHER_VOTE)
    yield "a share after the result", order, 10, decided().share(3, FIRST)
    shuffled = tallied().event("Shuffle", b"{}", b"{}")
    yield "a shuffle", "shuffles-not-supported", 7, shuffled
    yield "a ballot taken out", "event-parent", 3, without(voted(), -3, -3)
    yield "another parent", "event-parent", 4, edit_last(voted(), parent="0" * 64)
    yield "another height", "event-height", 4, edit_last(voted(), height=5)
    yield "another payload", "event-payload", 4, edit_last(voted(), payload="0" * 64)
    yield "ballots exchanged", "event-payload", 3, swapped(voted())
    yield "an end with data", "data-surplus", 5, voted().event("EndBallots", b"{}")
    named = edit_last(closed(), payload="0" * 64)
    yield "an end that names a payload", "event-payload", 5, named
    yield "two data for one ballot", "data-surplus", 1, begun().event("Ballot", *VOTES[:2])
    yield "data without end", "data-surplus", 5, voted().data(*(b"%d" % n for n in range(9)))
    yield "no data for a ballot", "data-surplus", 4, without(voted(), -2)
    other = SetupData.of(FILES[1], FILES[0], FILES[2]).encode()
    yield "a set-up of other files", "setup-data", 0, Chain().event("Setup", *FILES, other)


@parametrize(wrong_chains())
def test_other_chains_are_refused(case: Case) -> None:
    refuses(case.chain, case.code, case.about)


# What the events carry


def others_trustees() -> Chain:
    other = make_sample(uuid="AnotherVecTor1")
    files = (SAMPLE.election, other.trustees, SAMPLE.credentials)
    return Chain().event("Setup", *files, SetupData.of(*files).encode())


def sized(count: int, weight: int) -> Chain:
    size = SizedTally(count, weight, hash_hex(TALLY[0]))
    return closed().event("EncryptedTally", TALLY[0], size.encode())


def wrong_ballots() -> Cases:
    forged = {case["defect"]: case["ballot"].encode() for case in refused_ballots(SAMPLE)}
    stranger = ballot.encrypt(SAMPLE.setup, STRANGER, BALLOTS[0][1])
    foreign = forged["another election's hash"]
    broken = forged["an individual proof's challenge changed"]
    replaced = forged["an overall proof's response changed"]
    yield "a ballot cast twice", "ballot-twice", 4, begun(*VOTES[:3], VOTES[0])
    yield "not a ballot", "ballot-syntax", 1, begun(b"{}")
    yield "a stranger's ballot", "credential-unknown", 1, begun(VOTES[0], stranger)
    yield "a ballot of another election", "other-election", 2, begun(*VOTES[:2], foreign)
    yield "a broken proof", "individual-proof", 3, begun(*VOTES[:3], broken)
    yield "a broken ballot, replaced", "overall-proof", 0, begun(replaced, VOTES[0])


def wrong_tallies() -> Cases:
    def counted(*ballots: bytes) -> Chain:
        return closed().event("EncryptedTally", *encrypted(ballots))

    wrong = "tally-wrong"
    yield "a ballot left out of the tally", wrong, None, counted(*VOTES[1:3])
    yield "the replaced ballot in the tally", wrong, None, counted(*VOTES[:3])
    yield "a tally of one ballot more", wrong, None, counted(*VOTES, ANOTHER_VOTE)
    yield "another number of ballots", "tally-size", None, sized(4, 5)
    yield "another weight", "tally-size", None, sized(3, 6)
    mixed = closed().event("EncryptedTally", TALLY[0], OTHER_TALLY[1])
    yield "the size of another tally", "tally-reference", 6, mixed


def wrong_shares() -> Cases:
    again = share(1, TALLY[0], "with another proof")
    elsewhere = share(1, OTHER_TALLY[0])
    misnamed = Owned(1, hash_hex(SECOND)).encode()
    named = tallied().event("PartialDecryption", FIRST, misnamed)
    incomplete = tallied().share(1, FIRST).event("Result", RESULT)
    other = b'{"result":[[1,1,3],[1,0,1]]}'
    yield "a trustee twice", "owner-twice", 8, tallied().share(1, FIRST).share(1, again)
    yield "under another's name", "decryption-proof", 2, tallied().share(2, FIRST)
    yield "nobody's share", "owner-unknown", 3, tallied().share(3, FIRST)
    yield "a share of another tally", "decryption-proof", 1, tallied().share(1, elsewhere)
    yield "a name on another share", "share-reference", 7, named
    yield "a result without everybody", "shares-missing", None, incomplete
    yield "another result", "result-wrong", None, decrypted().event("Result", other)
    spaced = decrypted().event("Result", RESULT + b" ")
    yield "a result in another form", "json-not-canonical", None, spaced


def wrong_contents() -> Cases:
    yield "others' trustees", "key-mismatch", None, others_trustees()
    yield from wrong_ballots()
    yield from wrong_tallies()
    yield from wrong_shares()


@parametrize(wrong_contents())
def test_other_contents_are_refused(case: Case) -> None:
    refuses(case.chain, case.code, case.about)
