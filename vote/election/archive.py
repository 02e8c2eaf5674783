"""The archive of an election: an old-style tar that only grows (specification, "Public data").

A file `BELENIOS`, then data and events, each named by the SHA-256 of its contents. There is one
way to write each member and nothing is allowed after the last one, so that an archive that is
accepted is, byte for byte, the one that would be written again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal, NamedTuple, get_args

from vote.election import jsontext
from vote.election.errors import ProtocolError
from vote.election.fingerprint import hash_hex, parse_hash

BLOCK: Final = 512
MAX_MEMBER_BYTES: Final = 256 * 2**20
_MAX_HEADER_BYTES: Final = 128
_MAX_EVENT_BYTES: Final = 512
_ARCHIVE_VERSION: Final = 1
_HEADER_NAME: Final = "BELENIOS"
_TIMESTAMP_DIGITS: Final = 10
_TIMESTAMP_END: Final = 8**11
_MEMBER_NAME: Final = re.compile(r"([0-9a-f]{64})\.(data|event)\.json")
_OCTAL: Final = re.compile(rb"[0-7]{11}")

EventType = Literal[
    "Setup",
    "Ballot",
    "EndBallots",
    "EncryptedTally",
    "Shuffle",
    "EndShuffles",
    "PartialDecryption",
    "Result",
]
EVENT_TYPES: Final[tuple[EventType, ...]] = get_args(EventType)
Kind = Literal["header", "data", "event"]


@dataclass(frozen=True, slots=True)
class Event:
    """One link of the chain: `parent` is the hash of the event before, `payload` that of a data."""

    parent: str | None
    height: int
    type: EventType
    payload: str | None

    @classmethod
    def parse(cls, data: bytes) -> Event:
        """Raises "event-type", "hash-syntax", "json-…"."""
        return jsontext.parse(data, _MAX_EVENT_BYTES, cls._from_json, cls.encode)

    @classmethod
    def _from_json(cls, value: object) -> Event:
        names = ("parent", "height", "type", "payload")
        found = jsontext.fields(value, names, optional=("parent", "payload"))
        return cls(
            parent=_optional_hash(found, "parent"),
            height=jsontext.integer(found["height"]),
            type=_event_type(jsontext.text(found["type"])),
            payload=_optional_hash(found, "payload"),
        )

    def encode(self) -> bytes:
        """The event's bytes, the ones that are hashed."""
        parent = "" if self.parent is None else f'"parent":"{self.parent}",'
        payload = "" if self.payload is None else f',"payload":"{self.payload}"'
        return f'{{{parent}"height":{self.height},"type":"{self.type}"{payload}}}'.encode()

    def hash(self) -> str:
        """The event's hash, by which its successor refers to it."""
        return hash_hex(self.encode())

    def next(self, kind: EventType, payload: str | None) -> Event:
        """The event that follows this one."""
        return Event(self.hash(), self.height + 1, kind, payload)


def _optional_hash(found: dict[str, object], name: str) -> str | None:
    return parse_hash(jsontext.text(found[name])) if name in found else None


def _event_type(text: str) -> EventType:
    for known in EVENT_TYPES:
        if text == known:
            return known
    raise ProtocolError("event-type", "an event is of a type that the protocol does not have")


@dataclass(frozen=True, slots=True)
class Header:
    """The contents of the file BELENIOS. `timestamp`: seconds since 1970."""

    timestamp: int
    # The specification has a number here, the reference implementation writes a string.
    as_string: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.timestamp < _TIMESTAMP_END:
            raise ProtocolError("timestamp", "the time does not fit into a tar header")

    @classmethod
    def parse(cls, data: bytes) -> Header:
        """Raises "version-not-supported", "number-syntax", "timestamp", "json-…"."""
        return jsontext.parse(data, _MAX_HEADER_BYTES, cls._from_json, cls.encode)

    @classmethod
    def _from_json(cls, value: object) -> Header:
        found = jsontext.fields(value, ("version", "timestamp"))
        if jsontext.integer(found["version"]) != _ARCHIVE_VERSION:
            raise ProtocolError("version-not-supported", "only archives of version 1 are supported")
        timestamp = found["timestamp"]
        if isinstance(timestamp, str):
            return cls(jsontext.parse_decimal(timestamp, _TIMESTAMP_DIGITS))
        return cls(
            jsontext.parse_decimal(str(jsontext.integer(timestamp)), _TIMESTAMP_DIGITS), False
        )

    def encode(self) -> bytes:
        """The file's bytes."""
        timestamp = f'"{self.timestamp}"' if self.as_string else str(self.timestamp)
        return f'{{"version":{_ARCHIVE_VERSION},"timestamp":{timestamp}}}'.encode()


