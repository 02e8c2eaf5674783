"""After closing, the database does not tell in which order members voted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.casting import ballot, cast
from tests.small import Opened, open_assembly
from vote.service import closing

ORDER = ("staff-2", "persons-7", "partners-1", "persons-2", "staff-1", "persons-5")


@pytest.fixture
def opened(tmp_path: Path, database_url: str) -> Iterator[Opened]:
    found = open_assembly(tmp_path / "data", database_url)
    for member in ORDER:
        cast(found, member, ballot(found, member))
    yield found
    found.house.close()


def on_disk(opened: Opened) -> list[str]:
    """Who voted, in the order in which a dump would write it."""
    with opened.house.database.reading() as session:
        rows = session.execute(text("SELECT member FROM attendance WHERE voted")).scalars()
        return list(rows)


def test_a_dump_lists_the_voters_by_name_or_as_the_roll_does(opened: Opened) -> None:
    closing.close(opened.house, opened.assembly)
    as_the_roll = [member for member in opened.codes if member in ORDER]
    assert on_disk(opened) in (sorted(ORDER), as_the_roll)


def test_the_write_ahead_log_is_empty(opened: Opened) -> None:
    closing.close(opened.house, opened.assembly)
    log = opened.house.settings.data.parent / "vote.sqlite-wal"
    assert not log.exists() or log.stat().st_size == 0
