"""The verification of a receipt, step by step; the report repeats the numbers.

1. The receipt is a C2SP tlog-proof in its one accepted form and carries the event that it is for.
2. The log signed the receipt's checkpoint: with the key that was given, or with the bundle's.
3. The path leads from the event, at its index, to the root of that checkpoint.
4. The event is that of a ballot, and of the very ballot that was given, if one was.

With a bundle:

5. The bundle's log is whole: its checkpoint is signed with the same key, every tile leads to it.
6. The bundle's log goes on from the receipt's: its first entries are the tree that was signed then.
7. The event stands at its index in the bundle's log and is in the archive of its election. Whether
   it counts or was replaced by a later ballot of the same code is read there.

Whether the ballots are rightly counted is for `vote.audit.verify` to say.
"""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

from vote.audit.archives import scan_archive
from vote.audit.errors import UnreadableError, refuse
from vote.audit.log import (
    CHECKPOINT,
    SignedLog,
    check_checkpoint,
    check_logged,
    check_tiles,
    entries_file,
    read_entries,
    read_key,
)
from vote.audit.prescribed import archives_in
from vote.audit.report import Ledger, Report, there
from vote.audit.source import Source, open_source
from vote.audit.steps import BALLOT, BOX, CONTINUED, FORM, INCLUSION, LOG, SIGNATURE
from vote.election.archive import Event
from vote.election.check import Scan
from vote.election.errors import ProtocolError
from vote.election.fingerprint import tracker_of
from vote.election.setup import SetupData
from vote.tlog import misbehaviour
from vote.tlog.checkpoint import Checkpoint, open_checkpoint
from vote.tlog.errors import LogError
from vote.tlog.merkle import Tree, leaf_hash
from vote.tlog.note import VerifierKey
from vote.tlog.proof import MAX_PROOF_SIZE, TlogProof

_BEGINNING: Final = b"c2sp.org/tlog-proof@"
_MAX_BALLOT: Final = 2**20

