"""What an assembly is made of: values only, with the names of the file format.

A definition is read by ``definition.from_toml`` or ``definition.from_json``; nothing here is
checked against anything else. ``None`` means that the host wrote nothing: where the format
gives a default it has been filled in while reading, so what remains ``None`` is either absent
(no photo) or taken from the assembly (a question without its own ``carry``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from vote.assembly.ratio import Ratio

Texts = Mapping[str, str]  # language -> text, in every language of the assembly

Kind = Literal["ordinary", "extraordinary"]
Base = Literal["heads", "colleges"]
Carry = Literal["proportional", "bloc"]
SilentCollege = Literal["keep", "renormalise"]
Abstentions = Literal["excluded", "against", "for"]
Criterion = Literal["seniority", "age", "lot"]
Attribute = Literal["college", "gender"]
Scope = Literal["seats", "board"]
UnmetQuotas = Literal["vacant", "give_way"]
Vacancies = Literal["next_candidate", "co_option"]
Test = Literal["more_than", "at_least"]

WHOLE: Final = "*"  # the one college of an assembly without shares
MAIN: Final = "main"  # the one ballot paper of an assembly that lists none
FOR, AGAINST, ABSTAIN = "for", "against", "abstain"
CONSENT, RESERVATIONS, OBJECTION = "consent", "reservations", "objection"
BLANK: Final = "@blank"


@dataclass(frozen=True, slots=True)
class Assembly:
    """The meeting itself; times are local to ``timezone``."""

    id: str
    kind: Kind
    languages: tuple[str, ...]
    timezone: str
    opens: datetime
    meeting: datetime
    closes: datetime
    title: Texts
    organisation: Literal["scic"] | None = None  # a French SCIC: the law bounds the shares (L1)
    convocation: int = 1
    convened: date | None = None  # when the invitations left, for the notice (L7)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Trustees:
    """Who holds the key: ``threshold`` of ``count`` must come together to decrypt."""

    count: int
    threshold: int


@dataclass(frozen=True, slots=True)
class Quorum:
    """The turnout below which nothing is decided.

    ``second``, if given, is the minimum on a second convocation ("0": none).
    """

    minimum: Ratio
    base: Base
    second: Ratio | None = None


@dataclass(frozen=True, slots=True)
class Majority:
    """``more_than`` or ``at_least`` a fraction.

    ``in_each_college`` is the double majority: the same test (True), or a test of its own,
    inside each college as well.
    """

    test: Test
    fraction: Ratio
    in_each_college: "bool | Majority" = False

    def passes(self, value: Fraction) -> bool:
        """Whether ``value`` passes the test (the test inside the colleges is apart)."""
        if self.test == "more_than":
            return value > self.fraction.value
        return value >= self.fraction.value

    @property
    def inner(self) -> "Majority | None":
        """The test that each college must pass by itself, if there is one."""
        if self.in_each_college is True:
            return Majority(self.test, self.fraction)
        return self.in_each_college or None


@dataclass(frozen=True, slots=True)
class Tally:
    """The assembly's rules of counting; a question may say otherwise."""

    carry: Carry | None = None
    silent_college: SilentCollege | None = None
    abstentions: Abstentions | None = None
    bloc_majority: Majority | None = None


@dataclass(frozen=True, slots=True)
class College:
    """A category of members; ``share`` is its part of the assembly's votes, if it has one."""

    id: str
    share: Ratio | None
    name: Texts


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """A ballot paper; what it leaves out (None) is as the assembly says.

    ``quorum`` is "none" where the paper has no quorum although the assembly has one.
    """

    id: str
    title: Texts | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    quorum: Quorum | Literal["none"] | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """For, against or abstain."""

    id: str
    ballot: str
    title: Texts
    text: Texts | None
    majority: Majority
    carry: Carry | None = None
    silent_college: SilentCollege | None = None
    abstentions: Abstentions | None = None
    bloc_majority: Majority | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who stands; dates are those of the roll of members and of birth."""

    id: str
    name: str
    college: str | None = None
    gender: str | None = None
    member_since: date | None = None
    born: date | None = None
    photo: str | None = None
    statement: Texts | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """At least ``min`` and/or at most ``max`` of one college or gender."""

    attribute: Attribute
    value: str
    min: int | None
    max: int | None
    scope: Scope


@dataclass(frozen=True, slots=True)
class Term:
    """``seats`` of the seats to fill, until a date; filled in the order of election."""

    until: date
    seats: int
    replaces: str | None = None  # whose unfinished term it is


@dataclass(frozen=True, slots=True)
class Election:
    """Seats for candidates."""

    id: str
    ballot: str
    title: Texts
    text: Texts | None
    seats: int
    max_choices: int
    tie_break: tuple[Criterion, ...]
    candidates: tuple[Candidate, ...]
    quotas: tuple[Quota, ...] = ()
    majority: Majority | None = None
    silent_college: SilentCollege | None = None
    unmet_quotas: UnmetQuotas | None = None
    terms: tuple[Term, ...] = ()
    vacancies: Vacancies | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """One colour card of a consultation."""

    id: str
    title: Texts


@dataclass(frozen=True, slots=True)
class Consultation:
    """Advisory: one position among three or more, or blank. It decides nothing."""

    id: str
    ballot: str
    title: Texts
    text: Texts | None
    positions: tuple[Position, ...]
    silent_college: SilentCollege | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent, reservations or objection, or blank: adopted when no objection stands."""

    id: str
    ballot: str
    title: Texts
    text: Texts | None


