"""Who may vote for whom: the rules of proxies, as tables, and how they are written down."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.assembly.builders import TEXT, Tables, assembly, resolution, tables
from vote.assembly.advice import roll_warnings
from vote.assembly.convocation import successor
from vote.assembly.definition import canonical_json, from_json, from_toml, to_toml, with_settings
from vote.assembly.errors import DefinitionError
from vote.assembly.model import Proxies
from vote.assembly.parsing import read
from vote.assembly.proxies import Obstacle, Standing, cap, obstacle
from vote.assembly.ratio import Ratio
from vote.assembly.roll import Member

DEADLINE = datetime(2025, 6, 24, 18, 0, 0)  # noqa: DTZ001 -- local, as in the definition
COLLEGES = [{"id": one, "name": TEXT} for one in ("persons", "staff")]
TWO = Proxies(DEADLINE, per_holder=2)
ANA = Standing("ana", "persons")
BEN = Standing("ben", "persons")
SAM = Standing("sam", "staff")


@pytest.mark.parametrize(
    ("rules", "college", "members", "most"),
    [
        pytest.param(Proxies(DEADLINE, 1), "persons", 500, 1, id="one, as most statutes say"),
        pytest.param(Proxies(DEADLINE, 5), "persons", 3, 5, id="five, however few we are"),
        pytest.param(
            Proxies(DEADLINE, None, Ratio("1/20")), "persons", 100, 5, id="a twentieth of 100"
        ),
        pytest.param(Proxies(DEADLINE, None, Ratio("1/20")), "persons", 119, 5, id="rounded down"),
        pytest.param(
            Proxies(DEADLINE, None, Ratio("1/20")), "persons", 19, 0, id="a twentieth of 19: none"
        ),
        pytest.param(
            Proxies(DEADLINE, 10, Ratio("1/20")), "persons", 100, 5, id="both: the lower, fraction"
        ),
        pytest.param(
            Proxies(DEADLINE, 3, Ratio("1/20")), "persons", 100, 3, id="both: the lower, number"
        ),
        pytest.param(
            Proxies(DEADLINE, 3, None, {"staff": 1}), "staff", 100, 1, id="the college's own"
        ),
        pytest.param(
            Proxies(DEADLINE, 3, None, {"staff": 9}), "staff", 100, 9, id="the college's own, more"
        ),
        pytest.param(
            Proxies(DEADLINE, 3, None, {"staff": 1}), "persons", 100, 3, id="another college's"
        ),
        pytest.param(
            Proxies(DEADLINE, 3, Ratio("1/50"), {"staff": 9}),
            "staff",
            100,
            2,
            id="the fraction holds for every college",
        ),
        pytest.param(Proxies(DEADLINE, 3, None, {"staff": 0}), "staff", 100, 0, id="barred"),
    ],
)
def test_how_many_mandates_a_member_may_hold(
    rules: Proxies, college: str, members: int, most: int
) -> None:
    assert cap(rules, college, members) == most


@pytest.mark.parametrize(
    ("rules", "grantor", "holder", "expected"),
    [
        pytest.param(TWO, ANA, BEN, None, id="two members who stand nowhere yet"),
        pytest.param(TWO, ANA, SAM, None, id="across colleges, where the statutes let them"),
        pytest.param(TWO, ANA, ANA, "self", id="nobody represents themself"),
        pytest.param(TWO, replace(ANA, gives=True), BEN, "already-given", id="a second mandate"),
        pytest.param(TWO, replace(ANA, voted=True), BEN, "already-voted", id="who has voted"),
        pytest.param(
            TWO, replace(ANA, holds=1), BEN, "grantor-holds", id="a chain: others count on Ana"
        ),
        pytest.param(
            TWO, ANA, replace(BEN, gives=True), "holder-gives", id="a chain: Ben is represented"
        ),
        pytest.param(
            TWO,
            replace(ANA, holds=1),
            replace(BEN, gives=True),
            "grantor-holds",
            id="a circle: Ben's mandate is Ana's",
        ),
        pytest.param(TWO, ANA, replace(BEN, voted=True), None, id="a holder who has voted"),
        pytest.param(TWO, ANA, replace(BEN, holds=1), None, id="the last one that Ben may hold"),
        pytest.param(TWO, ANA, replace(BEN, holds=2), "holder-full", id="one too many"),
        pytest.param(
            replace(TWO, same_college=True), ANA, SAM, "other-college", id="of another college"
        ),
        pytest.param(replace(TWO, same_college=True), ANA, BEN, None, id="of the same college"),
        pytest.param(
            replace(TWO, per_college={"staff": 0}), ANA, SAM, "none-allowed", id="staff is barred"
        ),
        pytest.param(
            replace(TWO, per_college={"staff": 1}),
            ANA,
            replace(SAM, holds=1),
            "holder-full",
            id="staff may hold one",
        ),
    ],
)
def test_who_may_represent_whom(
    rules: Proxies, grantor: Standing, holder: Standing, expected: Obstacle | None
) -> None:
    assert obstacle(rules, grantor, holder, 100) == expected


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=40), st.integers(1, 3))
def test_whoever_gives_to_whomever_no_chain_comes_about_and_no_cap_is_passed(
    wishes: list[tuple[int, int]], most: int
) -> None:
    rules = Proxies(DEADLINE, most)
    given_to: dict[int, int] = {}

    def standing(one: int) -> Standing:
        holds = sum(1 for holder in given_to.values() if holder == one)
        return Standing(str(one), "", gives=one in given_to, holds=holds)

    for grantor, holder in wishes:
        if obstacle(rules, standing(grantor), standing(holder), 8) is None:
            given_to[grantor] = holder
    assert not set(given_to) & set(given_to.values())
    assert all(standing(one).holds <= most for one in range(8))


def proxies(colleges: bool = False, **table: Any) -> Tables:
    others: Tables = {"colleges": COLLEGES} if colleges else {}
    return tables([resolution()], proxies=table, **others)


FULL = {
    "deadline": "2025-06-24T18:00:00",
    "per_holder": 2,
    "fraction_of_members": "1/20",
    "per_college": {"staff": 1},
    "same_college": True,
}


def test_the_table_is_read_and_written_back() -> None:
    definition = read(proxies(colleges=True, **FULL))
    assert definition.proxies == Proxies(DEADLINE, 2, Ratio("1/20"), {"staff": 1}, True)
    assert from_toml(to_toml(definition)) == definition
    assert from_json(canonical_json(definition)) == definition
    assert b'"proxies":{"deadline":"2025-06-24T18:00:00"' in canonical_json(definition)


def test_without_the_table_there_are_no_proxies_and_the_bytes_are_as_before() -> None:
    definition = assembly([resolution()])
    assert definition.proxies is None
    assert b"proxies" not in canonical_json(definition)


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        pytest.param({"deadline": None}, "missing", "proxies.deadline", id="no deadline"),
        pytest.param(
            {"deadline": "2025-06-26T16:45:01"},
            "proxies-deadline",
            "proxies.deadline",
            id="a deadline after the closing",
        ),
        pytest.param(
            {"deadline": "2025-06-24"}, "not-a-local-time", "proxies.deadline", id="only a day"
        ),
        pytest.param(
            {"per_holder": None, "fraction_of_members": None},
            "missing",
            "proxies.per_holder",
            id="a cap for one college only",
        ),
        pytest.param({"per_holder": 0}, "not-a-number", "proxies.per_holder", id="a cap of none"),
        pytest.param(
            {"fraction_of_members": "5%"},
            "not-a-fraction",
            "proxies.fraction_of_members",
            id="a percentage",
        ),
        pytest.param(
            {"per_college": {"board": 1}},
            "unknown-college",
            "proxies.per_college.board",
            id="a cap for no college",
        ),
        pytest.param(
            {"per_college": {"staff": "1"}},
            "not-a-number",
            "proxies.per_college.staff",
            id="a cap as text",
        ),
        pytest.param({"per_college": 3}, "not-a-table", "proxies.per_college", id="no table"),
        pytest.param({"per_college": {}}, "not-a-table", "proxies.per_college", id="empty table"),
        pytest.param({"same_college": None}, "missing", "proxies.same_college", id="undecided"),
        pytest.param(
            {"same_college": "yes"}, "not-a-choice", "proxies.same_college", id="neither true"
        ),
        pytest.param({"per_member": 1}, "unknown-key", "proxies.per_member", id="a mistyped key"),
    ],
)
def test_what_is_refused(changes: Tables, code: str, where: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        read(proxies(colleges=True, **FULL | changes))
    assert [(fault.code, fault.where) for fault in caught.value.faults] == [(code, where)]


@pytest.mark.parametrize(
    ("colleges", "table"),
    [
        pytest.param(False, {"per_holder": 1}, id="without colleges, one number is enough"),
        pytest.param(False, {"fraction_of_members": "1/20"}, id="or a fraction"),
        pytest.param(
            True,
            {"per_college": {"persons": 2, "staff": 1}, "same_college": False},
            id="or a number for every college",
        ),
    ],
)
def test_what_is_enough(colleges: bool, table: Tables) -> None:
    definition = read(proxies(colleges, deadline=FULL["deadline"], **table))
    assert definition.proxies is not None
    assert from_toml(to_toml(definition)) == definition


def test_what_if_understands_the_rules_as_text() -> None:
    definition = read(proxies(colleges=True, **FULL))
    changed = with_settings(
        definition, {"proxies.per_holder": "7", "proxies.same_college": "false"}
    )
    assert changed.proxies is not None
    assert (changed.proxies.per_holder, changed.proxies.same_college) == (7, False)


@pytest.mark.parametrize(
    ("closes", "deadline"),
    [
        pytest.param(datetime(2025, 7, 10, 17), datetime(2025, 7, 8, 18), id="as long before"),  # noqa: DTZ001
        pytest.param(datetime(2025, 7, 7, 9), datetime(2025, 7, 7, 9), id="not after closing"),  # noqa: DTZ001
    ],
)
def test_on_a_second_convocation_the_deadline_moves_with_the_meeting(
    closes: datetime, deadline: datetime
) -> None:
    new = successor(
        read(proxies(per_holder=1, deadline=FULL["deadline"])),
        "sample-2",
        opens=datetime(2025, 7, 1, 10),  # noqa: DTZ001
        meeting=datetime(2025, 7, 10, 10),  # noqa: DTZ001
        closes=closes,
    )
    assert new.proxies == Proxies(deadline, per_holder=1)


def test_the_host_is_told_where_nobody_can_hold_a_mandate() -> None:
    table = {"deadline": FULL["deadline"], "fraction_of_members": "1/20", "same_college": False}
    definition = read(proxies(colleges=True, **table))
    roll = [Member(str(n), "Name", "a@b", "en", "persons") for n in range(19)]
    found = [(fault.code, dict(fault.params)) for fault in roll_warnings(definition, roll)]
    assert ("no-holder", {"college": "persons"}) in found
    twenty = [*roll, Member("20", "Name", "a@b", "en", "staff")]
    assert "no-holder" not in [fault.code for fault in roll_warnings(definition, twenty)]
