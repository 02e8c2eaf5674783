"""An assembly's definition: read from TOML or canonical JSON, written back without loss.

The format is ``assembly.toml`` of the project's formats. Added to it, all of it optional:

- ``[assembly]``: ``organisation = "scic"`` (the shares are then bounded by law),
  ``convocation = 1``, ``convened = 2025-05-20`` (the day the invitations left);
- ``[quorum]``: ``second = "1/5"`` (the minimum on a second convocation, "0" for none);
- ``[proxies]``: ``deadline = 2025-06-24T18:00:00``, caps on the mandates of one holder
  (``per_holder = 2``, ``fraction_of_members = "1/20"``, ``per_college = { staff = 1 }``), and
  ``same_college = true`` or ``false``, which has to be said where there are two colleges or more;
- ``[[ballots]]``: ``title``, ``opens``, ``closes``, ``quorum`` (a table, or "none");
- on a resolution: ``carry``, ``silent_college``, ``abstentions``, ``bloc_majority``, and
  ``majority = { more_than = "1/2", in_each_college = true }``, or a test of its own inside the
  colleges: ``majority = { at_least = "2/3", in_each_college = { more_than = "1/2" } }``;
- on an election: ``silent_college``, ``unmet_quotas = "vacant"`` or ``"give_way"``,
  ``vacancies = "next_candidate"`` or ``"co_option"``, and
  ``[[questions.terms]]`` with ``until``, ``seats`` and ``replaces``;
- ``type = "consultation"`` with ``[[questions.positions]]`` (``id``, ``title``), and
  ``type = "consent"``.

Any other key is a fault: a mistyped key must not change a rule in silence.

Defaults: ``kind`` "ordinary"; ``convocation`` 1; ``[trustees]`` three, all of whom are needed,
and ``threshold`` the count; ``[[ballots]]`` one, "main"; a question's ``ballot`` the only paper,
or "main"; ``max_choices`` the seats; a term's ``seats`` 1; without shares, ``abstentions``
"excluded". None of the rules that decide between two results has a default where colleges have
shares: what is missing is reported as something to be decided.
"""

import json
import tomllib
from collections.abc import Mapping
from hashlib import sha256

import rfc8785

from vote.assembly.errors import refuse
from vote.assembly.model import Definition
from vote.assembly.parsing import read
from vote.assembly.settings import change
from vote.assembly.toml import write
from vote.assembly.tree import plain, tree

__all__ = [
    "Definition",
    "canonical_json",
    "definition_sha256",
    "from_json",
    "from_toml",
    "to_toml",
    "with_settings",
]


def from_toml(text: str) -> Definition:
    """Read ``assembly.toml``; a byte-order mark is tolerated.

    :raises DefinitionError: with every fault found
    """
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:  # a TOMLDecodeError, or a number of huge length
        message = f"this is not TOML: {error}."
        raise refuse("not-toml", "assembly.toml", message) from error
    return read(data)


def to_toml(definition: Definition) -> str:
    """Write ``assembly.toml``: reading it gives an equal definition."""
    return write(tree(definition))


def canonical_json(definition: Definition) -> bytes:
    """The definition as canonical JSON (RFC 8785), the structure and names of the TOML.

    The format's defaults are spelled out; what a paper or a question leaves to the assembly
    stays left out. Local times are "2025-06-11T10:00:00", dates "2012-03-01", fractions the
    text that was given.
    """
    return rfc8785.dumps(plain(tree(definition)))  # type: ignore[arg-type]


def definition_sha256(definition: Definition) -> str:
    """The hex SHA-256 of the canonical JSON."""
    return sha256(canonical_json(definition)).hexdigest()


def from_json(data: bytes) -> Definition:
    """Read canonical JSON; what is accepted is written back as the same bytes.

    :raises DefinitionError: with every fault found; "not-canonical" if any byte differs from
        what ``canonical_json`` writes
    """
    try:
        loaded = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise refuse("not-json", "assembly.json", f"this is not JSON: {error}.") from error
    if not isinstance(loaded, Mapping):
        raise refuse("not-json", "assembly.json", "this is not a JSON object.")
    definition = read(loaded)
    if canonical_json(definition) != data:
        raise refuse(
            "not-canonical",
            "assembly.json",
            "the file says the right things, but not in the canonical bytes (RFC 8785, every "
            "default spelled out).",
        )
    return definition


def with_settings(definition: Definition, settings: Mapping[str, object]) -> Definition:
    """The same assembly under other rules: "what if".

    Keys are paths with ids for places in a list: "tally.carry", "quorum.minimum",
    "questions.accounts.abstentions", "questions.accounts.majority.at_least",
    "colleges.persons.share". Values are as in the file; a text is also understood for a number,
    for true or false, and, separated by commas, for a list. None takes a key away.

    :raises DefinitionError: for a path that leads nowhere, and for every fault of the result
    """
    return read(change(tree(definition), settings))
