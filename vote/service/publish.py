"""The decision: from the results of the elections to `outcome.json`, the log's last entry."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from vote.assembly import outcome
from vote.assembly.definition import Definition
from vote.assembly.outcome import Count
from vote.assembly.papers import Paper
from vote.assembly.papers import elections as papers_of
from vote.audit.counts import WHOLE_ASSEMBLY, count_of
from vote.election import lot, tally
from vote.election.setup import Setup
from vote.service import box
from vote.service.house import House
from vote.service.prepare import definition_of, get
from vote.store import people
from vote.store.archive import elections, find_event_hash, payloads, setup_parts
from vote.store.log import append_entries, lock_head
from vote.store.models import Attachment, Election, LotShare
from vote.tlog import entry


def decide(house: House, assembly: str) -> bytes:
    """Compute the outcome by the definition's rules and close the log with its hash."""
    with house.database.writing() as session:
        log = lock_head(session, assembly)
        row = get(session, assembly)
        if row.outcome is None:
            definition = definition_of(row)
            row.outcome = _outcome(session, definition)
            row.state = "decided"
            last = entry.Outcome(
                outcome_sha256=sha256(row.outcome).hexdigest(), files=_files(session, assembly)
            )
            append_entries(session, log, [last.encode()])
        decided = row.outcome
    box.publish(house, assembly)
    return decided


def _outcome(session: Session, definition: Definition) -> bytes:
    rows = elections(session, definition.assembly.id)
    counts: dict[str, dict[str, Count]] = {}
    shares: dict[str, list[Election]] = {}
    for row, paper in zip(rows, papers_of(definition), strict=True):
        college = paper.college or WHOLE_ASSEMBLY
        counts.setdefault(paper.ballot, {})[college] = _count(session, row, paper)
        shares.setdefault(paper.ballot, []).append(row)
    seeds = {
        ballot: seed
        for ballot, of_ballot in shares.items()
        if (seed := _lot_seed(session, of_ballot)) is not None
    }
    return outcome.outcome_json(outcome.compute(definition, counts, seeds))


def _count(session: Session, row: Election, paper: Paper) -> Count:
    [sized_data] = payloads(session, row.uuid, "EncryptedTally")
    [result_data] = payloads(session, row.uuid, "Result")
    sized = tally.SizedTally.parse(sized_data)
    return count_of(
        paper,
        enrolled=len(people.credentials(session, row.uuid)),
        voters=sized.num_tallied,
        weight=sized.total_weight,
        result=tally.parse_result(result_data),
    )


def _lot_seed(session: Session, rows: list[Election]) -> bytes | None:
    """The seed of a ballot paper, from all its elections' shares; None where no lot is needed."""
    points = []
    for row in rows:
        statement = select(LotShare).where(LotShare.election == row.uuid)
        shares = {share.owner: share.content for share in session.execute(statement).scalars()}
        if not shares:
            return None
        setup = Setup.from_parts(*setup_parts(session, row.uuid))
        event_hash = find_event_hash(session, row.uuid, "EncryptedTally") or ""
        points.append(lot.combine(setup.trustees, setup.fingerprint, event_hash, shares))
    return lot.seed(points)


def _files(session: Session, assembly: str) -> Mapping[str, str]:
    """The bundle's further files (portraits, minutes) with their SHA-256."""
    statement = select(Attachment).where(Attachment.assembly == assembly)
    found = session.execute(statement).scalars()
    return {each.path: sha256(each.content).hexdigest() for each in found}
