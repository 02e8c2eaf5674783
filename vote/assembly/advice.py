"""What is allowed, but the host should know before opening. Nothing here blocks anything."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from vote.assembly.errors import Fault
from vote.assembly.model import Definition, Election, Resolution
from vote.assembly.power import quorum_need
from vote.assembly.proxies import cap
from vote.assembly.roll import Member, enrolled

ADVANCE: Final = timedelta(days=15)
NOTICE: Final = (15, 10)  # days: on a first convocation, on a later one (L7)


def warnings(definition: Definition) -> tuple[Fault, ...]:
    """What may surprise in a definition: dates (L7), rules without effect, seats left empty."""
    found = [*_dates(definition), *_papers(definition), *_no_effect(definition)]
    found += _trustees(definition)
    for index, question in enumerate(definition.questions):
        if isinstance(question, Election):
            found += _election(f"questions[{index}]", question)
    return tuple(found)


def _trustees(definition: Definition) -> Iterator[Fault]:
    count, threshold = definition.trustees.count, definition.trustees.threshold
    if threshold < count:  # the service joins all keys into one: see ``opening.open_voting``
        yield Fault(
            "all-trustees",
            "trustees.threshold",
            f"{threshold} of {count} trustees are not enough yet: all {count} must decrypt.",
            {"threshold": threshold, "count": count},
        )
    elif count == 1:
        message = "a single trustee can decrypt: have at least two come together."
        yield Fault("one-trustee", "trustees.threshold", message)


def _dates(definition: Definition) -> Iterator[Fault]:
    assembly = definition.assembly
    if assembly.opens < assembly.meeting - ADVANCE:
        yield Fault(
            "early-opening",
            "assembly.opens",
            "the vote opens more than 15 days ahead of the meeting.",
        )
    asked = NOTICE[0] if assembly.convocation == 1 else NOTICE[1]
    if assembly.convened and (assembly.meeting.date() - assembly.convened).days < asked:
        yield Fault(
            "short-notice",
            "assembly.convened",
            f"the notice is shorter than {asked} days; do the statutes allow it?",
            {"days": asked},
        )
    zone = assembly.zone
    for key in ("opens", "meeting", "closes"):
        if not _clear(getattr(assembly, key), zone):
            yield Fault(
                "clock-change",
                f"assembly.{key}",
                "the clocks change at this time: it comes twice that day, or never.",
            )


def _clear(time: datetime, zone: ZoneInfo) -> bool:
    """Whether the local time exists exactly once."""
    early, late = (time.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return early == late


def _papers(definition: Definition) -> Iterator[Fault]:
    assembly = definition.assembly
    for index, paper in enumerate(definition.ballots):
        opens, closes = definition.window(paper.id)
        if opens < assembly.opens or closes > assembly.closes:
            yield Fault(
                "outside-window",
                f"ballots[{index}]",
                f'the paper "{paper.id}" is open at times when the assembly is not.',
                {"ballot": paper.id},
            )


_RULES: Final = ("carry", "silent_college", "bloc_majority")


def _no_effect(definition: Definition) -> Iterator[Fault]:
    if definition.has_shares:
        yield from _no_bloc(definition)
        return
    places: list[tuple[str, object]] = [("tally", definition.tally)]
    places += [(f"questions[{i}]", one) for i, one in enumerate(definition.questions)]
    for where, holder in places:
        for rule in _RULES:
            if getattr(holder, rule, None) is not None:
                yield Fault(
                    "no-effect",
                    f"{where}.{rule}",
                    f'"{rule}" has no effect without shares: the assembly is counted as one.',
                    {"key": rule},
                )


def _no_bloc(definition: Definition) -> Iterator[Fault]:
    resolutions = [one for one in definition.questions if isinstance(one, Resolution)]
    rules = [definition.rules(one) for one in resolutions]
    if definition.tally.bloc_majority and all(rule.carry != "bloc" for rule in rules):
        yield Fault(
            "no-effect",
            "tally.bloc_majority",
            '"bloc_majority" has no effect: no resolution is carried over as a bloc.',
            {"key": "bloc_majority"},
        )


def _election(where: str, election: Election) -> Iterator[Fault]:
    people = len(election.candidates)
    if people < election.seats:
        yield Fault(
            "few-candidates",
            f"{where}.candidates",
            f"{people} candidates for {election.seats} seats: some will stay vacant.",
            {"candidates": people, "seats": election.seats},
        )
    if election.max_choices > election.seats:
        yield Fault(
            "many-choices",
            f"{where}.max_choices",
            f"members may tick {election.max_choices} names for {election.seats} seats.",
            {"max_choices": election.max_choices, "seats": election.seats},
        )
    undecided = election.unmet_quotas is None and election.majority is not None
    if undecided and any(quota.min for quota in election.quotas):
        yield Fault(
            "unmet-quotas",
            f"{where}.unmet_quotas",
            "if too few candidates reach the majority to meet the quotas, seats stay vacant; "
            'decide with unmet_quotas whether that is what you want ("vacant") or the quotas '
            '"give_way".',
        )
    if any(quota.attribute == "gender" for quota in election.quotas):
        for index, candidate in enumerate(election.candidates):
            if candidate.gender is None:
                yield Fault(
                    "no-gender",
                    f"{where}.candidates[{index}].gender",
                    f'"{candidate.id}" counts for no quota by gender.',
                    {"candidate": candidate.id},
                )


def roll_warnings(definition: Definition, roll: Sequence[Member]) -> tuple[Fault, ...]:
    """What may surprise in a roll: empty colleges, members whom no invitation reaches."""
    return (
        *_empty(definition, roll),
        *_addresses(roll),
        *_quorums(definition, roll),
        *_proxies(definition, roll),
    )


def _empty(definition: Definition, roll: Sequence[Member]) -> Iterator[Fault]:
    people = Counter(member.college for member in roll)
    for college in definition.colleges:
        if not people[college.id]:
            yield Fault(
                "empty-college",
                "roll.csv",
                f'the college "{college.id}" has no member.',
                {"college": college.id},
            )


def _addresses(roll: Sequence[Member]) -> Iterator[Fault]:
    without = sum(1 for member in roll if not member.email)
    if without:
        yield Fault(
            "no-email",
            "roll.csv",
            f"{without} members have no e-mail address: they need a letter.",
            {"members": without},
        )
    shared = Counter(member.email.casefold() for member in roll if member.email)
    several = sum(times for times in shared.values() if times > 1)
    if several:
        yield Fault(
            "shared-email",
            "roll.csv",
            f"{several} members share an e-mail address: whoever reads it gets all their codes.",
            {"members": several},
        )


def _quorums(definition: Definition, roll: Sequence[Member]) -> Iterator[Fault]:
    for index, paper in enumerate(definition.ballots):
        need = quorum_need(definition, roll, paper.id)
        if need is not None and need.fewest is None:
            empty = [one for one, people in enrolled(definition, roll).items() if not people]
            yield Fault(
                "quorum-out-of-reach",
                f"ballots[{index}]",
                f'the quorum of "{paper.id}" cannot be reached: nobody is in {", ".join(empty)}.',
                {"ballot": paper.id},
            )


def _proxies(definition: Definition, roll: Sequence[Member]) -> Iterator[Fault]:
    rules = definition.proxies
    if rules is None:
        return
    for college in sorted({member.college for member in roll}):
        if cap(rules, college, len(roll)) == 0:
            yield Fault(
                "no-holder",
                "proxies",
                f'no member of the college "{college}" can hold a mandate.',
                {"college": college},
            )
