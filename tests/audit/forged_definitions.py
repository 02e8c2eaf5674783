"""Forged bundles: the definition, the list of elections, and what elections begin with."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.audit.box import Box
from tests.audit.forging import (
    MOTION,
    PERSONS,
    STAFF,
    STAFF_MOTION,
    Collection,
    Stages,
    finish,
)
from tests.audit.workshop import TOML, Workshop
from vote.election import credential, trustee
from vote.election.setup import SetupData

FORGERIES = Collection()
forgery = FORGERIES.forgery
OTHER_KEY = credential.public_key("AAAAA-BBBBBB-CCCCC-DDDDDD", "AnyE1ection1111")

Change = Callable[[Any], Any]


def only(paper: str, change: Change) -> Callable[[Box, Any], Any]:
    """Do something to the election of one paper and college."""

    def apply(box: Box, value: Any) -> Any:
        return change(value) if f"{box.paper.ballot}/{box.paper.college}" == paper else value

    return apply


def with_election(paper: str, change: Change) -> Workshop:
    """An assembly in which one election is another than prescribed, and all goes on from there."""
    return finish(Workshop().open(election=only(paper, change)).vote())


def with_voters(paper: str, change: Change) -> Workshop:
    """An assembly in which one election has another list of voters."""
    return finish(Workshop().open(voters=only(paper, change)).vote())


def with_definition(edit: Callable[[bytes], bytes]) -> Workshop:
    """An assembly whose assembly.json is another from the start."""
    workshop = Workshop()
    data = edit(workshop.definition_json())
    workshop.definition_json = lambda: data
    return finish(workshop.open().vote())


def with_list(edit: Callable[[Workshop, bytes], bytes]) -> Workshop:
    """An assembly whose elections.json is another from the start."""
    workshop = Workshop()
    data = edit(workshop, workshop.elections_json())
    workshop.elections_json = lambda: data
    return finish(workshop.open().vote())


@forgery("a definition with a space", 2, "assembly.json", "not-canonical")
def _(_: Stages) -> Workshop:
    return with_definition(lambda data: data + b" ")


@forgery("a definition whose shares exceed one", 2, "assembly.json", "shares-sum")
def _(_: Stages) -> Workshop:
    return with_definition(lambda data: data.replace(b'"1/3"', b'"1/2"'))


@forgery("a definition of endless brackets", 2, "assembly.json", "not-json")
def _(_: Stages) -> Workshop:
    return with_definition(lambda _: b"[" * 200_000)


@forgery("elections listed in another order", 3, "elections.json", "elections-differ")
def _(_: Stages) -> Workshop:
    workshop = Workshop()
    workshop.boxes.reverse()
    return finish(workshop.open().vote())


@forgery("a list of elections with a line's end", 3, "elections.json", "elections-differ")
def _(_: Stages) -> Workshop:
    return with_list(lambda _, data: data + b"\n")


@forgery("a list of elections with one twice", 3, "elections.json", "uuid-twice")
def _(_: Stages) -> Workshop:
    def repeat(workshop: Workshop, data: bytes) -> bytes:
        first, second, *_ = workshop.boxes
        return data.replace(second.uuid.encode(), first.uuid.encode())

    return with_list(repeat)


@forgery("a list without one of the elections", 3, "elections.json", "elections-count")
def _(_: Stages) -> Workshop:
    def shorten(_: Workshop, data: bytes) -> bytes:
        return json.dumps(json.loads(data)[:-1], separators=(",", ":")).encode()

    return with_list(shorten)


@forgery("an election's file in another place", 3, "elections.json", "elections-differ")
def _(_: Stages) -> Workshop:
    return with_list(lambda _, data: data.replace(b"elections/", b"../elections/"))


@forgery("an election whose key the server has alone", 5, STAFF_MOTION, "key-mismatch")
def _(_: Stages) -> Workshop:
    return with_election(STAFF_MOTION, lambda data: replace(data, public_key=OTHER_KEY))


@forgery("candidates in another order", 6, PERSONS, "questions-differ")
def _(_: Stages) -> Workshop:
    def swap(data: Any) -> Any:
        accounts, board = data.questions
        return replace(data, questions=(accounts, replace(board, answers=board.answers[::-1])))

    return with_election(PERSONS, swap)


@forgery("more choices than the definition allows", 6, STAFF, "questions-differ")
def _(_: Stages) -> Workshop:
    def more(data: Any) -> Any:
        accounts, board = data.questions
        return replace(data, questions=(accounts, replace(board, max=2)))

    return with_election(STAFF, more)


@forgery("an election under another college's name", 6, STAFF, "election-differs")
def _(_: Stages) -> Workshop:
    return with_election(STAFF, lambda data: replace(data, name="atelier-2026/main/persons"))


@forgery("an administrator that nobody prescribed", 6, STAFF, "election-differs")
def _(_: Stages) -> Workshop:
    return with_election(STAFF, lambda data: replace(data, administrator="A. Nobody"))


@forgery("an election described by another definition", 6, MOTION, "election-differs")
def _(_: Stages) -> Workshop:
    return with_election(MOTION, lambda data: replace(data, description="sha256:" + "0" * 64))


@forgery("a definition changed after the vote", 6, PERSONS, "election-differs")
def _(stages: Stages) -> Workshop:
    workshop = stages.published
    text = TOML.replace("Approve the accounts", "Dismiss the board at once")
    workshop.definition = Workshop(text).definition
    workshop.files["assembly.json"] = workshop.definition_json()
    workshop.entries[0] = workshop.definition_entry()
    return workshop.decide()


@forgery("a trustee left out of the bureau", 6, STAFF, "trustees-differ")
def _(_: Stages) -> Workshop:
    workshop = Workshop()
    workshop.box(college="staff").keys.pop()
    return finish(workshop.open().vote())


@forgery("credentials in an order that may be the roll's", 6, PERSONS, "credentials-order")
def _(stages: Stages) -> Workshop:
    workshop = stages.opened
    box = workshop.box()
    election, trustees, credentials = box.files
    lines = json.dumps(json.loads(credentials)[::-1], separators=(",", ":")).encode()
    box.files = (election, trustees, lines)
    del workshop.entries[1:]
    for each in workshop.boxes:
        each.items, each.last = [], None
        workshop.event(each, "Setup", *each.files, SetupData.of(*each.files).encode())
    return finish(workshop.vote())


@forgery("a voter too many on one ballot paper", 7, MOTION, "roll-differs")
def _(_: Stages) -> Workshop:
    return with_voters(MOTION, lambda roll: roll.append((OTHER_KEY, 1)))


@forgery("a heavier voter on one ballot paper", 7, MOTION, "roll-differs")
def _(_: Stages) -> Workshop:
    def heavier(roll: list[tuple[credential.Point, int]]) -> None:
        roll[0] = (roll[0][0], 7)

    return with_voters(MOTION, heavier)


@forgery("the service's key used for two elections", 7, STAFF, "service-key-twice")
def _(_: Stages) -> Workshop:
    workshop = Workshop()
    workshop.box(college="staff").keys[0] = workshop.box().keys[0]
    return finish(workshop.open().vote())


@forgery("another bureau for one election", 7, STAFF, "bureau-differs")
def _(_: Stages) -> Workshop:
    workshop = Workshop()
    workshop.box(college="staff").keys[2] = trustee.generate_private_key()
    return finish(workshop.open().vote())
