"""The workshop's honest assembly at every stage, and a folder for a monitor."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit.forging import Stages


@pytest.fixture(scope="session")
def stages() -> Stages:
    return Stages()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "monitor"
