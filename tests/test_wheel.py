"""The wheel carries everything that the command and the web service need."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RESOURCES = {"templates": "_templates", "static": "_static", "migrations": "_migrations"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the wheel alone was installed: unpacked, as installing it does."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def files(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)) for p in found if "__pycache__" not in p.parts}


@pytest.mark.parametrize("name", RESOURCES)
def test_every_file_of_a_resource_is_in_the_wheel(installed: Path, name: str) -> None:
    expected = files(ROOT / name)
    assert expected
    assert expected - files(installed / "vote" / RESOURCES[name]) == set()


def test_the_libraries_for_the_browser_are_in_the_wheel(installed: Path) -> None:
    assert list((installed / "vote/_static/vendor").rglob("*sodium*.*js"))


def test_translations_and_samples_are_in_the_wheel(installed: Path) -> None:
    catalogues = {str(path.relative_to(ROOT)) for path in (ROOT / "vote").rglob("*.po")}
    assert catalogues
    inside = files(installed)
    assert {str(Path(name).with_suffix(".mo")) for name in catalogues} - inside == set()
    assert {f"vote/samples/{name}" for name in files(ROOT / "vote/samples")} - inside == set()


def run_installed(installed: Path, program: str, **environment: str) -> str:
    """What a program prints, away from the source tree, with the wheel's package alone."""
    return subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=installed,
        env={**os.environ, "PYTHONPATH": str(installed), **environment},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_an_installed_wheel_finds_its_resources(installed: Path) -> None:
    program = (
        "from vote import resources as r\n"
        "print(r.templates(), r.static(), r.migrations(), r.samples())"
    )
    names = [*RESOURCES.values(), "samples"]
    found = run_installed(installed, program).split()
    assert found == [str(installed / "vote" / name) for name in names]


VISIT = """
import re
from vote.web import create_app

visitor = create_app().test_client()
for path in (
    "/?lang=nl",
    "/?lang=fr",
    "/static/css/vote.css",
    "/static/vendor/libsodium/libsodium-wrappers.mjs",
):
    with visitor.get(path) as answer:
        language = re.search('<html lang="(..)"', answer.text)
        print(answer.status_code, language and language[1])
"""


def test_an_installed_wheel_serves_pages_in_every_language(installed: Path, tmp_path: Path) -> None:
    """From an empty database, which it migrates."""
    said = run_installed(installed, VISIT, VOTE_DATA=str(tmp_path)).splitlines()
    assert said == ["200 nl", "200 fr", "200 None", "200 None"]


def test_the_wheel_carries_nothing_else(installed: Path) -> None:
    (information,) = installed.glob("vote-*.dist-info")
    assert {path.name for path in installed.iterdir()} == {"vote", information.name}
    assert (information / "licenses/LICENSE").is_file()
    entry_points = (information / "entry_points.txt").read_text("utf-8")
    assert "vote = vote.cli:main" in entry_points
