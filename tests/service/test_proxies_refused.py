"""Mandates that are refused: the rules, the deadline, forged and mixed-up ones, wrong names."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.casting import ballot, cast, stored, token_of
from tests.proxied import (
    ANA,
    BEN,
    CAM,
    DAN,
    PARTNER,
    STAFF,
    ask,
    cast_for,
    desk,
    draw_up,
    embedded,
    give,
    make_ballot,
    open_with_proxies,
    opened,
    receive,
    refused,
)
from tests.small import Opened, open_assembly
from vote.election.credential import generate_code, sign_in_token
from vote.election.mandate import bearer
from vote.service import casting, closing, proxies
from vote.service.errors import Refusal
from vote.service.proxies import Person
from vote.store.mandates import forget_sealed
from vote.store.models import Attendance

__all__ = ["embedded", "opened"]


@pytest.mark.parametrize(
    ("before", "grantor", "holder", "code"),
    [
        pytest.param([], ANA, ANA, "proxy-self", id="oneself"),
        pytest.param([(ANA, BEN)], ANA, CAM, "proxy-already-given", id="a second mandate"),
        pytest.param([(ANA, BEN)], BEN, CAM, "proxy-grantor-holds", id="passed on"),
        pytest.param([(ANA, BEN)], CAM, ANA, "proxy-holder-gives", id="to who is represented"),
        pytest.param([(ANA, BEN)], BEN, ANA, "proxy-grantor-holds", id="in a circle"),
        pytest.param([(ANA, BEN), (CAM, BEN)], DAN, BEN, "proxy-holder-full", id="one too many"),
        pytest.param([], ANA, PARTNER, "proxy-none-allowed", id="a college that holds none"),
    ],
)
def test_what_the_rules_do_not_allow(
    embedded: Opened, before: list[tuple[str, str]], grantor: str, holder: str, code: str
) -> None:
    for pair in before:
        give(embedded, *pair)
    assert refused(ask, embedded, grantor, holder) == code


def test_who_has_voted_can_give_no_mandate(embedded: Opened) -> None:
    cast(embedded, ANA, ballot(embedded, ANA))
    assert refused(give, embedded, ANA, BEN) == "proxy-already-voted"


def test_only_the_own_college_where_the_rules_say_so(tmp_path: Path) -> None:
    opened = open_with_proxies(tmp_path / "data", rules="per_holder = 1\nsame_college = true\n")
    assert refused(give, opened, ANA, STAFF) == "proxy-other-college"
    give(opened, ANA, BEN)
    opened.house.close()


def test_a_cap_is_not_passed_by_voting_and_taking_back(embedded: Opened) -> None:
    for grantor in (ANA, CAM):
        held = receive(embedded, BEN, give(embedded, grantor, BEN))
        cast_for(embedded, held, make_ballot(embedded, held))
        proxies.revoke(embedded.house, embedded.assembly, token_of(embedded, grantor))
    assert refused(give, embedded, DAN, BEN) == "proxy-holder-full"


def test_a_cap_is_not_passed_by_giving_at_the_same_time(opened: Opened) -> None:
    grantors = [f"persons-{number}" for number in range(3, 9)]
    gifts = {one: draw_up(opened, one, ask(opened, one, BEN)) for one in grantors}

    def try_to_give(one: str) -> str:
        try:
            proxies.give(opened.house, opened.assembly, token_of(opened, one), gifts[one])
        except Refusal as refusal:
            return refusal.code
        return "given"

    with ThreadPoolExecutor(6) as threads:
        answers = sorted(threads.map(try_to_give, grantors))
    assert answers == ["given"] * 2 + ["proxy-holder-full"] * 4


def test_the_rules_hold_when_the_mandate_is_given_not_only_when_it_is_offered(
    embedded: Opened,
) -> None:
    late = draw_up(embedded, ANA, ask(embedded, ANA, BEN))
    give(embedded, BEN, CAM)
    token = token_of(embedded, ANA)
    assert refused(proxies.give, embedded.house, "trial", token, late) == ("proxy-holder-gives")


def test_an_identifier_is_used_once(embedded: Opened) -> None:
    """Otherwise a new grantor could bring an ended mandate's tickets back to life."""
    first = receive(embedded, BEN, give(embedded, ANA, BEN))
    proxies.revoke(embedded.house, "trial", token_of(embedded, ANA))
    again = replace(draw_up(embedded, CAM, ask(embedded, CAM, BEN)), mandate=first.mandate)
    token = token_of(embedded, CAM)
    assert refused(proxies.give, embedded.house, "trial", token, again) == "bad-mandate"


