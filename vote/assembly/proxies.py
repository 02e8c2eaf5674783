"""Proxies: who may vote for whom (L8).

A member (the grantor) gives a mandate to another member (the holder), who casts a ballot of its
own for each mandate. What is allowed follows from the definition's ``[proxies]`` and from where
the two members stand; nothing here knows their names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from vote.assembly.model import College, Definition, Proxies
from vote.assembly.reader import Faults, Table

_MOST: Final = 100_000

Obstacle = Literal[
    "self",  # nobody represents themself
    "already-given",  # one mandate at a time: take it back first
    "already-voted",  # who has voted needs no proxy
    "grantor-holds",  # others count on the grantor's own vote: no chains
    "holder-gives",  # the holder is represented by somebody else: no chains
    "other-college",
    "none-allowed",  # members of the holder's college may hold none at all
    "holder-full",
]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands.

    ``voted``: has cast a ballot in person. ``gives``: has a mandate with somebody now.
    ``holds``: the members that this one represents: mandates held now, and members for whom a
    ballot has been cast, also if the mandate has been taken back since.
    """

    member: str
    college: str
    voted: bool = False
    gives: bool = False
    holds: int = 0


def cap(rules: Proxies, college: str, members: int) -> int:
    """The most mandates that one member of a college may hold.

    :param members: on the whole roll
    """
    caps = [_MOST]
    own = rules.per_college.get(college, rules.per_holder)
    if own is not None:
        caps.append(own)
    if rules.fraction_of_members is not None:
        caps.append(int(rules.fraction_of_members.value * members))  # rounded down
    return min(caps)


def obstacle(rules: Proxies, grantor: Standing, holder: Standing, members: int) -> Obstacle | None:
    """Why the grantor cannot give the holder a mandate; None: it can be given.

    :param members: on the whole roll
    """
    most = cap(rules, holder.college, members)
    reasons: tuple[tuple[Obstacle, bool], ...] = (
        ("self", grantor.member == holder.member),
        ("already-given", grantor.gives),
        ("already-voted", grantor.voted),
        ("grantor-holds", grantor.holds > 0),
        ("holder-gives", holder.gives),
        ("other-college", bool(rules.same_college) and grantor.college != holder.college),
        ("none-allowed", most == 0),
        ("holder-full", holder.holds >= most),
    )
    return next((reason for reason, applies in reasons if applies), None)


def read_proxies(table: Table | None, colleges: Sequence[College]) -> Proxies | None:
    """The table ``[proxies]``; faults are noted on the way."""
    if table is None:
        return None
    per_college = _per_college(table)
    if not table.has("per_holder") and not table.has("fraction_of_members"):
        uncapped = not colleges or any(college.id not in per_college for college in colleges)
        if uncapped:
            table.missing(
                "per_holder", "how many mandates may one member hold? It has to be decided."
            )
    if len(colleges) > 1 and not table.has("same_college"):
        table.missing(
            "same_college",
            "may a member be represented by somebody of another college? It has to be decided.",
        )
    proxies = Proxies(
        deadline=table.local_time("deadline", "until when can mandates be given?"),
        per_holder=table.optional_integer("per_holder", 1, _MOST),
        fraction_of_members=table.optional_ratio("fraction_of_members"),
        per_college=per_college,
        same_college=_flag(table, "same_college"),
    )
    table.finish()
    return proxies


def _per_college(table: Table) -> Mapping[str, int]:
    """0 is allowed here: members of some college may be barred from holding mandates."""
    given = table.get("per_college")
    inner = table.table("per_college")
    if inner is None or not isinstance(given, Mapping):
        return {}
    caps = {str(college): inner.integer(college, 0, _MOST, "") for college in given}
    if not caps:
        table.wrong("not-a-table", "per_college", '"per_college" names no college.')
    return caps


def _flag(table: Table, key: str) -> bool | None:
    value = table.get(key)
    if value is None or isinstance(value, bool):
        return value
    options = "true, false"
    table.wrong("not-a-choice", key, f'"{key}" must be one of: {options}.', options=options)
    return None


def check_proxies(definition: Definition, faults: Faults) -> None:
    """Note what does not fit with the rest of the definition."""
    proxies = definition.proxies
    if proxies is None:
        return
    if proxies.deadline > definition.assembly.closes:
        faults.add(
            "proxies-deadline",
            "proxies.deadline",
            "mandates cannot be given after the vote has closed.",
        )
    known = {college.id for college in definition.colleges}
    for college in proxies.per_college:
        if college not in known:
            faults.add(
                "unknown-college",
                f"proxies.per_college.{college}",
                f'there is no college "{college}".',
                college=college,
            )
