"""Mandates in the database, and what was done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, func, select, union, update
from sqlalchemy.orm import Session

from vote.store.database import Transaction
from vote.store.models import Attendance, Mandate

GIVEN, REVOKED, DECLINED, VOTED = "given", "revoked", "declined", "voted"


def find(session: Session, assembly: str, mandate: str) -> Mandate | None:
    return session.get(Mandate, (assembly, mandate))


def last_given_by(session: Session, assembly: str, grantor: str) -> Mandate | None:
    """The member's newest mandate, whatever became of it."""
    statement = (
        select(Mandate)
        .where(Mandate.assembly == assembly, Mandate.grantor == grantor)
        .order_by(Mandate.position.desc())
        .limit(1)
    )
    return session.execute(statement).scalar_one_or_none()


def held_by(session: Session, assembly: str, holder: str) -> Sequence[Mandate]:
    """Every mandate that the member was given, the oldest first, whatever became of it."""
    statement = (
        select(Mandate)
        .where(Mandate.assembly == assembly, Mandate.holder == holder)
        .order_by(Mandate.position)
    )
    return session.execute(statement).scalars().all()


def add(session: Session, mandate: Mandate) -> None:
    """Store a new mandate, after all others of its assembly. The log's head must be locked."""
    last = select(func.max(Mandate.position)).where(Mandate.assembly == mandate.assembly)
    mandate.position = (session.execute(last).scalar_one() or 0) + 1
    session.add(mandate)
    session.flush()


def end(mandate: Mandate, state: str) -> None:
    """It opens nothing any more, and what was sealed is forgotten."""
    mandate.state = state
    mandate.sealed = b""


_END_OF = (
    update(Mandate.table())
    .where(
        Mandate.assembly == bindparam("of"),
        Mandate.grantor == bindparam("whom"),
        Mandate.state == GIVEN,
    )
    .values(state=VOTED, sealed=b"")
)


def end_of_voter(session: Transaction, assembly: str, member: str) -> None:
    """A member votes in person: the mandate that they gave, if any, ends."""
    session.execute(_END_OF, {"of": assembly, "whom": member})


def forget_sealed(session: Session, assembly: str) -> None:
    """Nothing can be cast any more: what the mandates carry is of no use to anybody honest."""
    session.execute(update(Mandate).where(Mandate.assembly == assembly).values(sealed=b""))


def count_represented(session: Session, assembly: str, holder: str) -> int:
    """The members whom somebody represents: by a mandate that stands, or by a ballot cast."""
    standing = select(Mandate.grantor).where(
        Mandate.assembly == assembly, Mandate.holder == holder, Mandate.state == GIVEN
    )
    cast = select(Attendance.member).where(
        Attendance.assembly == assembly, Attendance.represented_by == holder
    )
    both = union(standing, cast).subquery()
    return session.execute(select(func.count()).select_from(both)).scalar_one()


def papers_voted_for(session: Session, assembly: str, grantor: str, holder: str) -> set[str]:
    """The ballot papers on which the holder has voted for the grantor."""
    statement = select(Attendance.ballot).where(
        Attendance.assembly == assembly,
        Attendance.member == grantor,
        Attendance.represented_by == holder,
    )
    return set(session.execute(statement).scalars())


def represented(session: Session, assembly: str) -> Mapping[str, Mapping[str, str]]:
    """Ballot paper -> the members for whom somebody else voted -> who did."""
    statement = (
        select(Attendance.ballot, Attendance.member, Attendance.represented_by)
        .where(Attendance.assembly == assembly, Attendance.represented_by.is_not(None))
        .order_by(Attendance.ballot, Attendance.member)
    )
    found: dict[str, dict[str, str]] = {}
    for ballot, member, holder in session.execute(statement):
        found.setdefault(ballot, {})[member] = str(holder)
    return found
