"""The archive: written in one way, read in that way only."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.election.samples import TIMESTAMP, Chain, make_sample, whole_archive
from vote.election.archive import BLOCK, Event, Header, last_event, member, read, write
from vote.election.check import scan
from vote.election.errors import ProtocolError
from vote.election.fingerprint import hash_hex

WHOLE = whole_archive()
BYTES = WHOLE.encode()


def refuses(data: bytes, code: str | None = None) -> None:
    with pytest.raises(ProtocolError) as raised:
        scan(BytesIO(data))
    if code is not None:
        assert raised.value.code == code


def test_what_was_written_is_read() -> None:
    header, *members = read(BytesIO(BYTES))
    assert (header.kind, header.name) == ("header", "BELENIOS")
    assert header.data == b'{"version":1,"timestamp":"1749628800"}'
    assert [(m.kind, m.data) for m in members] == WHOLE.items
    assert all(m.name == f"{hash_hex(m.data)}.{m.kind}.json" for m in members)


def test_it_is_a_tar() -> None:
    with tarfile.open(fileobj=BytesIO(BYTES)) as tar:
        files = tar.getmembers()
    assert [file.name for file in files] == [m.name for m in read(BytesIO(BYTES))]
    assert {file.mtime for file in files} == {TIMESTAMP}


def test_a_stream_may_give_a_few_bytes_at_a_time() -> None:
    class Trickle(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 100))

    assert list(read(Trickle(BYTES))) == list(read(BytesIO(BYTES)))


def test_a_timestamp_may_be_a_number_as_the_specification_says() -> None:
    header = b'{"version":1,"timestamp":1749628800}'
    assert Header.parse(header).encode() == header
    pieces = [member("header", header, TIMESTAMP), *list(write(WHOLE.items, TIMESTAMP))[1:]]
    assert scan(BytesIO(b"".join(pieces))).stage == "decided"


@given(st.integers(0, len(BYTES) - 1), st.integers(1, 255))
def test_any_changed_byte_is_refused(position: int, difference: int) -> None:
    changed = bytearray(BYTES)
    changed[position] ^= difference
    refuses(bytes(changed))


@pytest.mark.parametrize("position", range(BLOCK))
def test_any_changed_byte_of_a_tar_header_is_refused(position: int) -> None:
    changed = bytearray(BYTES)
    changed[2 * BLOCK + position] ^= 1
    refuses(bytes(changed))


@given(st.integers(0, len(BYTES) - 1))
def test_a_part_is_refused_or_another_archive(length: int) -> None:
    ends = {0}
    for chunk in write(WHOLE.items, TIMESTAMP):
        ends.add(max(ends) + len(chunk))
    if length not in ends:
        refuses(BYTES[:length], "archive-truncated")


def edited(edit: Callable[[list[bytes]], object]) -> bytes:
    pieces = list(write(WHOLE.items, TIMESTAMP))
    edit(pieces)
    return b"".join(pieces)


def later(pieces: list[bytes]) -> None:
    kind, data = WHOLE.items[0]
    pieces[1] = member(kind, data, TIMESTAMP + 1)


def misnamed(pieces: list[bytes]) -> None:
    pieces[1] = pieces[1].replace(b".data.json", b".info.json", 1)


def other_contents(pieces: list[bytes]) -> None:
    pieces[1] = pieces[1].replace(b'"version":1', b'"version":2', 1)


def dirty_padding(pieces: list[bytes]) -> None:
    pieces[1] = pieces[1][:-1] + b"\1"


@pytest.mark.parametrize(
    ("defect", "code", "edit"),
    [
        ("nothing", "archive-header", list.clear),
        ("no header", "archive-header", lambda p: p.pop(0)),
        ("two headers", "member-name", lambda p: p.insert(1, p[0])),
        ("a header of version 2", "version-not-supported", lambda p: p.__setitem__(
            0, member("header", b'{"version":2,"timestamp":"1749628800"}', TIMESTAMP))),
        ("a time too late for a tar", "timestamp", lambda p: p.__setitem__(
            0, member("header", b'{"version":1,"timestamp":"8589934592"}', TIMESTAMP))),
        ("the end of a usual tar", "member-header", lambda p: p.append(bytes(1024))),
        ("another time on a member", "member-header", later),
        ("another kind of member", "member-name", misnamed),
        ("contents that are not those named", "member-hash", other_contents),
        ("padding that is not zeros", "member-padding", dirty_padding),
        ("a member of a gigabyte", "too-large", lambda p: p.append(
            p[1][:124] + b"17777777777" + p[1][135:512])),
    ],
)  # fmt: skip
def test_other_archives_are_refused(
    defect: str, code: str, edit: Callable[[list[bytes]], object]
) -> None:
    assert defect
    refuses(edited(edit), code)


# Events

HASH = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    "data",
    [
        f'{{"height":0,"type":"Setup","payload":"{HASH}"}}',
        f'{{"parent":"{HASH}","height":1,"type":"Ballot","payload":"{HASH}"}}',
        f'{{"parent":"{HASH}","height":2,"type":"EndBallots"}}',
    ],
)
def test_events(data: str) -> None:
    event = Event.parse(data.encode())
    assert event.encode() == data.encode()
    assert event.hash() == hash_hex(data.encode())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (f'{{"height":0,"type":"Setup","payload":"{HASH[1:]}"}}', "hash-syntax"),
        (f'{{"height":0,"type":"Setup","payload":"{HASH.upper()}"}}', "hash-syntax"),
        ('{"height":0,"type":"Coffee"}', "event-type"),
        ('{"height":-1,"type":"EndBallots"}', "json-type"),
        ('{"height":1.0,"type":"EndBallots"}', "json-syntax"),
        ('{"height":1e0,"type":"EndBallots"}', "json-syntax"),
        ('{"height":true,"type":"EndBallots"}', "json-type"),
        ('{"height":01,"type":"EndBallots"}', "json-syntax"),
        ('{"type":"EndBallots","height":1}', "json-fields"),
        ('{"height":1,"type":"EndBallots","payload":null}', "json-type"),
        ('{"height":1,"type":"EndBallots"} ', "json-not-canonical"),
    ],
)
def test_other_events_are_refused(data: str, code: str) -> None:
    with pytest.raises(ProtocolError) as raised:
        Event.parse(data.encode())
    assert raised.value.code == code


def test_the_answer_to_a_question_for_the_last_event() -> None:
    chain = Chain().set_up(make_sample())
    assert chain.last is not None
    length = len(chain.encode())
    expected = f'{{"height":0,"hash":"{chain.last.hash()}","pos":{length}}}'
    assert last_event(chain.last, length) == expected.encode()


def test_events_refer_to_each_other() -> None:
    events = [Event.parse(data) for kind, data in WHOLE.items if kind == "event"]
    assert all(after.parent == before.hash() for before, after in pairwise(events))
    assert [event.height for event in events] == list(range(len(events)))
