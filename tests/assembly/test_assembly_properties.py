"""Properties of the law: what must hold for every assembly, not only for those in the tables."""

import time
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assembly.builders import assembly, candidate, election, resolution
from vote.assembly.count import Count
from vote.assembly.definition import Definition, canonical_json, from_json, from_toml, to_toml
from vote.assembly.majority import ResolutionOutcome
from vote.assembly.model import Candidate, Election, Majority, Quota, SittingMember, UnmetQuotas
from vote.assembly.outcome import compute
from vote.assembly.quotas import Bound, bound, can_be_met, conflict, fewest_vacant, less
from vote.assembly.ratio import Ratio
from vote.assembly.seats import seat

VOTES = st.tuples(*[st.integers(0, 12)] * 3)
RULES = st.fixed_dictionaries(
    {
        "carry": st.sampled_from(["proportional", "bloc"]),
        "silent_college": st.sampled_from(["keep", "renormalise"]),
        "abstentions": st.sampled_from(["excluded", "against", "for"]),
    }
)
MAJORITIES = st.builds(
    lambda test, fraction, double: {test: fraction} | ({"in_each_college": True} if double else {}),
    st.sampled_from(["more_than", "at_least"]),
    st.sampled_from(["1/2", "2/3", "3/4"]),
    st.booleans(),
)
BETTER = ["no quorum", "rejected", "adopted"]
PARTS = st.lists(st.integers(1, 9), min_size=1, max_size=5)


def shares_of(parts: Sequence[int]) -> dict[str, str]:
    return {f"c{n}": str(Fraction(part, sum(parts))) for n, part in enumerate(parts)}


def boxes_of(
    definition: Definition, votes: Sequence[tuple[int, ...]], absent: int = 0
) -> dict[str, Count]:
    boxes = {}
    for college, (f, a, b) in zip(definition.shares, votes, strict=True):
        people = f + a + b
        sums = {"motion": {"for": f, "against": a, "abstain": b}}
        boxes[college] = Count(people + absent, people, people, sums)
    return boxes


def decide(definition: Definition, boxes: dict[str, Count]) -> ResolutionOutcome:
    found = compute(definition, {"main": boxes}).questions["motion"]
    assert isinstance(found, ResolutionOutcome)
    return found


@given(data=st.data(), parts=PARTS, rules=RULES, majority=MAJORITIES, quorum=st.booleans())
def test_one_more_vote_for_never_turns_adopted_into_rejected(
    data: st.DataObject, parts: list[int], rules: Any, majority: Any, quorum: bool
) -> None:
    """Whether it is a new voter, somebody who abstained, or somebody who was against."""
    others: dict[str, Any] = {"quorum": {"minimum": "1/2", "base": "colleges"}} if quorum else {}
    definition = assembly([resolution(majority=majority)], shares_of(parts), rules, **others)
    size = len(parts)
    votes = data.draw(st.lists(VOTES, min_size=size, max_size=size))
    before = decide(definition, boxes_of(definition, votes, absent=3))
    place = data.draw(st.integers(0, size - 1))
    f, a, b = votes[place]
    more = [(f + 1, a, b)] + [(f + 1, a - 1, b)] * bool(a) + [(f + 1, a, b - 1)] * bool(b)
    for changed in more:
        new = boxes_of(definition, [*votes[:place], changed, *votes[place + 1 :]], absent=3)
        people = new[f"c{place}"].voters
        enrolled = sum(votes[place]) + 3
        sums = new[f"c{place}"].sums
        new[f"c{place}"] = Count(enrolled, people, people, sums)
        after = decide(definition, new)
        assert BETTER.index(after.decision) >= BETTER.index(before.decision)


