"""Second convocation: the successor of an assembly whose quorum was not reached (L5)."""

from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from vote.assembly.errors import refuse
from vote.assembly.model import BallotPaper, Definition, Quorum
from vote.assembly.parsing import read
from vote.assembly.tree import tree


def successor(
    definition: Definition,
    assembly: str,
    *,
    opens: datetime,
    meeting: datetime,
    closes: datetime,
    convened: date | None = None,
) -> Definition:
    """The same agenda under the rules of the next convocation, with an id and times of its own.

    The quorum's ``second`` minimum takes the place of the first one ("0": no quorum); ballot
    papers with times of their own take the new assembly's; the deadline for proxies stays as long
    before the meeting as it was, but not after the closing.

    :raises DefinitionError: there is a quorum, and what it is on a second convocation was never
        decided ("second-quorum"); or the new times do not fit
    """
    ballots = tuple(_paper(paper) for paper in definition.ballots)
    proxies = definition.proxies
    if proxies is not None:
        ahead = definition.assembly.meeting - proxies.deadline
        proxies = replace(proxies, deadline=min(meeting - ahead, closes))
    new = replace(
        definition,
        assembly=replace(
            definition.assembly,
            id=assembly,
            convocation=definition.assembly.convocation + 1,
            opens=opens,
            meeting=meeting,
            closes=closes,
            convened=convened,
        ),
        quorum=definition.quorum and _second(definition.quorum, "quorum.second"),
        ballots=ballots,
        proxies=proxies,
    )
    return read(tree(new))


def _paper(paper: BallotPaper) -> BallotPaper:
    quorum: Quorum | Literal["none"] | None = paper.quorum
    if isinstance(quorum, Quorum):
        quorum = _second(quorum, f"ballots.{paper.id}.quorum.second") or "none"
    return replace(paper, opens=None, closes=None, quorum=quorum)


def _second(quorum: Quorum, where: str) -> Quorum | None:
    if quorum.second is None:
        raise refuse(
            "second-quorum",
            where,
            'what is the quorum on a second convocation? It has to be decided ("0": none).',
        )
    if quorum.second.value == 0:
        return None
    return replace(quorum, minimum=quorum.second)
