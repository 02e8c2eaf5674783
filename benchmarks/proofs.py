"""The proofs of a ballot, checked by us and by belenios-tool; and the log's part of a cast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.assembly import CIPHERTEXTS, Opened
from benchmarks.measure import Row, command_cpu, in_turns, milliseconds, own_cpu
from vote.election import ballot as ballots
from vote.election.election import Election, election_hash
from vote.service.bundle import stream_archive
from vote.tlog.checkpoint import Checkpoint, sign_checkpoint
from vote.tlog.merkle import Tree, leaf_hash
from vote.tlog.note import SigningKey

LOG_SIZE = 40_000


@dataclass(frozen=True)
class Checker:
    """Checks ballots of one election as the service does: strict parsing, all proofs."""

    election: Election
    fingerprint: str

    @classmethod
    def of(cls, opened: Opened) -> Checker:
        return cls(Election.parse(opened.election), election_hash(opened.election))

    def check(self, data: bytes) -> None:
        ballots.verify(self.election, self.fingerprint, ballots.parse(data))

    def cpu_of_all(self, made: Sequence[bytes]) -> float:
        """Seconds for all the ballots together."""

        def check_all() -> None:
            for data in made:
                self.check(data)

        return own_cpu(check_all)

    def cpu_per_ballot(self, made: Sequence[bytes]) -> float:
        """Median over the ballots, in seconds."""
        return median(own_cpu(partial(self.check, data)) for data in made)


def against_belenios(opened: Opened, made: Sequence[bytes], tool: Path, folder: Path) -> Row:
    """`verify-ballot` starts a process and reads the election each time. That start, what the same
    command takes for a file that is no ballot, is taken off."""
    checker = Checker.of(opened)
    archive = b"".join(stream_archive(opened.house, opened.uuid))
    (folder / f"{opened.uuid}.bel").write_bytes(archive)
    (folder / "nothing.json").write_bytes(b"{}\n")
    for number, data in enumerate(made):
        (folder / f"{number}.json").write_bytes(data + b"\n")
    turn = iter(range(10**9))

    def theirs(name: str) -> float:
        command: list[str | Path] = [
            tool,
            "election",
            "verify-ballot",
            "--dir",
            ".",
            "--ballot",
            name,
        ]
        return command_cpu(command, folder)

    ours, whole, start = in_turns(
        lambda: checker.cpu_per_ballot(made[:3]),
        lambda: theirs(f"{next(turn) % len(made)}.json"),
        lambda: theirs("nothing.json"),
        times=40,
    )
    return Row(
        f"check a ballot of {CIPHERTEXTS} ciphertexts, CPU",
        milliseconds(ours),
        f"belenios-tool verify-ballot: {milliseconds(whole)} − {milliseconds(start)} to start",
    ).at_most(ours / (whole - start), 0.8)


def log_against_proofs(opened: Opened, made: Sequence[bytes]) -> Row:
    """Appending a ballot's event to a log of 40,000 entries and signing a checkpoint for it alone;
    in the service ballots that come together share one."""
    checker = Checker.of(opened)
    key = SigningKey.generate("vote.example/log/bench")
    tree = Tree(leaf_hash(b"event %d" % number) for number in range(LOG_SIZE))

    def append_and_sign() -> None:
        tree.append(leaf_hash(b"another event %d" % tree.size))
        sign_checkpoint(Checkpoint(key.name, tree.size, tree.root()), key)

    log, proofs = in_turns(
        lambda: median(own_cpu(append_and_sign) for _ in range(20)),
        lambda: checker.cpu_per_ballot(made[:3]),
        times=20,
    )
    return Row(
        "append to the log and sign a checkpoint, CPU",
        milliseconds(log),
        f"the ballot's bare proof check: {milliseconds(proofs)}",
    ).at_most(log / proofs, 0.05)
