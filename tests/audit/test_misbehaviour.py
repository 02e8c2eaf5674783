"""From a receipt and a bundle to a file that convinces a third person, by the commands alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.audit.forging import Stages, finish
from tests.audit.test_commands import call
from tests.audit.test_receipts import lost
from tests.audit.workshop import ADA, FOR, write
from vote.tlog.note import SigningKey


@pytest.fixture
def proof(stages: Stages, tmp_path: Path) -> tuple[Path, str]:
    """A proof made by `vote verify-receipt`, and the log's key."""
    workshop, receipt = lost(stages, lambda box: box.ballots[:-1])
    bundle = write(workshop.bundle(), tmp_path / "bundle")
    (tmp_path / "receipt").write_bytes(receipt)
    place = tmp_path / "proof.json"
    arguments = ("verify-receipt", tmp_path / "receipt", "--bundle", bundle)
    assert call(*arguments, "--misbehaviour", place)[0] == 1
    return place, workshop.log_key.verifier.encode()


def test_it_convinces_whoever_has_the_key_alone(proof: tuple[Path, str], tmp_path: Path) -> None:
    place, key = proof
    code, out, _ = call("verify-misbehaviour", place, "--key", key)
    assert code == 0
    assert out.startswith("PROVED [replaced]: The log ")
    assert "It does not show which of the two is right" in out
    (tmp_path / "vkey").write_text(f"{key}\n")
    code, out, _ = call("verify-misbehaviour", place, "--key", tmp_path / "vkey", "--json")
    said = json.loads(out)
    assert (code, said["verdict"], said["code"], said["key"]) == (0, "proved", "replaced", key)


def test_it_is_small(proof: tuple[Path, str]) -> None:
    assert proof[0].stat().st_size < 4000


def test_against_another_log_it_proves_nothing(proof: tuple[Path, str]) -> None:
    place, key = proof
    other = SigningKey.generate(key.partition("+")[0]).verifier.encode()
    code, out, _ = call("verify-misbehaviour", place, "--key", other)
    assert code == 1
    assert "proves nothing against this log" in out
    code, out, _ = call("verify-misbehaviour", place, "--key", other, "--json")
    assert (code, json.loads(out)["verdict"]) == (1, "not-proved")


def test_changed_anywhere_it_proves_nothing(proof: tuple[Path, str], tmp_path: Path) -> None:
    place, key = proof
    good, changed = place.read_bytes(), tmp_path / "changed"
    for position in range(1, len(good), 97):
        changed.write_bytes(good[:position] + bytes([good[position] ^ 1]) + good[position + 1 :])
        assert call("verify-misbehaviour", changed, "--key", key)[0] == 1, position


def test_what_is_no_proof_at_all(proof: tuple[Path, str], tmp_path: Path) -> None:
    place, key = proof
    (tmp_path / "text").write_text("hello")
    (tmp_path / "json").write_text("{}")
    for arguments, code in [
        ((tmp_path / "none", "--key", key), 2),
        ((tmp_path, "--key", key), 2),
        ((tmp_path / "text", "--key", key), 2),
        ((tmp_path / "json", "--key", key), 1),
        ((place, "--key", "rubbish"), 2),
        ((place,), 2),
    ]:
        assert call("verify-misbehaviour", *arguments)[0] == code, arguments


def test_an_honest_bundle_gives_no_proof(stages: Stages, tmp_path: Path) -> None:
    """Nor does a bundle that someone else spoiled: only the log can contradict itself."""
    workshop = stages.opened
    workshop.cast(workshop.box(), "p1", (FOR, ADA))
    receipt = workshop.receipt(len(workshop.entries) - 1)
    files = dict(finish(workshop).bundle())
    (tmp_path / "receipt").write_bytes(receipt)
    spoilt = dict(files)
    del spoilt[workshop.box().file]
    for number, (each, code) in enumerate([(files, 0), (spoilt, 1)]):
        bundle = write(each, tmp_path / str(number))
        arguments = ("verify-receipt", tmp_path / "receipt", "--bundle", bundle)
        assert call(*arguments, "--misbehaviour", tmp_path / "proof")[0] == code
        assert not (tmp_path / "proof").exists()
