"""Did enough members take part? Counted in members, never in weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from vote.assembly.count import Count
from vote.assembly.model import Base, Quorum


@dataclass(frozen=True, slots=True)
class QuorumOutcome:
    """The turnout by the quorum's base, and whether it reaches the minimum."""

    base: Base
    value: Fraction
    minimum: Fraction
    reached: bool


def measure(
    quorum: Quorum, counts: Mapping[str, Count], shares: Mapping[str, Fraction]
) -> QuorumOutcome:
    """Hold the turnout of one ballot paper against its quorum: reached from ``minimum`` on."""
    value = by_heads(counts) if quorum.base == "heads" else by_colleges(counts, shares)
    minimum = quorum.minimum.value
    return QuorumOutcome(quorum.base, value, minimum, value >= minimum)


def by_heads(counts: Mapping[str, Count]) -> Fraction:
    """Voters / enrolled, over the whole assembly."""
    enrolled = sum(count.enrolled for count in counts.values())
    return _part(sum(count.voters for count in counts.values()), enrolled)


def by_colleges(counts: Mapping[str, Count], shares: Mapping[str, Fraction]) -> Fraction:
    """The sum of share x (voters / enrolled of the college)."""
    turnouts = (
        share * _part(counts[college].voters, counts[college].enrolled)
        for college, share in shares.items()
    )
    return sum(turnouts, Fraction(0))


def _part(voters: int, enrolled: int) -> Fraction:
    """Of nobody, nobody took part: a college without members adds 0."""
    return Fraction(voters, enrolled) if enrolled else Fraction(0)
