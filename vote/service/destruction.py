"""Destroying the keys of an assembly, once its decisions can no longer be contested (M5).

Destroyed are the service's own key of each election, without which nobody can decrypt anything any
more, the mandates' key, the key of the ballot log, which nobody can then continue or rewrite, and
the two hashes that lead from a member's code to the roll and to a ballot. The log is closed by
then: so the destruction is not entered in it but recorded in a note (C2SP signed-note), the last
thing that the log's key signs. Whoever holds the bundle can check the note with `log/key`.
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from vote.assembly.definition import Definition
from vote.service import proceedings
from vote.service.errors import Refusal
from vote.service.house import House
from vote.service.incidents import stamp
from vote.service.prepare import definition_of, get
from vote.store.archive import elections
from vote.store.log import head, hold
from vote.store.models import Assembly, Credential, Destruction, Member
from vote.tlog.note import sign

TITLE: Final = "vote/destroyed-keys/v1"  # never the first line of a checkpoint: it has no host


def destroy(house: House, assembly: str, by: str, appeals_until: date | None = None) -> bytes:
    """Destroy the keys, and what leads from a code to a ballot; the signed note that says so.

    It cannot be undone. Called again, it makes sure that everything is gone and gives the note of
    the first time.

    :param by: who does it
    :param appeals_until: the last day on which the decisions can be contested, where the host has
        not recorded it before
    :raises Refusal: not decided yet; the time for appeals is not over, or nobody recorded it
    """
    with house.database.writing() as session:
        row = get(session, assembly)
        hold(session, assembly)  # one at a time
        uuids = [each.uuid for each in elections(session, assembly)]
        known = session.get(Destruction, assembly)
        if known is None:
            _require_over(house, session, row, appeals_until)
            note = _note(house, session, row, by, uuids)
            session.add(Destruction(assembly=assembly, at=stamp(house.clock()), by=by, note=note))
            _unlink(session, assembly, uuids)
        else:
            note = known.note
    house.vault.destroy(assembly, uuids)
    return note


def recorded(house: House, assembly: str) -> bytes | None:
    """The signed note of the destruction; None while the keys are there."""
    with house.database.reading() as session:
        get(session, assembly)
        found = session.get(Destruction, assembly)
        return None if found is None else found.note


def is_early(house: House, definition: Definition, appeals_until: date) -> bool:
    """Whether the decisions can still be contested, where the assembly is."""
    return house.clock().astimezone(definition.assembly.zone).date() <= appeals_until


def _require_over(
    house: House, session: Session, row: Assembly, appeals_until: date | None
) -> None:
    if row.state != "decided":
        raise Refusal(
            "not-decided", "The assembly is not decided yet: its keys are needed.", status=409
        )
    if appeals_until is not None:
        proceedings.set_appeals_end(session, row.id, appeals_until)
    until = proceedings.read(session, row.id).appeals_until
    if until is None:
        raise Refusal(
            "appeals-unknown",
            "Nobody has recorded until when the decisions can be contested. Say it; the keys are "
            "destroyed only after that day.",
            status=409,
        )
    if is_early(house, definition_of(row), until):
        raise Refusal(
            "appeals-open",
            "The decisions can be contested until {day}. The keys are kept until then.",
            {"day": str(until)},
            status=409,
        )


def _note(house: House, session: Session, row: Assembly, by: str, uuids: list[str]) -> bytes:
    log = head(session, row.id)
    lines = [
        TITLE,
        f"assembly {row.id}",
        f"destroyed {stamp(house.clock())}",
        f"by {by}",
        f"log {log.key if log else ''}",
        *(f"election {uuid}" for uuid in uuids),
    ]
    return sign("\n".join(lines) + "\n", [house.vault.log_key(row.id)])


def _unlink(session: Session, assembly: str, uuids: list[str]) -> None:
    """Forget the hashes of the members' tokens, and their mailboxes, which follow from the codes
    too; random hashes take the place of those that must differ."""
    forgotten = {"token_hash": None, "mailbox": None}
    session.execute(update(Member).where(Member.assembly == assembly).values(forgotten))
    for uuid in uuids:
        statement = select(Credential.public_key).where(Credential.election == uuid)
        rows = [
            {"election": uuid, "public_key": key, "binding": secrets.token_hex(32)}
            for key in session.execute(statement).scalars()
        ]
        if rows:
            session.execute(update(Credential), rows)
