"""Can the quotas still be met? An exact answer, fast, for any number of quotas.

Every person has one college and one gender (or none that a quota names). Choosing people so
that each college and each gender stays within bounds is therefore a flow: from the source
through a person's college, then their gender, to the sink, with a lower and an upper bound on
each college and each gender, as many people on the way from a college to a gender as there are
of that kind, and no more than the seats in all. A flow within such bounds exists exactly when a
set of people does (flows of whole numbers suffice), and whether it exists is a maximum flow in
a graph of a dozen points (Ford and Fulkerson, *Flows in Networks*, chapter II): no sets of
candidates are ever enumerated.

Seats that are to stay vacant are people whom nobody stands for: they take the way of any
college to any gender, through a middle point that lets only so many pass.
"""

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from vote.assembly.model import Attribute, Quota


class Person(Protocol):
    """Whoever counts for a quota: a candidate or a sitting member."""

    @property
    def college(self) -> str | None: ...
    @property
    def gender(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Bound:
    """A quota as it bears on the people still to be elected.

    At least ``low`` and, unless ``high`` is None, at most ``high`` of those whose ``attribute``
    has this ``value``. A negative ``high`` cannot be met any more.
    """

    attribute: Attribute
    value: str
    low: int
    high: int | None

    def covers(self, person: Person) -> bool:
        """Whether this person counts for the quota."""
        kept = person.college if self.attribute == "college" else person.gender
        return kept == self.value


def bound(quota: Quota, staying: Iterable[Person]) -> Bound:
    """The quota less the sitting members who count for it (scope "board")."""
    own = Bound(quota.attribute, quota.value, quota.min or 0, quota.max)
    return less(own, staying) if quota.scope == "board" else own


def less(limit: Bound, people: Iterable[Person]) -> Bound:
    """What is left of a bound once these people are in."""
    there = sum(1 for person in people if limit.covers(person))
    high = None if limit.high is None else limit.high - there
    return replace(limit, low=max(0, limit.low - there), high=high)


def can_be_met(
    bounds: Sequence[Bound], seats: int, pool: Iterable[Person], vacant: int = 0
) -> bool:
    """Whether at most ``seats`` people of ``pool`` can meet every bound.

    :param vacant: how many of those seats may stay vacant and count as whatever is needed
    """
    if any(limit.high is not None and limit.high < limit.low for limit in bounds):
        return False
    named = {(limit.attribute, limit.value) for limit in bounds}
    kinds = Counter(
        (
            person.college if ("college", person.college) in named else None,
            person.gender if ("gender", person.gender) in named else None,
        )
        for person in pool
    )
    return _network(bounds, seats, kinds, vacant).feasible()


def fewest_vacant(bounds: Sequence[Bound], seats: int, pool: Sequence[Person]) -> int | None:
    """How many seats must stay vacant, at least, for the bounds to be met; None: no number."""
    for vacant in range(seats + 1):
        if can_be_met(bounds, seats, pool, vacant):
            return vacant
    return None


def conflict(
    bounds: Sequence[Bound], seats: int, pool: Sequence[Person], vacant: int = 0
) -> tuple[int, ...]:
    """Which bounds cannot be met: positions in ``bounds``, none superfluous; () if all can.

    The first one that is impossible by itself, if there is one; otherwise bounds that are
    impossible only together.
    """
    if can_be_met(bounds, seats, pool, vacant):
        return ()
    for position, limit in enumerate(bounds):
        if not can_be_met([limit], seats, pool, vacant):
            return (position,)
    guilty = list(range(len(bounds)))
    for position in reversed(range(len(bounds))):
        others = [other for other in guilty if other != position]
        if not can_be_met([bounds[other] for other in others], seats, pool, vacant):
            guilty = others
    return tuple(guilty)


_Point = tuple[str, str | None]
_SOURCE: Final[_Point] = ("source", None)
_SINK: Final[_Point] = ("sink", None)
_WANTED: Final[_Point] = ("wanted", None)  # where the lower bounds are injected…
_GIVEN: Final[_Point] = ("given", None)  # …and where they must arrive
_NOBODY: Final[tuple[_Point, _Point]] = (("nobody", "in"), ("nobody", "out"))
_UNLIMITED: Final = 1 << 60


class _Network:
    """A flow network with lower bounds, solved by augmenting along shortest paths."""

    def __init__(self) -> None:
        self._room: dict[_Point, dict[_Point, int]] = {}
        self._demand = 0

    def edge(self, start: _Point, end: _Point, low: int, high: int) -> None:
        """Between ``low`` and ``high`` pass from ``start`` to ``end``."""
        self._add(start, end, high - low)
        if low:
            self._add(_WANTED, end, low)
            self._add(start, _GIVEN, low)
            self._demand += low

    def _add(self, start: _Point, end: _Point, room: int) -> None:
        ahead = self._room.setdefault(start, {})
        ahead[end] = ahead.get(end, 0) + room
        self._room.setdefault(end, {}).setdefault(start, 0)

    def feasible(self) -> bool:
        """Whether every lower bound can be served."""
        served = 0
        while served < self._demand:
            pushed = self._augment()
            if not pushed:
                return False
            served += pushed
        return True

    def _augment(self) -> int:
        came: dict[_Point, _Point] = {_WANTED: _WANTED}
        queue = deque([_WANTED])
        while queue and _GIVEN not in came:
            here = queue.popleft()
            for there, room in self._room.get(here, {}).items():
                if room and there not in came:
                    came[there] = here
                    queue.append(there)
        return self._push(came) if _GIVEN in came else 0

    def _push(self, came: dict[_Point, _Point]) -> int:
        path = []
        here = _GIVEN
        while here != _WANTED:
            path.append((came[here], here))
            here = came[here]
        amount = min(self._room[start][end] for start, end in path)
        for start, end in path:
            self._room[start][end] -= amount
            self._room[end][start] += amount
        return amount


def _network(
    bounds: Sequence[Bound], seats: int, kinds: Counter[tuple[str | None, str | None]], vacant: int
) -> _Network:
    network = _Network()
    limits: dict[_Point, tuple[int, int]] = {
        ("college", None): (0, _UNLIMITED),
        ("gender", None): (0, _UNLIMITED),
    }
    for limit in bounds:
        point: _Point = (limit.attribute, limit.value)
        low, high = limits.get(point, (0, _UNLIMITED))
        own = _UNLIMITED if limit.high is None else limit.high
        limits[point] = (max(low, limit.low), min(high, own))
    for point, (low, high) in limits.items():
        if low > high:  # two quotas on one value that exclude each other
            network.edge(_SOURCE, ("nowhere", None), 1, 1)
        elif point[0] == "college":
            network.edge(_SOURCE, point, low, high)
            network.edge(point, _NOBODY[0], 0, vacant)
        else:
            network.edge(point, _SINK, low, high)
            network.edge(_NOBODY[1], point, 0, vacant)
    for (college, gender), people in kinds.items():
        network.edge(("college", college), ("gender", gender), 0, people)
    network.edge(_NOBODY[0], _NOBODY[1], 0, vacant)
    network.edge(_SINK, _SOURCE, 0, max(0, seats))
    return network
