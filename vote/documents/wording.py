"""The rules of a question in plain words, from the minutes as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from vote.documents.catalogue import Words
from vote.documents.figures import part

Json = Mapping[str, Any]
Names = Mapping[str, str]  # of the colleges, in the reader's language


def threshold(words: Words, majority: Json) -> str:
    """A majority in a few words: "more than half", "at least two thirds"."""
    if "more_than" in majority:
        return words("more_than", part=part(words, Fraction(majority["more_than"])))
    return words("at_least", part=part(words, Fraction(majority["at_least"])))


def rule(words: Words, question: Json, names: Names) -> list[str]:
    """How a question was decided, in a few sentences, the most important first."""
    kind = question["type"]
    if kind == "resolution":
        return _resolution(words, question)
    if kind == "election":
        return _election(words, question, names)
    return [words(f"{kind}_rule")]


def _resolution(words: Words, question: Json) -> list[str]:
    rules, majority = question["rules"], question["majority"]
    said = [words("rule_adopted_if", part=threshold(words, majority))]
    said.append(words(f"rule_abstentions_{rules['abstentions']}"))
    if rules.get("carry") == "proportional":
        said.append(words("rule_proportional"))
    elif "carry" in rules:
        said.append(words("rule_bloc", part=threshold(words, rules["bloc_majority"])))
    if "silent_college" in rules:
        said.append(words(f"rule_silent_{rules['silent_college']}"))
    inner = majority.get("in_each_college")
    if inner:
        test = majority if inner is True else inner
        said.append(words("rule_each_college", part=threshold(words, test)))
    return said


def _election(words: Words, question: Json, names: Names) -> list[str]:
    people = len(question["candidates"])
    said = [
        words.count("rule_seats", question["seats"], candidates=people),
        words.count("rule_choices", question["max_choices"]),
        words("rule_scores" if question["rules"] else "rule_most_votes"),
    ]
    if "majority" in question:
        wanted = threshold(words, question["majority"])
        said.append(words("rule_candidate_majority", part=wanted))
    if "quotas" in question:
        said.append(words("rule_quotas", quotas=quotas(words, question["quotas"], names)))
    for key in ("unmet_quotas", "vacancies"):
        if key in question:
            said.append(words(_CHOICES[question[key]]))
    chain = words("tie_then").join(words(f"tie_{one}") for one in question["tie_break"])
    said.append(words("rule_ties", chain=chain))
    return said


_CHOICES = {
    "vacant": "rule_unmet_vacant",
    "give_way": "rule_unmet_give_way",
    "next_candidate": "rule_next_candidate",
    "co_option": "rule_co_option",
}


def quotas(words: Words, limits: Iterable[Json], names: Names) -> str:
    """Several quotas as a list within a sentence."""
    return words("quota_separator").join(_quota(words, limit, names) for limit in limits)


def _quota(words: Words, limit: Json, names: Names) -> str:
    """A quota as a phrase: "at least 3 from “A. Users”", "at least 5 women in the whole board"."""
    key = f"quota_{limit['attribute']}{'_board' if limit['scope'] == 'board' else ''}"
    value, amount = limit["value"], _amount(words, limit)
    if limit["attribute"] == "college":
        return words(key, amount=amount, college=names.get(value, value))
    people = {"f": "women", "m": "men", "x": "neither_gender"}
    said = words(people[value]) if value in people else value
    return words(key, amount=amount, people=said)


def _amount(words: Words, limit: Json) -> str:
    low, high = limit.get("min"), limit.get("max")
    if low is None:
        return words("amount_max", number=high)
    if high is None:
        return words("amount_min", number=low)
    if low == high:
        return words("amount_exactly", number=low)
    return words("amount_range", low=low, high=high)


def why_passed_over(words: Words, passed: Json, names: Names) -> str:
    """Why a candidate did not get the seat that the rank would have given."""
    if "majority" in passed:
        return words("passed_over_majority", part=threshold(words, passed["majority"]))
    limits = [passed, *passed.get("together_with", ())]
    return words("passed_over_quota", quotas=quotas(words, limits, names))
