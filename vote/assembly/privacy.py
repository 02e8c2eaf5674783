"""Where a published sum would show how somebody voted.

The sums of each college are published with their proofs. In a college of one they are that
member's vote; when a college is unanimous they are everybody's. The host is warned, before
opening from the roll and at closing from the counts, and decides what is done about it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from vote.assembly.count import Count, Counts
from vote.assembly.errors import Fault
from vote.assembly.model import Definition
from vote.assembly.roll import Member, box

FLOOR: Final = 10  # members, unless the host sets another floor


def privacy_warnings(
    definition: Definition, roll: Sequence[Member], floor: int = FLOOR
) -> tuple[Fault, ...]:
    """Before opening: small colleges, and members who outweigh all the others of theirs."""
    people: dict[str, list[Member]] = {college: [] for college in definition.shares}
    for member in roll:
        people[box(definition, member)].append(member)
    return tuple(
        fault for college, members in people.items() for fault in _roll(college, members, floor)
    )


def _roll(college: str, members: Sequence[Member], floor: int) -> Iterator[Fault]:
    where = f"colleges.{college}"
    if 0 < len(members) < floor:
        yield Fault(
            "small-college",
            where,
            f'"{college}" has {len(members)} members: its sums may show how they voted.',
            {"college": college, "members": len(members), "floor": floor},
        )
    weight = sum(member.weight for member in members)
    if len(members) > 1 and any(2 * member.weight > weight for member in members):
        yield Fault(
            "heavy-member",
            where,
            f'one member of "{college}" outweighs all the others: the sums show that vote.',
            {"college": college},
        )


def privacy_findings(
    definition: Definition, counts: Counts, floor: int = FLOOR
) -> tuple[Fault, ...]:
    """At closing: colleges of which few voted, and unanimous ones, question by question."""
    return tuple(
        fault
        for paper in definition.ballots
        for college, count in counts[paper.id].items()
        for fault in _count(paper.id, college, count, floor)
    )


def _count(ballot: str, college: str, count: Count, floor: int) -> Iterator[Fault]:
    where = f"{ballot}/{college}"
    if 0 < count.voters < floor:
        yield Fault(
            "few-voters",
            where,
            f'{count.voters} of "{college}" voted: the sums may show how.',
            {"college": college, "ballot": ballot, "voters": count.voters, "floor": floor},
        )
    for question, sums in count.sums.items():
        if _unanimous(sums, count.weight_voting):
            yield Fault(
                "unanimous",
                f"{where}/{question}",
                f'everybody of "{college}" who voted gave the same answer on "{question}".',
                {"college": college, "ballot": ballot, "question": question},
            )


def _unanimous(sums: Mapping[str, int], weight: int) -> bool:
    return weight > 0 and any(votes == weight for votes in sums.values())
