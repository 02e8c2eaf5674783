"""The log's own entries, beside the events of the elections' archives.

Canonical JSON (RFC 8785) objects with a `type`:

- `definition` before any ballot: the hashes of `assembly.json` and `elections.json`;
- `closed`: a ballot paper takes no more ballots;
- `lot`: one trustee's share of the seed for the draw of lots;
- `outcome` at the end: the hash of `outcome.json` and of the bundle's other files.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from vote.tlog import canonical
from vote.tlog.canonical import Json
from vote.tlog.errors import LogError
from vote.tlog.tiles import MAX_ENTRY_SIZE

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_UUID = re.compile(r"[1-9A-HJ-NP-Za-km-z]{14,64}", re.ASCII)
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,99}", re.ASCII)
_MAX_NAME = 1000


@dataclass(frozen=True, slots=True)
class Definition:
    """The assembly as fixed before opening; SHA-256 in lower-case hex."""

    assembly: str
    definition_sha256: str
    elections_sha256: str

    def __post_init__(self) -> None:
        _require_name(self.assembly, "assembly")
        _require_sha256(self.definition_sha256, "definition_sha256")
        _require_sha256(self.elections_sha256, "elections_sha256")

    def encode(self) -> bytes:
        """The entry's bytes."""
        return _canonical(
            {
                "type": "definition",
                "assembly": self.assembly,
                "definition_sha256": self.definition_sha256,
                "elections_sha256": self.elections_sha256,
            }
        )


@dataclass(frozen=True, slots=True)
class Closed:
    """From here on the ballot paper `ballot` takes no more ballots."""

    assembly: str
    ballot: str

    def __post_init__(self) -> None:
        _require_name(self.assembly, "assembly")
        _require_name(self.ballot, "ballot")

    def encode(self) -> bytes:
        """The entry's bytes."""
        return _canonical({"type": "closed", "assembly": self.assembly, "ballot": self.ballot})


@dataclass(frozen=True, slots=True)
class Lot:
    """A trustee's contribution to the draw of lots of one election.

    `owner` is the trustee's number, from 1; `share` the canonical JSON of
    {"factor": hex point, "proof": {"challenge": decimal, "response": decimal}}.
    Its shape is checked here, its proof where the group is known.
    """

    election: str
    owner: int
    share: bytes

    def __post_init__(self) -> None:
        if _UUID.fullmatch(self.election) is None:
            raise LogError("entry-field", "election is not the identifier of an election")
        if not 1 <= self.owner <= 1000:
            raise LogError("entry-field", "owner is not the number of a trustee")
        _require_share(_load(self.share))

    def encode(self) -> bytes:
        """The entry's bytes."""
        return _canonical(
            {
                "type": "lot",
                "election": self.election,
                "owner": self.owner,
                "share": _load(self.share),
            }
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided: the hash of `outcome.json`, and path → hash of the bundle's other files."""

    outcome_sha256: str
    files: Mapping[str, str]

    def __post_init__(self) -> None:
        _require_sha256(self.outcome_sha256, "outcome_sha256")
        for path, digest in self.files.items():
            _require_name(path, "the path of a file")
            _require_sha256(digest, f"the hash of {path}")
        object.__setattr__(self, "files", MappingProxyType(dict(self.files)))

    def encode(self) -> bytes:
        """The entry's bytes."""
        files: dict[str, Json] = dict(self.files)
        return _canonical(
            {"type": "outcome", "outcome_sha256": self.outcome_sha256, "files": files}
        )


OwnEntry = Definition | Closed | Lot | Outcome


def parse(data: bytes) -> OwnEntry:
    """Read one of the log's own entries.

    Raises LogError `entry-not-canonical` for bytes that are not canonical JSON,
    `unknown-entry-type` for what is not an entry of ours (an archive's event, say),
    `entry-field` for missing, surplus or wrong fields.
    """
    fields = _load(data)
    kind = fields.pop("type", None) if isinstance(fields, dict) else None
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if not isinstance(fields, dict) or reader is None:
        raise LogError("unknown-entry-type", "the entry is not one of the log's own")
    expected, build = reader
    if set(fields) != expected:
        raise LogError("entry-field", f"the fields of a {kind} entry are {sorted(expected)}")
    return build(fields)


def is_own(data: bytes) -> bool:
    """Whether `data` claims to be one of the log's own entries; says nothing of its validity."""
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError):
        return False
    kind = fields.get("type") if isinstance(fields, dict) else None
    return isinstance(kind, str) and kind in _READERS


def _definition(fields: dict[str, Json]) -> Definition:
    return Definition(
        _text(fields, "assembly"),
        _text(fields, "definition_sha256"),
        _text(fields, "elections_sha256"),
    )


def _closed(fields: dict[str, Json]) -> Closed:
    return Closed(_text(fields, "assembly"), _text(fields, "ballot"))


def _lot(fields: dict[str, Json]) -> Lot:
    owner = fields["owner"]
    if type(owner) is not int:
        raise LogError("entry-field", "owner is not a whole number")
    return Lot(_text(fields, "election"), owner, _canonical(fields["share"]))


def _outcome(fields: dict[str, Json]) -> Outcome:
    files = fields["files"]
    if not isinstance(files, dict):
        raise LogError("entry-field", "files is not an object")
    return Outcome(_text(fields, "outcome_sha256"), {path: _text(files, path) for path in files})


_READERS: Mapping[str, tuple[set[str], Callable[[dict[str, Json]], OwnEntry]]] = {
    "definition": ({"assembly", "definition_sha256", "elections_sha256"}, _definition),
    "closed": ({"assembly", "ballot"}, _closed),
    "lot": ({"election", "owner", "share"}, _lot),
    "outcome": ({"outcome_sha256", "files"}, _outcome),
}


def _load(data: bytes) -> Json:
    return canonical.load(data, "entry", MAX_ENTRY_SIZE)


def _canonical(value: Json) -> bytes:
    return canonical.dump(value, "entry")


def _text(fields: dict[str, Json], name: str) -> str:
    return canonical.text(fields, name, "entry")


def _require_name(value: str, what: str) -> None:
    if not 1 <= len(value) <= _MAX_NAME or any(letter < " " for letter in value):
        raise LogError("entry-field", f"{what} is empty, too long or has control characters")


def _require_sha256(value: str, what: str) -> None:
    if _SHA256.fullmatch(value) is None:
        raise LogError("entry-field", f"{what} is not a SHA-256 in lower-case hex")


def _require_share(share: Json) -> None:
    """{"factor": 64 hex digits, "proof": {"challenge": decimal, "response": decimal}}."""
    proof = share.get("proof") if isinstance(share, dict) else None
    if not isinstance(share, dict) or not isinstance(proof, dict):
        raise LogError("entry-field", "share is not an object with a proof")
    if set(share) != {"factor", "proof"} or set(proof) != {"challenge", "response"}:
        raise LogError("entry-field", "share has missing or surplus fields")
    if _SHA256.fullmatch(_text(share, "factor")) is None:
        raise LogError("entry-field", "the factor of a share is not 64 hex digits")
    for name in ("challenge", "response"):
        if _DECIMAL.fullmatch(_text(proof, name)) is None:
            raise LogError("entry-field", f"the {name} of a share is not a decimal")
