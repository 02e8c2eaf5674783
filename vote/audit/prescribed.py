"""Steps 2, 3, 6 and 7: the definition, and that the elections are the ones it prescribes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NamedTuple

import rfc8785

from vote.assembly.definition import Definition, from_json
from vote.assembly.papers import Paper, PaperQuestion
from vote.assembly.papers import elections as papers_of
from vote.audit.archives import Archive
from vote.audit.counts import election_name
from vote.audit.errors import Finding, in_file, refuse, refuse_if
from vote.audit.source import Source, read
from vote.election.election import Election, Question
from vote.election.group import Point
from vote.election.setup import encode_credentials
from vote.election.threshold import ThresholdParameters
from vote.election.trustee import Trustees

DEFINITION_FILE: Final = "assembly.json"
ELECTIONS_FILE: Final = "elections.json"
ELECTIONS_PREFIX: Final = "elections/"
MAX_DEFINITION: Final = 8 * 2**20
MAX_ELECTIONS: Final = 2**20


@dataclass(frozen=True, slots=True)
class Defined:
    """The definition and the SHA-256 of its file."""

    definition: Definition
    sha256: str


class Listed(NamedTuple):
    """A line of elections.json: what the election is for, and where it is."""

    paper: Paper
    uuid: str
    file: str


def check_definition(source: Source) -> Defined:
    """Step 2: assembly.json is a valid definition in its one accepted form."""
    data = read(source, DEFINITION_FILE, MAX_DEFINITION)
    with in_file(DEFINITION_FILE):
        return Defined(from_json(data), sha256(data).hexdigest())


def check_elections(source: Source, definition: Definition) -> tuple[Listed, ...]:
    """Step 3: elections.json lists one election for each paper and college.

    It has exactly one accepted form once the UUIDs are given.
    """
    data = read(source, ELECTIONS_FILE, MAX_ELECTIONS)
    papers = papers_of(definition)
    uuids = _uuids(data)
    if len(uuids) != len(papers):
        message = f"{len(uuids)} elections where the definition has {len(papers)}"
        raise refuse("elections-count", message, ELECTIONS_FILE)
    if len(set(uuids)) != len(uuids):
        raise refuse("uuid-twice", "two elections have the same UUID", ELECTIONS_FILE)
    listed = tuple(
        Listed(paper, uuid, f"{ELECTIONS_PREFIX}{uuid}.bel")
        for paper, uuid in zip(papers, uuids, strict=True)
    )
    if _elections_json(listed) != data:
        message = "the file is not the canonical list of the definition's papers and colleges"
        raise refuse("elections-differ", message, ELECTIONS_FILE)
    return listed


def archives_in(source: Source) -> list[str]:
    """The files where archives stand, listed or not."""
    return sorted(name for name in source.names if name.startswith(ELECTIONS_PREFIX))


def _uuids(data: bytes) -> list[str]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise refuse("not-json", "the file is not JSON", ELECTIONS_FILE) from error
    rows = value if isinstance(value, list) else [None]
    found = [row.get("uuid") if isinstance(row, dict) else None for row in rows]
    uuids = [uuid for uuid in found if isinstance(uuid, str) and uuid.isascii() and uuid.isalnum()]
    if len(uuids) != len(found):
        raise refuse("elections-differ", "the file is not a list of elections", ELECTIONS_FILE)
    return uuids


def _elections_json(listed: Sequence[Listed]) -> bytes:
    return rfc8785.dumps(
        [
            {
                "ballot": each.paper.ballot,
                "college": each.paper.college,
                "uuid": each.uuid,
                "file": each.file,
            }
            for each in listed
        ]
    )


def check_prescribed(defined: Defined, listed: Listed, archive: Archive) -> bool:
    """Step 6: nothing in the election is otherwise than the definition wants it.

    Its key is checked in step 5.
    """
    setup = archive.set_up
    trustees = defined.definition.trustees
    refuse_if(
        [
            *_differences(defined, listed, setup.election),
            *_trustees(setup.trustees, trustees.count, trustees.threshold),
            *_credentials(setup.weights, archive.scanned.credentials),
        ]
    )
    return True


def _differences(defined: Defined, listed: Listed, found: Election) -> Iterator[Finding]:
    definition = defined.definition
    wanted = {
        "uuid": listed.uuid,
        "name": election_name(definition.assembly.id, listed.paper),
        "description": f"sha256:{defined.sha256}",
        "administrator": None,
        "credential_authority": None,
        "language": None,
    }
    for name, value in wanted.items():
        if getattr(found, name) != value:
            message = f"the {name} of the election is {getattr(found, name)!r}, not {value!r}"
            yield Finding("election-differs", message)
    questions = tuple(_question(question) for question in listed.paper.questions)
    if found.questions != questions:
        yield Finding("questions-differ", _first_difference(found.questions, questions))


def _question(question: PaperQuestion) -> Question:
    return Question(question.answers, question.blank, question.min, question.max, question.id)


def _first_difference(found: Sequence[Question], wanted: Sequence[Question]) -> str:
    for has, wants in zip(found, wanted, strict=False):
        if has != wants:
            return f'the question "{wants.question}" is not as the definition has it: {has}'
    return f"{len(found)} questions where the definition has {len(wanted)}"


def _trustees(trustees: Trustees, count: int, threshold: int) -> Iterator[Finding]:
    """The service's own key comes first; then the bureau, all of them needed or a threshold."""
    service, *bureau = trustees.kinds
    if isinstance(service, ThresholdParameters):
        yield Finding("service-key-missing", "the first trustee is not the service by itself")
    if any(isinstance(kind, ThresholdParameters) for kind in bureau):
        sizes = [
            (len(kind.verification_keys), kind.threshold)
            for kind in bureau
            if isinstance(kind, ThresholdParameters)
        ]
        fits = len(bureau) == 1 and sizes == [(count, threshold)]
    else:
        fits = len(bureau) == count
    if not fits:
        message = f"the bureau is not {count} trustees of whom {threshold} or all must decrypt"
        yield Finding("trustees-differ", message)


def _credentials(weights: Mapping[str, int], data: bytes) -> Iterator[Finding]:
    voters = ((Point.claim(key), weight) for key, weight in weights.items())
    if encode_credentials(voters) != data:
        message = "the credentials do not stand in the order that says nothing about the roll"
        yield Finding("credentials-order", message)


def check_together(listed: Sequence[Listed], archives: Sequence[Archive]) -> bool:
    """Step 7: one bureau for all elections, a key of the service's for each, one roll.

    On every ballot paper a college has as many members, with the same weights.
    """
    findings = []
    bureau = archives[0].set_up.trustees.keys[1:]
    rolls: dict[str | None, Counter[int]] = {}
    services = set()
    for each, archive in zip(listed, archives, strict=True):
        trustees, weights = archive.set_up.trustees, archive.set_up.weights
        if trustees.keys[1:] != bureau:
            findings.append(Finding("bureau-differs", "another bureau than elsewhere", each.file))
        if trustees.keys[0] in services:
            message = "the service's key was used in another election"
            findings.append(Finding("service-key-twice", message, each.file))
        services.add(trustees.keys[0])
        roll = Counter(weights.values())
        if rolls.setdefault(each.paper.college, roll) != roll:
            message = f"{len(weights)} members or their weights are not those of another paper"
            findings.append(Finding("roll-differs", message, each.file))
    refuse_if(findings)
    return True
