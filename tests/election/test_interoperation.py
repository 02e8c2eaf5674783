"""Both ways with belenios-tool: each accepts what the other makes; ours refuses what is broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.election.forged_ballots import signed
from tests.election.forgeries import Json, compact, increment
from tests.election.samples import (
    BALLOTS,
    CODES,
    TIMESTAMP,
    UUID,
    Chain,
    finish,
    make_sample,
    vote,
    whole_archive,
)
from tests.election.tool import Tool, ToolElection
from vote.election import ballot, tally, trustee
from vote.election.archive import member, read, write
from vote.election.check import Scan, check_result, check_setup, scan, verify_archive
from vote.election.errors import ProtocolError
from vote.election.group import G, Point

QUESTIONS: list[dict[str, object]] = [
    {"answers": ["for", "against", "abstain"], "min": 1, "max": 1, "question": "1"},
    {"answers": ["a", "b", "c"], "blank": True, "min": 1, "max": 2, "question": '2é\x7f\x01"\\/\n'},
    {"answers": ["a", "b"], "blank": False, "min": 0, "max": 2, "question": "3"},
]
VOTES = {
    "ann": [[1, 0, 0], [0, 1, 1, 0], [1, 1]],
    "bob": [[0, 1, 0], [1, 0, 0, 0], [0, 0]],
    "cleo": [[0, 0, 1], [0, 0, 0, 1], [0, 1]],
}
WEIGHTS = {"ann": 1, "bob": 40_000, "cleo": 3, "dan": 1}
WEIGHTED_SUMS = [[1, 40_000, 3], [40_000, 1, 1, 3], [1, 4]]


@pytest.fixture
def tool(belenios_tool: Path, tmp_path: Path) -> Tool:
    return Tool(belenios_tool, tmp_path)


def verify(path: Path) -> Scan:
    return verify_archive(lambda: path.open("rb"))


def published_sums(path: Path) -> list[list[int]] | None:
    with path.open("rb") as stream:
        found = scan(stream)
    return check_result(found, check_setup(found))


def accepted(answer: tuple[bool, str]) -> None:
    assert answer[0], answer[1]


def place(tool: Tool, chain: Chain, uuid: str = UUID) -> Path:
    tool.write(f"{uuid}.bel", chain.encode())
    return tool.folder / f"{uuid}.bel"


# Ours, in their hands


@pytest.mark.parametrize("weights", [(1, 1, 1, 1), (1, 7, 40_000, 2**31)])
def test_our_archives_pass_its_verification(tool: Tool, weights: tuple[int, ...]) -> None:
    place(tool, whole_archive(make_sample(weights=weights)))
    accepted(tool.verifies())


def test_our_archives_pass_its_verification_at_every_stage(tool: Tool) -> None:
    whole = whole_archive()
    partial = Chain()
    for kind, data in whole.items:
        partial.items.append((kind, data))
        if kind == "event":
            path = place(tool, partial)
            verify(path)
            accepted(tool.verifies())


def test_our_archives_are_what_it_would_write_itself(tool: Tool) -> None:
    archive = place(tool, whole_archive())
    unpacked = tool.folder / "unpacked"
    unpacked.mkdir()
    for name, data in members(archive):
        (unpacked / name).write_bytes(data)
    assert tool.run("archive", "make", "--dir", "unpacked") == archive.read_bytes()


def members(path: Path) -> list[tuple[str, bytes]]:
    with path.open("rb") as stream:
        return [(found.name, found.data) for found in read(stream)]


def test_our_ballots_pass_its_verification(tool: Tool) -> None:
    sample = make_sample()
    place(tool, Chain().set_up(sample))
    for voter, answers in BALLOTS:
        accepted(tool.accepts_ballot(sample.encrypt(voter, answers)))


def test_its_verification_takes_our_trustees_keys(tool: Tool) -> None:
    sample = make_sample()
    ballots = [sample.encrypt(voter, answers) for voter, answers in BALLOTS]
    chain = vote(Chain().set_up(sample), ballots)
    total = tally.Accumulator(sample.setup)
    for data in ballots:
        total.add(ballot.parse(data))
    encrypted = total.encrypted_tally()
    place(tool, chain.event("EndBallots").event("EncryptedTally", encrypted, total.sized()))
    for owner, key in enumerate(sample.private_keys, 1):
        tool.write("key", trustee.private_key_json(key))
        given = ("--privkey", "key", "--trustee-id", str(owner))
        share, owned = tool.run("election", "decrypt", *given).splitlines()
        tally.verify_partial_decryption(sample.setup, encrypted, owner, share)
        chain.event("PartialDecryption", share, owned)
    path = place(tool, chain)
    found = verify(path)
    result = tool.run("election", "compute-result").strip()
    sums = tally.verify_result(sample.setup, encrypted, found.shares, 5, result)
    assert sums == tally.result(sample.setup, encrypted, found.shares, 5)[1]


# Theirs, in our hands


def test_its_archive_passes_ours(tool: Tool) -> None:
    election = ToolElection(tool, QUESTIONS, WEIGHTS, singles=3)
    assert verify(election.archive).stage == "voting"
    election.event("Ballot", election.ballot("ann", VOTES["bob"]))
    for name, answers in VOTES.items():
        election.event("Ballot", election.ballot(name, answers))
    assert len(verify(election.archive).ballots) == 4
    election.close()
    assert verify(election.archive).stage == "tallied"
    election.decrypt()
    election.publish()
    accepted(tool.verifies())
    found = verify(election.archive)
    assert (found.stage, len(found.last_ballot)) == ("decided", 3)
    assert published_sums(election.archive) == WEIGHTED_SUMS


@pytest.mark.parametrize("members", [(1, 2), (1, 3), (3, 2), (1, 2, 3)])
def test_its_threshold_archive_passes_ours(tool: Tool, members: tuple[int, ...]) -> None:
    election = ToolElection(tool, QUESTIONS, dict.fromkeys(WEIGHTS, 1), 1, (2, 3))
    for name, answers in VOTES.items():
        election.event("Ballot", election.ballot(name, answers))
    election.close()
    election.decrypt(members)
    election.publish()
    assert verify(election.archive).stage == "decided"
    assert published_sums(election.archive) == [[1, 1, 1], [1, 1, 1, 1], [1, 2]]


def test_its_ballot_is_accepted_by_ours(tool: Tool) -> None:
    sample = make_sample()
    place(tool, Chain().set_up(sample))
    tool.write("code", CODES[0].encode())
    tool.write("choice", json.dumps(BALLOTS[0][1]).encode())
    made = tool.run("election", "generate-ballot", "--privcred", "code", "--choice", "choice")
    parsed = ballot.parse(made.strip())
    ballot.verify(sample.setup.election, sample.setup.fingerprint, parsed)
    assert sample.setup.weight_of(parsed.credential) == 1


# Broken: what ours must refuse, whatever theirs says


def broken_proof(value: Json) -> None:
    increment(value["answers"][0]["individual_proofs"][0][0])


def broken_signature(value: Json) -> None:
    increment(value["signature"]["proof"])


def worth_two(value: Json) -> None:
    """A choice worth two, of which the proofs know nothing."""
    choice = value["answers"][0]["choices"][0]
    choice["beta"] = Point.from_hex(choice["beta"]).add(G).hex()


@pytest.mark.parametrize(
    ("tamper", "code"),
    [(broken_proof, "individual-proof"), (worth_two, "individual-proof")],
)
def test_an_archive_with_a_broken_proof_that_it_accepts_is_refused(
    tool: Tool, tamper: Callable[[Json], None], code: str
) -> None:
    sample = make_sample()
    value = json.loads(sample.encrypt(1, ((1, 0, 0), (0, 1, 0))))
    tamper(value)
    ballots = [sample.encrypt(0, ((0, 1, 0), (0, 1, 0))), compact(signed(value, CODES[1]))]
    chain = vote(Chain().set_up(sample), ballots)
    path = place(tool, chain)
    refuses(path, code)
    finish(chain, sample, ballots)
    place(tool, chain)
    accepted(tool.verifies_all_but_ballots())
    refuses(path, code)


def test_an_archive_with_a_broken_signature_that_it_accepts_is_refused(tool: Tool) -> None:
    sample = make_sample()
    value = json.loads(sample.encrypt(1, ((1, 0, 0), (0, 1, 0))))
    broken_signature(value)
    ballots = [sample.encrypt(0, ((1, 0, 0), (0, 1, 0))), compact(value)]
    chain = vote(Chain().set_up(sample), ballots)
    finish(chain, sample, ballots)
    path = place(tool, chain)
    accepted(tool.verifies_all_but_ballots())
    refuses(path, "signature")


def refuses(path: Path, code: str, index: int | None = 1) -> None:
    with pytest.raises(ProtocolError) as raised:
        verify(path)
    assert (raised.value.code, raised.value.index) == (code, index)


def test_an_archive_with_another_time_on_a_member_is_refused_by_both(tool: Tool) -> None:
    pieces = list(write(whole_archive().items, TIMESTAMP))
    pieces[-1] = member(*whole_archive().items[-1], TIMESTAMP + 1)
    tool.write(f"{UUID}.bel", b"".join(pieces))
    assert not tool.verifies()[0]
    refuses(tool.folder / f"{UUID}.bel", "member-header", None)


# Empty ones


def test_an_election_without_a_ballot(tool: Tool) -> None:
    sample = make_sample()
    chain = Chain().set_up(sample)
    assert finish(chain, sample, []) == [[0, 0, 0], [0, 0, 0]]
    assert verify(place(tool, chain)).stage == "decided"
    accepted(tool.verifies())


def test_its_election_without_a_ballot(tool: Tool) -> None:
    election = ToolElection(tool, QUESTIONS, WEIGHTS, singles=2)
    election.close()
    election.decrypt()
    election.publish()
    assert verify(election.archive).stage == "decided"
    assert published_sums(election.archive) == [[0, 0, 0], [0, 0, 0, 0], [0, 0]]


def test_an_election_without_a_voter(tool: Tool) -> None:
    sample = make_sample(codes=(), weights=())
    chain = Chain().set_up(sample)
    finish(chain, sample, [])
    assert verify(place(tool, chain)).stage == "decided"
    accepted(tool.verifies())
