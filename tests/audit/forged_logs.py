"""Forged bundles: the log, its order, the lots, the files, the outcome."""

from __future__ import annotations

import base64
from collections.abc import Callable

from tests.audit.box import Box
from tests.audit.forging import PERSONS, STAFF, Collection, Stages, finish
from tests.audit.workshop import ADA, ASSEMBLY, FOR, Files, Workshop
from vote.audit.witnesses import WITNESSES
from vote.election.archive import Event
from vote.tlog import entry
from vote.tlog.checkpoint import Checkpoint
from vote.tlog.cosignature import CosignerSigningKey, add_signatures
from vote.tlog.note import SigningKey

FORGERIES = Collection()
forgery = FORGERIES.forgery

WITNESS = CosignerSigningKey.from_seed("witness.example", b"\x21" * 32)
KEY, CHECKPOINT, HASHES = "log/key", "log/checkpoint", "log/tile/0/000.p/44"
ENTRIES, ENTRIES_AND_ONE = "log/tile/entries/000.p/44", "log/tile/entries/000.p/45"
ORIGIN = f"vote.example/log/{ASSEMBLY}"


@forgery("a log signed with another key", 12, CHECKPOINT, "no-known-signature")
def _(stages: Stages) -> Files:
    workshop = stages.decided
    note = workshop.checkpoint(key=SigningKey.generate(ORIGIN))
    return workshop.bundle() | {CHECKPOINT: note}


@forgery("a ballot dropped, all done anew", 12, CHECKPOINT, "no-known-signature")
def _(stages: Stages) -> Files:
    """A ballot less, archives chained and a log signed with another key: all but the log's key."""
    workshop, key = stages.opened, stages.decided.log_key
    workshop.log_key = SigningKey.generate(ORIGIN)
    for ballot in stages.voted.box().ballots[:-1]:
        workshop.record(workshop.box(), ballot)
    return {**finish(workshop).bundle(), KEY: key.verifier.line()}


@forgery("an older checkpoint of the same log", 13, None, "tile-surplus")
def _(stages: Stages) -> Files:
    workshop = stages.decided
    return workshop.bundle() | {CHECKPOINT: workshop.checkpoint(5)}


@forgery("a signature that nobody can check", 12, CHECKPOINT, "signers-differ")
def _(stages: Stages) -> Files:
    workshop = stages.decided
    other = SigningKey.generate("somebody.example")
    text = workshop.checkpoint().rpartition(b"\n\n")[0].decode() + "\n"
    line = other.signature(text).encode().encode()
    return workshop.bundle() | {CHECKPOINT: workshop.checkpoint() + line}


@forgery("the log's signature twice", 12, CHECKPOINT, "signers-differ")
def _(stages: Stages) -> Files:
    note = stages.decided.bundle()[CHECKPOINT]
    return stages.decided.bundle() | {CHECKPOINT: note + note.rpartition(b"\n\n")[2]}


@forgery("a witness that the log does not name", 17, WITNESSES, "file-surplus")
def _(stages: Stages) -> Files:
    workshop = stages.decided.witnessed(WITNESS.verifier)
    return workshop.bundle() | {CHECKPOINT: workshop.cosigned(WITNESS)}


@forgery("other witnesses than the log names", 17, WITNESSES, "file-differs")
def _(stages: Stages) -> Files:
    other = CosignerSigningKey.generate("witness.example")
    workshop = stages.published.witnessed(WITNESS.verifier).decide().witnessed(other.verifier)
    return workshop.bundle() | {CHECKPOINT: workshop.cosigned(other)}


@forgery("a witness listed by nobody", 12, CHECKPOINT, "signers-differ")
def _(stages: Stages) -> Files:
    return stages.decided.bundle() | {CHECKPOINT: stages.decided.cosigned(WITNESS)}


@forgery("the list of witnesses gone", 12, CHECKPOINT, "signers-differ")
def _(stages: Stages) -> Files:
    workshop = stages.published.witnessed(WITNESS.verifier).decide()
    files = {**workshop.bundle(), CHECKPOINT: workshop.cosigned(WITNESS)}
    del files[WITNESSES]
    return files


