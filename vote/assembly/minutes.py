"""The minutes as data: ``minutes.json``, canonical JSON, of which a verifier recomputes all.

Everything but ``recorded`` follows from the bundle: the definition, the sums, the outcome, the
archives, the log. `minutes_json` writes it; `check` recomputes it. The shape::

    {"format": 1,
     "assembly": …, "trustees": …, "colleges": […], "quorum": …, "tally": …, "proxies": …,
     "board": …,
                             as in assembly.json, where they are there
     "ballots": [{"id", "title", "opens", "closes",
                  "enrolled": {college: members}, "voters": {college: members},
                  "weights": {college: weights of the voters, summed},
                  "turnout": {"heads": fraction, "colleges": fraction with shares},
                  "quorum": as in outcome.json,
                  "exposed": whether sums would show how somebody voted}],
     "questions": [{… as in assembly.json, without portraits and statements,
                    "rules": the rules in force,
                    "outcome": as in outcome.json, as far as it is shown (`disclosure`)}],
     "hashes": {"definition_sha256", "elections_sha256", "outcome_sha256",
                "boxes": [{"ballot", "college", "uuid", "ballots": in the box, "sealed"}],
                "log": {"key", "size", "root"}},
     "recorded": what was recorded (`record`)}

``sealed`` is the SHA-256 of a box's EndBallots event, to which every event before it is chained.
``log`` is the ballot log as it stood before its last entry, which holds the hash of these minutes.
"""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Final

import rfc8785

from vote.assembly.count import Counts
from vote.assembly.definition import definition_sha256
from vote.assembly.disclosure import disclose, exposed_papers
from vote.assembly.errors import DefinitionError, refuse
from vote.assembly.model import Definition, Question, Resolution
from vote.assembly.outcome import Outcome, as_json, outcome_json
from vote.assembly.quorum import by_colleges, by_heads
from vote.assembly.record import Record, parse_record, record_json
from vote.assembly.tree import plain, tree

Json = dict[str, Any]

FILE: Final = "minutes.json"
_SHOWN: Final = 80  # characters of a value in a message
_HEAD: Final = ("assembly", "trustees", "colleges", "quorum", "tally", "proxies", "board")
_LEFT_OUT: Final = ("photo", "statement")


@dataclass(frozen=True, slots=True)
class SealedBox:
    """One encrypted election at closing: the ballots in it (replaced ones too), and its seal.

    ``sealed``: the hex SHA-256 of its EndBallots event.
    """

    ballot: str
    college: str | None
    uuid: str
    ballots: int
    sealed: str


@dataclass(frozen=True, slots=True)
class LogHead:
    """The ballot log before its last entry: verifier key, number of entries, root in base64."""

    key: str
    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the minutes state of the bundle's other files; ``boxes`` as in ``elections.json``."""

    elections_sha256: str
    boxes: tuple[SealedBox, ...]
    log: LogHead


def minutes_json(
    definition: Definition, counts: Counts, outcome: Outcome, evidence: Evidence, record: Record
) -> bytes:
    """``minutes.json``: canonical JSON (RFC 8785)."""
    found: Any = plain(tree(definition))
    shown = disclose(definition, counts, outcome, record.privacy)
    minutes = {
        "format": 1,
        **{key: found[key] for key in _HEAD if key in found},
        "ballots": _ballots(definition, counts, outcome, record),
        "questions": [
            {**_question(written), "rules": _rules(definition, question)}
            | {"outcome": shown[question.id]}
            for written, question in zip(found["questions"], definition.questions, strict=True)
        ],
        "hashes": {
            "definition_sha256": definition_sha256(definition),
            "elections_sha256": evidence.elections_sha256,
            "outcome_sha256": sha256(outcome_json(outcome)).hexdigest(),
            "boxes": [asdict(box) for box in evidence.boxes],
            "log": asdict(evidence.log),
        },
        "recorded": record_json(record),
    }
    return rfc8785.dumps(minutes)


def _question(written: Json) -> Json:
    """As in the definition, without what only a voter needs."""
    if "candidates" not in written:
        return written
    return written | {
        "candidates": [
            {key: value for key, value in candidate.items() if key not in _LEFT_OUT}
            for candidate in written["candidates"]
        ]
    }


def _ballots(
    definition: Definition, counts: Counts, outcome: Outcome, record: Record
) -> list[Json]:
    turnouts: Any = as_json(outcome)["ballots"]
    exposed = exposed_papers(definition, counts, record.privacy.floor)
    found = []
    for paper in definition.ballots:
        boxes = counts[paper.id]
        opens, closes = definition.window(paper.id)
        turnout = {"heads": str(by_heads(boxes))}
        if definition.has_shares:
            turnout["colleges"] = str(by_colleges(boxes, definition.shares))
        found.append(
            {
                "id": paper.id,
                **({"title": dict(paper.title)} if paper.title else {}),
                "opens": opens.isoformat(),
                "closes": closes.isoformat(),
                **turnouts[paper.id],
                "weights": {one: boxes[one].weight_voting for one in definition.shares},
                "turnout": turnout,
                "exposed": paper.id in exposed,
            }
        )
    return found


def _rules(definition: Definition, question: Question) -> Json:
    """The rules in force for a question, those that have an effect on it."""
    rules = definition.rules(question)
    found: Json = {}
    if definition.has_shares:
        found["silent_college"] = rules.silent_college
    if not isinstance(question, Resolution):
        return found if hasattr(question, "silent_college") else {}
    found["abstentions"] = rules.abstentions
    if definition.has_shares:
        found["carry"] = rules.carry
        if rules.carry == "bloc":
            test = rules.bloc_majority or question.majority
            found["bloc_majority"] = {test.test: test.fraction.text}
    return found


def check(
    data: bytes, definition: Definition, counts: Counts, outcome: Outcome, evidence: Evidence
) -> Record:
    """Recompute the minutes: ``data`` must be, byte for byte, what the bundle gives.

    Returns what was recorded, which nothing can confirm.

    :raises DefinitionError: "minutes-not-json", "minutes-record", or "minutes-differ" with the
        first place at which they depart from the bundle
    """
    try:
        found = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise refuse("minutes-not-json", FILE, "this is not JSON.") from error
    if not isinstance(found, dict):
        raise refuse("minutes-not-json", FILE, "this is not a JSON object.")
    record = parse_record(found.get("recorded"))
    expected = minutes_json(definition, counts, outcome, evidence, record)
    if data != expected:
        raise _differ(found, json.loads(expected))
    return record


def _differ(found: object, expected: object) -> DefinitionError:
    where, message = _first_difference("", found, expected) or (
        FILE,
        "the minutes say the right things, but not in the canonical bytes (RFC 8785).",
    )
    return refuse("minutes-differ", where, message)


def _first_difference(path: str, found: object, expected: object) -> tuple[str, str] | None:
    pairs: list[tuple[str, object, object]] = []
    if isinstance(found, dict) and isinstance(expected, dict):
        keys = sorted({*found, *expected})
        pairs = [(f"{path}.{key}", found.get(key), expected.get(key)) for key in keys]
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        listed = enumerate(zip(found, expected, strict=True))
        pairs = [(f"{path}[{index}]", one, other) for index, (one, other) in listed]
    elif found != expected or type(found) is not type(expected):
        said, given = _show(found), _show(expected)
        return path[1:] or FILE, f"the minutes say {said}, the bundle gives {given}."
    differences = (_first_difference(*pair) for pair in pairs)
    return next(filter(None, differences), None)


def _show(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "something nested too deeply"
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
