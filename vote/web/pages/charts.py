"""The geometry of the drawings: numbers for SVG attributes, since styles may not carry data.

Every drawing is WIDTH units wide and stretched to its place; whoever cannot see it reads the same
figures in the words beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

WIDTH = 1000
GAP = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a bar: `kind` names its colour (fill-KIND in the style sheet)."""

    kind: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Gauge:
    """A quorum: the turnout that counts for it, what is needed, and whether it is reached."""

    value: Fraction
    minimum: Fraction
    reached: bool

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return bar(self.value)


BIGGEST = 46.0


def bar(value: Fraction, kind: str = "part") -> tuple[Piece, ...]:
    """A single value between 0 and 1 on its track."""
    return (Piece("track", 0, WIDTH), Piece(kind, 0, _scaled(value)))


def stack(parts: Mapping[str, int]) -> tuple[Piece, ...]:
    """Pieces side by side, together the whole width; nothing but the track when all are zero."""
    total = sum(parts.values())
    if not total:
        return (Piece("track", 0, WIDTH),)
    pieces: list[Piece] = []
    done = 0
    for kind, part in parts.items():
        start, done = done, done + part
        if part:
            left = _scaled(Fraction(start, total)) + (GAP if start else 0)
            pieces.append(Piece(kind, left, max(2, _scaled(Fraction(done, total)) - left)))
    return tuple(pieces)


def at(value: Fraction) -> int:
    """Where on the bar a threshold stands."""
    return _scaled(value)


def radius(weight: Fraction, heaviest: Fraction) -> float:
    """The radius of a disc whose area is a vote's weight, at most BIGGEST."""
    return round(max(1.5, BIGGEST * sqrt(weight / heaviest)), 1)


def _scaled(value: Fraction) -> int:
    return round(WIDTH * min(Fraction(1), max(Fraction(0), value)))


def ratio(done: int, total: int) -> int:
    """How much of a piece of work is done, on the same scale as a bar."""
    return _scaled(Fraction(done, total)) if total else 0
