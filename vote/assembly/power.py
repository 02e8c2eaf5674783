"""Power made visible: what one vote weighs, and what turnout the quorum needs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from vote.assembly.count import Count
from vote.assembly.model import Base, Definition
from vote.assembly.roll import Member, box, enrolled


@dataclass(frozen=True, slots=True)
class Power:
    """What a college weighs, and one vote in it.

    ``weight`` is the sum of the weights of its ``members``; ``one_vote`` the part of the whole
    assembly's votes that a vote of weight 1 carries when all of them vote (a member of weight w
    has w times that), None in a college without members.
    """

    college: str
    members: int
    weight: int
    share: Fraction
    one_vote: Fraction | None

    def against(self, other: "Power") -> Fraction | None:
        """How many votes of the other college one vote of this one is worth."""
        if self.one_vote is None or other.one_vote is None:
            return None
        return self.one_vote / other.one_vote


def power(definition: Definition, roll: Iterable[Member]) -> tuple[Power, ...]:
    """Before the vote: each college if every member takes part ("*" without shares)."""
    members = list(roll)
    people = enrolled(definition, members)
    weights = dict.fromkeys(definition.shares, 0)
    for member in members:
        weights[box(definition, member)] += member.weight
    return powers(definition, people, weights)


def power_cast(definition: Definition, boxes: Mapping[str, Count]) -> tuple[Power, ...]:
    """After the vote: each college as it took part on one ballot paper."""
    people = {college: count.voters for college, count in boxes.items()}
    weights = {college: count.weight_voting for college, count in boxes.items()}
    return powers(definition, people, weights)


def powers(
    definition: Definition, people: Mapping[str, int], weights: Mapping[str, int]
) -> tuple[Power, ...]:
    """The same from each college's number of members and the sum of their weights."""
    return tuple(
        Power(
            college,
            people[college],
            weights[college],
            share,
            share / weights[college] if weights[college] else None,
        )
        for college, share in definition.shares.items()
    )


@dataclass(frozen=True, slots=True)
class QuorumNeed:
    """The turnout that a ballot paper's quorum asks for.

    ``evenly``: how many voters in each college if every college turns out alike (by heads: of
    the whole assembly as "*"). ``fewest``: the smallest number of voters that could do, by
    college; None if even everybody would not.
    """

    base: Base
    minimum: Fraction
    evenly: Mapping[str, int]
    fewest: Mapping[str, int] | None


def quorum_need(definition: Definition, roll: Sequence[Member], ballot: str) -> QuorumNeed | None:
    """What it takes to reach a ballot paper's quorum; None: there is no quorum."""
    return quorum_need_of(definition, enrolled(definition, roll), ballot)


def quorum_need_of(
    definition: Definition, people: Mapping[str, int], ballot: str
) -> QuorumNeed | None:
    """The same from each college's number of members (of the whole assembly as "*")."""
    quorum = definition.quorum_of(ballot)
    if quorum is None:
        return None
    minimum = quorum.minimum.value
    if quorum.base == "heads":
        voters = {"*": ceil(minimum * sum(people.values()))}
        return QuorumNeed("heads", minimum, voters, voters)
    evenly = {college: ceil(minimum * members) for college, members in people.items()}
    return QuorumNeed("colleges", minimum, evenly, _fewest(definition.shares, people, minimum))


def _fewest(
    shares: Mapping[str, Fraction], people: Mapping[str, int], minimum: Fraction
) -> Mapping[str, int] | None:
    """Each voter adds share / enrolled: take those who add most until it is enough."""
    voters = dict.fromkeys(people, 0)
    gains = {college: shares[college] / n for college, n in people.items() if n}
    missing = minimum
    for college in sorted(gains, key=lambda one: gains[one], reverse=True):
        voters[college] = min(people[college], max(0, ceil(missing / gains[college])))
        missing -= voters[college] * gains[college]
    return voters if missing <= 0 else None
