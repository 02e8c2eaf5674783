"""The catalogues: every sentence of ours exists in every language, with the same blanks to fill."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from vote.assembly.errors import Fault
from vote.web import languages
from vote.web.pages import fault_words

ROOT = Path(__file__).resolve().parent.parent.parent
TRANSLATIONS = ROOT / "vote/web/translations"
OTHERS = [code for code in languages.LANGUAGES if code != languages.SOURCE]
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "Refusal": (2,)}
BLANK = re.compile(r"%\(\w+\)s|\{\w+\}")
PLAIN_SPACE = re.compile(r"(?<=\S) [:;?!»%](?!\()|« ")
CODE = re.compile(
    r"(?:Fault|fault|faults\.add|wrong|refuse|_photo_fault)\(\s*(?:[\w.]+,\s*)?\"([a-z0-9-]+)\""
)

READ_A_HOSTS_FILES = (
    "advice",
    "checks",
    "definition",
    "elections",
    "parsing",
    "proxies",
    "reader",
    "roll",
    "sheet",
)

Message = str | tuple[str, ...]


@pytest.fixture(scope="module")
def said() -> dict[Message, list[str]]:
    """Every sentence in the sources, with the places that say it."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found: dict[Message, list[str]] = {}
    for folder in ("vote", "templates"):
        for path, line, message, *_ in extract_from_dir(
            ROOT / folder,
            [(pattern.removeprefix(f"{folder}/"), how) for pattern, how in methods],
            {pattern.removeprefix(f"{folder}/"): values for pattern, values in options.items()},
            KEYWORDS,
        ):
            found.setdefault(message, []).append(f"{folder}/{path}:{line}")
    return found


@pytest.fixture(scope="module", params=OTHERS)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    with (TRANSLATIONS / request.param / "LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=request.param)


def texts(translation: object) -> tuple[str, ...]:
    return (translation,) if isinstance(translation, str) else tuple(translation or ())  # type: ignore[arg-type]


def test_the_sources_say_something(said: dict[Message, list[str]]) -> None:
    assert len(said) > 400
    assert "Vote" in said
    assert ("%(num)s member", "%(num)s members") in said
    assert "Voting is closed. This ballot came too late and was not recorded." in said


def test_nothing_is_missing(said: dict[Message, list[str]], catalogue: Catalog) -> None:
    known = {m.id: texts(m.string) for m in catalogue if m.id}
    known |= {texts(one)[0]: said_so[:1] for one, said_so in known.items()}  # gettext looks there
    missing = {
        message: places
        for message, places in said.items()
        if not known.get(message) or not all(known[message])
    }
    assert missing == {}


def test_nothing_is_fuzzy_or_left_over(said: dict[Message, list[str]], catalogue: Catalog) -> None:
    assert [m.id for m in catalogue if m.id and m.fuzzy] == []
    assert [m.id for m in catalogue if m.id and m.id not in said] == []
    assert catalogue.obsolete == {}


def test_the_same_blanks_are_filled(catalogue: Catalog) -> None:
    """Singular as singular, plural as plural: each form fills what the source's own form does."""
    different = [
        (source, text)
        for m in catalogue
        if m.id
        for source, text in zip(texts(m.id), texts(m.string), strict=True)
        if set(BLANK.findall(text)) != set(BLANK.findall(source))
    ]
    assert different == []


def test_as_many_plurals_as_the_language_has(catalogue: Catalog) -> None:
    wrong = [
        m.id
        for m in catalogue
        if m.id and m.pluralizable and len(texts(m.string)) != catalogue.num_plurals
    ]
    assert wrong == []


def test_a_percent_sign_is_never_taken_for_a_blank(catalogue: Catalog) -> None:
    """A sentence with blanks is filled by `%`: each of its other percent signs must be doubled."""
    for message in catalogue:
        for text in texts(message.string):
            if "%(" in text:
                names = re.findall(r"%\((\w+)\)s", text)
                assert text % dict.fromkeys(names, "x")


def test_french_spaces_do_not_break() -> None:
    with (TRANSLATIONS / "fr/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale="fr")
    broken = [
        text
        for message in catalogue
        if message.id
        for text in texts(message.string)
        if PLAIN_SPACE.search(text)
    ]
    assert broken == []


def test_a_catalogue_compiles_to_what_it_says(catalogue: Catalog) -> None:
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    buffer.seek(0)
    compiled = {texts(m.id)[0]: texts(m.string) for m in read_mo(buffer) if m.id}
    assert compiled == {texts(m.id)[0]: texts(m.string) for m in catalogue if m.id}


def test_every_fault_of_a_hosts_files_has_words() -> None:
    sources = [ROOT / f"vote/assembly/{name}.py" for name in READ_A_HOSTS_FILES]
    sources.append(ROOT / "vote/service/folder.py")
    codes = {code for path in sources for code in CODE.findall(path.read_text("utf-8"))}
    assert len(codes) > 40
    assert codes - set(fault_words.SAYINGS) == set()


def test_a_fault_without_words_stays_english() -> None:
    fault = Fault("something-new", "tally.carry", "this was never seen before.")
    assert fault_words.say(fault) == ("en", "this was never seen before.")
