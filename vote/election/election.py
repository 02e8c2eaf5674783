"""Elections and their questions (specification, "Questions" and "Elections")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vote.election import jsontext
from vote.election.credential import parse_uuid
from vote.election.errors import ProtocolError
from vote.election.fingerprint import hash_base64
from vote.election.group import GROUP, IDENTITY, Point

PROTOCOL_VERSION: Final = 1
MAX_ELECTION_BYTES: Final = 8 * 2**20
# A disjunction has a branch for each count from min to max: what an election may make verifiers do.
_LARGEST_MAX: Final = 4096

_QUESTION_FIELDS: Final = ("answers", "blank", "min", "max", "question")
_ELECTION_FIELDS: Final = (
    "version",
    "description",
    "name",
    "group",
    "public_key",
    "questions",
    "uuid",
    "administrator",
    "credential_authority",
    "language",
)
_OPTIONAL_FIELDS: Final = ("administrator", "credential_authority", "language")
_DIRECTIONS: Final = ("ltr", "rtl")


@dataclass(frozen=True, slots=True)
class Question:
    """A homomorphic question: choose from `min` to `max` of `answers`, or vote blank if allowed."""

    answers: tuple[str, ...]
    blank: bool
    min: int
    max: int
    question: str
    # Some writers spell out "blank": false; the fingerprint covers it, so it has to survive.
    states_no_blank: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.min <= self.max <= _LARGEST_MAX:
            raise ProtocolError(
                "question-bounds", f"choose {self.min} to {self.max} makes no sense"
            )
        if not self.answers:
            raise ProtocolError("question-bounds", "a question has at least one answer")

    @property
    def width(self) -> int:
        """The number of ciphertexts in an answer: the blank one, if any, and one per answer."""
        return len(self.answers) + self.blank

    @classmethod
    def from_json(cls, value: object) -> Question:
        """Raises "question-type-not-supported", "question-bounds", "json-…"."""
        if isinstance(value, dict) and "type" in value:
            raise ProtocolError(
                "question-type-not-supported", "only homomorphic questions are supported"
            )
        found = jsontext.fields(value, _QUESTION_FIELDS, optional=("blank",))
        blank = jsontext.boolean(found.get("blank", False))
        return cls(
            answers=tuple(jsontext.text(answer) for answer in jsontext.array(found["answers"])),
            blank=blank,
            min=jsontext.integer(found["min"]),
            max=jsontext.integer(found["max"]),
            question=jsontext.text(found["question"]),
            states_no_blank="blank" in found and not blank,
        )

    def to_json(self) -> str:
        """The compact JSON of the specification."""
        answers = ",".join(jsontext.quote(answer) for answer in self.answers)
        blank = '"blank":true,' if self.blank else '"blank":false,' * self.states_no_blank
        return (
            f'{{"answers":[{answers}],{blank}"min":{self.min},"max":{self.max},'
            f'"question":{jsontext.quote(self.question)}}}'
        )


@dataclass(frozen=True, slots=True)
class Election:
    """The public description of an election. Its exact bytes are hashed into every ballot."""

    description: str
    name: str
    public_key: Point
    questions: tuple[Question, ...]
    uuid: str
    administrator: str | None = None
    credential_authority: str | None = None
    language: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        parse_uuid(self.uuid)
        if self.public_key == IDENTITY:
            raise ProtocolError("key-is-neutral", "the election's public key hides nothing")

    @classmethod
    def parse(cls, data: bytes) -> Election:
        """Read the one accepted form.

        Raises "version-not-supported", "group-not-supported", "question-type-not-supported",
        "question-bounds", "uuid-syntax", "key-is-neutral", "point-…", "json-…", "too-large".
        """
        return jsontext.parse(data, MAX_ELECTION_BYTES, cls._from_json, cls.encode)

    @classmethod
    def _from_json(cls, value: object) -> Election:
        found = jsontext.fields(value, _ELECTION_FIELDS, optional=_OPTIONAL_FIELDS)
        if jsontext.integer(found["version"]) != PROTOCOL_VERSION:
            raise ProtocolError("version-not-supported", "only protocol version 1 is supported")
        if found["group"] != GROUP:
            raise ProtocolError("group-not-supported", f"only the group {GROUP} is supported")
        questions = jsontext.array(found["questions"])
        return cls(
            description=jsontext.text(found["description"]),
            name=jsontext.text(found["name"]),
            public_key=Point.from_hex(jsontext.text(found["public_key"])),
            questions=tuple(Question.from_json(question) for question in questions),
            uuid=jsontext.text(found["uuid"]),
            administrator=_optional_text(found, "administrator"),
            credential_authority=_optional_text(found, "credential_authority"),
            language=_language(found["language"]) if "language" in found else None,
        )

    def encode(self) -> bytes:
        """The file's bytes."""
        questions = ",".join(question.to_json() for question in self.questions)
        parts = [
            f'"version":{PROTOCOL_VERSION}',
            f'"description":{jsontext.quote(self.description)}',
            f'"name":{jsontext.quote(self.name)}',
            f'"group":"{GROUP}"',
            f'"public_key":"{self.public_key.hex()}"',
            f'"questions":[{questions}]',
            f'"uuid":"{self.uuid}"',
        ]
        if self.administrator is not None:
            parts.append(f'"administrator":{jsontext.quote(self.administrator)}')
        if self.credential_authority is not None:
            parts.append(f'"credential_authority":{jsontext.quote(self.credential_authority)}')
        if self.language is not None:
            parts.append(f'"language":[{",".join(map(jsontext.quote, self.language))}]')
        return jsontext.encode_text("{" + ",".join(parts) + "}")


def _optional_text(found: dict[str, object], name: str) -> str | None:
    return jsontext.text(found[name]) if name in found else None


def _language(value: object) -> tuple[str, str]:
    """A code and a direction, which the reference implementation has and the specification not."""
    match jsontext.array(value):
        case [str(code), str(direction)] if direction in _DIRECTIONS:
            return code, direction
    raise ProtocolError("json-type", "a language is a code and a direction")


def election_hash(data: bytes) -> str:
    """The fingerprint φ: base64, without padding, of the SHA-256 of the file's exact bytes."""
    return hash_base64(data)
