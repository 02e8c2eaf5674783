"""Homomorphic sums of ballots, kept apart by weight and multiplied by it only once, at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce

from vote.election.ballot import Ballot
from vote.election.group import IDENTITY, Point
from vote.election.proofs import Ciphertext


def ciphertexts_of(ballot: Ballot) -> bytes:
    """A ballot's ciphertexts, in order, as 64 bytes each: alpha, then beta."""
    return b"".join(
        choice.alpha.data + choice.beta.data
        for answer in ballot.answers
        for choice in answer.choices
    )


@dataclass(slots=True)
class Sums:
    """For each weight, the sums of the ciphertexts of ballots of that weight.

    Adding costs the same for every weight. It travels between processes: each sums a part of the
    ballots, and `merge` brings the parts together.
    """

    width: int
    count: int = 0
    total_weight: int = 0
    _points: dict[int, list[Point]] = field(default_factory=dict)

    @classmethod
    def empty(cls, width: int) -> Sums:
        """No ballot yet, of `width` ciphertexts each."""
        return cls(width)

    def add(self, points: bytes, weight: int) -> None:
        """Add the ciphertexts of a verified ballot, as `ciphertexts_of` gives them."""
        sums = self._of(weight)
        self._points[weight] = [s.add(p) for s, p in zip(sums, _split(points), strict=True)]
        self.count += 1
        self.total_weight += weight

    def subtract(self, points: bytes, weight: int) -> None:
        """Take away what was added before."""
        sums = self._of(weight)
        self._points[weight] = [s.sub(p) for s, p in zip(sums, _split(points), strict=True)]
        self.count -= 1
        self.total_weight -= weight

    def merge(self, other: Sums) -> None:
        """Add another part's sums."""
        for weight, points in other._points.items():
            sums = self._of(weight)
            self._points[weight] = [s.add(p) for s, p in zip(sums, points, strict=True)]
        self.count += other.count
        self.total_weight += other.total_weight

    def weighted(self) -> list[Ciphertext]:
        """For each ciphertext, the sum of weight times ballot."""
        multiplied = [
            [point.mul(weight) if weight != 1 else point for point in points]
            for weight, points in self._points.items()
        ]
        totals = [
            reduce(Point.add, column, IDENTITY)
            for column in zip([IDENTITY] * (2 * self.width), *multiplied, strict=True)
        ]
        return [Ciphertext(*totals[i : i + 2]) for i in range(0, len(totals), 2)]

    def _of(self, weight: int) -> list[Point]:
        return self._points.get(weight) or [IDENTITY] * (2 * self.width)


def _split(points: bytes) -> list[Point]:
    return [Point(points[i : i + 32]) for i in range(0, len(points), 32)]
