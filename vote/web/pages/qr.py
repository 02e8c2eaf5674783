"""A QR code as the outline of an SVG path: dark modules as runs of squares one unit wide."""

from __future__ import annotations

from dataclasses import dataclass

import segno

QUIET = 4  # modules of white around it, as ISO/IEC 18004 asks


@dataclass(frozen=True, slots=True)
class Qr:
    """The address it leads to, the side of its drawing in modules, and the path's `d`."""

    address: str
    side: int
    path: str

    @classmethod
    def of(cls, address: str) -> Qr:
        rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
        path = "".join(
            f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z"
            for y, row in enumerate(rows)
            for x, length in _runs(row)
        )
        return cls(address, len(rows) + 2 * QUIET, path)


def _runs(row: list[int]) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