@given(data=st.data(), parts=PARTS, rules=RULES, majority=MAJORITIES, factor=st.integers(2, 7))
def test_scaling_the_votes_of_a_college_changes_nothing(
    data: st.DataObject, parts: list[int], rules: Any, majority: Any, factor: int
) -> None:
    definition = assembly([resolution(majority=majority)], shares_of(parts), rules)
    size = len(parts)
    votes = data.draw(st.lists(VOTES, min_size=size, max_size=size))
    place = data.draw(st.integers(0, size - 1))
    scaled = [
        tuple(factor * n for n in row) if here == place else row for here, row in enumerate(votes)
    ]
    one, other = (decide(definition, boxes_of(definition, v)) for v in (votes, scaled))
    assert (one.result, one.decision) == (other.result, other.decision)


@given(data=st.data(), parts=PARTS, rules=RULES, majority=MAJORITIES)
def test_the_order_of_the_colleges_changes_nothing(
    data: st.DataObject, parts: list[int], rules: Any, majority: Any
) -> None:
    shares = shares_of(parts)
    votes = dict(
        zip(
            shares,
            data.draw(st.lists(VOTES, min_size=len(parts), max_size=len(parts))),
            strict=True,
        )
    )
    turned = {college: shares[college] for college in data.draw(st.permutations(list(shares)))}
    found = []
    for order in (shares, turned):
        definition = assembly([resolution(majority=majority)], order, rules)
        found.append(decide(definition, boxes_of(definition, [votes[c] for c in order])))
    assert (found[0].result, found[0].decision) == (found[1].result, found[1].decision)
    assert found[0].colleges == found[1].colleges


@given(votes=VOTES, rule=st.sampled_from(["excluded", "against", "for"]), parts=PARTS)
def test_colleges_that_all_say_the_same_say_what_the_whole_says(
    votes: tuple[int, int, int], rule: str, parts: list[int]
) -> None:
    weighed = assembly([resolution()], shares_of(parts), {"abstentions": rule})
    whole = assembly([resolution()], tally={"abstentions": rule})
    one = decide(weighed, boxes_of(weighed, [votes] * len(parts)))
    other = decide(whole, boxes_of(whole, [votes]))
    assert (one.result, one.decision) == (other.result, other.decision)


@given(data=st.data(), parts=PARTS, rules=RULES)
def test_results_are_fractions_from_0_to_1(
    data: st.DataObject, parts: list[int], rules: Any
) -> None:
    definition = assembly([resolution()], shares_of(parts), rules)
    votes = data.draw(st.lists(VOTES, min_size=len(parts), max_size=len(parts)))
    result = decide(definition, boxes_of(definition, votes)).result
    assert result is None or 0 <= result <= 1


COLLEGES, GENDERS = ["a", "b", "c", None], ["f", "m", None]
PEOPLE = st.lists(
    st.tuples(st.sampled_from(COLLEGES), st.sampled_from(GENDERS)), min_size=1, max_size=8
)
QUOTAS = st.lists(
    st.builds(
        lambda kind, low, high, scope: Quota(
            kind[0], kind[1], low, high if high is None or low is None else max(low, high), scope
        ),
        st.sampled_from(
            [("college", "a"), ("college", "b"), ("college", "c"), ("gender", "f"), ("gender", "m")]
        ),
        st.one_of(st.none(), st.integers(0, 3)),
        st.one_of(st.none(), st.integers(0, 4)),
        st.sampled_from(["seats", "board"]),
    ),
    max_size=5,
)
SITTING = st.lists(
    st.builds(SittingMember, st.just("S"), st.sampled_from(COLLEGES), st.sampled_from(GENDERS)),
    max_size=4,
)
SEATS = st.integers(1, 5)


def candidates_of(people: Sequence[tuple[str | None, str | None]]) -> tuple[Candidate, ...]:
    return tuple(Candidate(f"p{n}", "P", c, g) for n, (c, g) in enumerate(people))


def meets(bounds: Sequence[Bound], people: Sequence[Candidate]) -> bool:
    """The quotas, word for word."""
    for limit in bounds:
        there = sum(1 for one in people if limit.covers(one))
        if there < limit.low or (limit.high is not None and there > limit.high):
            return False
    return True


