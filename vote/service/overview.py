"""What the pages show: an assembly, where it stands, and what is to be done next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from vote.assembly.definition import Definition
from vote.assembly.model import WHOLE
from vote.assembly.power import Power, powers
from vote.service.errors import Refusal, unknown_election
from vote.service.house import House
from vote.service.prepare import definition_of, get
from vote.service.window import PaperState, Window, paper_state, voting_window
from vote.store import log as log_store
from vote.store import people
from vote.store.archive import elections, setup_parts
from vote.store.models import Assembly, Attachment, Election


@dataclass(frozen=True, slots=True)
class ElectionView:
    """One election of the assembly; `stage` is prepared, open, closed, summed or decided."""

    uuid: str
    ballot: str
    college: str | None
    stage: str


@dataclass(frozen=True, slots=True)
class PaperView:
    """A ballot paper: whether members can vote on it now, and its window as announced.

    `closed`: when the host closed it, in the assembly's time zone.
    """

    ballot: str
    state: PaperState
    window: Window
    closed: datetime | None = None

    @property
    def ends(self) -> datetime:
        """Until when members can vote, or could."""
        return min(self.window.closes, self.closed or self.window.closes)


@dataclass(frozen=True, slots=True)
class TrusteeView:
    """One of the bureau's trustees, and whether the key is there."""

    number: int
    name: str
    has_key: bool


@dataclass(frozen=True, slots=True)
class View:
    """An assembly as it stands. `state` is draft, open, closed or decided."""

    id: str
    definition: Definition
    definition_sha256: str
    state: str
    rehearsal: bool
    members: int
    codes_issued: bool
    elections: tuple[ElectionView, ...]
    papers: tuple[PaperView, ...]
    trustees: tuple[TrusteeView, ...]
    log_key: str | None
    log_size: int
    outcome: bytes | None


def assemblies(house: House) -> list[View]:
    """Every assembly, the newest meeting first."""
    with house.database.reading() as session:
        rows = session.execute(select(Assembly)).scalars().all()
        views = [_view(house, session, row) for row in rows]
    return sorted(views, key=lambda view: view.definition.assembly.meeting, reverse=True)


def view(house: House, assembly: str) -> View:
    with house.database.reading() as session:
        return _view(house, session, get(session, assembly))


def _view(house: House, session: Session, row: Assembly) -> View:
    definition = definition_of(row)
    rows = elections(session, row.id)
    head = log_store.head(session, row.id)
    newest = log_store.latest_checkpoint(session, row.id)
    papers = {each.ballot: each for each in rows}
    now = house.clock()
    return View(
        id=row.id,
        definition=definition,
        definition_sha256=sha256(row.definition).hexdigest(),
        state=row.state,
        rehearsal=row.rehearsal,
        members=people.count_members(session, row.id),
        codes_issued=bool(rows),
        elections=tuple(ElectionView(e.uuid, e.ballot, e.college, e.stage) for e in rows),
        papers=tuple(
            _paper(definition, ballot.id, papers.get(ballot.id), now)
            for ballot in definition.ballots
        ),
        trustees=tuple(
            TrusteeView(each.number, each.name, each.public_key is not None)
            for each in people.trustees(session, row.id)
        ),
        log_key=head.key if head else None,
        log_size=newest.size if newest else 0,
        outcome=row.outcome,
    )


def _paper(
    definition: Definition, ballot: str, election: Election | None, now: datetime
) -> PaperView:
    """:param election: one of the ballot paper's; all of them open and close at once"""
    stage = election.stage if election else "prepared"
    window = voting_window(definition, ballot)
    closed = election.closed_at if election else None
    return PaperView(
        ballot,
        paper_state(definition, ballot, stage, now),
        window,
        datetime.fromisoformat(closed).astimezone(window.closes.tzinfo) if closed else None,
    )


def power(house: House, assembly: str) -> tuple[Power, ...]:
    """What each college weighs, and one vote in it, if everybody on the roll takes part."""
    with house.database.reading() as session:
        definition = definition_of(get(session, assembly))
        listed = people.enrolled(session, assembly)
    total = people.Enrolled(
        sum(each.members for each in listed.values()), sum(each.weight for each in listed.values())
    )
    found = {
        college: total if college == WHOLE else listed.get(college, people.Enrolled(0, 0))
        for college in definition.shares
    }
    return powers(
        definition,
        {college: each.members for college, each in found.items()},
        {college: each.weight for college, each in found.items()},
    )


def definition_bytes(house: House, assembly: str) -> bytes:
    """`assembly.json` as it is hashed."""
    with house.database.reading() as session:
        return get(session, assembly).definition


def elections_bytes(house: House, assembly: str) -> bytes:
    """`elections.json`. Raises Refusal before opening."""
    with house.database.reading() as session:
        found = get(session, assembly).elections_json
    if found is None:
        raise Refusal("not-open", "Voting has not been opened yet.", status=404)
    return found


def election_bytes(house: House, uuid: str) -> bytes:
    """The election as it is hashed: what a booth encrypts to."""
    with house.database.reading() as session:
        row = people.election_by_uuid(session, uuid)
        if row is None or row.stage == "prepared":
            raise unknown_election(uuid)
        return setup_parts(session, uuid).election


def photo(house: House, assembly: str, name: str) -> bytes:
    with house.database.reading() as session:
        found = session.get(Attachment, (assembly, f"photos/{name}"))
        if found is None:
            raise Refusal("no-such-photo", "There is no such picture.", status=404)
        return found.content
