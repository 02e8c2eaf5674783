"""A fraction as statutes write it: exact, and kept as the text that was given."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_TEXT = re.compile(r"(?:0|[1-9][0-9]{0,17})(?:/[1-9][0-9]{0,17})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A fraction such as "1/5", "2/3", "0" or "1": ``text`` as written, ``value`` exact.

    No sign, no decimal point, no percent, no leading zero; otherwise ValueError. The text is
    kept, so that a definition is written back as it was read; values are compared by ``value``.
    """

    text: str

    def __post_init__(self) -> None:
        if not _TEXT.fullmatch(self.text):
            raise ValueError(f'not a fraction such as "1/5": {self.text[:40]!r}')

    @property
    def value(self) -> Fraction:
        """The exact number."""
        return Fraction(self.text)

    def __str__(self) -> str:
        return self.text


def half_up(value: Fraction, places: int) -> Decimal:
    """``value`` rounded half up to so many decimals, all of them written: for display only."""
    scaled = value * 10**places
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return Decimal(whole).scaleb(-places)
