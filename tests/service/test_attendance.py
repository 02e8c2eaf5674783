"""The attendance sheet: after closing, for the host, without a choice."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.documents import pdf
from tests.finished import VOTES, cast, finish, open_edited, write_bundle
from vote.service import attendance, minutes
from vote.service.errors import Refusal
from vote.store import people


def test_who_voted_stands_there_once_voting_is_closed(tmp_path: Path) -> None:
    opened = open_edited(tmp_path)
    house = opened.house
    cast(opened, VOTES)
    with house.database.writing() as session:
        people.mark_voted(session, "trial", "main", "persons-7", "persons-1")
    for sheet in (
        lambda: attendance.as_csv(house, "trial"),
        lambda: attendance.as_pdf(house, "trial", "en"),
        lambda: attendance.sealed_roll(house, "trial"),
    ):
        with pytest.raises(Refusal) as refused:
            sheet()
        assert refused.value.code == "not-closed"
    finish(opened)

    rows = list(csv.DictReader(io.StringIO(attendance.as_csv(house, "trial").decode("utf-8-sig"))))
    assert len(rows) == 13
    voted = {row["member"] for row in rows if row["voted:main"] == "1"}
    assert voted == {*VOTES, "persons-7"}
    assert {row["represented_by"] for row in rows} == {"", "Member persons-1"}
    assert set(rows[0]) == {
        *("member", "name", "college", "weight", "represented_by", "voted:main"),
    }

    said = pdf.text(attendance.as_pdf(house, "trial", "en"))
    assert "7 of 13 members took part." in said
    assert "Member persons-8" not in said
    _, salt = attendance.sealed_roll(house, "trial")
    assert salt in pdf.compact(attendance.as_pdf(house, "trial", "nl"))
    with pytest.raises(Refusal) as refused:
        attendance.as_pdf(house, "trial", "de")
    assert refused.value.code == "no-such-language"

    bundle = write_bundle(opened, tmp_path / "bundle")
    assert not any(b"Member persons-" in p.read_bytes() for p in bundle.rglob("*") if p.is_file())
    assert "Member persons-" not in pdf.text(minutes.pdf(house, "trial", "en"))
    house.close()