def test_tickets_are_for_one_grantor_and_one_holder(embedded: Opened) -> None:
    """Cam gives a mandate under the identifier that Ana was offered: her tickets do not serve."""
    offered = ask(embedded, ANA, BEN)
    gift = draw_up(embedded, ANA, offered)
    proxies.give(embedded.house, "trial", token_of(embedded, CAM), gift)
    held = receive(embedded, BEN, gift.mandate)
    data = make_ballot(embedded, held)
    assert refused(cast_for, embedded, held, data) == "unknown-mandate"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"mandate": "short"}, id="another form of identifier"),
        pytest.param({"mandate": "g" * 32}, id="letters that are no digits"),
        pytest.param({"sealed": b""}, id="nothing sealed"),
        pytest.param({"sealed": b"x" * (proxies.MAX_SEALED + 1)}, id="too much sealed"),
    ],
)
def test_what_cannot_be_given(embedded: Opened, change: dict[str, Any]) -> None:
    gift = replace(draw_up(embedded, ANA, ask(embedded, ANA, BEN)), **change)
    token = token_of(embedded, ANA)
    assert refused(proxies.give, embedded.house, "trial", token, gift) == "bad-mandate"


def test_after_the_deadline_nothing_is_given_or_taken_back_but_the_holder_votes(
    opened: Opened,
) -> None:
    held = receive(opened, BEN, give(opened, ANA, BEN))
    late = draw_up(opened, CAM, ask(opened, CAM, BEN))
    opened.clock.now += timedelta(hours=20)
    token = token_of(opened, CAM)
    assert refused(proxies.give, opened.house, "trial", token, late) == "proxies-closed"
    assert refused(ask, opened, CAM, BEN) == "proxies-closed"
    token = token_of(opened, ANA)
    assert refused(proxies.revoke, opened.house, "trial", token) == "proxies-closed"
    assert not desk(opened, ANA).changeable
    cast_for(opened, held, make_ballot(opened, held))
    assert stored(opened)[1] == 1


def test_a_holder_votes_only_while_the_vote_is_open(embedded: Opened) -> None:
    held = receive(embedded, BEN, give(embedded, ANA, BEN))
    data = make_ballot(embedded, held)
    closing.close(embedded.house, "trial")
    assert refused(cast_for, embedded, held, data) == "closed"
    assert desk(embedded, BEN).held[0].sealed == b""
    assert refused(ask, embedded, CAM, BEN) == "proxies-not-open"


def test_without_the_table_there_are_no_proxies(tmp_path: Path) -> None:
    opened = open_assembly(tmp_path / "data")
    assert refused(desk, opened, ANA) == "no-proxies"
    opened.house.close()


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(".", id="only a dot"),
        pytest.param("a.b", id="two letters"),
        pytest.param("0" * 32 + "." + "0" * 64, id="without a token"),
        pytest.param("0" * 64 + "." + "0" * 32 + "." + "0" * 64, id="an unknown mandate"),
        pytest.param("MANDATE.TICKET".lower(), id="words"),
    ],
)
def test_what_is_no_mandate_casts_nothing(embedded: Opened, token: str) -> None:
    held = receive(embedded, BEN, give(embedded, ANA, BEN))
    data = make_ballot(embedded, held)
    [key] = held.elections
    another = bearer(token_of(embedded, BEN), held.mandate, "0" * 64)
    assert refused(casting.cast, embedded.house, key.uuid, token, data) == "unknown-mandate"
    assert refused(casting.cast, embedded.house, key.uuid, another, data) == ("unknown-mandate")


