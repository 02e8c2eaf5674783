"""C2SP signed-note: a text and the lines of those who signed it.

    text, ending in a newline
    (empty line)
    — NAME BASE64(key ID || signature)

Only Ed25519 keys are implemented: type 0x01 (this module) and, as a cosignature,
0x04 (`vote.tlog.cosignature`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import ClassVar, Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from nacl.bindings import crypto_core_ed25519_is_valid_point

from vote.tlog.encoding import decode_base64, decode_text, encode_base64, require_printable
from vote.tlog.errors import LogError

MAX_NOTE_SIZE = 1_000_000
MAX_SIGNATURES = 16
KEY_ID_SIZE = 4
PUBLIC_KEY_SIZE = 32
SEED_SIZE = 32
SIGNATURE_SIZE = 64

_SIGNATURE_PREFIX = "\N{EM DASH} "


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who claims to have signed, and the bytes (not yet verified)."""

    name: str
    key_id: bytes
    value: bytes

    def __post_init__(self) -> None:
        require_key_name(self.name)
        if len(self.key_id) != KEY_ID_SIZE or not self.value:
            raise LogError("signature-too-short", f"the signature of {self.name} is too short")

    def encode(self) -> str:
        """The line, with its newline."""
        return f"{_SIGNATURE_PREFIX}{self.name} {encode_base64(self.key_id + self.value)}\n"

    @classmethod
    def parse(cls, line: str) -> Self:
        """A line without its newline. Raises LogError `signature-line-malformed` and others."""
        name, space, value = line.removeprefix(_SIGNATURE_PREFIX).partition(" ")
        if not line.startswith(_SIGNATURE_PREFIX) or not space:
            raise LogError("signature-line-malformed", "a signature line is not '— NAME BASE64'")
        data = decode_base64(value, f"the signature of {name}")
        return cls(name, data[:KEY_ID_SIZE], data[KEY_ID_SIZE:])


def parse_signatures(data: str) -> tuple[Signature, ...]:
    """One to sixteen signature lines, each ending in a newline."""
    if not data.endswith("\n"):
        raise LogError("no-final-newline", "the signature lines do not end in a newline")
    lines = data[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise LogError("too-many-signatures", f"more than {MAX_SIGNATURES} signature lines")
    return tuple(Signature.parse(line) for line in lines)


@dataclass(frozen=True, slots=True)
class Note:
    """A note taken apart; nothing about its signatures is verified yet: see `open_note`."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """The exact bytes that `parse` took."""
        return f"{self.text}\n{''.join(line.encode() for line in self.signatures)}".encode()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Split `data` at its last empty line (signed-note, "Format").

        Raises LogError `note-too-large`, `not-utf8`, `control-character`,
        `no-signatures` and those of `parse_signatures`.
        """
        if len(data) > MAX_NOTE_SIZE:
            raise LogError("note-too-large", f"the note has more than {MAX_NOTE_SIZE} bytes")
        text, separator, lines = decode_text(data, "the note").rpartition("\n\n")
        if not separator or not lines:
            raise LogError("no-signatures", "the note has no empty line with signatures after it")
        return cls(f"{text}\n", parse_signatures(lines))


class Verifier(Protocol):
    """A public key that can be asked about the signatures of a note."""

    @property
    def name(self) -> str: ...

    @property
    def key_id(self) -> bytes: ...

    def verify(self, text: str, signature: bytes) -> None:
        """Raise LogError `signature-invalid` unless this key made `signature` over `text`."""
        ...


class Signer(Protocol):
    """A private key that can sign a note's text."""

    def signature(self, text: str) -> Signature: ...


@dataclass(frozen=True, slots=True)
class Ed25519Key:
    """A named Ed25519 public key of one signature type; the types derive from it.

    `public_key` is the 32-byte encoding of RFC 8032; it must be canonical and of
    prime order (LogError `public-key-invalid`), since a key of small order verifies
    signatures that nobody made.
    """

    TYPE: ClassVar[int]

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        require_key_name(self.name)
        if len(self.public_key) != PUBLIC_KEY_SIZE or not crypto_core_ed25519_is_valid_point(
            self.public_key
        ):
            raise LogError("public-key-invalid", f"the key of {self.name} is not an Ed25519 key")

    @property
    def key_id(self) -> bytes:
        """SHA-256(name || 0x0A || type || public key), first 4 bytes."""
        return sha256(b"%b\n%b" % (self.name.encode(), self._material())).digest()[:KEY_ID_SIZE]

    def encode(self) -> str:
        """The vkey: NAME+hex key ID+base64(type || public key)."""
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(self._material())}"

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Read a vkey of this type, split at the first two plus signs only.

        Raises LogError `vkey-malformed`, `key-type-unsupported`, `key-id-mismatch` …
        """
        parts = vkey.split("+", 2)
        if len(parts) != 3:
            raise LogError("vkey-malformed", "a verifier key is NAME+ID+KEY")
        name, key_id, material = parts[0], parts[1], decode_base64(parts[2], "a verifier key")
        if material[:1] != bytes([cls.TYPE]):
            raise LogError("key-type-unsupported", f"the key of {name} is not of type {cls.TYPE}")
        key = cls(name, material[1:])
        if key.key_id.hex() != key_id:
            raise LogError("key-id-mismatch", f"the key ID of {name} does not belong to its key")
        return key

    def line(self) -> bytes:
        """The vkey as a file of one line."""
        return f"{self.encode()}\n".encode()

    @classmethod
    def from_line(cls, data: bytes) -> Self:
        """Read a file that is exactly one vkey and a newline."""
        text = decode_text(data, "the file of the verifier key")
        if not text.endswith("\n"):
            raise LogError("no-final-newline", "the verifier key does not end in a newline")
        return cls.parse(text[:-1])

    def _material(self) -> bytes:
        return bytes([self.TYPE]) + self.public_key

    def _check(self, message: bytes, signature: bytes) -> None:
        """Raise LogError `signature-invalid` unless `signature` (RFC 8032) is over `message`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except InvalidSignature as error:
            raise LogError(
                "signature-invalid", f"the signature of {self.name} is not over this text"
            ) from error