Question = Resolution | Election | Consultation | Consent


@dataclass(frozen=True, slots=True)
class SittingMember:
    """Somebody on the board already; in office after the meeting unless the term is over."""

    name: str
    college: str | None = None
    gender: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Proxies:
    """Members may have another member vote for them; without this table nobody may (L8).

    ``deadline``: until when mandates can be given and taken back, local time. A holder has at
    most ``per_holder`` mandates, where ``per_college`` says nothing else for the holder's
    college, and at most ``fraction_of_members`` of all members, rounded down; the holder's own
    vote is not one of them.
    """

    deadline: datetime
    per_holder: int | None = None
    fraction_of_members: Ratio | None = None
    per_college: Mapping[str, int] = field(default_factory=dict)
    same_college: bool | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of counting in force for one question, the assembly's own filled in."""

    carry: Carry
    silent_college: SilentCollege
    abstentions: Abstentions
    bloc_majority: Majority | None


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole assembly, checked: what is voted on, by whom, when, and by which rules."""

    assembly: Assembly
    trustees: Trustees
    quorum: Quorum | None
    tally: Tally
    colleges: tuple[College, ...]
    ballots: tuple[BallotPaper, ...]
    questions: tuple[Question, ...]
    board: tuple[SittingMember, ...] | None
    proxies: Proxies | None = None

    @property
    def has_shares(self) -> bool:
        """Whether the colleges weigh what their shares say (otherwise: one member, one vote)."""
        return any(college.share is not None for college in self.colleges)

    @property
    def shares(self) -> dict[str, Fraction]:
        """The parts that are counted apart: each college's share, or the whole as "*": 1."""
        if not self.has_shares:
            return {WHOLE: Fraction(1)}
        return {c.id: c.share.value for c in self.colleges if c.share is not None}

    @property
    def staying(self) -> tuple[SittingMember, ...]:
        """The sitting members who are still on the board after the meeting.

        A member whose term ends on the day of the meeting, or before, leaves; one whose term
        has no date stays.
        """
        day = self.assembly.meeting.date()
        return tuple(m for m in self.board or () if m.until is None or m.until > day)

    def ballot(self, ballot: str) -> BallotPaper:
        """The ballot paper of that id (KeyError)."""
        for paper in self.ballots:
            if paper.id == ballot:
                return paper
        raise KeyError(ballot)

    def question(self, question: str) -> Question:
        """The question of that id (KeyError)."""
        for found in self.questions:
            if found.id == question:
                return found
        raise KeyError(question)

    def questions_of(self, ballot: str) -> tuple[Question, ...]:
        """The questions of a ballot paper, in their order."""
        return tuple(question for question in self.questions if question.ballot == ballot)

    def window(self, ballot: str) -> tuple[datetime, datetime]:
        """When a ballot paper opens and closes, local time: its own, else the assembly's."""
        paper = self.ballot(ballot)
        return paper.opens or self.assembly.opens, paper.closes or self.assembly.closes

    def quorum_of(self, ballot: str) -> Quorum | None:
        """The quorum of a ballot paper: its own, else the assembly's; None: there is none."""
        own = self.ballot(ballot).quorum
        if own == "none":
            return None
        return own or self.quorum

    def rules(self, question: Question) -> Rules:
        """The rules of counting of one question: its own, else the assembly's.

        Without shares there is one college: carry and silence have no effect then.
        """
        tally = self.tally
        carry = _own(question, "carry") or tally.carry
        return Rules(
            carry=carry if carry and self.has_shares else "proportional",
            silent_college=_own(question, "silent_college") or tally.silent_college or "keep",
            abstentions=_own(question, "abstentions") or tally.abstentions or "excluded",
            bloc_majority=_own(question, "bloc_majority") or tally.bloc_majority,
        )


def _own(question: Question, rule: str) -> Any:
    return getattr(question, rule, None)
