"""Where small colleges are withheld, their decryptions and results are not published either."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO

import pytest

from tests.casting import ballot, cast
from tests.finished import finish
from tests.small import Opened
from vote.election.archive import Event, read
from vote.election.check import scan
from vote.service import bundle, overview, proceedings
from vote.service.errors import Refusal


@pytest.fixture
def decided(request: pytest.FixtureRequest, by_college: Opened) -> Opened:
    """The small assembly by colleges, decided under the treatment that the test asks for."""
    opened = by_college
    proceedings.choose_privacy(opened.house, opened.assembly, 5, request.param)
    for member in ("persons-1", "staff-1", "partners-1"):
        cast(opened, member, ballot(opened, member))
    finish(opened)
    return opened


def archive_of(opened: Opened, *, entitled: bool) -> bytes:
    [uuid, *_] = [each.uuid for each in overview.view(opened.house, opened.assembly).elections]
    return b"".join(bundle.stream_archive(opened.house, uuid, entitled=entitled))


@pytest.mark.parametrize("decided", ["withhold", "merge"], indirect=True)
def test_the_public_archive_ends_with_the_sums_still_encrypted(decided: Opened) -> None:
    assert scan(BytesIO(archive_of(decided, entitled=False))).stage == "tallied"
    assert scan(BytesIO(archive_of(decided, entitled=False))).shares == {}
    assert scan(BytesIO(archive_of(decided, entitled=True))).stage == "decided"


@pytest.mark.parametrize("decided", ["withhold"], indirect=True)
def test_what_is_withheld_cannot_be_had_by_its_hash_either(decided: Opened) -> None:
    [uuid, *_] = [each.uuid for each in overview.view(decided.house, decided.assembly).elections]
    members = list(read(BytesIO(archive_of(decided, entitled=True))))
    result = next(m for m in members if m.kind == "event" and Event.parse(m.data).type == "Result")
    digest = Event.parse(result.data).payload or ""
    with pytest.raises(Refusal) as caught:
        bundle.read_object(decided.house, uuid, digest)
    assert caught.value.code == "withheld"
    data = bundle.read_object(decided.house, uuid, digest, entitled=True)
    assert sha256(data).hexdigest() == digest


@pytest.mark.parametrize("decided", ["show"], indirect=True)
def test_where_everything_is_shown_everything_is_public(decided: Opened) -> None:
    assert archive_of(decided, entitled=False) == archive_of(decided, entitled=True)