def sets_of(people: Sequence[Candidate], most: int) -> list[tuple[Candidate, ...]]:
    return [s for size in range(min(most, len(people)) + 1) for s in combinations(people, size)]


@settings(max_examples=400)
@given(people=PEOPLE, quotas=QUOTAS, sitting=SITTING, seats=SEATS)
def test_quotas_can_be_met_exactly_when_some_set_of_people_meets_them(
    people: Any, quotas: list[Quota], sitting: list[SittingMember], seats: int
) -> None:
    pool = candidates_of(people)
    bounds = [bound(quota, sitting) for quota in quotas]
    expected = any(meets(bounds, chosen) for chosen in sets_of(pool, seats))
    assert can_be_met(bounds, seats, pool) is expected


@settings(max_examples=150)
@given(people=PEOPLE, quotas=QUOTAS, seats=st.integers(1, 4))
def test_vacant_seats_count_as_whoever_is_wanting(
    people: Any, quotas: list[Quota], seats: int
) -> None:
    """Compared with people of every kind, added by hand, as many as there are vacant seats."""
    pool = candidates_of(people[:5])
    bounds = [bound(quota, []) for quota in quotas]
    kinds = [Candidate("nobody", "", c, g) for c in COLLEGES for g in GENDERS]
    expected = None
    for vacant in range(seats + 1):
        added = [
            (*chosen, *extra)
            for chosen in sets_of(pool, seats - vacant)
            for extra in combinations(kinds * vacant, vacant)
        ] if vacant < 3 else []  # fmt: skip
        if any(meets(bounds, one) for one in added):
            expected = vacant
            break
    found = fewest_vacant(bounds, seats, pool)
    assert found == expected if expected is not None else found is None or found >= 3


@given(people=PEOPLE, quotas=QUOTAS, seats=SEATS)
def test_the_quotas_named_exclude_each_other_and_none_is_superfluous(
    people: Any, quotas: list[Quota], seats: int
) -> None:
    pool = candidates_of(people)
    bounds = [bound(quota, []) for quota in quotas]
    guilty = conflict(bounds, seats, pool)
    assert bool(guilty) is not can_be_met(bounds, seats, pool)
    for left_out in guilty:
        others = [bounds[place] for place in guilty if place != left_out]
        assert can_be_met(others, seats, pool)
    if guilty:
        assert not can_be_met([bounds[place] for place in guilty], seats, pool)


def an_election(pool: tuple[Candidate, ...], quotas: Sequence[Quota], seats: int) -> Election:
    return Election(
        "board", "main", {}, None, seats, seats, ("lot",), pool, tuple(quotas),
        Majority("at_least", Ratio("1/2")),
    )  # fmt: skip


@settings(max_examples=300)
@given(people=PEOPLE, quotas=QUOTAS, sitting=SITTING, seats=SEATS, data=st.data())
def test_seats_go_down_the_ranking_as_long_as_a_set_meets_every_quota(
    people: Any,
    quotas: list[Quota],
    sitting: list[SittingMember],
    seats: int,
    data: st.DataObject,
) -> None:
    """Compared with the rule word for word, over all sets of the candidates who are able."""
    pool = candidates_of(people)
    eligible = data.draw(st.sets(st.sampled_from([one.id for one in pool])))
    able = [one for one in pool if one.id in eligible]
    bounds = [bound(quota, sitting) for quota in quotas]
    good = [set(one) for one in sets_of(able, seats) if meets(bounds, one)]
    if not good:
        return  # refused before opening
    taken: list[Candidate] = []
    for one in able:
        if len(taken) < seats and any({*taken, one} <= chosen for chosen in good):
            taken.append(one)
    found = seat(an_election(pool, quotas, seats), pool, eligible, sitting)
    assert found.elected == tuple(one.id for one in taken)
    assert meets(bounds, taken)
    for one in pool:
        if one.id in found.passed_over:
            reason = found.passed_over[one.id]
            assert (reason.majority is not None) is (one.id not in eligible)


