"""What other rules would have given: by the command, and for the host's page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.assembly import builders
from tests.assembly.builders import FIFTHS, assembly
from tests.command import vote
from tests.finished import VOTES, cast, finish, open_edited, write_bundle
from tests.small import Opened
from vote.assembly.count import Count
from vote.assembly.definition import Definition
from vote.assembly.outcome import ResolutionOutcome, compute
from vote.cli import group
from vote.service import reading, what_if
from vote.service.counting import Counted
from vote.service.errors import Refusal
from vote.service.rule_choices import choices
from vote.service.what_if import Alternative, WhatIf

# persons: 2 for, 1 against, 1 abstained; staff: 1 for; partners: 1 against. Each a third.
SHARES = ('quorum]\nminimum = "1/5"', 'quorum]\nminimum = "9/20"')


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    opened = open_edited(tmp_path_factory.mktemp("decided"), SHARES, shares=True)
    cast(opened, VOTES)
    finish(opened)
    yield opened
    opened.house.close()


@pytest.fixture(scope="module")
def bundle(decided: Opened, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bundle(decided, tmp_path_factory.mktemp("bundle") / "bundle")


@pytest.fixture(scope="module")
def counted(decided: Opened) -> Counted:
    return what_if.of_assembly(decided.house, "trial")


def test_the_command_prints_what_was_decided(bundle: Path) -> None:
    done = vote("outcome", bundle)
    assert done.returncode == 0, done.stderr
    assert "adopted" in done.stdout
    assert "55.56% (5/9)" in done.stdout
    assert "Uno Example" in done.stdout
    assert "NOT the result" not in done.stdout


def test_the_command_says_what_is_not_the_result(bundle: Path) -> None:
    done = vote("outcome", bundle, "--set", "questions.accounts.majority.at_least=2/3")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("NOT the result") >= 2
    assert "questions.accounts.majority.at_least = 2/3" in done.stdout
    assert "DIFFERS" in done.stdout
    assert "The decisions differ: accounts." in " ".join(done.stdout.split())
    same = vote("outcome", bundle, "--set", "tally.silent_college=renormalise")
    assert "The decisions are the same." in same.stdout


def test_for_machines(bundle: Path, tmp_path: Path) -> None:
    packed = Path(shutil.make_archive(str(tmp_path / "bundle"), "zip", bundle))
    done = vote(
        "outcome", packed, "--json", "--set", "quorum.base=colleges", "--set", "quorum.minimum=1/2"
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["outcome"] == json.loads((bundle / "outcome.json").read_bytes())
    tried = found["what_if"]
    assert tried["not_the_result"] is True
    assert tried["settings"] == {"quorum.base": "colleges", "quorum.minimum": "1/2"}
    assert tried["quorums_that_differ"] == ["main"]
    assert tried["questions_that_differ"] == ["accounts", "board"]
    assert tried["outcome"]["questions"]["accounts"]["decision"] == "no quorum"
    assert json.loads(vote("outcome", bundle, "--json").stdout)["what_if"] is None


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--set", "tally.karry=bloc"], 1, "not a key that is known"),
        (["--set", "tally.carry=block"], 1, "must be one of"),
        (["--set", "nowhere.at.all=1"], 1, "These rules cannot be tried on this vote"),
        (["--set", "questions.board.seats=0"], 1, "from 1"),
        (["--set", "colleges.persons.share="], 1, "cannot be tried"),
        (["--set", "carry"], 2, "RULE=VALUE"),
        (["--set", "=bloc"], 2, "RULE=VALUE"),
    ],
)
def test_the_command_refuses_in_words(
    bundle: Path, arguments: list[str], status: int, said: str
) -> None:
    done = CliRunner().invoke(group, ["outcome", str(bundle), *arguments])
    assert (done.exit_code, done.stdout) == (status, "")
    assert said in done.stderr


def test_a_bundle_that_contradicts_itself_is_refused(bundle: Path, tmp_path: Path) -> None:
    other = shutil.copytree(bundle, tmp_path / "other")
    outcome = (other / "outcome.json").read_text()
    (other / "outcome.json").write_text(outcome.replace('"adopted"', '"rejected"'))
    with pytest.raises(Refusal, match="Run “vote verify” on it") as refused:
        reading.read_bundle(other, lots=False)
    assert refused.value.code == "bundle-does-not-hold"
    (other / "outcome.json").unlink()
    with pytest.raises(Refusal):
        reading.read_bundle(other, lots=False)
    archive = next((bundle / "elections").iterdir())
    for path in (tmp_path / "nothing", archive):
        with pytest.raises(Refusal):
            reading.read_bundle(path, lots=False)


def test_the_bundle_and_the_database_count_alike(bundle: Path, counted: Counted) -> None:
    read = reading.read_bundle(bundle, lots=True)
    assert (read.counts, read.outcome, read.seeds) == (
        counted.counts,
        counted.outcome,
        counted.seeds,
    )
    assert set(read.seeds) == {"main"}  # drawn, whether it decided anything or not


def test_other_rules_may_need_the_lot(bundle: Path, counted: Counted) -> None:
    """Without the seed a tie that only arises under other rules could not be settled."""
    settings = {"questions.board.tie_break": "lot"}
    assert what_if.try_rules(counted, settings).outcome.questions.keys() == {"accounts", "board"}


def resolution(found: WhatIf) -> ResolutionOutcome:
    outcome = found.outcome.questions["accounts"]
    assert isinstance(outcome, ResolutionOutcome)
    return outcome


def alternatives(counted: Counted) -> dict[tuple[str, str], Alternative]:
    return {(each.choice.rule, each.choice.value): each for each in what_if.alternatives(counted)}


def test_the_host_sees_where_the_rules_differ(counted: Counted) -> None:
    found = alternatives(counted)
    assert set(found) == {
        ("carry", "bloc"),
        ("bloc_majority", "more_than 1/2"),
        ("bloc_majority", "at_least 2/3"),
        ("silent_college", "renormalise"),
        ("abstentions", "against"),
        ("abstentions", "for"),
        ("majority", "at_least 2/3"),
        ("majority", "at_least 3/4"),
        ("majority", "at_least 4/5"),
        ("each_college", "true"),
        ("quorum_base", "colleges"),
        ("quorum_minimum", "0"),
        ("one_member_one_vote", "true"),
    }
    differing = {key for key, each in found.items() if each.found and each.found.differs}
    assert differing == {
        ("abstentions", "against"),  # 1/2 of persons, 1, 0: exactly a half
        ("majority", "at_least 2/3"),
        ("majority", "at_least 3/4"),
        ("majority", "at_least 4/5"),
        ("each_college", "true"),
        ("quorum_base", "colleges"),
    }
    together = found["one_member_one_vote", "true"].found
    assert together is not None
    assert str(resolution(together).result) == "3/5"


def test_the_worked_examples_of_the_law() -> None:
    """Example two of the law: the same votes, adopted or rejected by the rule."""
    votes = {
        "persons": (13242, 5508, 612, 360),
        "employees": (17, 9, 5, 0),
        "authorities": (29, 10, 6, 2),
        "partners": (79, 24, 20, 1),
        "others": (131, 38, 29, 2),
    }
    asked = _fifths()
    counts = {
        "main": {
            college: Count(
                enrolled,
                a + b + c,
                a + b + c,
                {"accounts": {"for": a, "against": b, "abstain": c}},
            )
            for college, (enrolled, a, b, c) in votes.items()
        }
    }
    found = alternatives(Counted(asked, counts, {}, compute(asked, counts, {})))
    told = {
        key: (resolution(each.found).decision, str(resolution(each.found).result))
        for key, each in found.items()
        if each.found
    }
    assert told["abstentions", "against"] == ("rejected", "90779/144900")
    assert told["bloc_majority", "more_than 1/2"] == ("adopted", "1")
    assert told["bloc_majority", "at_least 2/3"] == ("rejected", "1/5")
    assert told["carry", "bloc"] == ("rejected", "1/5")
    assert told["one_member_one_vote", "true"] == ("adopted", "1863/2087")


def _fifths() -> Definition:
    ids = {"legal": "others"}
    return assembly(
        [builders.resolution("accounts", majority={"at_least": "2/3"})],
        {ids.get(one, one): share for one, share in FIFTHS.items()},
    )


def test_before_the_decision_there_is_nothing_to_compare(tmp_path: Path) -> None:
    opened = open_edited(tmp_path)
    with pytest.raises(Refusal) as refused:
        what_if.of_assembly(opened.house, "trial")
    assert refused.value.code == "not-decided"
    opened.house.close()


def test_without_shares_fewer_rules_apply(tmp_path: Path) -> None:
    opened = open_edited(tmp_path)
    cast(opened, VOTES)
    finish(opened)
    counted = what_if.of_assembly(opened.house, "trial")
    rules = {choice.rule for choice in choices(counted.definition)}
    assert rules == {"abstentions", "majority", "quorum_minimum"}
    shares = {f"colleges.{one}.share": "1/3" for one in ("persons", "staff", "partners")}
    with pytest.raises(Refusal) as refused:
        what_if.try_rules(counted, shares)
    assert refused.value.code == "rules-cannot-be-tried"
    opened.house.close()


def test_a_problem_is_said_and_the_rest_goes_on(counted: Counted) -> None:
    without_seed = replace(counted, seeds={})
    found = list(what_if.alternatives(without_seed))
    assert len(found) == len(list(choices(counted.definition)))
    assert all(each.found is not None or each.problem for each in found)
