"""Small and unanimous colleges: what is shown of them, and what is not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.documents import samples
from vote.assembly.disclosure import (
    Privacy,
    Treatment,
    detail_of,
    disclose,
    exposed_papers,
    percent,
    treatments,
)
from vote.assembly.outcome import outcome_json
from vote.assembly.ratio import Ratio

ASKED = samples.definition()
COUNTED = samples.counts()


def shown(treatment: Treatment) -> dict[str, Any]:
    outcome = samples.outcome(ASKED, COUNTED)
    return disclose(ASKED, COUNTED, outcome, Privacy(10, treatment, chosen=True))


def test_a_paper_is_exposed_by_few_voters_or_by_unanimity() -> None:
    assert exposed_papers(ASKED, COUNTED) == {"main", "advice"}  # partners; staff all green
    unanimous = samples.counts(advice=2)
    assert exposed_papers(ASKED, unanimous, floor=2) == {"main", "advice"}  # staff on both


def test_what_is_not_exposed_is_shown_whatever_was_chosen() -> None:
    quiet = {
        "main": COUNTED["main"],
        "advice": dict.fromkeys(ASKED.shares, COUNTED["advice"]["users"]),
    }
    details = detail_of(ASKED, quiet, Privacy(10, "withhold", chosen=True))
    assert details == {"main": "withheld", "advice": "shown"}


def test_show_is_the_outcome_itself() -> None:
    published = json.loads(outcome_json(samples.outcome(ASKED, COUNTED)))["questions"]
    assert shown("show") == {one: found | {"detail": "shown"} for one, found in published.items()}


def test_merged_colleges_are_all_together_and_nothing_is_exact() -> None:
    found = shown("merge")
    assert found["accounts"] == {
        "detail": "merged",
        "type": "resolution",
        "decision": "adopted",
        "percent": "68.89",
        "colleges": {"*": {"for": 82, "against": 20, "abstain": 13}},
    }
    # The rounded result of blocs would say which colleges were for.
    assert found["statutes"] == {
        "detail": "merged",
        "type": "resolution",
        "decision": "adopted",
        "colleges": {"*": {"for": 91, "against": 19, "abstain": 5}},
    }
    [ada, *_] = found["board"]["candidates"]
    assert (ada["votes"], ada["percent"], "score" in ada) == ({"*": 58}, "55.51", False)
    assert found["board"]["colleges"] == {"*": {"nonblank": 107, "blank": 8}}
    [green, *_] = found["colours"]["positions"]
    assert green == {"id": "green", "votes": {"*": 30}, "percent": "58.57"}
    assert found["motion"]["colleges"] == {
        "*": {"consent": 38, "reservations": 10, "objection": 0, "blank": 2}
    }


def test_withheld_figures_leave_what_was_decided() -> None:
    found = shown("withhold")
    assert found["accounts"] == {"detail": "withheld", "type": "resolution", "decision": "adopted"}
    assert found["colours"] == {"detail": "withheld", "type": "consultation"}
    board = found["board"]
    assert set(board) == {"detail", "type", "elected", "vacant", "candidates", "substitutes"}
    assert [one["id"] for one in board["candidates"]] == ["ada", "bea", "cid", "dov", "eli"]
    assert set(board["candidates"][0]) == {"id", "elected", "passed_over", "until"}


@pytest.mark.parametrize("treatment", ["merge", "withhold"])
def test_no_number_of_a_college_is_left(treatment: Treatment) -> None:
    text = json.dumps(shown(treatment))
    for college in ASKED.shares:
        assert f'"{college}": ' not in text
    assert '"share"' not in text


def test_what_nobody_took_a_side_on_has_no_percentage() -> None:
    silent = samples.counts()
    nobody = {"for": 0, "against": 0, "abstain": 3}
    boxes = {}
    for college, box in silent["main"].items():
        sums = {**box.sums, "accounts": {**nobody, "abstain": box.weight_voting}}
        boxes[college] = type(box)(box.enrolled, box.voters, box.weight_voting, sums)
    counted = {**silent, "main": boxes}
    outcome = samples.outcome(ASKED, counted)
    found = disclose(ASKED, counted, outcome, Privacy(10, "merge", chosen=True))
    assert found["accounts"]["percent"] is None


def test_without_shares_there_is_nothing_to_merge() -> None:
    assert treatments(ASKED) == ("show", "merge", "withhold")
    assert treatments(_without_shares()) == ("show", "withhold")


def _without_shares() -> Any:
    colleges = tuple(replace(each, share=None) for each in ASKED.colleges)
    return replace(ASKED, colleges=colleges)


@pytest.mark.parametrize(
    ("value", "said"),
    [("0", "0.00"), ("1", "100.00"), ("1/3", "33.33"), ("1/800", "0.13"), ("2/3", "66.67")],
)
def test_percentages_are_rounded_half_up(value: str, said: str) -> None:
    assert percent(Ratio(value).value) == said
