"""Numbers as a reader writes them, for pages and documents alike, by a locale of CLDR.

Rounding is for display only (`formats.md`).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from babel import Locale
from babel.numbers import format_decimal

from vote.assembly.ratio import half_up


def number(value: int, locale: str) -> str:
    """A whole number, its thousands grouped."""
    return format_decimal(value, locale=locale)


def percent(value: Fraction, locale: str, places: int = 2) -> str:
    """A fraction in per cent, rounded half up: 84.75%, or 84,75 % in French."""
    return percent_text(str(half_up(value * 100, places)), locale)


def percent_text(rounded: str, locale: str) -> str:
    """A percentage that is rounded already ("66.16")."""
    places = len(rounded.partition(".")[2])
    written = format_decimal(
        Decimal(rounded), format=f"0.{'0' * places}" if places else "0", locale=locale
    )
    pattern = Locale.parse(locale).percent_formats[None].pattern
    return str(pattern.replace("#,##0", written))


def exact_percent(value: Fraction, locale: str) -> str:
    """A fraction in per cent with no more decimals than it needs, at most two: 20%, 33.33%."""
    for places in (0, 1):
        if (value * 100 * 10**places).denominator == 1:
            return percent(value, locale, places)
    return percent(value, locale)
