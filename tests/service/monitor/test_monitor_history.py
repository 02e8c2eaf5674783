"""`vote monitor` over a service that changes what was, or keeps it back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.audit.forging import Stages
from tests.audit.workshop import ADA, ASSEMBLY, FOR, Workshop
from tests.service.monitor.monitoring import monitor, proof
from tests.service.monitor.sham import API, BUNDLE, LOG, Sham, serving, zipped
from vote.audit.verify import verify
from vote.election.archive import Event
from vote.service.errors import Unreadable
from vote.tlog.note import SigningKey

# --- history is changed -------------------------------------------------------------------


def forked(stages: Stages) -> Workshop:
    """Another ballot in the place of the last one but one."""
    other = stages.opened
    other.cast(other.box(), "p1", (FOR, ADA))
    other.cast(other.box(college="staff"), "s1", (FOR, ADA))
    other.cast(other.box(), "p3", (FOR, ADA))
    return other


def longer(stages: Stages) -> Workshop:
    other = forked(stages)
    for _ in range(6):
        other.cast(other.box(), "p1", (FOR, ADA))
    return other


def same_size(stages: Stages) -> Workshop:
    other = stages.voted
    other.entries[-2], other.entries[-3] = other.entries[-3], other.entries[-2]
    return other


@pytest.mark.parametrize("forge", [forked, longer, same_size])
def test_another_history_is_proved_to_third_persons(
    forge: Callable[[Stages], Workshop], stages: Stages, folder: Path
) -> None:
    with serving(stages.voted) as sham:
        seen = monitor(sham, folder, [lambda: sham.show(forge(stages))])
    assert (seen.code, seen.codes) == (1, ["fork"])
    assert "does not" in seen.alarms[0].message or "two different trees" in seen.alarms[0].message
    key = stages.voted.log_key.verifier
    assert proof(folder, seen, key).code == "fork"
    assert any("ALARM [fork]" in line for line in seen.said)


def test_ballots_that_are_removed(stages: Stages, folder: Path) -> None:
    shorter = stages.voted
    del shorter.entries[-2:]
    with serving(stages.voted) as sham:
        seen = monitor(sham, folder, [lambda: sham.show(shorter)])
    assert (seen.code, seen.codes) == (1, ["rolled-back"])
    assert "the last 2 were removed" in seen.alarms[0].message


def test_an_old_checkpoint_out_of_a_cache_is_no_alarm(stages: Stages, folder: Path) -> None:
    with serving(stages.voted) as sham:
        assert monitor(sham, folder).code == 0
        path, looks = f"{LOG}checkpoint", iter([stages.opened.checkpoint()])
        answer = sham.answer

        def cached(asked: str) -> tuple[int, bytes]:
            old = next(looks, None) if asked == path else None
            return (200, old) if old else answer(asked)

        sham.answer = cached  # type: ignore[method-assign]
        seen = monitor(sham, folder)
    assert (seen.code, seen.alarms) == (0, [])


def test_entries_that_are_not_those_that_were_signed(stages: Stages, folder: Path) -> None:
    workshop = stages.voted
    size = len(workshop.entries)
    with serving(workshop) as sham:
        path = f"{LOG}tile/entries/000.p/{size}"
        good = sham.answer(path)[1]
        sham.answers[path] = good[:-9] + bytes([good[-9] ^ 1]) + good[-8:]
        seen = monitor(sham, folder)
        assert (seen.code, seen.codes) == (1, ["root-mismatch"])
        assert list((folder / "evidence").glob("checkpoint-*"))


def test_an_earlier_entry_that_is_served_otherwise(stages: Stages, folder: Path) -> None:
    with serving(stages.opened) as sham:
        assert monitor(sham, folder).code == 0
        sham.show(stages.voted)
        path = f"{LOG}tile/entries/000.p/{len(stages.voted.entries)}"
        good = sham.answer(path)[1]
        sham.answers[path] = good[:40] + bytes([good[40] ^ 1]) + good[41:]
        seen = monitor(sham, folder)
    assert (seen.code, seen.codes) == (1, ["entry-altered"])


def test_a_tile_of_hashes_that_is_not_made_of_the_entries(stages: Stages, folder: Path) -> None:
    with serving(stages.voted) as sham:
        size = len(stages.voted.entries)
        sham.answers[f"{LOG}tile/0/000.p/{size}"] = bytes(32 * size)
        seen = monitor(sham, folder)
    assert (seen.code, seen.codes) == (1, ["tile-mismatch"])


def test_a_checkpoint_that_nobody_signed(stages: Stages, folder: Path) -> None:
    with serving(stages.opened) as sham:
        assert monitor(sham, folder).code == 0
        sham.show(stages.voted)
        note = stages.voted.checkpoint()
        sham.answers[f"{LOG}checkpoint"] = note[:-8] + b"AAAAAA=\n"
        seen = monitor(sham, folder)
    assert seen.code == 1
    assert seen.codes[0] in ("signature-invalid", "base64-not-canonical")


def test_a_log_with_another_key(stages: Stages, folder: Path) -> None:
    other = stages.voted
    other.log_key = SigningKey.generate(other.log_key.name)
    with serving(stages.opened) as sham:
        assert monitor(sham, folder).code == 0
        sham.show(other)
        seen = monitor(sham, folder)
    assert (seen.code, seen.codes) == (1, ["another-key"])


def test_a_key_that_the_auditor_knows_otherwise(stages: Stages, folder: Path) -> None:
    known = SigningKey.generate(stages.opened.log_key.name).verifier.encode()
    with serving(stages.opened) as sham:
        seen = monitor(sham, folder, key=known)
        assert (seen.code, seen.codes) == (1, ["another-key"])
        good = stages.opened.log_key.verifier.encode()
        assert monitor(sham, folder.with_name("good"), key=good).code == 0


# --- the service does not give what it must ------------------------------------------------


def test_a_withheld_ballot_holds_up_the_checking_and_not_the_watch(
    stages: Stages, folder: Path
) -> None:
    workshop = stages.voted
    box = workshop.box()
    path = f"{API}{box.uuid}/objects/{sha256(box.ballots[1]).hexdigest()}"
    for withheld in (404, b"something else"):
        with serving(workshop) as sham:
            sham.answers[path] = withheld
            seen = monitor(sham, folder)
            assert (seen.code, seen.codes) == (1, ["withheld"])
            assert path in seen.alarms[0].message
            assert f"{len(workshop.entries)} entries, 2 ballots" in seen.said[-1]
            del sham.answers[path]
        shutil.rmtree(folder)


def test_what_is_served_in_the_end_was_not_withheld(stages: Stages, folder: Path) -> None:
    workshop = stages.voted
    box = workshop.box()
    path = f"{API}{box.uuid}/objects/{sha256(box.ballots[1]).hexdigest()}"
    with serving(workshop) as sham:
        sham.answers[path] = 404
        acts: list[Callable[[], object]] = [
            lambda: None,
            sham.answers.clear,
            lambda: sham.show(stages.decided),
        ]
        seen = monitor(sham, folder, acts)
    assert (seen.code, seen.alarms) == (0, [])
    assert any("ALARM [withheld]" in line for line in seen.said)


def keep_back(sham: Sham, workshop: Workshop) -> None:
    """As where colleges are small: no decryption and no result for the public, and no bundle."""
    for box in workshop.boxes:
        events = [Event.parse(data) for kind, data in box.items if kind == "event"]
        for event in events:
            if event.type in ("PartialDecryption", "Result"):
                sham.answers[f"{API}{box.uuid}/objects/{event.payload}"] = 403
    sham.answers[BUNDLE] = 403


def test_results_that_are_kept_back_do_not_hold_up_the_watch(stages: Stages, folder: Path) -> None:
    with serving(stages.closed) as sham:

        def decrypted() -> None:
            sham.show(stages.decrypted)
            keep_back(sham, stages.decrypted)

        def decided() -> None:
            sham.show(stages.decided)
            keep_back(sham, stages.decided)

        seen = monitor(sham, folder, [decrypted, decided])
        assert (seen.code, seen.alarms) == (0, [])
        assert "are for those who are entitled to them" in seen.said[-1]
        again = monitor(sham, folder)
        assert (again.code, again.said[-1]) == (0, seen.said[-1])
        sham.answers.clear()
        public = monitor(sham, folder)
    assert (public.code, public.alarms) == (0, [])
    assert "exactly what was watched" in public.said[-1]
    assert verify(folder / "watched").exit_code == 0


def test_a_ballot_is_not_for_anybody_to_keep_back(stages: Stages, folder: Path) -> None:
    workshop = stages.voted
    with serving(workshop) as sham:
        digest = sha256(workshop.box().ballots[0]).hexdigest()
        sham.answers[f"{API}{workshop.box().uuid}/objects/{digest}"] = 403
        seen = monitor(sham, folder)
    assert (seen.code, seen.codes) == (1, ["withheld"])


def test_silence_is_an_alarm_while_it_lasts(stages: Stages, folder: Path) -> None:
    with serving(stages.opened) as sham:

        def down(state: bool) -> Callable[[], object]:
            return lambda: setattr(sham, "down", state)

        acts = [down(True), lambda: None, down(False), lambda: sham.show(stages.decided)]
        seen = monitor(sham, folder, acts)
    assert (seen.code, seen.alarms) == (0, [])
    assert any("ALARM [silent]" in line for line in seen.said)
    assert "The service answers again." in seen.said


def test_a_service_that_is_not_there(folder: Path) -> None:
    with serving(None) as sham:
        gone = sham
    seen = monitor(gone, folder)
    assert seen.code == 2
    assert "does not answer" in seen.said[0]


def test_an_assembly_that_nobody_knows(folder: Path) -> None:
    with serving(None) as sham:
        sham.answers[f"/api/assemblies/{ASSEMBLY}"] = 404
        with pytest.raises(Unreadable, match="no assembly"):
            monitor(sham, folder)


# --- the bundle at the end ----------------------------------------------------------------


def without_a_ballot(stages: Stages) -> dict[str, bytes]:
    other = stages.decided
    box = other.box()
    del box.items[-12:]
    return dict(other.bundle())


def another_outcome(stages: Stages) -> dict[str, bytes]:
    return {**stages.decided.bundle(), "outcome.json": b"{}"}


def one_file_more(stages: Stages) -> dict[str, bytes]:
    return {**stages.decided.bundle(), "extra.txt": b"x"}


def without_minutes(stages: Stages) -> dict[str, bytes]:
    return {n: data for n, data in stages.decided.bundle().items() if "minutes" not in n}


def older_checkpoint(stages: Stages) -> dict[str, bytes]:
    return {**stages.decided.bundle(), "log/checkpoint": stages.decided.checkpoint(5)}


@pytest.mark.parametrize(
    "forge",
    [without_a_ballot, another_outcome, one_file_more, without_minutes, older_checkpoint],
)
def test_a_bundle_that_is_not_what_was_watched(
    forge: Callable[[Stages], dict[str, bytes]], stages: Stages, folder: Path
) -> None:
    with serving(stages.decided) as sham:
        sham.answers[BUNDLE] = zipped(forge(stages))
        seen = monitor(sham, folder)
    assert seen.code == 1
    assert set(seen.codes) == {"bundle-differs"}
    assert "is not what was watched" in seen.said[-1]


@pytest.mark.parametrize("answer", [404, b"no zip", zipped({})])
def test_a_bundle_that_is_not_served(answer: int | bytes, stages: Stages, folder: Path) -> None:
    with serving(stages.decided) as sham:
        sham.answers[BUNDLE] = answer
        seen = monitor(sham, folder)
        assert seen.code == 1
        sham.answers.clear()
        if isinstance(answer, int):
            assert (seen.codes, monitor(sham, folder).code) == (["bundle-not-served"], 0)
