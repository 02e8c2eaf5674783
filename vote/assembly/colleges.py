"""From the colleges' sums to one fraction: abstentions, silence, and what carries over."""

from collections.abc import Mapping
from fractions import Fraction

from vote.assembly.model import Abstentions, SilentCollege


def part_for(in_favour: int, against: int, abstained: int, rule: Abstentions) -> Fraction | None:
    """The fraction of one college in favour; None: the college is silent.

    excluded: f/(f+a); against: f/(f+a+b); for: (f+b)/(f+a+b), with f for, a against, b
    abstained, each a sum of weights.
    """
    if rule == "for":
        in_favour += abstained
    base = in_favour + against + (abstained if rule == "against" else 0)
    return Fraction(in_favour, base) if base else None


def carry_over(
    parts: Mapping[str, Fraction | None],
    shares: Mapping[str, Fraction],
    silent_college: SilentCollege,
) -> Fraction | None:
    """The sum of share x fraction over the colleges that are not silent; None: all are silent.

    keep: the silent shares stay in the denominator, which is 1. renormalise: the sum is divided
    by the shares that are not silent.
    """
    heard = {college: part for college, part in parts.items() if part is not None}
    if not heard:
        return None
    total = sum((shares[college] * part for college, part in heard.items()), Fraction(0))
    if silent_college == "keep":
        return total
    return total / sum(shares[college] for college in heard)
