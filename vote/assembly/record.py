"""What was recorded of an assembly besides its votes: what nobody can recompute.

The host says where the assembly met, who presided, what happened; the service says who held the
key, when the decision was made, and what the roll was sealed with. In the minutes it stands apart,
under ``recorded``, and the verifier takes it as it is; everything else there it recomputes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from hashlib import sha256
from typing import Any, Final, Literal, get_args

from vote.assembly.disclosure import TREATMENTS, Privacy
from vote.assembly.errors import DefinitionError, refuse

Means = Literal["email", "letter", "website", "press"]
Json = dict[str, Any]

MEANS: Final[tuple[Means, ...]] = get_args(Means)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MOST: Final = 1_000_000_000
_LONGEST: Final = 100_000  # characters of a text


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happened: when (UTC, "2026-06-26T14:03:00Z"), who wrote it down, what."""

    at: str
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Closing:
    """When the host closed a ballot paper (UTC); voting had ended before, if that is later."""

    ballot: str
    at: str


@dataclass(frozen=True, slots=True)
class Record:
    """What the minutes state on somebody's word; None: nobody said.

    ``made``: when, in UTC. ``address``: where anybody can verify. ``summoned_by``: how the members
    were convened. ``trustees``: who held the key, in their order. ``in_the_room`` and
    ``represented`` are members. ``appeals_until``: the last day on which the decisions can be
    contested. ``roll``: the seal of the roll (`roll_seal`). ``closed`` is left out of minutes in
    which nobody said it.
    """

    made: str
    rehearsal: bool = False
    address: str | None = None
    place: str | None = None
    summoned_by: tuple[Means, ...] = ()
    chair: str | None = None
    secretary: str | None = None
    scrutineers: tuple[str, ...] = ()
    trustees: tuple[str, ...] = ()
    in_the_room: int | None = None
    represented: int | None = None
    appeals_until: date | None = None
    roll: str | None = None
    privacy: Privacy = field(default_factory=Privacy)
    incidents: tuple[Incident, ...] = ()
    closed: tuple[Closing, ...] = ()


def roll_seal(assembly: str, salt: bytes, roll: bytes) -> str:
    """A commitment to the roll that says nothing about it: hex SHA-256 over salt and file.

    The roll is personal data, and a plain hash would let anybody test a guess. With a salt of 32
    random bytes, which the host keeps with the roll, nobody can, and whoever is shown both (a
    scrutineer, a court) can check that it is the roll of the vote::

        (printf 'vote-roll|ASSEMBLY|SALT|'; cat roll.csv) | sha256sum

    :param salt: 32 bytes; SALT is their lower-case hex
    :param roll: ``roll.csv`` as ``encode_roll`` writes it
    """
    return sha256(f"vote-roll|{assembly}|{salt.hex()}|".encode() + roll).hexdigest()


def record_json(record: Record) -> Json:
    """As plain values; what nobody said is null."""
    found: Json = {each.name: getattr(record, each.name) for each in fields(Record)}
    found |= {
        "summoned_by": list(record.summoned_by),
        "scrutineers": list(record.scrutineers),
        "trustees": list(record.trustees),
        "appeals_until": record.appeals_until and record.appeals_until.isoformat(),
        "privacy": _plain(record.privacy),
        "incidents": [_plain(incident) for incident in record.incidents],
        "closed": [_plain(closing) for closing in record.closed],
    }
    if not record.closed:
        del found["closed"]
    return found


def _plain(value: Privacy | Incident | Closing) -> Json:
    return {each.name: getattr(value, each.name) for each in fields(value)}


def parse_record(value: object) -> Record:
    """Read it back; what is accepted is written as the same values again.

    :raises DefinitionError: ("minutes-record")
    """
    try:
        whole = {"closed": []} | value if isinstance(value, dict) else value
        record = _read(_object(whole, Record))
    except (KeyError, TypeError, ValueError) as error:
        raise _malformed(str(error)) from error
    return record


def _read(found: Mapping[str, Any]) -> Record:
    privacy, day = _object(found["privacy"], Privacy), found["appeals_until"]
    return Record(
        made=_matching(found["made"], _MOMENT, "made"),
        rehearsal=_flag(found["rehearsal"]),
        address=_text_or_none(found["address"]),
        place=_text_or_none(found["place"]),
        summoned_by=tuple(_one_of(each, MEANS) for each in _list(found["summoned_by"])),
        chair=_text_or_none(found["chair"]),
        secretary=_text_or_none(found["secretary"]),
        scrutineers=tuple(_text(each) for each in _list(found["scrutineers"])),
        trustees=tuple(_text(each) for each in _list(found["trustees"])),
        in_the_room=_number_or_none(found["in_the_room"]),
        represented=_number_or_none(found["represented"]),
        appeals_until=None if day is None else _day(_text(day)),
        roll=None if found["roll"] is None else _matching(found["roll"], _SHA256, "roll"),
        privacy=Privacy(
            _number(privacy["floor"]),
            _one_of(privacy["treatment"], TREATMENTS),
            _flag(privacy["chosen"]),
        ),
        incidents=tuple(
            Incident(_matching(one["at"], _MOMENT, "at"), _text(one["by"]), _text(one["text"]))
            for one in (_object(each, Incident) for each in _list(found["incidents"]))
        ),
        closed=tuple(
            Closing(_text(one["ballot"]), _matching(one["at"], _MOMENT, "at"))
            for one in (_object(each, Closing) for each in _list(found["closed"]))
        ),
    )


def _object(value: object, shape: type) -> Mapping[str, Any]:
    names = {each.name for each in fields(shape)}
    if not isinstance(value, dict) or set(value) != names:
        raise ValueError(f"the fields of a {shape.__name__.lower()} are {', '.join(sorted(names))}")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("a list was expected")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
        raise TypeError("a text was expected, not empty and not endless")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError("half a character stands in a text")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise TypeError("a whole number was expected")
    return value


def _number_or_none(value: object) -> int | None:
    return None if value is None else _number(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false was expected")
    return value


def _one_of(value: object, options: tuple[Any, ...]) -> Any:
    if value not in options:
        raise ValueError(f"one of {', '.join(options)} was expected")
    return value


def _matching(value: object, pattern: re.Pattern[str], name: str) -> str:
    text = _text(value)
    if pattern.fullmatch(text) is None:
        raise ValueError(f'"{name}" is not written as it must be')
    return text


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError(f'"{text}" is not a day such as 2026-12-31')
    return day


def _malformed(message: str) -> DefinitionError:
    return refuse("minutes-record", "recorded", f"what was recorded cannot be read: {message}.")
