"""The monitor's copy of the log: always exactly the tiles of the newest tree."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audit.forging import Stages
from tests.audit.workshop import ADA, ASSEMBLY, BLANK, FOR, Workshop
from tests.service.monitor.sham import LOG, serving
from tests.tlog.makers import LOG as LOG_KEY
from tests.tlog.shared import BIG_TREE, published
from vote.audit.verify import verify
from vote.cli.monitor import command as monitor_command
from vote.service.monitor.logcopy import Edge, LogCopy
from vote.tlog.checkpoint import Checkpoint, sign_checkpoint
from vote.tlog.merkle import Tree, leaf_hash
from vote.tlog.tiles import Tile, tile_hashes, tiles_of


class Tiles:
    """A site of which only the tiles are asked for."""

    def __init__(self, size: int) -> None:
        self.files = published(size)

    def tile(self, tile: Tile) -> bytes:
        return self.files[tile.path]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(1, 600), min_size=1, max_size=4, unique=True), st.booleans())
def test_however_a_log_grows_the_copy_has_its_tiles_and_no_others(
    sizes: list[int], again: bool
) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "log").mkdir()
        copy = LogCopy(folder, LOG_KEY.verifier)
        for size in sorted(sizes):
            if again:
                copy = LogCopy(folder, LOG_KEY.verifier)
            head = Checkpoint(LOG_KEY.name, size, BIG_TREE.root(size))
            site: Any = Tiles(size)
            copy.extend(sign_checkpoint(head, LOG_KEY), head, site)
            assert copy.root(size // 2) == BIG_TREE.root(size // 2)
            found = {
                path.relative_to(folder / "log").as_posix(): path.read_bytes()
                for path in (folder / "log/tile").rglob("*")
                if path.is_file()
            }
            assert found == published(size)


def test_an_edge_makes_the_tiles_of_three_levels() -> None:
    size = 65_536 + 700
    leaves = [leaf_hash(b"%d" % number) for number in range(size)]
    edge, made = Edge(), {}
    for leaf in leaves:
        made.update(edge.append(leaf))
    made.update(edge.partial())
    tree = Tree(leaves)
    assert edge.root() == tree.root()
    assert made == {
        tile: tile_hashes(tile, tree.node) for tile in tiles_of(size) if tile.level != "entries"
    }


def test_killed_at_any_moment_it_goes_on_and_comes_to_the_same_end(
    stages: Stages, tmp_path: Path
) -> None:
    """The command is killed again and again while it catches up; its copy is then complete."""
    workshop = stages.opened
    for number in range(60):
        member = f"p{number % 3 + 1}"
        workshop.cast(workshop.box(), member, (FOR, ADA if number % 2 else BLANK))
    workshop.close().sum_up().decrypt().publish_results().decide()
    folder = tmp_path / "monitor"
    pauses = random.Random(3)
    with serving(workshop) as sham:
        command = [sys.executable, "-m", "vote", "monitor", sham.address, "--state", str(folder)]
        for _ in range(4):
            sham.asked.clear()
            with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
                asked = pauses.randrange(1, 60)
                while len(sham.asked) < asked and running.poll() is None:
                    time.sleep(0.001)
                os.kill(running.pid, signal.SIGKILL)
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "exactly what was watched" in done.stderr
    assert verify(folder / "watched").to_text().splitlines()[0] in done.stdout
    assert f"/log/{ASSEMBLY}" in done.stderr


def test_a_log_of_many_tiles(stages: Stages, tmp_path: Path) -> None:
    """Entries that are no events, so that nothing else has to be made: 600 of them."""
    workshop: Workshop = stages.opened
    workshop.entries += [b"%d" % number for number in range(600)]
    with serving(workshop) as sham:
        command = [sys.executable, "-m", "vote", "monitor", sham.address]
        arguments = ["--state", str(tmp_path / "monitor"), "--once"]
        done = subprocess.run(
            [*command, *arguments], capture_output=True, text=True, timeout=60, check=False
        )
        assert f"{LOG}tile/entries/001" in sham.asked
    assert done.returncode == 1
    alarms = [line for line in done.stderr.splitlines() if line.startswith("ALARM")]
    assert len(alarms) == 21  # quiet, however much is wrong
    assert "there are more alarms like these" in alarms[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["https://vote.example/"],
        ["https://vote.example/a/x/", "--key", "rubbish"],
        ["https://vote.example/a/x/", "--webhook", "ftp://x"],
        ["https://vote.example/a/x/", "--interval", "0"],
    ],
)
def test_what_the_command_cannot_do(arguments: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(monitor_command, [*arguments, "--state", str(tmp_path / "state")])
    assert done.exit_code == 2
