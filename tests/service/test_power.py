"""What one vote weighs, from the roll in the database, weights and all."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from tests.small import Opened, folder, open_assembly
from vote.assembly.power import power
from vote.service import overview


def test_the_roll_in_the_database_weighs_as_the_law_says(tmp_path: Path) -> None:
    for shares in (False, True):
        opened: Opened = open_assembly(tmp_path / str(shares), shares=shares)
        written = folder("trial", shares=shares)
        found = overview.power(opened.house, "trial")
        assert found == power(written.definition, written.roll)
        if shares:
            assert {each.college: each.one_vote for each in found} == {
                "persons": Fraction(1, 24),
                "staff": Fraction(1, 9),
                "partners": Fraction(1, 6),
            }
        opened.house.close()
