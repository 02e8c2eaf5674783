"""Do the parts of a definition fit together? Every fault, each with what has to be decided.

A check looks only at parts that could be read: what hangs on a faulty part is not reported too.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from vote.assembly.elections import check_election, known_college
from vote.assembly.model import Consultation, Definition, Election, Question, Quorum, Resolution
from vote.assembly.proxies import check_proxies
from vote.assembly.reader import Faults

_SCIC_LEAST, _SCIC_MOST = Fraction(1, 10), Fraction(1, 2)


def check(definition: Definition, faults: Faults) -> None:
    """Note every fault of a definition whose tables have been read."""
    for looked_at, one_check in _CHECKS:
        if not faults.touch(*looked_at):
            one_check(definition, faults)
    for index, question in enumerate(definition.questions):
        if not faults.touch(f"questions[{index}]."):
            _question(definition, f"questions[{index}]", question, faults)


def _times(definition: Definition, faults: Faults) -> None:
    assembly = definition.assembly
    if assembly.opens >= assembly.closes:
        faults.add("window", "assembly.closes", "the vote must open before it closes.")
    try:
        ZoneInfo(assembly.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        faults.add(
            "timezone",
            "assembly.timezone",
            f'"{assembly.timezone}" is not a time zone such as "Europe/Brussels".',
            timezone=assembly.timezone,
        )


def _ids(definition: Definition, faults: Faults) -> None:
    unique(faults, "colleges", (college.id for college in definition.colleges))
    unique(faults, "ballots", (paper.id for paper in definition.ballots))
    unique(faults, "questions", (question.id for question in definition.questions))


def unique(faults: Faults, where: str, ids: Iterable[str]) -> None:
    """Note each id that stands twice."""
    for one, times in Counter(ids).items():
        if times > 1:
            faults.add("twice", where, f'the id "{one}" is given to {times} of them.', id=one)


def _shares(definition: Definition, faults: Faults) -> None:
    without = [college.id for college in definition.colleges if college.share is None]
    if not definition.has_shares:
        return
    if without:
        faults.add(
            "share-missing",
            "colleges",
            f"all colleges have a share or none has; without one: {', '.join(without)}.",
            colleges=", ".join(without),
        )
        return
    shares = definition.shares
    if any(share == 0 for share in shares.values()):
        faults.add("share-zero", "colleges", "a college's share must be more than 0.")
    total = sum(shares.values())
    if total != 1:
        faults.add(
            "shares-sum",
            "colleges",
            f"the colleges' shares must sum to exactly 1; they sum to {total}.",
            sum=str(total),
        )


def _scic(definition: Definition, faults: Faults) -> None:
    if definition.assembly.organisation != "scic":
        return
    shares = definition.shares.values()
    bounded = all(_SCIC_LEAST <= share <= _SCIC_MOST for share in shares)
    if not definition.has_shares or len(shares) < 3 or not bounded:
        faults.add(
            "scic-shares",
            "colleges",
            "a SCIC has at least three colleges, each with a share from 1/10 to 1/2.",
        )


def _quorums(definition: Definition, faults: Faults) -> None:
    places: list[tuple[str, object]] = [("quorum.base", definition.quorum)]
    places += [(f"ballots[{i}].quorum.base", p.quorum) for i, p in enumerate(definition.ballots)]
    for where, quorum in places:
        if isinstance(quorum, Quorum) and quorum.base == "colleges" and not definition.has_shares:
            faults.add(
                "quorum-base",
                where,
                "a quorum by colleges needs colleges with shares; without them it is by heads.",
            )


def _papers(definition: Definition, faults: Faults) -> None:
    for index, paper in enumerate(definition.ballots):
        opens, closes = definition.window(paper.id)
        if (paper.opens or paper.closes) and opens >= closes:
            faults.add(
                "window", f"ballots[{index}].closes", "the ballot paper must open before it closes."
            )


def _used(definition: Definition, faults: Faults) -> None:
    papers = {paper.id for paper in definition.ballots}
    for index, question in enumerate(definition.questions):
        if question.ballot not in papers:
            faults.add(
                "unknown-ballot",
                f"questions[{index}].ballot",
                f'there is no ballot paper "{question.ballot}".',
                ballot=question.ballot,
            )
    for index, paper in enumerate(definition.ballots):
        if not definition.questions_of(paper.id):
            faults.add(
                "no-question",
                f"ballots[{index}]",
                f'no question stands on the ballot paper "{paper.id}".',
                ballot=paper.id,
            )


def _board(definition: Definition, faults: Faults) -> None:
    for index, member in enumerate(definition.board or ()):
        if member.college is not None:
            known_college(definition, f"board.sitting[{index}].college", member.college, faults)


_NEEDED: Final = {
    "carry": "do the colleges count in proportion or as a bloc?",
    "silent_college": "what becomes of the share of a college without a usable vote: keep it, "
    "or renormalise?",
    "abstentions": "are abstentions excluded, or counted against or for?",
}


def _tally(definition: Definition, faults: Faults) -> None:
    """With shares, every rule of counting that some question needs has to be decided."""
    if not definition.has_shares:
        return
    for rule, what in _NEEDED.items():
        open_for = [
            question.id
            for question in definition.questions
            if hasattr(question, rule) and getattr(question, rule) is None
        ]
        if open_for and getattr(definition.tally, rule) is None:
            faults.add(
                "missing",
                f"tally.{rule}",
                f'"{rule}" is missing: {what} It has to be decided for: {", ".join(open_for)}.',
                key=rule,
                questions=", ".join(open_for),
            )


_Check = Callable[[Definition, Faults], None]
_CHECKS: Final[tuple[tuple[tuple[str, ...], _Check], ...]] = (
    (("assembly",), _times),
    (("colleges", "ballots[", "questions["), _ids),
    (("colleges",), _shares),
    (("assembly.organisation", "colleges"), _scic),
    (("quorum", "colleges", "ballots["), _quorums),
    (("assembly", "ballots["), _papers),
    (("ballots", "questions"), _used),
    (("board", "colleges"), _board),
    (("tally", "colleges", "questions["), _tally),
    (("proxies", "assembly", "colleges"), check_proxies),
)


def _question(definition: Definition, where: str, question: Question, faults: Faults) -> None:
    if isinstance(question, Resolution):
        _resolution(definition, where, question, faults)
    elif isinstance(question, Election):
        check_election(definition, where, question, faults)
    elif isinstance(question, Consultation):
        _consultation(where, question, faults)


def _resolution(definition: Definition, where: str, question: Resolution, faults: Faults) -> None:
    without = not definition.has_shares and not faults.touch("colleges")
    if question.majority.inner and without:
        faults.add(
            "no-shares",
            f"{where}.majority.in_each_college",
            "a majority in each college needs colleges with shares: without them the ballots of "
            "the whole assembly are counted together.",
        )


def _consultation(where: str, question: Consultation, faults: Faults) -> None:
    ids = [position.id for position in question.positions]
    unique(faults, f"{where}.positions", ids)
    if len(ids) < 3:
        faults.add("positions", f"{where}.positions", "a scale needs three positions or more.")
