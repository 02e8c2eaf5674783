"""A receipt on one page: what it says, what it never says, and what it is as a file."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import segno

from tests.documents import pdf
from vote.documents import qr
from vote.documents.receipt import FILE, Receipt, groups, letter, render

TRACKER = "sb53ybk46ojbMvAyizcVkACBAIrZbRgC8rH8b8jagJo"
ADDRESS = "https://vote.example/a/clouds-2026/check"
RECEIPT = Receipt(
    language="fr",
    assembly="Assemblée des nuages",
    paper=None,
    tracker=TRACKER,
    place=17,
    size=1204,
    address=f"{ADDRESS}#{TRACKER}",
    key="vote.example/log/clouds-2026+dd70beeb+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
    meeting=datetime(2026, 11, 26, 9, 0, tzinfo=UTC),
    rehearsal=False,
    file=b"c2sp.org/tlog-proof@v1\nindex 16\n\nmade up\n",
)
TITLES = {
    "fr": "Reçu d’un bulletin",
    "nl": "Ontvangstbewijs van een stembiljet",
    "en": "Receipt for a ballot",
}
PLACES = {
    "fr": "entrée 17 sur les 1 204",
    "nl": "vermelding 17 van de 1.204",
    "en": "17 of the 1,204",
}


@pytest.fixture(scope="module", params=TITLES)
def made(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    language: str = request.param
    return language, render(replace(RECEIPT, language=language))


def test_one_page_tagged_archivable_with_the_receipt_in_it(made: tuple[str, bytes]) -> None:
    language, content = made
    found = pdf.reader(content)
    root: Any = found.trailer["/Root"]
    assert len(found.pages) == 1
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.xmp(content)
    assert "<pdfaid:part>3</pdfaid:part>" in pdf.xmp(content)
    assert found.attachments[FILE] == [RECEIPT.file]
    assert all(embedded for _, embedded in pdf.fonts(content))
    kinds = pdf.structure(content)
    assert kinds.count("/H1") == 1
    assert kinds.count("/Figure") == 1
    assert kinds.count("/H2") == 4


def test_what_it_says(made: tuple[str, bytes]) -> None:
    language, content = made
    text = pdf.text(content).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert TITLES[language] in text
    assert PLACES[language] in text.replace("\N{NO-BREAK SPACE}", " ")
    assert " ".join(groups(TRACKER)) in text
    assert ADDRESS in pdf.compact(content)
    assert RECEIPT.key in pdf.compact(content)


def test_no_time_of_a_ballot_is_in_it(made: tuple[str, bytes]) -> None:
    _, content = made
    found = pdf.reader(content)
    assert found.metadata is not None
    assert found.metadata.creation_date == RECEIPT.meeting
    assert {*re.findall(r"20\d\d-\d\d-\d\dT[\d:]+", pdf.xmp(content))} == {"2026-11-26T09:00:00"}


def test_the_same_receipt_gives_the_same_bytes() -> None:
    assert render(RECEIPT) == render(RECEIPT)


def test_the_ballot_paper_is_named_where_there_are_several() -> None:
    content = render(replace(RECEIPT, paper="Les statuts"))
    assert "Assemblée des nuages · Les statuts" in pdf.text(content)


def test_a_rehearsal_says_so() -> None:
    assert "Répétition, sans effet" in pdf.text(render(replace(RECEIPT, rehearsal=True)))
    assert letter(replace(RECEIPT, rehearsal=True)).text.startswith("Répétition")


def test_the_longest_names_still_fit_on_one_page() -> None:
    long = replace(
        RECEIPT,
        assembly="Assemblée générale extraordinaire " * 8,
        paper="Modification des statuts et du règlement " * 5,
        address=f"https://{'long-' * 20}name.example/a/{'clouds-' * 12}2026/check#{TRACKER}",
    )
    assert len(pdf.reader(render(long)).pages) == 1


def test_what_is_written_in_titles_is_never_markup() -> None:
    content = render(replace(RECEIPT, assembly="#panic() *x* $y$ <b> `z`"))
    assert "#panic() *x* $y$ <b> `z`" in pdf.text(content)


def test_the_code_is_that_of_the_address() -> None:
    drawing = ET.fromstring(qr.svg(RECEIPT.address))
    matrix = segno.make(RECEIPT.address, error="m", micro=False).matrix
    assert drawing.get("width") == str(len(matrix))
    [path] = drawing.iter("{http://www.w3.org/2000/svg}path")
    lengths = [int(length) for length in re.findall(r"h(\d+)", path.get("d", ""))]
    assert sum(lengths) == sum(map(sum, matrix))


@pytest.mark.parametrize("language", TITLES)
def test_the_letter_says_nothing_of_the_vote_and_leads_to_the_page(language: str) -> None:
    words = letter(replace(RECEIPT, language=language))
    assert RECEIPT.assembly in words.subject
    assert RECEIPT.address in words.text.split("\n")
    assert "{" not in words.subject + words.text
