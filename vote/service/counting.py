"""What came out of the boxes: every election's sums, and the seeds of the lots."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from vote.assembly.count import Count, Counts
from vote.assembly.definition import Definition
from vote.assembly.outcome import Outcome, compute
from vote.assembly.papers import Paper
from vote.assembly.papers import elections as papers_of
from vote.audit.counts import WHOLE_ASSEMBLY, count_of
from vote.election import lot, tally
from vote.election.setup import Setup
from vote.store import people
from vote.store.archive import elections, find_event_hash, payloads, setup_parts
from vote.store.models import Election, LotShare


@dataclass(frozen=True, slots=True)
class Counted:
    """All that a decision is computed from, and the decision: `seeds` by ballot paper."""

    definition: Definition
    counts: Counts
    seeds: dict[str, bytes]
    outcome: Outcome


def count(session: Session, definition: Definition) -> Counted:
    """Decide an assembly whose elections all have a result."""
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
    return Counted(definition, counts, seeds, compute(definition, counts, seeds))


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
