"""What the host records of an assembly for its minutes, until the decision is made."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.orm import Session

from vote.assembly.definition import Definition
from vote.assembly.disclosure import Privacy, Treatment, treatments
from vote.assembly.record import MEANS, Means, roll_seal
from vote.assembly.roll import encode_roll
from vote.service.errors import Refusal
from vote.service.house import House
from vote.service.prepare import definition_of, get
from vote.store import people
from vote.store.log import hold
from vote.store.models import Assembly
from vote.store.models import Proceedings as Row

LONGEST = 200  # characters of a name
LONGEST_PLACE = 300
MOST_PEOPLE = 50
SMALLEST_FLOOR = 2  # voters: of a single one every figure shows the vote
LARGEST_FLOOR = 1000


@dataclass(frozen=True, slots=True)
class Proceedings:
    """None, and (): nobody said. `privacy` is what was chosen for small colleges.

    `in_the_room` counts members; `appeals_until` is the last day on which the decisions can be
    contested.
    """

    place: str | None = None
    summoned_by: tuple[Means, ...] = ()
    chair: str | None = None
    secretary: str | None = None
    scrutineers: tuple[str, ...] = ()
    in_the_room: int | None = None
    appeals_until: date | None = None
    privacy: Privacy = field(default_factory=Privacy)


def recorded(house: House, assembly: str) -> Proceedings:
    """What has been recorded so far."""
    with house.database.reading() as session:
        get(session, assembly)
        return read(session, assembly)


def keep(house: House, assembly: str, proceedings: Proceedings) -> None:
    """Record it, in the place of what was recorded before. Raises Refusal.

    The minutes are made with the decision: from then on nothing of it can change.
    """
    with house.database.writing() as session:
        row = get(session, assembly)
        require_undecided(session, row)
        _check(proceedings, definition_of(row))
        _write(session, assembly, proceedings)


def choose_privacy(house: House, assembly: str, floor: int, treatment: Treatment) -> None:
    """Choose what is shown of small and unanimous colleges; the rest stays as recorded."""
    choice = Privacy(floor, treatment, chosen=True)
    keep(house, assembly, replace(recorded(house, assembly), privacy=choice))


def require_undecided(session: Session, row: Assembly) -> None:
    """Refuse once the minutes are made; holds off the decision until the transaction ends."""
    hold(session, row.id)
    session.refresh(row)
    if row.state == "decided":
        raise Refusal(
            "already-decided",
            "The assembly has been decided and its minutes are sealed: nothing can be added to "
            "them. What has to be said later belongs in a document of its own.",
            status=409,
        )


def read(session: Session, assembly: str) -> Proceedings:
    """What has been recorded so far."""
    row = session.get(Row, assembly)
    if row is None:
        return Proceedings()
    chosen = row.privacy_treatment is not None and row.privacy_floor is not None
    known: dict[str, Means] = {each: each for each in MEANS}
    return Proceedings(
        place=row.place,
        summoned_by=tuple(known[each] for each in row.summoned_by.split(",") if each in known),
        chair=row.chair,
        secretary=row.secretary,
        scrutineers=tuple(row.scrutineers.splitlines()),
        in_the_room=row.in_the_room,
        appeals_until=row.appeals_until,
        privacy=_privacy(row) if chosen else Privacy(),
    )


def _privacy(row: Row) -> Privacy:
    known: dict[str | None, Treatment] = {"merge": "merge", "withhold": "withhold"}
    return Privacy(row.privacy_floor or 0, known.get(row.privacy_treatment, "show"), chosen=True)


def _write(session: Session, assembly: str, proceedings: Proceedings) -> None:
    row = _row(session, assembly)
    row.place = proceedings.place
    row.summoned_by = ",".join(proceedings.summoned_by)
    row.chair = proceedings.chair
    row.secretary = proceedings.secretary
    row.scrutineers = "\n".join(proceedings.scrutineers)
    row.in_the_room = proceedings.in_the_room
    row.appeals_until = proceedings.appeals_until
    chosen = proceedings.privacy.chosen
    row.privacy_floor = proceedings.privacy.floor if chosen else None
    row.privacy_treatment = proceedings.privacy.treatment if chosen else None


def _row(session: Session, assembly: str) -> Row:
    row = session.get(Row, assembly)
    if row is None:
        row = Row(assembly=assembly, summoned_by="", scrutineers="")
        session.add(row)
        session.flush()
    return row


def _check(proceedings: Proceedings, definition: Definition) -> None:
    names = (proceedings.chair, proceedings.secretary, *proceedings.scrutineers)
    for text, longest in [(proceedings.place, LONGEST_PLACE), *((name, LONGEST) for name in names)]:
        if text is not None and not _is_line(text, longest):
            raise Refusal(
                "bad-line",
                "Each name and the place is one line, not empty, of at most {longest} characters.",
                {"longest": longest},
            )
    if len(proceedings.scrutineers) > MOST_PEOPLE:
        raise Refusal("too-many-people", "Name at most {most} people.", {"most": MOST_PEOPLE})
    if any(each not in MEANS for each in proceedings.summoned_by):
        raise Refusal(
            "bad-means", "Members are convened by one of: {means}.", {"means": ", ".join(MEANS)}
        )
    if proceedings.in_the_room is not None and not 0 <= proceedings.in_the_room < 10**9:
        raise Refusal("bad-number", "The members in the room are a whole number, 0 or more.")
    _check_privacy(proceedings.privacy, definition)


def _check_privacy(privacy: Privacy, definition: Definition) -> None:
    if not SMALLEST_FLOOR <= privacy.floor <= LARGEST_FLOOR:
        raise Refusal(
            "bad-floor",
            "A college is small below {low} to {high} voters; choose a number between these.",
            {"low": SMALLEST_FLOOR, "high": LARGEST_FLOOR},
        )
    if privacy.treatment not in treatments(definition):
        raise Refusal(
            "bad-treatment",
            "In this assembly the figures can be shown, or left out: one of {options}.",
            {"options": ", ".join(treatments(definition))},
        )


def _is_line(text: str, longest: int) -> bool:
    return bool(text.strip()) and len(text) <= longest and text.isprintable()


def set_appeals_end(session: Session, assembly: str, day: date) -> None:
    """Record until when the decisions can be contested, also after the decision, once."""
    row = _row(session, assembly)
    if row.appeals_until not in (None, day):
        raise Refusal(
            "appeals-recorded",
            "It was recorded before that the decisions can be contested until {day}.",
            {"day": str(row.appeals_until)},
        )
    row.appeals_until = day


@dataclass(frozen=True, slots=True)
class RollSeal:
    """The commitment to the roll, and the salt that opens it (`vote.assembly.record`)."""

    seal: str
    salt: bytes


def seal_roll(session: Session, assembly: str) -> RollSeal:
    """The seal of the roll; made when it is first asked for, after which the roll is fixed.

    Nothing but the seal is ever published. The salt belongs to the host, with the roll.
    """
    row = _row(session, assembly)
    if row.roll_salt is None or row.roll_seal is None:
        row.roll_salt = secrets.token_bytes(32)
        row.roll_seal = roll_seal(assembly, row.roll_salt, roll_bytes(session, assembly))
    return RollSeal(row.roll_seal, row.roll_salt)


def roll_bytes(session: Session, assembly: str) -> bytes:
    """The roll as `roll.csv`, the bytes that are sealed."""
    rows = people.roll(session, assembly)
    return encode_roll(people.as_listed(each) for each in rows)