@dataclass(frozen=True, slots=True)
class VerifierKey(Ed25519Key):
    """An Ed25519 key for notes: signature type 0x01."""

    TYPE: ClassVar[int] = 0x01

    def verify(self, text: str, signature: bytes) -> None:
        """Raise LogError `signature-invalid` unless this key made `signature` over `text`."""
        self._check(text.encode(), signature)


@dataclass(frozen=True, slots=True)
class Ed25519SigningKey:
    """The private half of an Ed25519Key. Keep its seed secret."""

    name: str
    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def generate(cls, name: str) -> Self:
        """A new key called `name`."""
        require_key_name(name)
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> Self:
        """The key of a 32-byte seed (RFC 8032's private key). Raises LogError `seed-length`."""
        require_key_name(name)
        if len(seed) != SEED_SIZE:
            raise LogError("seed-length", f"the seed of an Ed25519 key has {SEED_SIZE} bytes")
        return cls(name, Ed25519PrivateKey.from_private_bytes(seed))

    def seed(self) -> bytes:
        """The 32 bytes to keep; secret."""
        return self.private.private_bytes_raw()

    def _public_key(self) -> bytes:
        return self.private.public_key().public_bytes_raw()


@dataclass(frozen=True, slots=True)
class SigningKey(Ed25519SigningKey):
    """The private half of a VerifierKey."""

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self._public_key())

    def signature(self, text: str) -> Signature:
        """The signature line over a note's text."""
        return Signature(self.name, self.verifier.key_id, self.private.sign(text.encode()))


def sign(text: str, signers: Sequence[Signer]) -> bytes:
    """The note of `text` with a signature line of each signer, in order.

    Raises LogError `no-final-newline`, `control-character`, `no-signatures` or
    `too-many-signatures` rather than write what `Note.parse` would not read.
    """
    if not text.endswith("\n"):
        raise LogError("no-final-newline", "a note's text ends in a newline")
    require_printable(text, "the note's text")
    if not signers:
        raise LogError("no-signatures", "a note needs somebody who signs it")
    if len(signers) > MAX_SIGNATURES:
        raise LogError("too-many-signatures", f"a note has at most {MAX_SIGNATURES} signatures")
    return Note(text, tuple(signer.signature(text) for signer in signers)).encode()


def open_note(data: bytes, keys: Sequence[Verifier]) -> str:
    """The text of a note that at least one of `keys` signed (signed-note, "Signatures").

    Lines of unknown keys are ignored; a bad line of a known one refuses the note.
    Raises LogError `signature-invalid`, `no-known-signature` and those of `Note.parse`.
    """
    note = Note.parse(data)
    if not verified_signatures(note, keys):
        raise LogError("no-known-signature", "the note is not signed by a known key")
    return note.text


def verified_signatures(note: Note, keys: Sequence[Verifier]) -> tuple[Signature, ...]:
    """The signature lines of known keys, all verified; those of unknown keys left out.

    Raises LogError `signature-invalid` for the first line of a known key that is not good.
    """
    known = {(key.name, key.key_id): key for key in keys}
    verified = []
    for line in note.signatures:
        key = known.get((line.name, line.key_id))
        if key is not None:
            key.verify(note.text, line.value)
            verified.append(line)
    return tuple(verified)


def require_key_name(name: str) -> None:
    """Raise LogError `key-name-invalid` if `name` is empty or has a space, a plus or a control."""
    if not name or any(letter.isspace() or letter < " " or letter == "+" for letter in name):
        raise LogError("key-name-invalid", "a key's name is empty or has a space or a plus sign")
