"""Numbers, times and texts as a reader of each language writes them."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import pytest

from vote.documents import figures, markdown
from vote.documents.catalogue import words

HALF_WAY = Fraction(66155, 100000)  # 66.155%: half up is 66.16


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "66.16%"), ("fr", "66,16\N{NO-BREAK SPACE}%"), ("nl", "66,16%")],
)
def test_percentages_are_rounded_half_up(language: str, said: str) -> None:
    assert figures.percent(words(language), HALF_WAY) == said


@pytest.mark.parametrize(
    ("language", "value", "said"),
    [
        ("en", Fraction(1, 5), "a fifth"),
        ("fr", Fraction(2, 3), "deux tiers"),
        ("nl", Fraction(1, 1), "alle"),
        ("en", Fraction(3, 10), "30%"),
        ("en", Fraction(1, 7), "14.29%"),
        ("en", Fraction(125, 1000), "12.5%"),
    ],
)
def test_thresholds_are_said_in_words_where_people_do(
    language: str, value: Fraction, said: str
) -> None:
    assert figures.part(words(language), value) == said


def test_thousands_are_grouped() -> None:
    assert figures.number(words("en"), 41702) == "41,702"
    assert figures.number(words("nl"), 41702) == "41.702"


def test_dates_and_times() -> None:
    moment = datetime(2026, 11, 26, 16, 45)  # noqa: DTZ001 -- local
    assert figures.day(words("en"), date(2026, 11, 26)) == "26 November 2026"
    assert figures.moment(words("en"), moment) == "Thursday, 26 November 2026 at 16:45"
    assert figures.moment(words("fr"), moment) == "jeudi 26 novembre 2026 à 16:45"
    assert figures.moment(words("nl"), moment) == "donderdag 26 november 2026 om 16:45"
    assert figures.zone(words("fr"), "Europe/Brussels") == "heure de Bruxelles"


def test_languages_are_named_in_the_readers() -> None:
    assert figures.language_name(words("nl"), "fr") == "Frans"
    assert figures.language_name(words("en"), "x") == "x"


def test_markdown_becomes_a_tree() -> None:
    nodes = markdown.parse("A **b** *c* [d](https://e.example) `f`  \nnext\n\n- one\n- two\n\n> q")
    assert [node["kind"] for node in nodes] == ["paragraph", "bullets", "quote"]
    kinds = [node["kind"] for node in nodes[0]["children"]]
    assert kinds == [
        *("text", "strong", "text", "emphasis", "text", "link", "text", "code", "break", "text"),
    ]
    assert nodes[0]["children"][5]["to"] == "https://e.example"
    assert [item[0]["children"][0]["text"] for item in nodes[1]["items"]] == ["one", "two"]


@pytest.mark.parametrize(
    "written", ["<script>x</script>", "# Title", "![picture](x.png)", "***", "| a | b |", "$x$"]
)
def test_what_a_document_has_no_use_for_stays_as_it_was_written(written: str) -> None:
    def text_of(nodes: list[markdown.Node]) -> str:
        return "".join(node.get("text", "") + text_of(node.get("children", [])) for node in nodes)

    said = text_of(markdown.parse(written))
    assert said in (written, written.replace("![picture](x.png)", "!picture"))


def test_an_ordered_list_keeps_its_first_number() -> None:
    [node] = markdown.parse("4. d\n5. e")
    assert (node["kind"], node["start"], len(node["items"])) == ("numbers", 4, 2)
