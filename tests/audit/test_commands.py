"""`vote verify` and `vote verify-receipt` as they are called."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.audit.forging import Stages
from tests.audit.test_receipts import lost, receipt_of
from tests.audit.workshop import Files, write
from vote.cli import group
from vote.tlog import misbehaviour

FORBIDDEN = ("flask", "sqlalchemy", "alembic", "psycopg", "werkzeug", "jinja2", "sqlite3")


def call(*arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    done = CliRunner().invoke(group, [str(each) for each in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.stdout, done.stderr


def test_a_bundle_that_holds(bundle: Path) -> None:
    code, out, err = call("verify", bundle)
    assert (code, err) == (0, "")
    assert "All 43 checks hold." in out


def test_a_bundle_that_does_not(files: Files, tmp_path: Path) -> None:
    code, out, _ = call("verify", write(files | {"outcome.json": b"{}"}, tmp_path))
    assert code == 1
    assert "outcome.json" in out
    assert "DOES NOT HOLD" in out


def test_what_cannot_be_read(tmp_path: Path) -> None:
    code, out, err = call("verify", tmp_path / "nothing")
    assert (code, out) == (2, "")
    assert "nothing cannot be read" in err
    code, out, _ = call("verify", "--json", tmp_path / "nothing")
    assert code == 2
    error = json.loads(out)
    assert (error["verdict"], error["error"]["code"]) == ("unreadable", "unreadable")


def test_json(bundle: Path) -> None:
    code, out, _ = call("verify", "--json", "--jobs", 1, bundle)
    assert code == 0
    assert json.loads(out)["verdict"] == "holds"


def test_a_known_key(bundle: Path, stages: Stages) -> None:
    key = stages.decided.log_key.verifier.encode()
    assert call("verify", "--key", key, bundle)[0] == 0
    assert call("verify", "--key", bundle / "log/key", bundle)[0] == 0
    assert call("verify", "--key", "nonsense", bundle)[0] == 2


@pytest.mark.parametrize("arguments", [[], ["--jobs", "0", "x"], ["x", "y"]])
def test_called_wrongly(arguments: list[str]) -> None:
    assert call("verify", *arguments)[0] == 2


def test_a_receipt(bundle: Path, stages: Stages, tmp_path: Path) -> None:
    workshop = stages.decided
    path = tmp_path / "receipt"
    path.write_bytes(receipt_of(workshop, workshop.box().ballots[0]))
    code, out, _ = call("verify-receipt", path, "--bundle", bundle)
    assert code == 0
    assert "a later one of the same code counts instead" in out
    code, out, _ = call("verify-receipt", path, "--key", bundle / "log/key", "--json")
    assert (code, json.loads(out)["subject"]) == (0, "receipt")
    assert call("verify-receipt", path)[0] == 2
    assert call("verify-receipt", bundle / "outcome.json", "--bundle", bundle)[0] == 2
    path.write_bytes(path.read_bytes().replace(b"index ", b"index 1"))
    assert call("verify-receipt", path, "--bundle", bundle)[0] == 1


def test_a_proof_of_misbehaviour(stages: Stages, tmp_path: Path) -> None:
    workshop, receipt = lost(stages, lambda box: box.ballots[:-1])
    bundle = write(workshop.bundle(), tmp_path / "bundle")
    (tmp_path / "receipt").write_bytes(receipt)
    arguments = ("verify-receipt", tmp_path / "receipt", "--bundle", bundle, "--proof")
    code, _, err = call(*arguments, tmp_path / "proof.json")
    assert code == 1
    assert "proof.json" in err
    proof = (tmp_path / "proof.json").read_bytes()
    assert misbehaviour.verify(proof, workshop.log_key.verifier).code == "replaced"
    assert call(*arguments, tmp_path / "no/such/folder")[0] == 1


PROGRAM = """
import sys
from vote.cli import main
sys.argv = ["vote", *sys.argv[1:]]
try:
    main()
finally:
    loaded = {name.partition(".")[0] for name in sys.modules}
    print(*sorted(loaded.intersection(FORBIDDEN)), file=sys.stderr)
"""


@pytest.mark.parametrize("command", ["verify", "verify-receipt"])
def test_neither_web_nor_database_is_imported(
    command: str, bundle: Path, stages: Stages, tmp_path: Path
) -> None:
    workshop = stages.decided
    (tmp_path / "receipt").write_bytes(receipt_of(workshop, workshop.box().ballots[0]))
    arguments = {
        "verify": ["verify", bundle],
        "verify-receipt": ["verify-receipt", tmp_path / "receipt", "--bundle", bundle],
    }[command]
    program = PROGRAM.replace("FORBIDDEN", repr(FORBIDDEN))
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        check=False,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert (done.returncode, done.stderr.strip()) == (0, "")
