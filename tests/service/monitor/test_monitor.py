"""`vote monitor` over an honest service, from before opening to the decision."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.audit.forging import Stages
from tests.audit.workshop import ADA, ASSEMBLY, FOR
from tests.service.monitor.monitoring import monitor
from tests.service.monitor.sham import LOG, serving
from vote.audit.verify import verify
from vote.service.errors import Unreadable
from vote.service.monitor import pool
from vote.service.monitor.site import Site

ORDER = ["opened", "voted", "closed", "summed", "decrypted", "published", "decided"]


# --- an honest service --------------------------------------------------------------------


def test_from_before_opening_to_the_decision(stages: Stages, folder: Path) -> None:
    with serving(None) as sham:
        acts = [lambda name=name: sham.show(getattr(stages, name)) for name in ORDER]
        seen = monitor(sham, folder, acts)
    assert (seen.code, seen.alarms) == (0, [])
    assert "not open yet" in seen.shown[0]
    assert "exactly what was watched" in seen.said[-1]
    assert "All" in seen.report
    report = verify(folder / "watched")
    assert report.exit_code == 0
    assert json.loads((folder / "report.json").read_text()) == json.loads(report.to_json())
    bundle = stages.decided.bundle()
    assert {
        path.relative_to(folder / "watched").as_posix(): path.read_bytes()
        for path in (folder / "watched").rglob("*")
        if path.is_file()
    } == dict(bundle)


def test_a_restart_goes_on_where_it_was(stages: Stages, folder: Path) -> None:
    with serving(None) as sham:
        assert monitor(sham, folder).code == 0
        for name in ORDER:
            sham.show(getattr(stages, name))
            sham.asked.clear()
            seen = monitor(sham, folder)
            assert (seen.code, seen.alarms) == (0, []), name
            objects = [path for path in sham.asked if "/objects/" in path]
            assert len(objects) == len(set(objects))
            again = monitor(sham, folder)
            assert again.code == 0
            sham.asked.clear()
        assert not [path for path in sham.asked if "/objects/" in path]
    assert "exactly what was watched" in seen.said[-1]


def test_the_end_can_be_the_beginning(stages: Stages, folder: Path) -> None:
    with serving(stages.decided) as sham:
        assert monitor(sham, folder).code == 0
    assert verify(folder / "watched").exit_code == 0


def test_on_several_processes_the_same_is_found(
    stages: Stages, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "WORTH_PROCESSES", 1)
    forged = stages.opened
    forged.cast(forged.box(college="staff"), "s1", (FOR, ADA))
    forged.record(forged.box(), forged.box(college="staff").ballots[-1])
    forged.vote()
    with serving(forged) as sham:
        several = monitor(sham, folder, jobs=2)
        single = monitor(sham, folder.with_name("single"), jobs=1)
    assert several.codes == single.codes != []


def test_cosignatures_that_come_later_are_no_contradiction(stages: Stages, folder: Path) -> None:
    workshop = stages.voted
    with serving(workshop) as sham:
        plain = sham.files[f"{LOG}checkpoint"]
        assert isinstance(plain, bytes)
        assert monitor(sham, folder).code == 0
        sham.answers[f"{LOG}checkpoint"] = plain + "— witness.example AAAAAAAA\n".encode()
        assert monitor(sham, folder).code == 0
        del sham.answers[f"{LOG}checkpoint"]
        assert monitor(sham, folder).code == 0


@pytest.mark.parametrize(
    "address",
    [
        f"https://vote.example/a/{ASSEMBLY}/",
        f"https://vote.example/a/{ASSEMBLY}",
        f"https://vote.example/a/{ASSEMBLY}/audit",
        f"https://vote.example/log/{ASSEMBLY}",
        f"https://vote.example/log/{ASSEMBLY}/checkpoint",
    ],
)
def test_the_address_may_be_the_page_or_the_log(address: str) -> None:
    assert Site.at(address).address == f"https://vote.example/a/{ASSEMBLY}/"
    below = Site.at(address.replace(".example/", ".example/votes/"))
    assert below.address == f"https://vote.example/votes/a/{ASSEMBLY}/"


@pytest.mark.parametrize(
    "address",
    ["", "vote.example/a/x/", "https://vote.example/", "file:///a/x", "https://u:p@v.example/a/x"],
)
def test_another_address_is_refused(address: str) -> None:
    with pytest.raises(Unreadable, match="not the address of an assembly"):
        Site.at(address)


# --- the folder ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["log/checkpoint", "log/tile/entries/000.p/*", "elections/*.bel", "../progress.json"]
)
def test_a_damaged_copy_is_not_gone_on_with(name: str, stages: Stages, folder: Path) -> None:
    with serving(stages.voted) as sham:
        assert monitor(sham, folder).code == 0
        [path, *_] = (folder / "watched").glob(name)
        path.write_bytes(path.read_bytes()[:-30])
        with pytest.raises(Unreadable, match="damaged"):
            monitor(sham, folder)


def test_a_folder_belongs_to_one_assembly_and_one_monitor(stages: Stages, folder: Path) -> None:
    with serving(stages.opened) as sham, serving(stages.opened) as other:
        assert monitor(sham, folder).code == 0
        with pytest.raises(Unreadable, match="another --state"):
            monitor(other, folder)

        def second() -> None:
            with pytest.raises(Unreadable, match="Another monitor"):
                monitor(sham, folder)
            sham.show(stages.decided)

        assert monitor(sham, folder, [second]).code == 0
