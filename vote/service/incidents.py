"""Incidents: what the host writes down while the assembly goes on, for its minutes."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from vote.assembly.record import Incident
from vote.service.errors import Refusal
from vote.service.house import House
from vote.service.prepare import get
from vote.service.proceedings import require_undecided
from vote.store.models import Incident as Row

LONGEST = 4000  # characters
MOST = 500


def record(house: House, assembly: str, by: str, text: str) -> Incident:
    """Write an incident down, with the time of now; it can be neither changed nor taken away.

    :param by: the officer's name
    :raises Refusal: empty or too long, too many, or the minutes are made already
    """
    said = " ".join(text.split())
    if not said or len(said) > LONGEST or not said.isprintable():
        raise Refusal(
            "bad-incident",
            "Write what happened, in at most {longest} characters.",
            {"longest": LONGEST},
        )
    with house.database.writing() as session:
        require_undecided(session, get(session, assembly))
        known = select(func.count()).select_from(Row).where(Row.assembly == assembly)
        number = session.execute(known).scalar_one() + 1
        if number > MOST:
            raise Refusal(
                "too-many-incidents", "{most} incidents have been recorded already.", {"most": MOST}
            )
        row = Row(assembly=assembly, number=number, at=stamp(house.clock()), by=by, text=said)
        session.add(row)
        return Incident(row.at, row.by, row.text)


def listed(house: House, assembly: str) -> tuple[Incident, ...]:
    """The incidents in the order in which they were recorded."""
    with house.database.reading() as session:
        get(session, assembly)
        return read(session, assembly)


def read(session: Session, assembly: str) -> tuple[Incident, ...]:
    """The incidents in the order in which they were recorded."""
    statement = select(Row).where(Row.assembly == assembly).order_by(Row.number)
    rows = session.execute(statement).scalars()
    return tuple(Incident(row.at, row.by, row.text) for row in rows)


def stamp(moment: datetime) -> str:
    """A moment as the minutes write it: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
