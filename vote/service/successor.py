"""Second convocation: from an assembly without quorum to its successor, in one step (L5)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from vote.assembly import convocation
from vote.assembly.advice import warnings
from vote.assembly.definition import Definition
from vote.assembly.errors import Fault
from vote.assembly.model import Quorum
from vote.assembly.parsing import read
from vote.assembly.ratio import Ratio
from vote.assembly.roll import Member
from vote.assembly.tree import tree
from vote.service import prepare
from vote.service.errors import Refusal
from vote.service.folder import AssemblyFolder
from vote.service.house import House
from vote.service.prepare import definition_of, get
from vote.store import people
from vote.store.models import Assembly, Attachment

_NUMBERED = re.compile(r"(.*)-(\d+)")
_LONGEST = 100  # characters of an id


def create(
    house: House,
    assembly: str,
    opens: datetime,
    meeting: datetime,
    closes: datetime,
    *,
    convened: date | None = None,
    quorum: str | None = None,
) -> str:
    """Make the successor of an assembly whose quorum failed: a draft; its id.

    It asks again what was not decided for want of a quorum, and nothing else, of the same roll, by
    the rules of the next convocation, with a new box and new codes.

    :param opens: as `meeting` and `closes`, local time, naive
    :param convened: the day on which the new invitations leave; today if it is not given
    :param quorum: the minimum on this convocation as a fraction ("1/5", "0" for none), where the
        definition does not say what it is
    :raises Refusal: not decided yet, the quorum was reached, or the successor is there already
    :raises DefinitionError: the new times do not fit, or it was never decided what the quorum is
        on a second convocation
    """
    with house.database.reading() as session:
        row = get(session, assembly)
        failed = _undecided(definition_of(row), _failed_papers(row))
        definition = failed if quorum is None else _with_second(failed, quorum)
        roll, photos = _roll(session, assembly), _photos(session, assembly, definition)
    today = house.clock().astimezone(definition.assembly.zone).date()
    name = _name(definition)
    new = convocation.successor(
        definition, name, opens=opens, meeting=meeting, closes=closes, convened=convened or today
    )
    _require_free(house, name)
    prepare.import_assembly(house, AssemblyFolder(new, roll, photos), rehearsal=row.rehearsal)
    return name


def notice(house: House, assembly: str) -> tuple[Fault, ...]:
    """What the host should know of a draft's dates: a notice shorter than the law's (L7), an early
    opening, a change of the clocks."""
    with house.database.reading() as session:
        definition = definition_of(get(session, assembly))
    dates = ("assembly.opens", "assembly.meeting", "assembly.closes", "assembly.convened")
    return tuple(fault for fault in warnings(definition) if fault.where in dates)


def is_possible(house: House, assembly: str) -> bool:
    """Whether an assembly can have a successor: some ballot paper failed its quorum."""
    with house.database.reading() as session:
        row = get(session, assembly)
    return row.outcome is not None and bool(_without_quorum(row.outcome))


def _failed_papers(row: Assembly) -> frozenset[str]:
    if row.outcome is None:
        raise Refusal(
            "not-decided",
            "The assembly is not decided yet. Whether it has to be convened again is known then.",
            status=409,
        )
    failed = _without_quorum(row.outcome)
    if not failed:
        raise Refusal(
            "quorum-reached",
            "Every ballot paper has been decided, so there is nothing to convene the assembly "
            "again for.",
            status=409,
        )
    return failed


def _without_quorum(outcome: bytes) -> frozenset[str]:
    ballots = json.loads(outcome)["ballots"].items()
    return frozenset(
        ballot for ballot, found in ballots if found["quorum"] and not found["quorum"]["reached"]
    )


def _undecided(definition: Definition, papers: frozenset[str]) -> Definition:
    """The assembly with those ballot papers alone."""
    left = replace(
        definition,
        ballots=tuple(paper for paper in definition.ballots if paper.id in papers),
        questions=tuple(one for one in definition.questions if one.ballot in papers),
    )
    return read(tree(left))


def _with_second(definition: Definition, minimum: str) -> Definition:
    """The quorum on a second convocation filled in, wherever there is a quorum without one."""
    try:
        second = Ratio(minimum)
    except ValueError as error:
        raise Refusal(
            "not-a-fraction", "Write the quorum as a fraction, such as 1/5; 0 for none."
        ) from error

    def filled(quorum: Quorum) -> Quorum:
        return replace(quorum, second=second) if quorum.second is None else quorum

    papers = tuple(
        replace(paper, quorum=filled(paper.quorum)) if isinstance(paper.quorum, Quorum) else paper
        for paper in definition.ballots
    )
    general = definition.quorum and filled(definition.quorum)
    return replace(definition, quorum=general, ballots=papers)


def _name(definition: Definition) -> str:
    """ "spring-2026" becomes "spring-2026-2", and that "spring-2026-3"."""
    assembly = definition.assembly
    stem = assembly.id
    numbered = _NUMBERED.fullmatch(stem)
    if assembly.convocation > 1 and numbered and int(numbered[2]) == assembly.convocation:
        stem = numbered[1]
    suffix = f"-{assembly.convocation + 1}"
    return stem[: _LONGEST - len(suffix)] + suffix


def _require_free(house: House, name: str) -> None:
    with house.database.reading() as session:
        if session.get(Assembly, name) is not None:
            raise Refusal(
                "successor-exists",
                "The assembly has been convened again already: “{assembly}”.",
                {"assembly": name},
                status=409,
            )


def _roll(session: Session, assembly: str) -> tuple[Member, ...]:
    return tuple(people.as_listed(each) for each in people.roll(session, assembly))


def _photos(session: Session, assembly: str, definition: Definition) -> dict[str, bytes]:
    """The portraits of those who stand again."""
    wanted = {
        candidate.photo
        for question in definition.questions
        for candidate in getattr(question, "candidates", ())
        if candidate.photo
    }
    statement = select(Attachment).where(Attachment.assembly == assembly)
    rows = session.execute(statement).scalars()
    return {row.path: row.content for row in rows if row.path in wanted}
