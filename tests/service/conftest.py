"""The small assembly open now, for the tests of what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small import Opened, open_assembly


@pytest.fixture
def opened(tmp_path: Path, database_url: str) -> Iterator[Opened]:
    """Once on SQLite and once on PostgreSQL."""
    found = open_assembly(tmp_path / "data", database_url)
    yield found
    found.house.close()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Opened]:
    """On SQLite alone."""
    found = open_assembly(tmp_path / "data")
    yield found
    found.house.close()


@pytest.fixture
def by_college(tmp_path: Path) -> Iterator[Opened]:
    """Every college weighing a third."""
    found = open_assembly(tmp_path / "data", shares=True)
    yield found
    found.house.close()
