"""The attendance sheet: for the host alone, once voting is closed."""

from __future__ import annotations

from datetime import UTC

from sqlalchemy import select
from sqlalchemy.orm import Session

from vote.documents import attendance as document
from vote.documents.attendance import Present, Sheet
from vote.service import proceedings
from vote.service.errors import Refusal
from vote.service.house import House
from vote.service.prepare import definition_of, get
from vote.store import people
from vote.store.models import Attendance


def as_csv(house: House, assembly: str) -> bytes:
    """Everybody on the roll, with a column for each ballot paper. Raises Refusal."""
    return document.as_csv(_sheet(house, assembly))


def as_pdf(house: House, assembly: str, language: str) -> bytes:
    """Those who took part, to be signed by the bureau. Raises Refusal."""
    sheet = _sheet(house, assembly)
    if language not in sheet.title:
        raise Refusal(
            "no-such-language",
            "The assembly does not have the language “{language}”.",
            {"language": language},
            status=404,
        )
    return document.render(sheet, language)


def sealed_roll(house: House, assembly: str) -> tuple[bytes, str]:
    """`roll.csv` as it was sealed, and the number (hexadecimal) that opens its seal."""
    with house.database.reading() as session:
        _require_closed(session, assembly)
        content = proceedings.roll_bytes(session, assembly)
    with house.database.writing() as session:
        return content, proceedings.seal_roll(session, assembly).salt.hex()


def _sheet(house: House, assembly: str) -> Sheet:
    """Who voted while the vote goes on is nobody's business, not even the host's."""
    _, salt = sealed_roll(house, assembly)
    with house.database.reading() as session:
        row = get(session, assembly)
        definition = definition_of(row)
        return Sheet(
            title=definition.assembly.title,
            papers={paper.id: paper.title for paper in definition.ballots},
            colleges={college.id: college.name for college in definition.colleges},
            members=_members(session, assembly),
            made=house.clock().astimezone(UTC),
            rehearsal=row.rehearsal,
            salt=salt,
        )


def _require_closed(session: Session, assembly: str) -> None:
    if get(session, assembly).state not in ("closed", "decided"):
        raise Refusal(
            "not-closed",
            "The attendance sheet is there once voting is closed on every ballot paper. Until "
            "then nobody can look up who has voted.",
            status=409,
        )


def _members(session: Session, assembly: str) -> list[Present]:
    names = {each.member: each.name for each in people.roll(session, assembly)}
    voted: dict[str, set[str]] = {}
    holders: dict[str, str] = {}
    statement = select(Attendance.member, Attendance.ballot, Attendance.represented_by).where(
        Attendance.assembly == assembly, Attendance.voted
    )
    for member, ballot, holder in session.execute(statement):
        voted.setdefault(member, set()).add(ballot)
        if holder is not None:
            holders[member] = names.get(holder, holder)
    return [
        Present(
            each.member,
            each.name,
            each.college,
            each.weight,
            frozenset(voted.get(each.member, ())),
            holders.get(each.member),
        )
        for each in people.roll(session, assembly)
    ]