@pytest.mark.parametrize(
    "bear",
    [
        pytest.param(lambda _, mandate, ticket: f"{mandate}.{ticket}", id="no token"),
        pytest.param(lambda _, mandate, ticket: f".{mandate}.{ticket}", id="an empty token"),
        pytest.param(lambda _, *of: bearer("0" * 64, *of), id="nobody's token"),
        pytest.param(lambda opened, *of: bearer(token_of(opened, ANA), *of), id="the grantor's"),
        pytest.param(lambda opened, *of: bearer(token_of(opened, CAM), *of), id="a third member's"),
    ],
)
def test_nobody_votes_in_the_holders_name(
    opened: Opened, bear: Callable[[Opened, str, str], str]
) -> None:
    """Ana was offered the tickets, and Cam stole them: neither casts what counts as Ben's doing."""
    offered = ask(opened, ANA, BEN)
    gift = draw_up(opened, ANA, offered)
    proxies.give(opened.house, "trial", token_of(opened, ANA), gift)
    before = stored(opened), attendance(opened)
    [(uuid, ticket)] = offered.tickets.items()
    token = bear(opened, offered.mandate, ticket)
    assert refused(casting.cast, opened.house, uuid, token, ballot(opened, ANA)) == (
        "unknown-mandate"
    )
    assert (stored(opened), attendance(opened)) == before
    proxies.decline(opened.house, "trial", token_of(opened, BEN), offered.mandate)
    give(opened, BEN, CAM)


def attendance(opened: Opened) -> list[tuple[object, ...]]:
    with opened.house.database.reading() as session:
        return sorted(map(tuple, session.execute(select(Attendance.table()))), key=repr)


def test_with_the_holders_recorded_ballot_the_grantor_gets_no_receipt(embedded: Opened) -> None:
    held = receive(embedded, BEN, give(embedded, ANA, BEN))
    data = make_ballot(embedded, held)
    cast_for(embedded, held, data)
    assert refused(cast_for, embedded, held, data, ANA) == "unknown-mandate"


def test_what_is_given_while_voting_closes_is_not_kept(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    gift = draw_up(opened, ANA, ask(opened, ANA, BEN))
    closing_now = Event()

    def forget_slowly(session: Session, assembly: str) -> None:
        forget_sealed(session, assembly)
        closing_now.set()
        sleep(0.5)  # the gift comes, and waits for the lock

    monkeypatch.setattr(closing, "forget_sealed", forget_slowly)
    with ThreadPoolExecutor(1) as threads:
        closed = threads.submit(closing.close, opened.house, "trial")
        assert closing_now.wait(30)
        token = token_of(opened, ANA)
        answer = refused(proxies.give, opened.house, "trial", token, gift)
        closed.result()
    assert answer == "proxies-not-open"
    assert desk(opened, BEN).held == ()


@pytest.mark.parametrize(
    "name",
    ["Member persons-2", "  member PERSONS 2 ", "Persons-2, Member", "Mémber persons‑2"],
)
def test_a_name_is_known_without_accents_capitals_and_order(embedded: Opened, name: str) -> None:
    found = proxies.offer(embedded.house, "trial", token_of(embedded, ANA), f" {BEN} ", name)
    assert found.holder == Person(BEN, f"Member {BEN}")


def test_who_does_not_know_number_and_name_learns_nothing_and_may_not_try_for_long(
    opened: Opened,
) -> None:
    token = token_of(opened, ANA)
    answers = set()
    for number in range(proxies.MAX_WRONG_NAMES):
        wrong = [(BEN, "Somebody"), ("nobody", "Somebody"), (BEN, ""), (BEN, "Member")][number % 4]
        gift = proxies.Gift("0" * 32, Person(*wrong), b"sealed")
        tries = [
            partial(proxies.offer, holder=wrong[0], name=wrong[1]),
            partial(proxies.give, gift=gift),
        ]
        with pytest.raises(Refusal) as caught:
            tries[number % 2](opened.house, "trial", token)
        answers.add((caught.value.code, caught.value.message))
    assert len(answers) == 1
    assert answers.pop()[0] == "no-such-member"
    assert refused(ask, opened, ANA, BEN) == "too-many-names"
    ask(opened, CAM, BEN)


def test_an_unknown_code_learns_nothing(embedded: Opened) -> None:
    stranger = sign_in_token("trial", generate_code())
    assert refused(proxies.desk, embedded.house, "trial", stranger) == "unknown-code"
    named = (BEN, f"Member {BEN}")
    assert refused(proxies.offer, embedded.house, "trial", stranger, *named) == "unknown-code"
