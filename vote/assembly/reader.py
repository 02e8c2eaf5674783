"""Reading one table of a definition, strictly, noting every fault on the way.

The tables come from TOML (with dates) or from JSON (dates as text); both read alike. A fault
does not stop the reading: a harmless placeholder takes the value's place, and whoever called
raises at the end, so that the host sees all the faults in one go.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

from vote.assembly.errors import Fault
from vote.assembly.model import Texts
from vote.assembly.ratio import Ratio

L = TypeVar("L", bound=str)

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LOCAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}", re.ASCII)
_NO_DATE = date(1, 1, 1)
_LONGEST = 100_000  # characters of one text


class Faults:
    """The faults found so far."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, code: str, where: str, message: str, /, **params: str | int) -> None:
        """Note a fault."""
        self.found.append(Fault(code, where, message, params))

    def touch(self, *prefixes: str) -> bool:
        """Whether something under one of these places is faulty already."""
        return any(fault.where.startswith(prefixes) for fault in self.found)


class Table:
    """A table being read; ``where`` is its place ("questions[2]"), "" the whole file."""

    def __init__(self, data: Mapping[str, object], where: str, faults: Faults) -> None:
        self._data = data
        self._read: set[str] = set()
        self.where = where
        self.faults = faults

    def place(self, key: str) -> str:
        """The place of a key of this table."""
        return f"{self.where}.{key}" if self.where else key

    def has(self, key: str) -> bool:
        """Whether the host wrote this key (JSON's null says nothing)."""
        return self._data.get(key) is not None

    def get(self, key: str) -> object:
        """The raw value (None if absent); the key counts as known."""
        self._read.add(key)
        return self._data.get(key)

    def wrong(self, code: str, key: str, message: str, /, **params: str | int) -> None:
        """Note a fault about a key."""
        self.faults.add(code, self.place(key), message, **params)

    def missing(self, key: str, what: str) -> None:
        """Note that a key is missing; ``what`` says what has to be stated or decided."""
        self._read.add(key)
        self.wrong("missing", key, f'"{key}" is missing: {what}', key=key)

    def finish(self) -> None:
        """Refuse the keys that nobody asked for: a mistyped key must not change a rule."""
        for key in self._data:
            if key not in self._read:
                known = ", ".join(sorted(self._read))
                self.wrong(
                    "unknown-key",
                    key,
                    f'"{key}" is not a key that is known here; known are: {known}.',
                    key=key,
                    known=known,
                )

    def text(self, key: str, what: str) -> str:
        """A text in one line, not blank, required."""
        if not self.has(key):
            self.missing(key, what)
            return ""
        return self.optional_text(key) or ""

    def optional_text(self, key: str) -> str | None:
        """A text in one line, not blank, or None."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip() or not _printable(value, "\t"):
            self.wrong("not-a-text", key, f'"{key}" must be a text in one line, not empty.')
            return ""
        return value

    def identifier(self, key: str, what: str) -> str:
        """An id: letters without accents, digits, "-" and "_", at most 64."""
        value = self.text(key, what)
        if value and not ID.fullmatch(value):
            self.wrong(
                "bad-id",
                key,
                f'"{value[:80]}" cannot be an id: use letters without accents, digits, "-" and '
                '"_" (at most 64 of them, a letter or digit first).',
                value=value[:80],
            )
        return value

    def optional_identifier(self, key: str) -> str | None:
        """An id, or None."""
        return self.identifier(key, "") if self.has(key) else None

    def choice(self, key: str, options: Sequence[L], what: str) -> L:
        """One of ``options``, required; ``what`` says what has to be decided."""
        if not self.has(key):
            self.missing(key, what)
            return options[0]
        return self.optional_choice(key, options) or options[0]

    def optional_choice(self, key: str, options: Sequence[L]) -> L | None:
        """One of ``options``, or None."""
        value = self.get(key)
        if value is None:
            return None
        return self._one_of(key, value, options)

    def _one_of(self, key: str, value: object, options: Sequence[L]) -> L | None:
        for option in options:
            if option == value:
                return option
        listed = ", ".join(options)
        self.wrong("not-a-choice", key, f'"{key}" must be one of: {listed}.', options=listed)
        return None

    def choices(self, key: str, options: Sequence[L]) -> tuple[L, ...]:
        """A list of distinct ``options``."""
        found: list[L] = []
        for value in self._list(key):
            option = self._one_of(key, value, options)
            if option is not None and option in found:
                self.wrong("twice", key, f'"{option}" stands twice in "{key}".', value=option)
            elif option is not None:
                found.append(option)
        return tuple(found)

    def integer(self, key: str, low: int, high: int, what: str) -> int:
        """A whole number between ``low`` and ``high``, required."""
        if not self.has(key):
            self.missing(key, what)
            return low
        found = self.optional_integer(key, low, high)
        return low if found is None else found

    def optional_integer(self, key: str, low: int, high: int) -> int | None:
        """A whole number between ``low`` and ``high``, or None."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.wrong(
                "not-a-number",
                key,
                f'"{key}" must be a whole number from {low} to {high}.',
                low=low,
                high=high,
            )
            return None
        return value

    def ratio(self, key: str, what: str) -> Ratio:
        """A fraction from 0 to 1, as text, required."""
        if not self.has(key):
            self.missing(key, what)
            return Ratio("0")
        return self.optional_ratio(key) or Ratio("0")

    def optional_ratio(self, key: str) -> Ratio | None:
        """A fraction from 0 to 1, as text, or None."""
        value = self.get(key)
        if value is None:
            return None
        try:
            found = Ratio(value if isinstance(value, str) else "")
        except ValueError:
            found = None
        if found is None or found.value > 1:
            self.wrong(
                "not-a-fraction",
                key,
                f'"{key}" must be a fraction from 0 to 1 written as a text, such as "1/5".',
            )
            return None
        return found

    def day(self, key: str) -> date | None:
        """A date, or None."""
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, str) and _DATE.fullmatch(value):
            value = _iso(date, value)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.wrong("not-a-date", key, f'"{key}" must be a date such as 2012-03-01.')
            return _NO_DATE
        return value

    def local_time(self, key: str, what: str) -> datetime:
        """A local date and time, to the second, required."""
        if not self.has(key):
            self.missing(key, what)
            return datetime.min  # noqa: DTZ901 (local times are naive: the zone stands apart)
        return self.optional_local_time(key) or datetime.min  # noqa: DTZ901

    def optional_local_time(self, key: str) -> datetime | None:
        """A local date and time, to the second, or None."""
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, str) and _LOCAL.fullmatch(value):
            value = _iso(datetime, value)
        if not isinstance(value, datetime) or value.tzinfo is not None or value.microsecond:
            self.wrong(
                "not-a-local-time",
                key,
                f'"{key}" must be a local date and time such as 2025-06-11T10:00:00, without a '
                "zone: the zone is the assembly's.",
            )
            return None
        return value

    def texts(self, key: str, languages: Sequence[str], what: str) -> Texts:
        """A text in every language of the assembly, required."""
        if not self.has(key):
            self.missing(key, what)
            return {}
        return self._texts(key, self.get(key), languages) or {}

    def optional_texts(self, key: str, languages: Sequence[str]) -> Texts | None:
        """A text in every language of the assembly; None if absent or empty in all of them."""
        value = self.get(key)
        if isinstance(value, Mapping) and all(text == "" for text in value.values()):
            return None
        return None if value is None else self._texts(key, value, languages)

    def _texts(self, key: str, value: object, languages: Sequence[str]) -> Texts | None:
        if not isinstance(value, Mapping):
            listed = ", ".join(f'{language} = "…"' for language in languages)
            self.wrong("not-texts", key, f'"{key}" must be given by language: {{ {listed} }}.')
            return None
        for language in value if languages else ():
            if language not in languages:
                self.wrong(
                    "unknown-language",
                    f"{key}.{language}",
                    f'"{language}" is not a language of this assembly.',
                    language=str(language),
                )
        return {language: self._said(key, language, value) for language in languages}

    def _said(self, key: str, language: str, texts: Mapping[str, object]) -> str:
        text = texts.get(language)
        if isinstance(text, str) and text.strip() and _printable(text, "\t\r\n"):
            return text
        self.wrong(
            "text-missing",
            f"{key}.{language}",
            f'the text "{key}" does not exist in the language "{language}".',
            key=key,
            language=language,
        )
        return ""

    def language_list(self, key: str) -> tuple[str, ...]:
        """A list of language tags, the first one being the reference."""
        found: list[str] = []
        for value in self._list(key):
            if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
                self.wrong("bad-language", key, f'"{key}" must list languages such as "fr".')
            elif value in found:
                self.wrong("twice", key, f'"{value}" stands twice in "{key}".', value=value)
            else:
                found.append(value)
        return tuple(found)

    def table(self, key: str) -> "Table | None":
        """A table within this one, or None."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.wrong("not-a-table", key, f'"{key}" must be a table.')
            return None
        return Table(value, self.place(key), self.faults)

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables of a list, none if the key is absent."""
        for index, value in enumerate(self._list(key)):
            where = f"{self.place(key)}[{index}]"
            if isinstance(value, Mapping):
                yield Table(value, where, self.faults)
            else:
                self.faults.add("not-a-table", where, f'each entry of "{key}" must be a table.')

    def _list(self, key: str) -> Sequence[object]:
        value = self.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or (not value and key != "sitting"):
            self.wrong("not-a-list", key, f'"{key}" must be a list, not empty.')
            return ()
        return value


def _printable(text: str, also: str) -> bool:
    """No control character but those in ``also``, and no half of a surrogate pair."""
    return not any(
        (character < " " or character == "\x7f" or "\ud800" <= character <= "\udfff")
        and character not in also
        for character in text
    )


def _iso(kind: type[date], text: str) -> date | None:
    try:
        return kind.fromisoformat(text)
    except ValueError:
        return None
