"""Who sits: down the ranking, seat by seat, as long as every quota can still be met.

``formats.md``: "go down the ranking and take a candidate if the seats left can still meet every
quota afterwards". Decided where it is silent:

- The quotas are what has to be met, not the number of seats: a candidate is taken even if a
  seat then stays vacant for want of somebody whom the quotas allow.
- A candidate below the election's own majority is out of the reckoning: neither elected nor
  counted on for a quota.
- Quotas that no set of candidates can meet are refused before opening unless the host has
  recorded (``unmet_quotas``) what happens then:
  ``vacant``: as few seats as possible stay vacant, and count as whatever was wanting;
  ``give_way``: the quotas are taken in the order in which they are written, and one that cannot
  be met together with those before it gives way by as little as possible.
  If it comes to this only in the count (candidates below the majority), and nothing was
  recorded, the seats stay vacant: the quotas are binding, and the host was warned.
- Sitting members above a quota's maximum do not leave: nobody more of that value is elected.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from vote.assembly.model import Candidate, Election, Majority, Quota, SittingMember
from vote.assembly.quotas import Bound, bound, can_be_met, conflict, fewest_vacant, less


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Why a candidate did not get the seat that their rank would have given.

    The quotas that did it, more than one only if it took them together; or the majority that
    the candidate did not reach.
    """

    quotas: tuple[Quota, ...] = ()
    majority: Majority | None = None


@dataclass(frozen=True, slots=True)
class Seating:
    """Who is elected, in the order of election, and who was passed over for what."""

    elected: tuple[str, ...]
    passed_over: dict[str, PassedOver]


@dataclass(frozen=True, slots=True)
class _Reckoning:
    """The quotas in force, and how many seats are kept vacant for want of candidates."""

    bounds: tuple[Bound, ...]
    vacant: int


def bounds_of(election: Election, staying: Sequence[SittingMember]) -> tuple[Bound, ...]:
    """The election's quotas as they bear on the seats to fill."""
    return tuple(bound(quota, staying) for quota in election.quotas)


def impossible_quotas(
    election: Election, staying: Sequence[SittingMember]
) -> tuple[tuple[Quota, ...], bool]:
    """The quotas that no set of the candidates can meet, () if there is one.

    The second value says whether leaving seats vacant would do.
    """
    bounds = bounds_of(election, staying)
    guilty = conflict(bounds, election.seats, election.candidates)
    vacant = fewest_vacant(_no_more(bounds), election.seats, election.candidates)
    return tuple(election.quotas[position] for position in guilty), vacant is not None


def seat(
    election: Election,
    ranking: Sequence[Candidate],
    eligible: Collection[str],
    staying: Sequence[SittingMember],
) -> Seating:
    """Fill the seats.

    :param ranking: all the candidates, the first one first
    :param eligible: the ids of those who reached the election's majority
    """
    able = [candidate for candidate in ranking if candidate.id in eligible]
    reckoning = _reckon(election, staying, able)
    taken: list[Candidate] = []
    passed: dict[str, PassedOver] = {}
    for candidate in ranking:
        if len(taken) == election.seats:
            break
        if candidate.id not in eligible:
            passed[candidate.id] = PassedOver(majority=election.majority)
            continue
        able = able[1:]
        guilty = _in_the_way(reckoning, election.seats, [*taken, candidate], able)
        if guilty:
            passed[candidate.id] = PassedOver(tuple(election.quotas[place] for place in guilty))
        else:
            taken.append(candidate)
    return Seating(tuple(candidate.id for candidate in taken), passed)


def _in_the_way(
    reckoning: _Reckoning, seats: int, taken: Sequence[Candidate], pool: Sequence[Candidate]
) -> tuple[int, ...]:
    """The quotas that could not be met any more with these people taken.

    Nobody who was passed over could help: they would not have been passed over then.
    """
    left = [less(limit, taken) for limit in reckoning.bounds]
    return conflict(left, seats - len(taken), pool, reckoning.vacant)


def _reckon(
    election: Election, staying: Sequence[SittingMember], able: Sequence[Candidate]
) -> _Reckoning:
    bounds = bounds_of(election, staying)
    if can_be_met(bounds, election.seats, able):
        return _Reckoning(bounds, 0)
    if election.unmet_quotas == "give_way":
        return _Reckoning(_give_way(bounds, election.seats, able), 0)
    bounds = _no_more(bounds)
    return _Reckoning(bounds, fewest_vacant(bounds, election.seats, able) or 0)


def _no_more(bounds: Sequence[Bound]) -> tuple[Bound, ...]:
    """Where those who stay exceed a maximum already: nobody more."""
    return tuple(
        replace(limit, high=0) if limit.high is not None and limit.high < 0 else limit
        for limit in bounds
    )


def _give_way(bounds: Sequence[Bound], seats: int, able: Sequence[Candidate]) -> tuple[Bound, ...]:
    """In the order written, each bound as far as those before it leave it possible."""
    kept: list[Bound] = []
    for limit in _no_more(bounds):
        kept.append(next(b for b in _softer(limit, seats) if can_be_met([*kept, b], seats, able)))
    return tuple(kept)


def _softer(limit: Bound, seats: int) -> list[Bound]:
    """The bound and its ever weaker versions; the last one asks for nothing."""
    lower = [replace(limit, low=low) for low in range(limit.low, -1, -1)]
    if limit.high is None:
        return lower
    higher = [replace(limit, low=0, high=high) for high in range(limit.high + 1, seats + 1)]
    return [*lower, *higher, replace(limit, low=0, high=None)]
