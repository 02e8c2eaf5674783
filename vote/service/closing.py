"""Closing: from here on, no ballot is taken."""

from __future__ import annotations

from vote.service import box, incidents
from vote.service.errors import Refusal
from vote.service.house import House
from vote.service.prepare import get
from vote.store.archive import append_event, archive_of, elections
from vote.store.log import append_entries
from vote.store.mandates import forget_sealed
from vote.tlog import entry


def close(house: House, assembly: str, ballot: str | None = None) -> None:
    """Close one ballot paper, or all that are open. It cannot be undone.

    What follows (sums, decryption, decision) is `vote.service.tally.advance`.
    """
    with house.database.writing() as session:
        row = get(session, assembly)
        if row.state == "draft":
            raise Refusal("not-open", "Voting has not been opened, so it cannot close.", status=409)
        log = box.lock(house, session, assembly)
        opened = [each for each in elections(session, assembly) if each.stage == "open"]
        closing = [each for each in opened if ballot in (None, each.ballot)]
        if not closing:
            raise Refusal("already-closed", "Voting has already been closed.", status=409)
        for election in closing:
            archive = archive_of(session, election.uuid)
            append_event(session, log, archive, "EndBallots", [], stage="closed")
            election.closed_at = incidents.stamp(house.clock())
        for paper in dict.fromkeys(election.ballot for election in closing):
            append_entries(session, log, [entry.Closed(assembly=assembly, ballot=paper).encode()])
        if closing == opened:
            row.state = "closed"
            forget_sealed(session, assembly)
    box.publish(house, assembly)
    house.database.forget_order()
