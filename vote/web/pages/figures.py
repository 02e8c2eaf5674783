"""Numbers and times as a reader writes them. Rounding is for display only (`formats.md`)."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, get_timezone_location
from babel.numbers import format_decimal
from babel.units import format_unit
from markupsafe import Markup

from vote import figures
from vote.service.law import half_up
from vote.web import languages
from vote.web.languages import gettext as _


def percent(value: Fraction, places: int = 2) -> str:
    """A fraction in per cent, rounded half up: 84.75%, or 84,75 % in French."""
    return figures.percent(value, _where(), places)


def exact_percent(value: Fraction) -> str:
    """A fraction in per cent with no more decimals than it needs, at most two: 20%, 33.33%."""
    return figures.exact_percent(value, _where())


def number(value: int) -> str:
    """A whole number, its thousands grouped."""
    return figures.number(value, _where())


def times(value: Fraction) -> str:
    """How many times as much: "44", or "1.6" where whole numbers would hide the difference."""
    places = 0 if value >= 10 or value.denominator == 1 else 1
    return format_decimal(
        half_up(value, places), format="#,##0.0" if places else "#,##0", locale=_where()
    )


def file_size(size: int) -> str:
    """A number of bytes: 812 kB, or 3.5 MB, 3,5 Mo in French."""
    unit, part = ("kilobyte", 10**3) if size < 10**6 else ("megabyte", 10**6)
    value = half_up(Fraction(size, part), 0 if part == 10**3 else 1)
    return format_unit(value, f"digital-{unit}", length="short", locale=_where())


def moment(when: datetime) -> Markup:
    """A date and time with its weekday, in the time zone that it carries, as `<time>`."""
    text = _(
        "%(day)s at %(time)s",
        day=format_date(when, "full", locale=_where()),
        time=format_time(when, "short", locale=_where(), tzinfo=when.tzinfo),
    )
    return _time(when.isoformat(timespec="minutes"), text)


def short_moment(when: datetime) -> Markup:
    """A date and time for a table, as `<time>`."""
    text = format_datetime(when, "medium", locale=_where(), tzinfo=when.tzinfo)
    short = format_datetime(when, "short", locale=_where(), tzinfo=when.tzinfo)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        when.isoformat(timespec="minutes"), text, short
    )


def day(when: date) -> Markup:
    """A date without a time, as `<time>`."""
    return _time(when.isoformat(), format_date(when, "long", locale=_where()))


def place(timezone: str) -> str:
    """Whose time it is: the place of a time zone, in the reader's language."""
    return get_timezone_location(ZoneInfo(timezone), locale=_where(), return_city=True)


def _time(stamp: str, text: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(stamp, text)


def _where() -> str:
    return languages.formats()