@forgery("a witness twice", 12, WITNESSES, "witness-twice")
def _(stages: Stages) -> Files:
    return stages.published.witnessed(*[WITNESS.verifier] * 2).decide().bundle()


@forgery("witnesses in another order", 12, CHECKPOINT, "signers-differ")
def _(stages: Stages) -> Files:
    other = CosignerSigningKey.generate("other.example")
    workshop = stages.published.witnessed(WITNESS.verifier, other.verifier).decide()
    return workshop.bundle() | {CHECKPOINT: workshop.cosigned(other, WITNESS)}


@forgery("a cosignature of another tree", 12, CHECKPOINT, "signature-invalid")
def _(stages: Stages) -> Files:
    workshop = stages.decided
    files, witness = workshop.bundle(), CosignerSigningKey.generate("witness.example")
    older = Checkpoint(ORIGIN, 5, workshop.tree().root(5))
    note = add_signatures(files[CHECKPOINT], [witness.cosign(older, 1_780_000_000)])
    return files | {CHECKPOINT: note, "log/witnesses": witness.verifier.line()}


@forgery("an empty list of witnesses", 12, "log/witnesses", "no-final-newline")
def _(stages: Stages) -> Files:
    return stages.decided.bundle() | {"log/witnesses": b""}


@forgery("a checkpoint of another log by the same key", 12, CHECKPOINT, "no-known-signature")
def _(stages: Stages) -> Files:
    workshop = stages.decided
    other = SigningKey.from_seed("vote.example/log/other", workshop.log_key.seed())
    return workshop.bundle() | {CHECKPOINT: workshop.checkpoint(key=other)}


@forgery("a root in another base64", 12, CHECKPOINT, "signature-invalid")
def _(stages: Stages) -> Files:
    workshop = stages.decided
    origin, size, root, *rest = workshop.checkpoint().split(b"\n")
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    loose = root[:-2] + alphabet[alphabet.index(root[-2]) + 1 :][:1] + root[-1:]
    assert base64.b64decode(loose) == base64.b64decode(root)
    return workshop.bundle() | {CHECKPOINT: b"\n".join([origin, size, loose, *rest])}


@forgery("a log's key in another base64", 12, KEY, "base64-not-canonical")
def _(stages: Stages) -> Files:
    line = stages.decided.bundle()[KEY]
    return stages.decided.bundle() | {KEY: line.rstrip(b"\n") + b"====\n"}


@forgery("a key without the end of its line", 12, KEY, "no-final-newline")
def _(stages: Stages) -> Files:
    files = stages.decided.bundle()
    return files | {KEY: files[KEY][:-1]}


@forgery("a log that claims a million million entries", 13, None, "tile-missing")
def _(stages: Stages) -> Files:
    workshop = stages.decided
    text = f"{ORIGIN}\n1000000000000\n{workshop.tree().root().base64()}\n"
    note = f"{text}\n{workshop.log_key.signature(text).encode()}".encode()
    return workshop.bundle() | {CHECKPOINT: note}


@forgery("a tile of entries cut short", 13, ENTRIES, "entries-malformed")
def _(stages: Stages) -> Files:
    files, name = stages.decided.bundle(), ENTRIES
    return files | {name: files[name][:-1]}


@forgery("a tile of another size", 13, "log/tile/0/000.p/43", "tile-surplus")
def _(stages: Stages) -> Files:
    workshop = stages.decided
    files = workshop.bundle()
    return files | {"log/tile/0/000.p/43": files[HASHES][:-32]}


@forgery("a missing tile", 13, HASHES, "tile-missing")
def _(stages: Stages) -> Files:
    files = stages.decided.bundle()
    del files[HASHES]
    return files | {"log/tile/1/000.p/1": bytes(32)}


@forgery("a hash in a tile changed", 13, HASHES, "tile-mismatch")
def _(stages: Stages) -> Files:
    files, name = stages.decided.bundle(), HASHES
    return files | {name: bytes(32) + files[name][32:]}


@forgery("an entry changed", 13, ENTRIES, "tile-mismatch")
def _(stages: Stages) -> Files:
    files, name = stages.decided.bundle(), ENTRIES
    return files | {name: files[name].replace(b'"Setup"', b'"setup"', 1)}


@forgery("entries and hashes changed alike", 13, CHECKPOINT, "root-mismatch")
def _(stages: Stages) -> Files:
    workshop = stages.decided
    note = workshop.checkpoint()
    workshop.entries[7], workshop.entries[8] = workshop.entries[8], workshop.entries[7]
    return workshop.bundle() | {CHECKPOINT: note}


def relogged(stages: Stages, edit: Callable[[list[bytes]], object]) -> Workshop:
    """The honest assembly with other log entries, signed by the log itself."""
    workshop = stages.decided
    edit(workshop.entries)
    return workshop


def number_of(workshop: Workshop, box: Box, kind: str) -> int:
    """The number in the log of the last event of a kind in an election."""
    events = [data for what, data in box.items if what == "event"]
    [*_, event] = [data for data in events if Event.parse(data).type == kind]
    return workshop.entries.index(event)


@forgery("a ballot missing from the log", 14, PERSONS, "not-logged")
def _(stages: Stages) -> Workshop:
    workshop = stages.decided
    del workshop.entries[number_of(workshop, workshop.box(), "Ballot")]
    return workshop


@forgery("the last event missing from the log", 14, PERSONS, "not-logged")
def _(stages: Stages) -> Workshop:
    workshop = stages.decided
    del workshop.entries[number_of(workshop, workshop.box(), "Result")]
    return workshop


@forgery("an election missing from the log", 14, STAFF, "not-logged")
def _(stages: Stages) -> Workshop:
    workshop = stages.decided
    events = {data for kind, data in workshop.box(college="staff").items if kind == "event"}
    workshop.entries = [each for each in workshop.entries if each not in events]
    return workshop


@forgery("two ballots of one election in another order in the log", 14, PERSONS, "not-logged")
def _(stages: Stages) -> Workshop:
    workshop = stages.decided
    numbers = [
        workshop.entries.index(data)
        for kind, data in workshop.box().items
        if kind == "event" and b'"Ballot"' in data
    ]
    first, second = numbers[:2]
    entries = workshop.entries
    entries[first], entries[second] = entries[second], entries[first]
    return workshop


@forgery("a ballot dropped from the archive after it was logged", 14, PERSONS, "not-in-archive")
def _(stages: Stages) -> Workshop:
    return rewritten(stages, lambda ballots: ballots[:-1])


def rewritten(stages: Stages, edit: Callable[[list[bytes]], list[bytes]]) -> Workshop:
    """An archive made anew with other ballots, a log that is still the one that was published."""
    published = stages.decided
    workshop = stages.opened
    ballots = edit(published.box().ballots)
    for box, original in zip(workshop.boxes, published.boxes, strict=True):
        chosen = ballots if box.file == workshop.box().file else original.ballots
        for ballot in dict.fromkeys(chosen):
            workshop.record(box, ballot)
    workshop.close().sum_up().decrypt().publish_results().decide()
    workshop.entries = published.entries
    return workshop


@forgery("a ballot added to the archive alone", 14, PERSONS, "not-logged")
def _(stages: Stages) -> Workshop:
    added = stages.opened.box().encrypt("p3", (FOR, ADA))
    return rewritten(stages, lambda ballots: [*ballots, added])


@forgery("ballots reordered in the archive alone", 14, PERSONS, "events-differ")
def _(stages: Stages) -> Workshop:
    return rewritten(stages, lambda ballots: ballots[::-1])


@forgery("an event logged twice", 15, ENTRIES_AND_ONE, "event-stray")
def _(stages: Stages) -> Workshop:
    return relogged(stages, lambda entries: entries.insert(6, entries[5]))


