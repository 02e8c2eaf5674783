"""The roll, the credentials, the trustees and the officers in the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, cast, delete, func, select, update
from sqlalchemy.orm import Session

from vote.assembly.roll import Member as ListedMember
from vote.store.database import Transaction
from vote.store.models import (
    Attendance,
    Credential,
    Election,
    Member,
    Officer,
    Trustee,
)


class Turnout(NamedTuple):
    """Members of a college on one ballot paper."""

    enrolled: int
    voters: int


def member_by_token(session: Session, assembly: str, token_hash: str) -> Member | None:
    statement = select(Member).where(Member.assembly == assembly, Member.token_hash == token_hash)
    return session.execute(statement).scalar_one_or_none()


def roll(session: Session, assembly: str) -> list[Member]:
    statement = select(Member).where(Member.assembly == assembly).order_by(Member.position)
    return list(session.execute(statement).scalars())


def as_listed(row: Member) -> ListedMember:
    """A line of the roll as the host wrote it."""
    return ListedMember(row.member, row.name, row.email, row.language, row.college, row.weight)


def count_members(session: Session, assembly: str) -> int:
    statement = select(func.count()).select_from(Member).where(Member.assembly == assembly)
    return session.execute(statement).scalar_one()


class Enrolled(NamedTuple):
    """A college on the roll: its members, and the sum of their weights."""

    members: int
    weight: int


def enrolled(session: Session, assembly: str) -> Mapping[str, Enrolled]:
    """Every college that has members, by the roll."""
    statement = (
        select(Member.college, func.count(), func.sum(Member.weight))
        .where(Member.assembly == assembly)
        .group_by(Member.college)
    )
    return {
        college: Enrolled(members, weight)
        for college, members, weight in session.execute(statement)
    }


def clear_roll(session: Session, assembly: str) -> None:
    session.execute(delete(Attendance).where(Attendance.assembly == assembly))
    session.execute(delete(Member).where(Member.assembly == assembly))


_credentials, _members, _attendance = (
    each.table().columns for each in (Credential, Member, Attendance)
)
_CREDENTIAL = select(_credentials.public_key).where(
    _credentials.election == bindparam("election"), _credentials.binding == bindparam("binding")
)


def credential_by_binding(session: Transaction, uuid: str, binding: str) -> str | None:
    """The public credential (64 hexadecimal digits) that goes with a token's binding."""
    place = {"election": uuid, "binding": binding}
    return session.execute(_CREDENTIAL, place).scalar_one_or_none()


def credentials(session: Session, uuid: str) -> list[tuple[str, int]]:
    """The public credentials (64 hexadecimal digits) and weights, sorted by credential."""
    statement = (
        select(Credential.public_key, Credential.weight)
        .where(Credential.election == uuid)
        .order_by(Credential.public_key)
    )
    return [(key, weight) for key, weight in session.execute(statement)]


_MEMBER_OF = select(_members.member).where(
    _members.assembly == bindparam("assembly"), _members.token_hash == bindparam("token_hash")
)
_MARK = (
    update(Attendance.table())
    .where(
        _attendance.assembly == bindparam("of"),
        _attendance.ballot == bindparam("paper"),
        _attendance.member == bindparam("whom"),
    )
    .values(voted=True, represented_by=bindparam("holder"))
)


def name_by_token(session: Transaction, assembly: str, token_hash: str) -> str | None:
    """As `member_by_token`, the member's number alone."""
    place = {"assembly": assembly, "token_hash": token_hash}
    return session.execute(_MEMBER_OF, place).scalar_one_or_none()


def mark_voted(
    session: Transaction, assembly: str, ballot: str, member: str, holder: str | None = None
) -> None:
    """:param holder: who cast the ballot for the member; None: the member did"""
    session.execute(_MARK, {"of": assembly, "paper": ballot, "whom": member, "holder": holder})


def voted_papers(session: Session, assembly: str, member: str) -> set[str]:
    """The ballot papers on which the member has voted in person."""
    statement = select(Attendance.ballot).where(
        Attendance.assembly == assembly,
        Attendance.member == member,
        Attendance.voted,
        Attendance.represented_by.is_(None),
    )
    return set(session.execute(statement).scalars())


def turnout(session: Session, assembly: str) -> Mapping[str, Mapping[str, Turnout]]:
    """Ballot paper -> college -> members enrolled and voting."""
    statement = (
        select(
            Attendance.ballot,
            Member.college,
            func.count(),
            func.sum(cast(Attendance.voted, Integer)),
        )
        .join(
            Member,
            (Member.assembly == Attendance.assembly) & (Member.member == Attendance.member),
        )
        .where(Attendance.assembly == assembly)
        .group_by(Attendance.ballot, Member.college)
    )
    found: dict[str, dict[str, Turnout]] = {}
    for ballot, college, enrolled, voters in session.execute(statement):
        found.setdefault(ballot, {})[college] = Turnout(enrolled, voters)
    return found


def trustees(session: Session, assembly: str) -> list[Trustee]:
    statement = select(Trustee).where(Trustee.assembly == assembly).order_by(Trustee.number)
    return list(session.execute(statement).scalars())


def trustee_by_token(session: Session, assembly: str, token_hash: str) -> Trustee | None:
    statement = select(Trustee).where(
        Trustee.assembly == assembly, Trustee.token_hash == token_hash
    )
    return session.execute(statement).scalar_one_or_none()


def officer(session: Session, name: str) -> Officer | None:
    return session.get(Officer, name)


def election_by_uuid(session: Session, uuid: str) -> Election | None:
    return session.get(Election, uuid)