Standing = Literal["counted", "replaced"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a receipt's ballot is in the box: in which archive, and whether it counts."""

    file: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class ReceiptReport:
    """The report, and, if the log contradicts the receipt, a file that proves it to others."""

    report: Report
    misbehaviour: bytes | None


def verify_receipt(
    receipt: Path,
    *,
    bundle: Path | None = None,
    key: VerifierKey | None = None,
    ballot: Path | None = None,
) -> ReceiptReport:
    """Verify a receipt against a bundle, a known key, or both, and for a ballot if it is given.

    Raises UnreadableError.
    """
    data = _read(receipt, MAX_PROOF_SIZE)
    if not data.startswith(_BEGINNING):
        raise UnreadableError("not-a-receipt", f"{receipt} is not a receipt of a ballot log.")
    given = None if ballot is None else _read(ballot, _MAX_BALLOT)
    if bundle is None:
        return _Receipt(data, None, key, given).verify()
    with closing(open_source(bundle)) as source:
        if source.kind != "bundle":
            message = f"{bundle} is a single archive. A receipt is looked up in a whole bundle."
            raise UnreadableError("not-a-bundle", message)
        return _Receipt(data, source, key, given).verify()


def _read(path: Path, limit: int) -> bytes:
    try:
        if not path.is_file():
            raise UnreadableError("unreadable", f"{path} is not a file.")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        raise UnreadableError("unreadable", f"{path} cannot be read.") from error
    if len(data) > limit:
        raise UnreadableError("too-large", f"{path} is too large to be what it should be.")
    return data


class _Receipt:
    """A receipt on its way through the steps; what failed stays None."""

    def __init__(
        self, data: bytes, source: Source | None, key: VerifierKey | None, ballot: bytes | None
    ) -> None:
        self._data = data
        self._source = source
        self._key = key
        self._ballot = ballot
        self._ledger = Ledger()
        self._proof: TlogProof | None = None
        self._signed: Checkpoint | None = None
        self._event: Event | None = None
        self._log: SignedLog | None = None
        self._entries: tuple[bytes, ...] | None = None
        self._place: Place | None = None

    def verify(self) -> ReceiptReport:
        """All steps, in their order."""
        self._by_itself()
        if self._source is not None:
            self._in_bundle(self._source)
        proof = self._misbehaviour()
        checks = tuple(self._ledger.checks)
        words = self._words() + ((proof.message,) if proof else ())
        report = Report("receipt", checks, self._facts(), words)
        return ReceiptReport(report, proof.file if proof else None)

    def _by_itself(self) -> None:
        # 1
        self._proof = self._ledger.attempt(FORM, None, self._check_form)
        # 2
        self._signed = self._ledger.attempt(
            SIGNATURE,
            None,
            self._check_signature,
            needs={FORM: self._proof},
            detail=lambda checkpoint: checkpoint.origin,
        )
        # 3
        included = self._ledger.attempt(
            INCLUSION,
            None,
            self._check_inclusion,
            needs={SIGNATURE: self._signed},
            detail=lambda proof: f"entry {proof.index} of {there(self._signed).size}",
        )
        # 4
        self._event = self._ledger.attempt(
            BALLOT, None, self._check_ballot, needs={INCLUSION: included}
        )

    def _check_form(self) -> TlogProof:
        proof = TlogProof.parse(self._data)
        if proof.encode() != self._data:
            raise refuse("receipt-not-canonical", "the receipt is not in its one accepted form")
        proof.entry()
        return proof

    def _check_signature(self) -> Checkpoint:
        if self._key is None:
            self._key = read_key(there(self._source))
        return open_checkpoint(there(self._proof).checkpoint, self._key)

    def _check_inclusion(self) -> TlogProof:
        proof = there(self._proof)
        proof.verify(proof.entry(), there(self._key))
        return proof

    def _check_ballot(self) -> Event:
        try:
            event = Event.parse(there(self._proof).entry())
        except ProtocolError as error:
            raise refuse(
                "not-a-ballot", "the receipt is for something else than a ballot"
            ) from error
        if event.type != "Ballot" or event.payload is None:
            raise refuse("not-a-ballot", "the receipt is for something else than a ballot")
        if self._ballot is not None and sha256(self._ballot).hexdigest() != event.payload:
            raise refuse("other-ballot", "the receipt is for another ballot than this one")
        return event

    def _in_bundle(self, source: Source) -> None:
        # 5
        self._entries = self._ledger.attempt(
            LOG,
            CHECKPOINT,
            partial(self._check_log, source),
            detail=lambda entries: f"{len(entries)} entries",
        )
        # 6
        self._ledger.attempt(
            CONTINUED,
            CHECKPOINT,
            self._check_continued,
            needs={SIGNATURE: self._signed, LOG: self._entries},
        )
        # 7
        self._place = self._ledger.attempt(
            BOX,
            None,
            partial(self._find, source),
            needs={BALLOT: self._event, LOG: self._entries},
            detail=lambda place: place.file,
        )

    def _check_log(self, source: Source) -> tuple[bytes, ...]:
        self._log = check_checkpoint(source, self._key)
        return check_tiles(source, self._log)

    def _check_continued(self) -> bool:
        before, entries = there(self._signed), there(self._entries)
        if before.size > len(entries):
            message = f"the receipt is of a log of {before.size} entries, longer than the bundle's"
            raise refuse("receipt-newer", message)
        if Tree(map(leaf_hash, entries[: before.size])).root() != before.root:
            message = f"its first {before.size} entries are not those that were signed before"
            raise refuse("not-continued", message)
        return True

    def _find(self, source: Source) -> Place:
        entries, proof = there(self._entries), there(self._proof)
        if proof.index >= len(entries) or entries[proof.index] != proof.entry():
            message = f"entry {proof.index} of the bundle's log is not this ballot's"
            raise refuse("not-in-log", message, CHECKPOINT)
        contents = read_entries(entries)
        item = contents.at(proof.index)
        if item is None or item.chain is None:
            file = entries_file(proof.index, len(entries))
            raise refuse("not-in-archive", "the ballot's event belongs to no election", file)
        for file in archives_in(source):
            scan = scan_archive(source, file)
            payload = sha256(
                SetupData.of(scan.election, scan.trustees, scan.credentials).encode()
            ).hexdigest()
            if payload == item.chain.setup:
                check_logged(contents, scan, payload)
                return Place(file, _standing(scan, there(self._event)))
        raise refuse("not-in-archive", "the archive of this ballot's election is not there")

    def _misbehaviour(self) -> _Proof | None:
        """What can be proved to others, if the log's own signatures contradict each other."""
        proof, key, entries, log = self._proof, self._key, self._entries, self._log
        if self._signed is None or proof is None or key is None or not entries or log is None:
            return None
        tree = Tree(map(leaf_hash, entries))
        with suppress(LogError):
            found = misbehaviour.from_receipt(proof, log.note, key, tree.node, entries[-1])
            return _Proof(misbehaviour.encode(found, key), found.verify(key).message)
        return None

    def _facts(self) -> dict[str, object]:
        payload = self._event and self._event.payload
        return {
            "index": self._proof and self._proof.index,
            "size": self._signed and self._signed.size,
            "tracker": payload and tracker_of(payload),
            "standing": self._place and self._place.standing,
        }

    def _words(self) -> tuple[str, ...]:
        if self._event is None or self._event.payload is None:
            return ("This is not a genuine receipt for your ballot in this log.",)
        words = [f"The receipt is genuine. Tracker: {tracker_of(self._event.payload)}"]
        if self._source is None:
            words.append("Whether the ballot counts is seen with the bundle (--bundle).")
        elif self._entries is None:
            words.append("The bundle's log does not hold, so the ballot was not looked up in it.")
        elif self._place is None:
            words.append("But the bundle does not hold this ballot as the receipt promises.")
        else:
            words.append(_STANDING_WORDS[self._place.standing])
        return tuple(words)


@dataclass(frozen=True, slots=True)
class _Proof:
    file: bytes
    message: str


_STANDING_WORDS: Final = {
    "counted": "This ballot is in the box and is the one that counts for its code.",
    "replaced": "This ballot is in the box, and a later one of the same code counts instead.",
}


def _standing(scan: Scan, event: Event) -> Standing:
    number = scan.ballots.get(event.payload or "")
    if number is None:
        raise refuse("not-in-archive", "the archive does not have this ballot")
    return "counted" if number in scan.last_ballot.values() else "replaced"
