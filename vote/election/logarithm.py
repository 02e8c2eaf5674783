"""The number behind a small multiple of the generator (specification, "Election result")."""

from __future__ import annotations

from math import isqrt
from typing import Final

from vote.election.errors import ProtocolError
from vote.election.group import IDENTITY, G, Point, mul_base

# About 60 MB at the very most; a larger range takes more steps instead of more memory.
_LARGEST_TABLE: Final = 2**18


class Logarithms:
    """Baby-step giant-step for numbers from 0 to `largest`, with a table of about its square root.

    One table serves every sum of an election.
    """

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._step = min(isqrt(largest) + 1, _LARGEST_TABLE)
        self._table: dict[bytes, int] = {}
        point = IDENTITY
        for number in range(self._step):
            self._table[point.data] = number
            point = point.add(G)
        self._giant = mul_base(self._step)

    def find(self, point: Point) -> int:
        """The number whose multiple of the generator is `point`. Raises "sum-too-large"."""
        for passed in range(0, self._largest + 1, self._step):
            number = self._table.get(point.data)
            if number is not None and passed + number <= self._largest:
                return passed + number
            point = point.sub(self._giant)
        raise ProtocolError("sum-too-large", "a sum is larger than the weight of all ballots")
