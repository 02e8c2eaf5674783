"""The minutes as a PDF: what they say, to whom, and what they are as a file."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest

from tests.documents import pdf, samples
from vote.assembly.definition import Definition, from_toml, to_toml
from vote.assembly.disclosure import Privacy
from vote.assembly.record import Closing
from vote.documents import typesetting
from vote.documents.minutes import languages, render
from vote.documents.typesetting import DocumentError

LANGUAGES = ("fr", "nl", "en")
MINUTES = samples.minutes()


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return {language: render(MINUTES, language) for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_tagged_archivable_and_complete(made: dict[str, bytes], language: str) -> None:
    content = made[language]
    found = pdf.reader(content)
    root: Any = found.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    metadata = pdf.xmp(content)
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert found.metadata is not None
    assert found.metadata.title is not None
    assert found.metadata.title.endswith(f"{language} Assembly of the Clouds")
    embedded = dict(pdf.fonts(content))
    assert embedded
    assert all(embedded.values()), embedded
    assert "AtkinsonHyperlegibleNext" in " ".join(embedded)
    assert found.attachments["minutes.json"] == [MINUTES]


def test_a_screen_reader_finds_headings_tables_and_lists(made: dict[str, bytes]) -> None:
    kinds = pdf.structure(made["en"])
    assert kinds.count("/H1") == 1
    assert {"/H2", "/H3", "/H4", "/Table", "/TH", "/TD", "/L", "/LI", "/Figure", "/P"} <= {*kinds}
    levels = [int(kind[2:]) for kind in kinds if kind in ("/H1", "/H2", "/H3", "/H4")]
    jumps = [b - a for a, b in pairwise(levels)]
    assert max(jumps) == 1  # no level is left out on the way down


def test_the_same_minutes_give_the_same_bytes(made: dict[str, bytes]) -> None:
    assert render(MINUTES, "nl") == made["nl"]
    assert render(samples.minutes(chair="Another"), "nl") != made["nl"]


def test_three_languages_are_set_in_under_two_seconds() -> None:
    minutes = samples.minutes(place="Elsewhere")
    begun = time.perf_counter()
    for language in LANGUAGES:
        render(minutes, language)
    assert time.perf_counter() - begun < 2


# What must stand in them, of M1 to M5, in each language.
SAID = {
    "en": [
        "The ordinary general assembly met on Friday, 26 June 2026 at 10:00 (Brussels time), on "
        "first convocation.",
        "Hall of Winds, Nowhere",
        "on 20 May 2026, 37 days before the meeting, by e-mail, letter, notice on the website and "
        "notice in the press",
        "Cleo Presiding",
        "Sam Writing",
        "Una Counting and Viv Counting",
        "Key One, Key Two and Key Three. 2 of 3 had to decrypt",
        "French, Dutch and English; the reference is French",
        "Proxies given until Wednesday, 24 June 2026 at 18:00; at most 2 for each holder; none for "
        "a holder from “en Partners”; at most one for a holder from “en Staff”; at most 5% of the "
        "members for each holder; within the same college",
        "Members in the room 120",
        "Members represented 4",
        "Quorum: at least a fifth of the members. Turnout was 21/92, or 22.83%. The quorum was "
        "reached.",
        "It was 1/8, or 12.50%. The quorum was not reached: nothing was decided on this ballot "
        "paper.",
        "Weighed by the colleges’ shares, turnout was 93/400, or 23.25%.",
        "Adopted if more than half of the votes are for.",
        "An abstention counts as a vote against.",
        "Each college votes as one: its whole share is for if at least two thirds of its votes are "
        "for",
        "Besides, in each college more than a quarter must be for.",
        "A resolution has no blank vote",
        "Votes are counted with the members’ weights.",
        "nobody took a side",
        "Result: 31/45, or 68.89%. Needed: more than half.",
        "Quotas: 1 to 2 from “en Staff”; at least 1 women in the whole board.",
        "until 30 June 2028, in place of Somebody Former",
        "Passed over: 1 to 2 from “en Staff”",
        "Equal scores, decided by drawing lots: Bea Example and Cid Example.",
        samples.SEED.hex(),
        "If a seat falls vacant, next in order: Cid Example.",
        "Blank ballots 8 0 0",
        "Advice only",
        "No quorum",
        "The stream stopped for seven minutes. (recorded by host)",
        "The host chose to show them all the same.",
        "The decisions can be contested until 26 June 2027.",
        "The audit bundle is at https://vote.example/a/everything/audit.",
        "Signature",
    ],
    "fr": [
        "L’assemblée générale ordinaire s’est réunie le vendredi 26 juin 2026 à 10:00 (heure de "
        "Bruxelles), sur première convocation.",
        "le 20 mai 2026, 37 jours avant la réunion, par courriel, lettre, avis sur le site et avis "
        "dans la presse",
        "Quorum : au moins un cinquième des membres. La participation a été de 21/92, soit "
        "22,83 %. Le quorum est atteint.",
        "Adoptée si plus de la moitié des voix sont pour.",
        "Résultat : 31/45, soit 68,89 %. Il fallait plus de la moitié.",
        "jusqu’au 30 juin 2028, à la place de Somebody Former",
        "Candidature passée : de 1 à 2 du collège « fr Staff »",
    ],
    "nl": [
        "De gewone algemene vergadering kwam bijeen op vrijdag 26 juni 2026 om 10:00 (tijd in "
        "Brussel), na een eerste oproeping.",
        "Quorum: minstens een vijfde van de leden. De opkomst was 21/92, of 22,83%. Het quorum is "
        "bereikt.",
        "Resultaat: 31/45, of 68,89%. Nodig: meer dan de helft.",
        "tot 30 juni 2028, in de plaats van Somebody Former",
        "Overgeslagen: 1 tot 2 uit “nl Staff”",
    ],
}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [(language, each) for language, sentences in SAID.items() for each in sentences],
)
def test_they_say(made: dict[str, bytes], language: str, sentence: str) -> None:
    assert "".join(sentence.split()) in pdf.compact(made[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_hash_is_printed(made: dict[str, bytes], language: str) -> None:
    hashes = json.loads(MINUTES)["hashes"]
    said = pdf.compact(made[language])
    for each in (
        sha256(MINUTES).hexdigest(),
        *(hashes[f"{one}_sha256"] for one in ("definition", "elections", "outcome")),
        hashes["log"]["key"],
        hashes["log"]["root"],
        "ab" * 32,
        *(box["sealed"] for box in hashes["boxes"]),
    ):
        assert each in said


def test_what_nobody_said_is_left_to_be_written() -> None:
    said = pdf.text(render(samples.minutes(samples.SPARE), "en"))
    assert "Members in the room" in said
    assert "Members represented" not in said
    assert "No incident was recorded." in said
    assert "the host did not record until when they can" in said
    assert "The host made no choice before the decision, so they are shown." in said
    assert "The audit bundle is at" not in said
    assert "sealed with a secret number" not in said


def test_a_rehearsal_says_so_on_every_page() -> None:
    content = render(samples.minutes(rehearsal=True), "fr")
    pages = pdf.reader(content).pages
    assert all("Répétition, sans effet" in page.extract_text() for page in pages)
    assert "cette assemblée n’a pas eu lieu" in pdf.text(content)
    assert "Répétition" not in pdf.text(render(MINUTES, "fr"))


def test_later_convocations_and_extraordinary_assemblies_say_so() -> None:
    second = samples.definition("extraordinary", convocation=2)
    said = pdf.text(render(samples.minutes(asked=second), "en"))
    assert "The extraordinary general assembly met" in said
    assert "on second convocation" in said
    fifth = samples.definition(convocation=5)
    assert "sur convocation numéro 5" in pdf.text(render(samples.minutes(asked=fifth), "fr"))


@pytest.mark.parametrize(
    ("treatment", "there", "gone"),
    [
        ("merge", ["Whole assembly 460 105 82 20 13", "68.89%, rounded"], ["31/45", "1,380"]),
        ("withhold", ["The figures are not shown", "3 elected"], ["68.89%", "Rank", "8f44d509"]),
    ],
)
def test_small_colleges_are_shown_as_the_host_chose(
    treatment: Any, there: list[str], gone: list[str]
) -> None:
    content = render(samples.minutes(privacy=Privacy(10, treatment, chosen=True)), "en")
    said = pdf.text(content)
    assert [each for each in there if each not in said] == []
    assert [each for each in gone if each in said] == []
    assert "Those entitled to it can verify the whole count" in said


def _edited(change: Callable[[str], str]) -> Definition:
    return from_toml(change(to_toml(samples.definition())))


HOSTILE = '#set page(fill: red) *x* _y_ $z$ @ref <label> \\ `r` // c /* d */ = h #eval("1") [] {}'


def test_what_an_assembly_wrote_is_never_markup() -> None:
    plain, marked = "en Assembly of the Clouds", HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
    asked = _edited(lambda text: text.replace(plain, marked))
    content = render(samples.minutes(asked=asked, place=HOSTILE, chair=HOSTILE), "en")
    said = pdf.compact(content)
    assert said.count("".join(HOSTILE.split())) >= 3
    assert "<pdfuaid:part>1" in pdf.xmp(content)


def test_greek_and_cyrillic_names_are_set() -> None:
    content = render(samples.minutes(chair="Ελένη Иванова"), "en")
    assert "Ελένη Иванова" in pdf.text(content)
    assert "<pdfuaid:part>1" in pdf.xmp(content)


def test_letters_that_no_font_has_do_not_stop_the_minutes() -> None:
    content = render(samples.minutes(chair="王 秀英"), "en")
    assert "pdfuaid" not in pdf.xmp(content)  # it claims no standard that it does not meet
    assert pdf.structure(content).count("/H1") == 1


def test_an_assembly_in_another_language_has_its_texts_in_it() -> None:
    asked = _edited(
        lambda text: text.replace('"nl"', '"de"').replace("nl = ", "de = ").replace("nl ", "de ")
    )
    content = render(samples.minutes(asked=asked), "de")
    assert "de Assembly of the Clouds" in pdf.text(content)
    assert "The quorum was reached." in pdf.text(content)


def test_without_shares_there_is_one_count() -> None:
    text = to_toml(samples.definition())
    lines = [line for line in text.splitlines() if not line.startswith(("share =", "carry ="))]
    lines = [line.replace(', in_each_college = { more_than = "1/4" }', "") for line in lines]
    asked = from_toml("\n".join(lines).replace('base = "colleges"', 'base = "heads"'))
    together = {ballot: {"*": boxes["users"]} for ballot, boxes in samples.counts().items()}
    content = render(samples.minutes(asked=asked, counted=together), "en")
    said = pdf.text(content)
    assert "The candidates with the most votes are elected." in said
    assert "Whole assembly 400 90 70 20 10" in said


# "Main paper" closed a quarter of an hour before the announced time, "Advice paper" after it.
CLOSED = (Closing("main", "2026-06-26T14:30:07Z"), Closing("advice", "2026-06-26T14:30:07Z"))
ENDED = {
    "en": "at 16:30, when the host closed the vote; it had been announced until Friday, 26 June "
    "2026 at 16:45",
    "fr": "à 16:30, quand le vote a été clos ; il était annoncé jusqu’au vendredi 26 juin 2026 à "
    "16:45",
    "nl": "om 16:30, toen de stemming werd gesloten; aangekondigd was tot vrijdag 26 juni 2026 om "
    "16:45",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ballot_paper_was_open_until_the_host_closed_it(language: str) -> None:
    said = pdf.text(render(samples.minutes(closed=CLOSED), language))
    assert said.count(ENDED[language]) == 1


def test_an_assembly_that_has_not_met_is_not_said_to_have_met() -> None:
    content = samples.minutes(made="2026-06-25T15:01:12Z")
    said = pdf.text(render(content, "en"))
    assert "general assembly is convened for Friday, 26 June 2026 at 10:00" in said
    assert "these minutes were drawn up before that" in said


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b"null", b"\xff", b'{"assembly":{"languages":["en"]}}', MINUTES[:-1]],
)
def test_what_is_no_minutes_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError):
        render(data, "en")


def test_only_the_assemblys_languages_are_set() -> None:
    assert languages(MINUTES) == LANGUAGES
    with pytest.raises(DocumentError, match="does not have the language"):
        render(MINUTES, "it")
    with pytest.raises(DocumentError):
        languages(b"{}")


def test_the_typesetters_own_error_is_one_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "_template", lambda: b"#panic()")
    with pytest.raises(DocumentError):
        render(samples.minutes(chair="Somebody New"), "en")
