"""The attendance sheet: who voted, never what."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.documents import pdf
from vote.documents.attendance import Present, Sheet, as_csv, render

MADE = datetime(2026, 6, 26, 15, 0, tzinfo=UTC)
TITLE = {"fr": "Assemblée des nuages", "en": "Assembly of the Clouds"}
MEMBERS = (
    Present("m-1", "Ada Example", "users", 2, frozenset({"main", "advice"})),
    Present("m-2", "Bea Example", "users", 1, frozenset({"main"}), represented_by="Ada Example"),
    Present("m-3", "Cid Absent", "staff", 1, frozenset()),
    Present("m-4", '=HYPERLINK("x")', "unknown", 1, frozenset({"advice"})),
)
SHEET = Sheet(
    title=TITLE,
    papers={"main": TITLE, "advice": None},
    colleges={"users": {"fr": "Usagers", "en": "Users"}, "staff": {"fr": "Salariés", "en": "S"}},
    members=MEMBERS,
    made=MADE,
    rehearsal=False,
    salt="5a" * 32,
)


def rows(sheet: Sheet) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(sheet).decode("utf-8-sig"))))


def test_the_table_has_everybody_and_no_choice() -> None:
    assert rows(SHEET) == [
        ["member", "name", "college", "weight", "represented_by", "voted:main", "voted:advice"],
        ["m-1", "Ada Example", "users", "2", "", "1", "1"],
        ["m-2", "Bea Example", "users", "1", "Ada Example", "1", "0"],
        ["m-3", "Cid Absent", "staff", "1", "", "0", "0"],
        ["m-4", '\'=HYPERLINK("x")', "unknown", "1", "", "0", "1"],
    ]


@pytest.mark.parametrize("first", list("=+-@\t\r"))
def test_no_cell_is_a_formula(first: str) -> None:
    sheet = replace(SHEET, members=[replace(MEMBERS[0], name=f"{first}1+1")])
    assert rows(sheet)[1][1].startswith("'")


def test_the_sheet_to_sign_has_those_who_took_part() -> None:
    content = render(SHEET, "en")
    said = pdf.text(content)
    assert "Attendance sheet" in said
    assert "3 of 4 members took part." in said
    assert "Ada Example m-1 Users 2 yes yes" in said
    assert "Bea Example m-2 Users 1 yes no Ada Example" in said
    assert "Cid Absent" not in said
    assert '=HYPERLINK("x")' in said
    assert "5a" * 32 in pdf.compact(content)
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.xmp(content)
    assert pdf.structure(content).count("/H1") == 1


def test_one_paper_needs_no_column() -> None:
    sheet = replace(
        SHEET, papers={"main": None}, members=[replace(MEMBERS[0], weight=1)], salt=None
    )
    said = pdf.text(render(sheet, "fr"))
    assert "1 membre sur 1 a pris part." in said
    assert "Poids" not in said
    assert "Représenté par" not in said
    assert "scellé" not in said


def test_nobody_took_part() -> None:
    said = pdf.text(render(replace(SHEET, members=MEMBERS[2:3]), "en"))
    assert "Nobody took part." in said


def test_a_rehearsal_says_so() -> None:
    said = pdf.text(render(replace(SHEET, rehearsal=True), "en"))
    assert "This sheet has no effect." in said


def test_many_papers_lie_across() -> None:
    [page, *_] = pdf.reader(render(replace(SHEET, papers=dict.fromkeys("abcd")), "en")).pages
    assert page.mediabox.width > page.mediabox.height


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert render(SHEET, "en") == render(SHEET, "en")
