"""Every sentence exists in every language, with the same places to fill in."""

from __future__ import annotations

import re
import string
from importlib import resources

import pytest

from vote.documents import catalogue
from vote.documents.catalogue import LANGUAGES, Entry, words

# Keys that the code puts together: these beginnings, with what can follow.
COMPOSED = {
    "met_": ("ordinary", "extraordinary"),
    "meets_": ("ordinary", "extraordinary"),
    "convocation_": ("1", "2", "3", "n"),
    "means_": ("email", "letter", "website", "press"),
    "quorum_": ("heads", "colleges", "reached", "missed"),
    "rule_abstentions_": ("excluded", "against", "for"),
    "rule_silent_": ("keep", "renormalise"),
    "quota_": ("college", "college_board", "gender", "gender_board"),
    "tie_": ("seniority", "age", "lot"),
    "privacy_": ("show", "merge", "withhold", "unchosen"),
    "hash_": ("definition", "elections", "outcome"),
    "": ("consultation_rule", "consent_rule", "merged", "withheld"),
}

SAME_WORD = {
    *("agenda", "college", "incidents", "means_email", "objection", "score", "secretary"),
    *("signature", "signatures", "label_secretary"),
}


def places(entry: Entry) -> set[tuple[str, str]]:
    """(form, placeholder) of a sentence; in a plural's "one" the number may be left unsaid."""
    forms = entry if isinstance(entry, dict) else {"other": entry}
    return {
        (form, name)
        for form, text in forms.items()
        for _, name, _, _ in string.Formatter().parse(text)
        if name is not None and (form, name) != ("one", "number")
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_and_nothing_is_left_over(language: str) -> None:
    reference, own = words("en").entries, words(language).entries
    assert set(own) == set(reference)
    for key, entry in own.items():
        assert type(entry) is type(reference[key]), key
        assert places(entry) == places(reference[key]), key
        texts = entry.values() if isinstance(entry, dict) else [entry]
        assert all(text.strip() for text in texts), key


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_nothing_is_left_untranslated(language: str) -> None:
    own, reference = words(language).entries, words("en").entries
    wordless = {key for key, text in own.items() if not re.sub(r"\{\w+\}|\W", "", str(text))}
    same = {key for key, entry in own.items() if entry == reference[key]} - wordless
    assert same <= SAME_WORD


def test_every_sentence_is_said_somewhere() -> None:
    folder = resources.files("vote.documents")
    code = "".join(
        each.read_text("utf-8") for each in folder.iterdir() if each.name.endswith(".py")
    )
    said = set(re.findall(r"[\"'](\w+)[\"']", code))
    composed = {f"{start}{end}" for start, ends in COMPOSED.items() for end in ends}
    assert [
        key
        for key in words("en").entries
        if key not in said | composed and not re.fullmatch(r"part_\d_\d", key)
    ] == []


def test_a_language_that_we_do_not_write_gets_english_sentences() -> None:
    assert words("de").language == "en"


def test_french_spaces_do_not_break() -> None:
    french = words("fr")
    assert "Quorum\N{NO-BREAK SPACE}: " in str(french.entries["quorum_heads"])
    assert french("quoted", text="x") == "«\N{NO-BREAK SPACE}x\N{NO-BREAK SPACE}»"
    assert french("rule_adopted_if", part=french("more_than", part=french("part_1_3"))) == (
        "Adoptée si plus d’un tiers des voix sont pour."
    )


def test_numbers_choose_their_form() -> None:
    assert words("en").count("vacant", 1) == "1 seat stays vacant."
    assert words("en").count("vacant", 0) == "0 seats stay vacant."
    assert words("fr").count("vacant", 0) == "0 siège reste vacant."


def test_several_things_make_a_list() -> None:
    assert words("en").listed(["a", "b", "c"]) == "a, b and c"
    assert words("nl").listed(["a"]) == "a"
    assert words("fr").listed([]) == ""


def test_a_key_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        words("en")("nothing of the kind")
    with pytest.raises(KeyError):
        words("en")("vacant")
    with pytest.raises(KeyError):
        words("en").count("minutes", 1)
    assert catalogue.OTHERWISE in LANGUAGES
