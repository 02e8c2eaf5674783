"""What our documents say, in the languages that we write: one file each in `catalogues/`.

Flask's catalogues are out of reach here (documents are made below the web), and a document that
is signed says the same thing in every language: so the sentences stand together, with keys.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from babel import Locale

LANGUAGES: Final = ("en", "fr", "nl")
OTHERWISE: Final = "en"  # for the sentences of an assembly in a language that we do not write
_LOCALES: Final = {"en": "en_GB", "fr": "fr", "nl": "nl"}
_BEFORE: Final = re.compile(r" ([;:!?»])")

Entry = str | dict[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language; `locale` (CLDR) writes its numbers and dates."""

    language: str
    locale: str
    entries: dict[str, Entry]

    def __call__(self, key: str, /, **values: object) -> str:
        """A sentence, its {placeholders} filled in. KeyError for a key that is not there."""
        entry = self.entries[key]
        if isinstance(entry, dict):
            raise KeyError(f"{key} needs a number")
        return self._fill(entry, values)

    def count(self, key: str, number: int, /, **values: object) -> str:
        """A sentence that depends on a number; `{number}` unless a value says otherwise."""
        entry = self.entries[key]
        if isinstance(entry, str):
            raise KeyError(f"{key} has no plural")
        form = Locale.parse(self.locale).plural_form(number)
        return self._fill(entry.get(form, entry["other"]), {"number": number, **values})

    def _fill(self, template: str, values: dict[str, object]) -> str:
        filled = template.format(**values)
        return filled.replace(" de un ", " d’un ") if self.language == "fr" else filled

    def listed(self, items: Sequence[str]) -> str:
        """Several things in a sentence: "a, b and c"."""
        if len(items) < 2:
            return "".join(items)
        first = self("list_separator").join(items[:-1])
        return f"{first} {self('languages_and')} {items[-1]}"


@cache
def words(language: str) -> Words:
    """The sentences of a language; those of `OTHERWISE` where we do not write it."""
    known = language if language in LANGUAGES else OTHERWISE
    text = resources.files("vote.documents").joinpath(f"catalogues/{known}.toml").read_text("utf-8")
    entries: dict[str, Entry] = tomllib.loads(text)
    if known == "fr":
        entries = {key: _french(entry) for key, entry in entries.items()}
    return Words(known, _LOCALES[known], entries)


def _french(entry: Entry) -> Entry:
    """Put the spaces that do not break before : ; ! ? » and after «."""
    if isinstance(entry, dict):
        return {form: str(_french(text)) for form, text in entry.items()}
    return _BEFORE.sub("\N{NO-BREAK SPACE}\\1", entry).replace("« ", "«\N{NO-BREAK SPACE}")
