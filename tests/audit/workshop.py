"""A tiny made-up assembly, played through without the service, every secret at hand.

What the service would do, done here a second time by other code: a bundle that the workshop makes
honestly must hold, and one with a single defect, everything after it done consistently, must not.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import rfc8785

from tests.audit.box import Answers, Box
from vote.assembly import outcome
from vote.assembly.definition import Definition, canonical_json, from_toml
from vote.assembly.minutes import Evidence, LogHead, SealedBox, minutes_json
from vote.assembly.outcome import Count
from vote.assembly.papers import Paper
from vote.assembly.papers import elections as papers_of
from vote.assembly.record import Record
from vote.audit.witnesses import WITNESSES, encode_witnesses
from vote.election import ballot, credential, lot, tally, trustee
from vote.election.archive import EventType
from vote.election.election import Election, Question
from vote.election.fingerprint import hash_hex
from vote.election.setup import SetupData, encode_credentials
from vote.election.sums import Sums, ciphertexts_of
from vote.election.tally import encrypted_tally
from vote.tlog import entry
from vote.tlog.checkpoint import Checkpoint, sign_checkpoint
from vote.tlog.cosignature import CosignerKey, CosignerSigningKey, add_signatures
from vote.tlog.merkle import Tree, leaf_hash
from vote.tlog.note import SigningKey
from vote.tlog.proof import TlogProof
from vote.tlog.tiles import encode_entries, tile_hashes, tiles_of

ASSEMBLY = "atelier-2026"
PHOTO = "photos/ada.png"
MINUTES, MINUTES_DATA = "minutes/en.pdf", "minutes.json"
ROLL = {"persons": {"p1": 1, "p2": 3, "p3": 1}, "staff": {"s1": 1, "s2": 2}}
TOML = (Path(__file__).parent / "assemblies/atelier.toml").read_text()
FOR, AGAINST, ABSTAIN = (1, 0, 0), (0, 1, 0), (0, 0, 1)
BLANK, ADA, BELA = (1, 0, 0), (0, 1, 0), (0, 0, 1)

Files = Mapping[str, bytes]


class Workshop:
    """The assembly. Every method is one act of it, which a forgery may do otherwise."""

    def __init__(self, toml: str = TOML) -> None:
        self.definition: Definition = from_toml(toml)
        self.log_key = SigningKey.generate(f"vote.example/log/{ASSEMBLY}")
        self.entries: list[bytes] = []
        self.files: dict[str, bytes] = {
            PHOTO: b"\x89PNG\r\n\x1a\n made up",
            MINUTES: b"%PDF- made up",
        }
        members = [member for college in ROLL.values() for member in college]
        codes = {member: credential.generate_code() for member in members}
        bureau = [trustee.generate_private_key() for _ in range(2)]
        self.boxes = [self._box(paper, codes, bureau) for paper in papers_of(self.definition)]

    @staticmethod
    def _box(paper: Paper, codes: Mapping[str, str], bureau: list[int]) -> Box:
        weights = ROLL[paper.college or ""]
        own = {member: codes[member] for member in weights}
        keys = [trustee.generate_private_key(), *bureau]
        return Box(paper, credential.generate_uuid(), own, weights, keys)

    def copy(self) -> Workshop:
        """The same once more, to go another way from here."""
        other = copy.copy(self)
        other.entries = list(self.entries)
        other.files = dict(self.files)
        other.boxes = copy.deepcopy(self.boxes)
        return other

    def box(self, ballot: str = "main", college: str = "persons") -> Box:
        return next(b for b in self.boxes if (b.paper.ballot, b.paper.college) == (ballot, college))

    # Opening

    def definition_json(self) -> bytes:
        return canonical_json(self.definition)

    def elections_json(self) -> bytes:
        return rfc8785.dumps(
            [
                {
                    "ballot": box.paper.ballot,
                    "college": box.paper.college,
                    "uuid": box.uuid,
                    "file": box.file,
                }
                for box in self.boxes
            ]
        )

    def open(
        self,
        election: Callable[[Box, Election], Election] = lambda _, data: data,
        voters: Callable[[Box, list[tuple[credential.Point, int]]], object] = lambda *_: None,
    ) -> Workshop:
        """Seal the definition. `election` and `voters` may change what an election begins with."""
        self.files["assembly.json"] = self.definition_json()
        self.files["elections.json"] = self.elections_json()
        self.entries.append(self.definition_entry())
        for box in self.boxes:
            roll = [
                (credential.public_key(box.codes[member], box.uuid), weight)
                for member, weight in box.weights.items()
            ]
            voters(box, roll)
            trustees = self.trustees(box)
            data = election(box, self.election(box, trustees))
            box.files = (data.encode(), trustees.encode(), encode_credentials(roll))
            self.event(box, "Setup", *box.files, SetupData.of(*box.files).encode())
        return self

    def trustees(self, box: Box) -> trustee.Trustees:
        keys = [trustee.parse_public_key(trustee.public_key_json(key)) for key in box.keys]
        return trustee.Trustees.singles(keys)

    def secret(self, box: Box) -> int:
        """The election's private key, which in truth nobody holds."""
        return sum(box.keys) % credential.Q

    def definition_entry(self) -> bytes:
        hashes = [
            sha256(self.files[name]).hexdigest() for name in ("assembly.json", "elections.json")
        ]
        return entry.Definition(ASSEMBLY, *hashes).encode()

    def election(self, box: Box, trustees: trustee.Trustees) -> Election:
        digest = sha256(self.files["assembly.json"]).hexdigest()
        questions = tuple(
            Question(q.answers, q.blank, q.min, q.max, q.id) for q in box.paper.questions
        )
        return Election(
            description=f"sha256:{digest}",
            name=f"{ASSEMBLY}/{box.paper.ballot}/{box.paper.college}",
            public_key=trustees.election_public_key(),
            questions=questions,
            uuid=box.uuid,
        )

    def event(self, box: Box, kind: EventType, *data: bytes) -> None:
        """Into the archive and into the log."""
        self.entries.append(box.event(kind, *data))

    # Voting

    def cast(self, box: Box, member: str, answers: Answers) -> bytes:
        return self.record(box, box.encrypt(member, answers))

    def record(self, box: Box, data: bytes) -> bytes:
        box.ballots.append(data)
        self.event(box, "Ballot", data)
        return data

    def vote(self) -> Workshop:
        """Somebody votes twice, somebody blank, somebody not at all."""
        persons, staff = self.box(), self.box(college="staff")
        self.cast(persons, "p1", (AGAINST, BELA))
        self.cast(staff, "s1", (FOR, ADA))
        self.cast(persons, "p2", (FOR, BLANK))
        self.cast(persons, "p1", (FOR, ADA))
        self.cast(persons, "p3", (ABSTAIN, BELA))
        self.cast(self.box("motion"), "p1", (FOR,))
        return self

    # Closing

    def close(self) -> Workshop:
        for box in self.boxes:
            self.event(box, "EndBallots")
        return self.close_papers()

    def close_papers(self) -> Workshop:
        for paper in self.definition.ballots:
            self.entries.append(entry.Closed(ASSEMBLY, paper.id).encode())
        return self

    def sum_up(
        self,
        weigh: Callable[[Box], Iterable[tuple[bytes, int]]] = Box.weighed,
        size: Callable[[tally.SizedTally], tally.SizedTally] = lambda sized: sized,
    ) -> Workshop:
        """`weigh` says which ballots are added up and how often, `size` what is said of it."""
        for box in self.boxes:
            sums = Sums.empty(sum(question.width for question in box.setup.election.questions))
            for data, weight in weigh(box):
                sums.add(ciphertexts_of(ballot.parse(data)), weight)
            box.tally = encrypted_tally(box.setup.election, sums)
            box.voters, box.total_weight = sums.count, sums.total_weight
            sized = size(tally.SizedTally.of(sums, box.tally))
            self.event(box, "EncryptedTally", box.tally, sized.encode())
            box.tally_event = hash_hex(box.items[-1][1])
        return self

    def decrypt(
        self,
        share: Callable[[Box, int], bytes] | None = None,
        lots: Callable[[Box, int], Iterable[bytes]] | None = None,
    ) -> Workshop:
        """`share` and `lots` may give other partial decryptions and lots for a trustee, by number
        from 1. What is recorded of a partial decryption need not be what the sums come from."""
        for box in self.boxes:
            for owner in range(1, len(box.keys) + 1):
                box.shares[owner] = self.partial(box, owner)
                made = share(box, owner) if share else box.shares[owner]
                if made:
                    owned = tally.Owned(owner, hash_hex(made)).encode()
                    self.event(box, "PartialDecryption", made, owned)
                self.entries += lots(box, owner) if lots else self.lots(box, owner)
        return self

    def partial(self, box: Box, owner: int) -> bytes:
        return tally.partial_decryption(box.setup, box.tally, box.keys[owner - 1])

    def lots(self, box: Box, owner: int) -> list[bytes]:
        return [self.lot(box, owner)] if box.paper.ballot == "main" else []

    def lot(self, box: Box, owner: int) -> bytes:
        key = box.keys[owner - 1]
        share = lot.lot_share(key, box.setup.fingerprint, box.tally_event)
        return entry.Lot(box.uuid, owner, share).encode()

    def publish_results(
        self, alter: Callable[[Box, list[list[int]]], object] = lambda *_: None
    ) -> Workshop:
        """`alter` may change the sums in place before they are published."""
        for box in self.boxes:
            _, box.sums = tally.result(box.setup, box.tally, box.shares, box.total_weight)
            alter(box, box.sums)
            self.event(box, "Result", result_json(box.sums))
        return self

    # Deciding

    def decide(self, minutes: Callable[[bytes], bytes] = lambda data: data) -> Workshop:
        """`minutes` may change what is written of the assembly."""
        decided = self.outcome()
        self.files["outcome.json"] = outcome.outcome_json(decided)
        self.files[MINUTES_DATA] = minutes(self.minutes(decided))
        self.entries.append(self.outcome_entry())
        return self

    def minutes(self, decided: outcome.Outcome) -> bytes:
        digest = sha256(self.files["elections.json"]).hexdigest()
        boxes = tuple(
            SealedBox(box.paper.ballot, box.paper.college, box.uuid, len(box.ballots), box.sealed)
            for box in self.boxes
        )
        root = self.tree().root().base64()
        head = LogHead(self.log_key.verifier.encode(), len(self.entries), root)
        evidence = Evidence(digest, boxes, head)
        record = Record(made="2026-06-26T15:00:00Z", chair="C. Example")
        return minutes_json(self.definition, self.counts(), decided, evidence, record)

    def witnessed(self, *listed: CosignerKey) -> Workshop:
        """From now on, these may cosign."""
        self.files[WITNESSES] = encode_witnesses(listed)
        return self

    def cosigned(self, *witnesses: CosignerSigningKey) -> bytes:
        """The newest checkpoint with cosignatures in this order."""
        head = Checkpoint(self.log_key.name, len(self.entries), self.tree().root())
        lines = [witness.cosign(head, 1_780_000_000) for witness in witnesses]
        return add_signatures(self.checkpoint(), lines)

    def outcome(self) -> outcome.Outcome:
        return outcome.compute(self.definition, self.counts(), {"main": lot.seed(self._lots())})

    def counts(self) -> dict[str, dict[str, Count]]:
        counts: dict[str, dict[str, Count]] = {}
        for box in self.boxes:
            counts.setdefault(box.paper.ballot, {})[box.paper.college or "*"] = self._count(box)
        return counts

    @staticmethod
    def _count(box: Box) -> Count:
        sums = {}
        for question, found in zip(box.paper.questions, box.sums, strict=True):
            answers = ["@blank"] * question.blank + list(question.answers)
            sums[question.id] = dict(zip(answers, found, strict=True))
        return Count(len(box.weights), box.voters, box.total_weight, sums)

    def _lots(self) -> Iterator[credential.Point]:
        for box in self.boxes:
            if box.paper.ballot == "main":
                base = lot.base_point(box.setup.fingerprint, box.tally_event)
                yield base.mul(self.secret(box))

    def outcome_entry(self) -> bytes:
        further = {
            name: sha256(self.files[name]).hexdigest()
            for name in (PHOTO, MINUTES, MINUTES_DATA, WITNESSES)
            if name in self.files
        }
        digest = sha256(self.files["outcome.json"]).hexdigest()
        return entry.Outcome(digest, further).encode()

    # The bundle

    def tree(self) -> Tree:
        return Tree(leaf_hash(each) for each in self.entries)

    def checkpoint(self, size: int | None = None, key: SigningKey | None = None) -> bytes:
        size, key = len(self.entries) if size is None else size, key or self.log_key
        return sign_checkpoint(Checkpoint(key.name, size, self.tree().root(size)), key)

    def receipt(self, number: int, size: int | None = None) -> bytes:
        """The receipt for entry `number`, from when the log had `size` entries."""
        path = self.tree().inclusion_proof(number, size)
        return TlogProof(self.entries[number], number, path, self.checkpoint(size)).encode()

    def log_files(self) -> Files:
        tree, files = self.tree(), {}
        for tile in tiles_of(tree.size):
            if tile.level == "entries":
                data = encode_entries(self.entries[tile.start : tile.start + tile.width])
            else:
                data = tile_hashes(tile, tree.node)
            files[f"log/{tile.path}"] = data
        return files | {
            "log/key": self.log_key.verifier.line(),
            "log/checkpoint": self.checkpoint(),
        }

    def bundle(self) -> Files:
        return self.files | {box.file: box.archive() for box in self.boxes} | self.log_files()


def result_json(sums: list[list[int]]) -> bytes:
    return json.dumps({"result": sums}, separators=(",", ":")).encode()


def write(files: Files, folder: Path) -> Path:
    """A bundle as a folder."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder
