"""Step 19: the minutes say what the bundle says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vote.assembly import minutes as law
from vote.assembly.record import Record
from vote.audit.archives import Archive
from vote.audit.decision import Decided
from vote.audit.errors import in_file, refuse
from vote.audit.log import Contents, SignedLog
from vote.audit.prescribed import ELECTIONS_FILE, Defined, Listed
from vote.audit.source import Source, digest, read
from vote.tlog.merkle import Tree, leaf_hash

MINUTES_FILE: Final = law.FILE
MAX_MINUTES: Final = 64 * 2**20


def check_minutes(
    source: Source,
    defined: Defined,
    boxes: Sequence[tuple[Listed, Archive]],
    log: tuple[SignedLog, Contents],
    decided: Decided,
) -> Record:
    """minutes.json, computed anew, is byte for byte the same but for what people said happened.

    That part, which nothing can confirm, is returned.
    """
    signed, contents = log
    before = contents.entries[:-1]
    evidence = law.Evidence(
        elections_sha256=digest(source, ELECTIONS_FILE),
        boxes=tuple(_sealed(each, archive, contents) for each, archive in boxes),
        log=law.LogHead(
            signed.key.encode(), len(before), Tree(map(leaf_hash, before)).root().base64()
        ),
    )
    data = read(source, MINUTES_FILE, MAX_MINUTES)
    with in_file(MINUTES_FILE):
        return law.check(data, defined.definition, decided.counts, decided.outcome, evidence)


def _sealed(each: Listed, archive: Archive, contents: Contents) -> law.SealedBox:
    chain = contents.chains.get(archive.setup_payload)
    if chain is None or chain.sealed is None:
        raise refuse("not-logged", "the log does not have the end of this election", each.file)
    ballots = len(archive.scanned.ballots)
    return law.SealedBox(each.paper.ballot, each.paper.college, each.uuid, ballots, chain.sealed)