@pytest.mark.parametrize("unmet", [None, "vacant", "give_way"])
@given(people=PEOPLE, quotas=QUOTAS, sitting=SITTING, seats=SEATS)
@settings(max_examples=100)
def test_seats_are_filled_whatever_the_quotas_ask(
    unmet: UnmetQuotas | None,
    people: Any,
    quotas: list[Quota],
    sitting: list[SittingMember],
    seats: int,
) -> None:
    """Nobody is both elected and passed over; whoever is neither came after the last seat."""
    pool = candidates_of(people)
    question = replace(an_election(pool, quotas, seats), unmet_quotas=unmet)
    found = seat(question, pool, [one.id for one in pool], sitting)
    assert len(found.elected) <= seats
    assert not set(found.elected) & set(found.passed_over)
    if len(found.elected) < seats:
        assert {*found.elected, *found.passed_over} == {one.id for one in pool}


@given(people=PEOPLE, quotas=QUOTAS, seats=SEATS)
def test_with_seats_kept_vacant_the_quotas_are_met_by_people_and_empty_seats(
    people: Any, quotas: list[Quota], seats: int
) -> None:
    pool = candidates_of(people)
    bounds = [bound(quota, []) for quota in quotas]
    vacant = fewest_vacant(bounds, seats, pool)
    if vacant is None:
        return  # refused before opening
    question = replace(an_election(pool, quotas, seats), unmet_quotas="vacant")
    found = seat(question, pool, [one.id for one in pool], [])
    left = [less(limit, [one for one in pool if one.id in found.elected]) for limit in bounds]
    assert can_be_met(left, seats - len(found.elected), [], vacant)


def test_sixty_candidates_and_five_quotas_in_under_a_second() -> None:
    """Twenty seats, three colleges, two genders; the better half of the ranking is all one
    kind, so that nearly every candidate has to be examined and most are passed over."""
    people = [candidate(f"n{n}", "a", "m") for n in range(30)]
    people += [candidate(f"n{n}", "bc"[n % 2], "fm"[n % 3 == 0]) for n in range(30, 60)]
    quotas = [
        {"attribute": "college", "value": "a", "max": 8, "scope": "board"},
        {"attribute": "college", "value": "b", "min": 6, "scope": "seats"},
        {"attribute": "college", "value": "c", "min": 4, "max": 9, "scope": "seats"},
        {"attribute": "gender", "value": "f", "min": 10, "scope": "board"},
        {"attribute": "gender", "value": "m", "min": 5, "max": 12, "scope": "seats"},
    ]
    sitting = [{"name": "S", "college": "a", "gender": "m"}]
    began = time.process_time()
    definition = assembly([election(people, 20, quotas=quotas)], board={"sitting": sitting})
    votes = {f"n{n}": 60 - n for n in range(60)}
    box = Count(100, 100, 100, {"board": {"@blank": 0, **votes}})
    outcome = compute(definition, {"main": {"*": box}}, {"main": bytes(32)})
    assert time.process_time() - began < 1
    assert len(outcome.questions) == 1


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[
        chr(n) for n in [*range(9), 11, 12, *range(14, 32), 127]]),
    min_size=1,
).filter(lambda text: text.strip())  # fmt: skip


@given(text=TEXTS)
def test_every_text_survives_both_formats(text: str) -> None:
    definition = assembly([resolution(text={"en": text})])
    assert from_toml(to_toml(definition)) == definition
    assert from_json(canonical_json(definition)) == definition


@given(numerator=st.integers(0, 10**9), denominator=st.integers(1, 10**9))
def test_a_ratio_is_its_fraction(numerator: int, denominator: int) -> None:
    assert Ratio(f"{numerator}/{denominator}").value == Fraction(numerator, denominator)


@given(text=st.text(max_size=8))
def test_whatever_else_is_no_ratio(text: str) -> None:
    try:
        value = Ratio(text).value
    except ValueError:
        return
    assert Fraction(text) == value
    assert set(text) <= set("0123456789/")
