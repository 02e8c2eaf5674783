"""From the first cosignature to the bundle: the verifier knows the witnesses."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from tests.casting import ballot, cast
from tests.finished import finish
from tests.service.test_witnessing import await_cosigned
from tests.service.witness_doubles import double, own_witness
from tests.small import Opened, open_assembly
from vote.audit.verify import verify
from vote.audit.witnesses import WITNESSES
from vote.service import box, bundle
from vote.service.house import House
from vote.service.witnesses import Witness
from vote.tlog.cosignature import require_quorum
from vote.tlog.note import Note, VerifierKey
from vote.web.pages import files


def decide(opened: Opened) -> None:
    cast(opened, "persons-1", ballot(opened, "persons-1"))
    opened.clock.now += timedelta(days=3)
    finish(opened)


def witnessed(opened: Opened, *witnesses: Witness) -> Opened:
    settings = replace(
        opened.house.settings, witnesses=witnesses, batch_seconds=0.01, witness_seconds=0.5
    )
    return replace(opened, house=House(settings, opened.clock))


def test_the_bundle_names_the_witnesses_and_verifies_with_their_cosignatures(
    tmp_path: Path, database_url: str
) -> None:
    plain = open_assembly(tmp_path / "data", database_url)
    log = VerifierKey.parse(box.verifier_key(plain.house, plain.assembly))
    with own_witness(tmp_path / "w", log) as good, double() as hanging:
        opened = witnessed(plain, hanging.witness, good)
        decide(opened)
        files.listing(opened.house, opened.assembly)  # a page that was shown before they cosigned
        await_cosigned(opened, log, good)
        bundle.write(opened.house, opened.assembly, bundle.Folder(tmp_path / "bundle"))
        shown = {file.path: file.sha256 for file in files.listing(opened.house, opened.assembly)}
        opened.house.close()
    listed = (tmp_path / "bundle" / WITNESSES).read_text().splitlines()
    assert listed == [hanging.witness.vkey, good.vkey]
    note = (tmp_path / "bundle/log/checkpoint").read_bytes()
    assert shown["log/checkpoint"] == sha256(note).hexdigest()
    require_quorum(note, log, [good.key], 1)
    report = verify(tmp_path / "bundle", key=log)
    assert report.exit_code == 0, report.to_text()
    assert json.loads(report.to_json())["facts"]["log"]["witnesses"] == [good.vkey]
    # Nobody is listed afterwards, and who is no longer asked is still listed.
    for number, house in enumerate((plain.house, witnessed(plain).house)):
        bundle.write(house, plain.assembly, bundle.Folder(tmp_path / f"again-{number}"))
        assert (tmp_path / f"again-{number}" / "log/checkpoint").read_bytes() == note
        house.close()


def test_without_witnesses_nothing_is_said_of_them(tmp_path: Path) -> None:
    opened = open_assembly(tmp_path / "data")
    decide(opened)
    bundle.write(opened.house, opened.assembly, bundle.Folder(tmp_path / "bundle"))
    opened.house.close()
    assert not (tmp_path / "bundle" / WITNESSES).exists()
    assert len(Note.parse((tmp_path / "bundle/log/checkpoint").read_bytes()).signatures) == 1


def test_a_cosignature_that_comes_late_is_in_the_next_copy(tmp_path: Path) -> None:
    plain = open_assembly(tmp_path / "data")
    log = VerifierKey.parse(box.verifier_key(plain.house, plain.assembly))
    with own_witness(tmp_path / "w", log) as good:
        port = int(good.address.rpartition(":")[2])
    opened = witnessed(plain, good)
    decide(opened)
    place = tmp_path / "bundle"
    bundle.write(opened.house, opened.assembly, bundle.Folder(place))
    assert verify(place, key=log).exit_code == 0
    with own_witness(tmp_path / "w", log, port=port):
        deadline = time.monotonic() + 20
        while len(Note.parse(box.checkpoint(opened.house, opened.assembly)).signatures) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    bundle.write(opened.house, opened.assembly, bundle.Folder(tmp_path / "later"))
    opened.house.close()
    plain.house.close()
    require_quorum((tmp_path / "later/log/checkpoint").read_bytes(), log, [good.key], 1)
    assert verify(tmp_path / "later", key=log).exit_code == 0
