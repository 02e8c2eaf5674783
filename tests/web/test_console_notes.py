"""The console beside the vote: notes for the minutes, small colleges, what a vote weighs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.casting import AGAINST_TWO
from tests.finished import VOTES, cast, finish, open_edited
from tests.small import Opened, folder
from tests.web.officer import HOST, Console, words
from vote.assembly.definition import from_toml, to_toml
from vote.service import (
    closing,
    contributing,
    incidents,
    overview,
    prepare,
    proceedings,
    rehearse,
    tally,
)
from vote.service.folder import AssemblyFolder
from vote.web.pages import small_colleges


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    found = open_edited(tmp_path / "data", shares=True)
    yield found
    found.house.close()


EMPTY = "The notes for the minutes are empty"


def test_the_host_is_told_what_comes_next_and_what_is_missing(opened: Opened) -> None:
    console = Console(opened)
    assert "Now: members vote" in console.words("/console/trial/")
    assert EMPTY in console.words("/console/trial/close")
    cast(opened, VOTES)
    cast(opened, {"persons-1": AGAINST_TWO})  # again: seven ballots of six members
    closing.close(opened.house, "trial")
    tally.advance(opened.house, "trial")
    said = console.words("/console/trial/")
    assert "Now: the trustees decrypt (0 of 2)" in said
    assert 'href="#count"' in console.get("/console/trial/").text
    assert EMPTY in said
    in_the_box = "6 of 13 members voted. Ballots in the box: 7; each member’s last one counts."
    assert in_the_box in said
    assert in_the_box in words(console.get("/a/trial/screen"))

    before = console.get("/console/trial/state").json
    first = rehearse.Bureau(opened.bureau.tokens[:1], opened.bureau.private_keys[:1])
    rehearse.decrypt(opened.house, "trial", first)
    assert console.get("/console/trial/state").json != before
    assert "Now: the trustees decrypt (1 of 2)" in console.words("/console/trial/")
    console.post("/console/trial/record", place="Town hall")
    assert EMPTY not in console.words("/console/trial/")


@pytest.mark.parametrize(
    ("done", "wanted"),
    [
        ((), "the trustees give their keys (0 of 2)"),
        (("keys",), "make the members’ codes"),
        (("keys", "codes"), "open the ballot box"),
    ],
)
def test_before_opening_the_next_step_is_named(
    opened: Opened, done: tuple[str, ...], wanted: str
) -> None:
    prepare.import_assembly(opened.house, folder("draft"))
    for link in prepare.invite_trustees(opened.house, "draft", ["Ada Example", "Bo Example"]):
        if "keys" in done:
            key = contributing.make_key().public
            prepare.register_trustee_key(opened.house, "draft", link.token, key)
    if "codes" in done:
        prepare.issue_codes(opened.house, "draft")
    assert f"Now: {wanted}" in Console(opened).words("/console/draft/")


def test_what_the_host_notes_is_in_the_minutes(opened: Opened) -> None:
    console = Console(opened)
    place = "/console/trial/record"
    answer = console.post(
        place,
        place="  Town  hall ",
        summoned_by=["press", "email"],
        chair="Ada Example",
        secretary="",
        scrutineers="Bo Example\r\n\r\n Cy Example \r\n",
        in_the_room="41",
        appeals_until="2035-01-31",
    )
    assert (answer.status_code, answer.location) == (302, place)
    kept = proceedings.recorded(opened.house, "trial")
    assert kept == proceedings.Proceedings(
        place="Town hall",
        summoned_by=("email", "press"),
        chair="Ada Example",
        scrutineers=("Bo Example", "Cy Example"),
        in_the_room=41,
        appeals_until=date(2035, 1, 31),
    )
    shown = console.get(place).text
    for value in ('value="Town hall"', 'value="41"', 'value="2035-01-31"', "Cy Example</textarea>"):
        assert value in shown
    assert len(re.findall('name="summoned_by"[^>]* checked', shown)) == 2

    answer = console.post("/console/trial/incidents", text="The lights\nwent out.", understood="y")
    assert answer.status_code == 302
    [incident] = incidents.listed(opened.house, "trial")
    assert (incident.by, incident.text) == (HOST, "The lights went out.")
    assert "The lights went out." in console.words(place)

    console.post("/console/trial/privacy", treatment="withhold", floor="5")
    cast(opened, VOTES)
    finish(opened)
    record = json.loads(console.get("/console/trial/minutes.json").data)["recorded"]
    assert (record["place"], record["in_the_room"], record["chair"]) == (
        "Town hall",
        41,
        "Ada Example",
    )
    assert record["privacy"] == {"floor": 5, "treatment": "withhold", "chosen": True}
    assert record["incidents"][0]["text"] == "The lights went out."

    said = console.words(place)
    assert "nothing can be added any more" in said
    assert "Town hall" in said
    assert "by e-mail, in the press" in said
    assert "are sealed" in words(console.post(place, place="Elsewhere"))
    assert "are sealed" in words(
        console.post("/console/trial/incidents", text="Late.", understood="y")
    )
    assert "can no longer change" in console.words("/console/trial/privacy")


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        ("record", {"in_the_room": "many"}, "Write a whole number, 0 or more."),
        ("record", {"in_the_room": "-1"}, "Write a whole number, 0 or more."),
        ("record", {"appeals_until": "soon"}, "Write a day."),
        ("record", {"chair": "A" * 201}, "of at most 200 characters"),
        ("incidents", {"text": " ", "understood": "y"}, "Write what happened"),
        ("incidents", {"text": "Not read again."}, "Something is missing"),
        ("privacy", {"treatment": "hide", "floor": "10"}, "Choose one of the possibilities"),
        ("privacy", {"floor": "10"}, "Choose one of the possibilities"),
        ("privacy", {"treatment": "show", "floor": "1"}, "a number from 2 to 1000"),
    ],
)
def test_what_cannot_be_noted_is_refused_in_words(
    tmp_path: Path, path: str, form: dict[str, str], said: str
) -> None:
    opened = open_edited(tmp_path)
    console = Console(opened)
    before = proceedings.recorded(opened.house, "trial")
    answer = console.post(f"/console/trial/{path}", **form)
    assert answer.status_code == 422
    assert said in words(answer)
    for name in ("in_the_room", "chair", "text", "floor"):
        assert form.get(name, "") in answer.text  # what was typed is still there
    assert proceedings.recorded(opened.house, "trial") == before
    assert incidents.listed(opened.house, "trial") == ()
    opened.house.close()


def test_small_colleges_are_warned_of_and_the_choice_is_offered(opened: Opened) -> None:
    console = Console(opened)
    draft = AssemblyFolder(folder("draft", shares=True).definition, folder("draft").roll, {})
    prepare.import_assembly(opened.house, draft)
    before = console.words("/console/draft/open")
    assert "“partners” has 2 members: its figures may show how they vote." in before
    assert "Nothing has been chosen yet: everything is shown then" in before

    cast(opened, {"persons-1": VOTES["persons-1"], "staff-1": VOTES["staff-1"]})
    said = console.words("/console/trial/close")
    assert "In “staff” one member has voted: its figures show how." in said
    assert "Show all colleges together" in console.words("/console/trial/privacy")
    console.post("/console/trial/privacy", treatment="merge", floor="4")
    assert "fewer than 4 voters and unanimous ones: Show all colleges together." in console.words(
        "/console/trial/close"
    )
    # While it is being counted there is still time.
    console.post("/console/trial/privacy", treatment="show", floor="10")
    closing.close(opened.house, "trial")
    assert console.get("/console/trial/privacy").text.count('name="treatment"') == 3


def test_without_shares_nothing_is_merged(tmp_path: Path) -> None:
    opened = open_edited(tmp_path)
    console = Console(opened)
    assert console.get("/console/trial/privacy").text.count('name="treatment"') == 2
    answer = console.post("/console/trial/privacy", treatment="merge", floor="10")
    assert answer.status_code == 422
    assert "one of show, withhold" in words(answer)
    opened.house.close()


def test_a_heavy_member_is_named_without_a_name(opened: Opened) -> None:
    found = folder("heavy", shares=True)
    roll = tuple(
        member if member.member != "persons-1" else type(member)(**{**_plain(member), "weight": 99})
        for member in found.roll
    )
    prepare.import_assembly(opened.house, AssemblyFolder(found.definition, roll, {}))
    console = Console(opened)
    said = console.words("/console/heavy/privacy")
    assert "One member of “persons” outweighs all the others" in said
    assert "persons-1" not in said


def _plain(member: Any) -> dict[str, Any]:
    return {name: getattr(member, name) for name in member.__slots__}


def test_what_a_vote_weighs_and_the_quorum_needs_is_said_before_opening(opened: Opened) -> None:
    prepare.import_assembly(opened.house, folder("draft", shares=True))
    console = Console(opened)
    said = console.words("/console/draft/")
    assert "4 times as much" in said
    assert "That is 3 voters." in said
    found = folder("colleges", shares=True)
    toml = to_toml(found.definition).replace('base = "heads"', 'base = "colleges"')
    prepare.import_assembly(opened.house, AssemblyFolder(from_toml(toml), found.roll, {}))
    said = console.words("/console/colleges/")
    assert "If every college turns out alike, that is: persons: 2 of 8 staff: 1 of 3" in said


def test_every_treatment_of_the_service_has_words(opened: Opened) -> None:
    view = overview.view(opened.house, "trial")
    advice = small_colleges.advice(opened.house, view)
    assert advice is not None
    assert set(advice.choices) == set(small_colleges.TREATMENTS)