@forgery("an entry that nobody knows", 15, ENTRIES_AND_ONE, "unknown-entry")
def _(stages: Stages) -> Workshop:
    return relogged(stages, lambda entries: entries.insert(6, b'{"type":"remark"}'))


@forgery("an entry of endless brackets", 15, ENTRIES_AND_ONE, "unknown-entry")
def _(stages: Stages) -> Workshop:
    return relogged(stages, lambda entries: entries.insert(6, b"[" * 60_000))


@forgery("an entry that is not canonical", 15, ENTRIES, "entry-not-canonical")
def _(stages: Stages) -> Workshop:
    def space(entries: list[bytes]) -> None:
        entries[-1] = entries[-1].replace(b":", b": ", 1)

    return relogged(stages, space)


@forgery("an entry after the outcome", 15, ENTRIES_AND_ONE, "outcome-misplaced")
def _(stages: Stages) -> Workshop:
    closed = entry.Closed(ASSEMBLY, "main").encode()
    return relogged(stages, lambda entries: entries.append(closed))


@forgery("two outcomes", 15, ENTRIES_AND_ONE, "outcome-misplaced")
def _(stages: Stages) -> Workshop:
    return relogged(stages, lambda entries: entries.insert(-1, entries[-1]))


@forgery("no outcome", 15, None, "outcome-missing")
def _(stages: Stages) -> Workshop:
    return relogged(stages, lambda entries: entries.pop())


@forgery("a ballot before the definition", 15, ENTRIES, "definition-misplaced")
def _(stages: Stages) -> Workshop:
    return relogged(stages, lambda entries: entries.insert(6, entries.pop(0)))


@forgery("no definition", 15, None, "definition-missing")
def _(stages: Stages) -> Workshop:
    return relogged(stages, lambda entries: entries.pop(0))


@forgery("an election that the bundle does not have", 15, ENTRIES_AND_ONE, "other-election")
def _(stages: Stages) -> Workshop:
    hidden = Event(None, 0, "Setup", "0" * 64).encode()
    return relogged(stages, lambda entries: entries.insert(5, hidden))


@forgery("a ballot paper never closed", 15, None, "never-closed")
def _(stages: Stages) -> Workshop:
    return relogged(stages, lambda entries: entries.remove(entry.Closed(ASSEMBLY, "main").encode()))


@forgery("a ballot paper closed twice", 15, ENTRIES_AND_ONE, "closed-twice")
def _(stages: Stages) -> Workshop:
    closed = entry.Closed(ASSEMBLY, "main").encode()
    return relogged(stages, lambda entries: entries.insert(entries.index(closed), closed))


@forgery("the closing of another assembly", 15, ENTRIES_AND_ONE, "other-assembly")
def _(stages: Stages) -> Workshop:
    return relogged(stages, lambda e: e.insert(12, entry.Closed("other", "main").encode()))


@forgery(
    "a ballot in one college after the closing of another",
    15,
    ENTRIES_AND_ONE,
    "ballot-after-closing",
)
def _(stages: Stages) -> Workshop:
    workshop = stages.voted
    persons, *others = workshop.boxes
    for box in others:
        workshop.event(box, "EndBallots")
    workshop.cast(persons, "p3", (FOR, ADA))
    workshop.event(persons, "EndBallots")
    return workshop.close_papers().sum_up().decrypt().publish_results().decide()


@forgery("sums before the closing", 15, ENTRIES, "tally-before-closing")
def _(stages: Stages) -> Workshop:
    workshop = stages.voted
    for box in workshop.boxes:
        workshop.event(box, "EndBallots")
    return workshop.sum_up().close_papers().decrypt().publish_results().decide()


@forgery("a closing while a college still votes", 15, ENTRIES, "closed-early")
def _(stages: Stages) -> Workshop:
    workshop = stages.voted.close_papers()
    for box in workshop.boxes:
        workshop.event(box, "EndBallots")
    return workshop.sum_up().decrypt().publish_results().decide()
