"""JSON as the protocol writes it: compact, fields in the specification's order, one form only.

Specification, "Conventions" (messages). Reading is lenient nowhere: a document is read, turned
into a value of ours, written again, and must come out byte for byte the same. That one comparison
refuses duplicate keys, another order of keys, white space, byte-order marks, other escapes and
other ways to write a number; the functions here add what it cannot see (types, sizes, depth).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final, NoReturn, TypeVar

from vote.election.errors import ProtocolError

# The reference implementation writes integers up to 30 bits as numbers and larger ones as strings.
_LARGEST_NUMBER: Final = 2**30 - 1
_ESCAPED: Final = re.compile('["\\\\\x00-\x1f\x7f]')
_SHORT_ESCAPES: Final = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}
_DECIMAL: Final = re.compile("0|[1-9][0-9]*")

_Value = TypeVar("_Value")


def read(data: bytes, limit: int) -> object:
    """Decode JSON of at most `limit` bytes. Raises "too-large", "json-syntax"."""
    if len(data) > limit:
        raise ProtocolError("too-large", f"{len(data)} bytes where at most {limit} are allowed")
    try:
        return json.loads(data.decode("utf-8"), parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("json-syntax", f"not the JSON that was expected: {error}") from error


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"the number {text[:20]} is not an integer")


def parse(
    data: bytes, limit: int, decode: Callable[[object], _Value], encode: Callable[[_Value], bytes]
) -> _Value:
    """Read a document whose only accepted form is the one that `encode` writes.

    Raises "json-not-canonical" besides whatever `read` and `decode` raise.
    """
    value = decode(read(data, limit))
    if encode(value) != data:
        raise ProtocolError("json-not-canonical", "the document is not in its one accepted form")
    return value


def quote(text: str) -> str:
    """A JSON string, escaped exactly as the reference implementation does."""
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _SHORT_ESCAPES.get(character) or f"\\u{ord(character):04x}"


def encode_text(text: str) -> bytes:
    """UTF-8. Raises "json-syntax" for the lone surrogates that JSON escapes can smuggle in."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ProtocolError("json-syntax", "a string holds half a character") from error


def fields(
    value: object, names: tuple[str, ...], optional: tuple[str, ...] = ()
) -> dict[str, object]:
    """An object with exactly these fields; those of `optional` may be missing.

    Raises "json-fields".
    """
    if type(value) is not dict:
        raise ProtocolError("json-fields", f"expected an object with the fields {names}")
    found = tuple(value)
    if found != names and found != tuple(n for n in names if n in value or n not in optional):
        raise ProtocolError("json-fields", f"expected exactly the fields {names}")
    return value


def array(value: object) -> list[object]:
    """A JSON array. Raises "json-type"."""
    if type(value) is not list:
        raise ProtocolError("json-type", "expected an array")
    return value


def text(value: object) -> str:
    """A JSON string. Raises "json-type"."""
    if type(value) is not str:
        raise ProtocolError("json-type", "expected a string")
    return value


def integer(value: object) -> int:
    """A JSON number that is a whole number, not negative. Raises "json-type"."""
    if type(value) is not int or value < 0:
        raise ProtocolError("json-type", "expected a whole number that is not negative")
    return value


def boolean(value: object) -> bool:
    """A JSON boolean. Raises "json-type"."""
    if type(value) is not bool:
        raise ProtocolError("json-type", "expected true or false")
    return value


def parse_decimal(digits: str, most: int) -> int:
    """A whole number of at most `most` digits, written the one way. Raises "number-syntax"."""
    if len(digits) > most or not _DECIMAL.fullmatch(digits):
        raise ProtocolError("number-syntax", "expected decimal digits without a leading zero")
    return int(digits)


def weight(value: object) -> int:
    """A sum of weights: a number, or a string of digits above 30 bits. Raises "json-type"."""
    return parse_decimal(value, 18) if type(value) is str else integer(value)


def weight_text(value: int) -> str:
    """The JSON of a sum of weights."""
    return str(value) if value <= _LARGEST_NUMBER else f'"{value}"'