def last_event(event: Event, position: int) -> bytes:
    """What a server answers at `last-event`; `position` is the length of the archive in bytes."""
    return f'{{"height":{event.height},"hash":"{event.hash()}","pos":{position}}}'.encode()


class Member(NamedTuple):
    """A file of an archive."""

    kind: Kind
    name: str
    data: bytes


def member_name(kind: Kind, data: bytes) -> str:
    """The name under which contents are filed."""
    return _HEADER_NAME if kind == "header" else f"{hash_hex(data)}.{kind}.json"


def member(kind: Kind, data: bytes, timestamp: int) -> bytes:
    """One member as it stands in the archive: tar header, contents, padding."""
    header = _tar_header(member_name(kind, data), len(data), timestamp)
    return header + data + bytes(-len(data) % BLOCK)


def _tar_header(name: str, size: int, timestamp: int) -> bytes:
    block = bytearray(BLOCK)
    block[0 : len(name)] = name.encode()
    block[100:107] = b"0000644"
    block[108:115] = b"0000000"
    block[116:123] = b"0000000"
    block[124:135] = f"{size:011o}".encode()
    block[136:147] = f"{timestamp:011o}".encode()
    block[148:157] = b"        0"
    block[148:156] = f"{sum(block):06o}\0 ".encode()
    return bytes(block)


def write(items: Iterable[tuple[Kind, bytes]], timestamp: int) -> Iterator[bytes]:
    """A whole archive, in pieces: the header and then the given data and events, in this order."""
    yield member("header", Header(timestamp).encode(), timestamp)
    for kind, data in items:
        yield member(kind, data, timestamp)


def read(stream: BinaryIO) -> Iterator[Member]:
    """The members of an archive, the header first, holding one at a time in memory.

    Raises "archive-truncated", "archive-header", "member-header", "member-name", "member-hash",
    "member-padding", "too-large", and what `Header.parse` raises. What has been yielded is good.
    """
    first = _read_raw(stream)
    if first is None or _name(first.block) != _HEADER_NAME:
        raise ProtocolError("archive-header", "an archive starts with the file BELENIOS")
    timestamp = Header.parse(first.data).timestamp
    yield _checked("header", first, timestamp)
    while (raw := _read_raw(stream)) is not None:
        match = _MEMBER_NAME.fullmatch(_name(raw.block))
        if match is None:
            raise ProtocolError(
                "member-name", "a member is named HASH.data.json or HASH.event.json"
            )
        yield _checked("data" if match[2] == "data" else "event", raw, timestamp)


class _Raw(NamedTuple):
    block: bytes
    data: bytes


def _read_raw(stream: BinaryIO) -> _Raw | None:
    """A tar header and the contents it announces; nothing at the end of the archive."""
    block = _read_up_to(stream, BLOCK)
    if not block:
        return None
    if len(block) < BLOCK:
        raise _truncated()
    size = _size(block)
    padded = _read_up_to(stream, size + -size % BLOCK)
    if len(padded) < size + -size % BLOCK:
        raise _truncated()
    if any(padded[size:]):
        raise ProtocolError("member-padding", "what fills up the last block is not zeros")
    return _Raw(block, padded[:size])


def _truncated() -> ProtocolError:
    return ProtocolError("archive-truncated", "the archive ends in the middle of a member")


def _read_up_to(stream: BinaryIO, size: int) -> bytes:
    """As many bytes as there are, up to `size`: a stream may give fewer at a time."""
    pieces = []
    while size and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _size(block: bytes) -> int:
    digits = block[124:135]
    if not _OCTAL.fullmatch(digits):
        raise ProtocolError("member-header", "a member's size is not eleven octal digits")
    size = int(digits, 8)
    if size > MAX_MEMBER_BYTES:
        raise ProtocolError("too-large", f"a member of {size} bytes")
    return size


def _name(block: bytes) -> str:
    return block[:100].partition(b"\0")[0].decode("ascii", errors="replace")


def _checked(kind: Kind, raw: _Raw, timestamp: int) -> Member:
    name = member_name(kind, raw.data)
    if _name(raw.block) != name:
        raise ProtocolError("member-hash", "a member's name is not the hash of its contents")
    if raw.block != _tar_header(name, len(raw.data), timestamp):
        raise ProtocolError("member-header", "a tar header is not the one way to write it")
    return Member(kind, name, raw.data)
