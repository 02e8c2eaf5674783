"""Second convocation: what was not decided, of the same roll, by the next rules, in a new box."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.documents import pdf
from tests.finished import VOTES, cast, finish, open_edited
from tests.small import Opened, folder
from vote.assembly.errors import DefinitionError
from vote.service import minutes, overview, rehearse, successor
from vote.service.errors import Refusal
from vote.store import people

SECOND = ('minimum = "1/5"\n', 'minimum = "1/2"\nsecond = "1/10"\n')
MEETING = datetime(2036, 3, 20, 18)  # noqa: DTZ001 -- local
TIMES = (MEETING - timedelta(days=10), MEETING, MEETING + timedelta(hours=2))


def failed(place: Path, *edits: tuple[str, str], **options: Any) -> Opened:
    """Six of thirteen voted, half of them were needed."""
    opened = open_edited(place, *(edits or (SECOND,)), **options)
    cast(opened, VOTES)
    finish(opened)
    return opened


def test_one_step_to_the_second_convocation(tmp_path: Path) -> None:
    opened = failed(tmp_path, rehearsal=True)
    house = opened.house
    assert successor.is_possible(house, "trial")
    name = successor.create(house, "trial", *TIMES)
    assert name == "trial-2"
    first, second = overview.view(house, "trial"), overview.view(house, name)
    assert (second.state, second.rehearsal, second.codes_issued) == ("draft", True, False)
    assert second.definition.assembly.convocation == 2
    assert second.definition.assembly.meeting == MEETING
    assert second.definition.questions == first.definition.questions
    quorum = second.definition.quorum
    assert quorum is not None
    assert (str(quorum.minimum), first.state) == ("1/10", "decided")
    with house.database.reading() as session:
        rolls = [
            [(one.member, one.name, one.email, one.college, one.weight) for one in members]
            for members in (people.roll(session, "trial"), people.roll(session, name))
        ]
        assert rolls[0] == rolls[1]
        assert all(one.token_hash is None for one in people.roll(session, name))

    # The new box, new codes, and the quorum that holds now.
    opened.clock.now = datetime.fromisoformat("2036-03-19T12:00:00+00:00")
    codes, bureau = rehearse.set_up(house, name, lambda *_: None)
    assert not set(codes.values()) & set(opened.codes.values())
    again = Opened(house, opened.clock, name, codes, bureau)
    cast(again, {"persons-1": VOTES["persons-1"], "staff-1": VOTES["staff-1"]})
    finish(again)
    assert "on second convocation" in pdf.text(minutes.pdf(house, name, "en"))
    assert not successor.is_possible(house, name)
    with pytest.raises(Refusal) as refused:
        successor.create(house, name, *TIMES)
    assert refused.value.code == "quorum-reached"
    house.close()


TWO_PAPERS = (
    (
        '[[questions]]\nid = "accounts"\n',
        '[[ballots]]\nid = "main"\nquorum = "none"\n\n[[ballots]]\nid = "board"\n\n'
        '[[questions]]\nid = "accounts"\nballot = "main"\n',
    ),
    ('id = "board"\ntype', 'id = "seats"\nballot = "board"\ntype'),
)


def test_only_what_was_not_decided_is_asked_again(tmp_path: Path) -> None:
    opened = open_edited(tmp_path, SECOND, *TWO_PAPERS)
    finish(opened)
    name = successor.create(opened.house, "trial", *TIMES)
    new = overview.view(opened.house, name).definition
    assert [paper.id for paper in new.ballots] == ["board"]
    assert [question.id for question in new.questions] == ["seats"]
    opened.house.close()


def test_the_notice_is_looked_at(tmp_path: Path) -> None:
    opened = failed(tmp_path)
    house = opened.house
    late = MEETING.date() - timedelta(days=9)
    name = successor.create(house, "trial", *TIMES, convened=late)
    assert [fault.code for fault in successor.notice(house, name)] == ["short-notice"]
    assert successor.notice(house, name)[0].params == {"days": 10}
    house.close()


def test_the_invitations_leave_today_if_nobody_says_otherwise(tmp_path: Path) -> None:
    opened = failed(tmp_path)
    opened.clock.now = datetime.fromisoformat("2036-03-01T12:00:00+00:00")
    name = successor.create(opened.house, "trial", *TIMES)
    assembly = overview.view(opened.house, name).definition.assembly
    assert assembly.convened == date(2036, 3, 1)
    assert successor.notice(opened.house, name) == ()
    opened.house.close()


def test_the_second_quorum_can_still_be_said(tmp_path: Path) -> None:
    opened = failed(tmp_path, ('minimum = "1/5"\n', 'minimum = "1/2"\n'))
    with pytest.raises(DefinitionError) as refused:
        successor.create(opened.house, "trial", *TIMES)
    assert refused.value.faults[0].code == "second-quorum"
    with pytest.raises(Refusal) as wrong:
        successor.create(opened.house, "trial", *TIMES, quorum="a tenth")
    assert wrong.value.code == "not-a-fraction"
    name = successor.create(opened.house, "trial", *TIMES, quorum="0")
    assert overview.view(opened.house, name).definition.quorum is None
    opened.house.close()


def test_it_is_refused_in_words(tmp_path: Path) -> None:
    opened = open_edited(tmp_path, SECOND)
    house = opened.house

    def code_of(assembly: str = "trial") -> str:
        with pytest.raises(Refusal) as refused:
            successor.create(house, assembly, *TIMES)
        assert refused.value.message.endswith((".", "”."))
        return refused.value.code

    assert code_of("nothing") == "unknown-assembly"
    assert code_of() == "not-decided"
    assert not successor.is_possible(house, "trial")
    finish(opened)
    successor.create(house, "trial", *TIMES)
    assert code_of() == "successor-exists"
    assert code_of("trial-2") == "not-decided"
    with pytest.raises(DefinitionError):
        successor.create(house, "trial", TIMES[2], MEETING, TIMES[0])
    house.close()


@pytest.mark.parametrize(
    ("assembly", "convocation", "name"),
    [
        ("spring", 1, "spring-2"),
        ("spring-2026", 1, "spring-2026-2"),
        ("spring-2026-2", 2, "spring-2026-3"),
        ("spring-2", 1, "spring-2-2"),
        ("x" * 100, 1, "x" * 98 + "-2"),
    ],
)
def test_names_count_on(assembly: str, convocation: int, name: str) -> None:
    definition = folder().definition
    meant = replace(definition.assembly, id=assembly, convocation=convocation)
    assert successor._name(replace(definition, assembly=meant)) == name
