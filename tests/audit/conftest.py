"""Fixtures: the workshop's honest assembly, made once for all tests."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pytest

from tests.audit.forging import Stages
from tests.audit.workshop import Files, write


@pytest.fixture(scope="session")
def stages() -> Stages:
    """The honest assembly at every stage."""
    return Stages()


@pytest.fixture(scope="session")
def files(stages: Stages) -> Files:
    """The files of the honest bundle."""
    return MappingProxyType(stages.decided.bundle())


@pytest.fixture(scope="session")
def bundle(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The honest bundle as a folder. Do not write into it."""
    return write(files, tmp_path_factory.mktemp("bundle"))
