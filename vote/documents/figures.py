"""Numbers and times as a reader writes them. Rounding is for display only (`formats.md`)."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time, get_timezone_location

from vote import figures
from vote.documents.catalogue import Words


def number(words: Words, value: int) -> str:
    """A whole number, its thousands grouped."""
    return figures.number(value, words.locale)


def percent(words: Words, value: Fraction) -> str:
    """A fraction in per cent, rounded half up: 84.75%, or 84,75 % in French."""
    return figures.percent(value, words.locale)


def percent_text(words: Words, rounded: str) -> str:
    """A percentage that is rounded already ("66.16")."""
    return figures.percent_text(rounded, words.locale)


def exact_percent(words: Words, value: Fraction) -> str:
    """In per cent with no more decimals than it needs, at most two: 20%, 33.33%."""
    return figures.exact_percent(value, words.locale)


def part(words: Words, value: Fraction) -> str:
    """A fraction in words where people say it in words: "two thirds"; else in per cent."""
    key = f"part_{value.numerator}_{value.denominator}"
    return words(key) if key in words.entries else exact_percent(words, value)


def day(words: Words, value: date) -> str:
    """A date: 26 November 2026."""
    return format_date(value, "long", locale=words.locale)


def moment(words: Words, local: datetime) -> str:
    """A local date and time with its weekday."""
    return words(
        "day_and_time",
        day=format_date(local, "full", locale=words.locale),
        time=format_time(local, "short", locale=words.locale),
    )


def short_moment(words: Words, local: datetime) -> str:
    """A local date and time, briefly."""
    return format_datetime(local, "short", locale=words.locale)


def zone(words: Words, timezone: str) -> str:
    """Whose time it is: "Brussels time"."""
    place = get_timezone_location(ZoneInfo(timezone), locale=words.locale, return_city=True)
    return words("time_of", place=place)


def language_name(words: Words, code: str) -> str:
    """A language in the reader's language; the code where CLDR does not know it."""
    try:
        return Locale.parse(code).get_language_name(words.locale) or code
    except (ValueError, UnknownLocaleError):
        return code
