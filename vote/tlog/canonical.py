"""Canonical JSON (RFC 8785), read strictly: anything that would be written otherwise is refused."""

import json

import rfc8785

from vote.tlog.errors import LogError

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


def load(data: bytes, what: str, limit: int) -> Json:
    """The value that `data` is the canonical JSON of, at most `limit` bytes.

    `what` names the thing in the error: LogError `WHAT-too-large`, `WHAT-not-canonical`.
    """
    if len(data) > limit:
        raise LogError(f"{what}-too-large", f"the {what} has more than {limit} bytes")
    try:
        value: Json = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise LogError(f"{what}-not-canonical", f"the {what} is not JSON") from error
    if dump(value, what) != data:
        raise LogError(f"{what}-not-canonical", f"the {what} is not canonical JSON (RFC 8785)")
    return value


def dump(value: Json, what: str) -> bytes:
    """The canonical JSON of `value`; LogError `WHAT-not-canonical` if it has none."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeEncodeError) as error:
        raise LogError(f"{what}-not-canonical", f"the {what} has no canonical JSON") from error


def text(fields: dict[str, Json], name: str, what: str) -> str:
    """The text in field `name`. Raises LogError `WHAT-field`."""
    value = fields[name]
    if not isinstance(value, str):
        raise LogError(f"{what}-field", f"{name} is not a text")
    return value
