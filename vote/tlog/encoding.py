"""The spellings that all log formats share: text, decimals and base64, each in one way only.

What a decoder here accepts is exactly what the encoder beside it writes, so the
formats built from them cannot be spelled in two ways either.
"""

import base64
import binascii
import re

from vote.tlog.errors import LogError

# Sizes and indices are below 2**63: what a signed 64-bit integer of another
# implementation holds, and what 63 proof lines can span.
MAX_INTEGER = 2**63 - 1

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def decode_base64(text: str, what: str) -> bytes:
    """Standard, padded base64 (RFC 4648, section 4) in its canonical spelling.

    Raises LogError `base64-not-canonical` for any other alphabet, missing padding,
    white space, or padding bits that are not zero.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise LogError("base64-not-canonical", f"{what} is not standard base64") from error
    if encode_base64(data) != text:
        raise LogError("base64-not-canonical", f"{what} is not canonical base64")
    return data


def encode_base64(data: bytes) -> str:
    """Standard, padded base64 of `data`."""
    return base64.b64encode(data).decode("ascii")


def decode_decimal(text: str, what: str) -> int:
    """A whole number from 0 to 2**63 - 1 in ASCII decimal without leading zeros or sign.

    Raises LogError `decimal-not-canonical`.
    """
    if _DECIMAL.fullmatch(text) is None or int(text) > MAX_INTEGER:
        raise LogError("decimal-not-canonical", f"{what} is not a plain decimal below 2^63")
    return int(text)


def decode_text(data: bytes, what: str) -> str:
    """UTF-8 text without control characters other than the newline (signed-note, "Format").

    Raises LogError `not-utf8` or `control-character`.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LogError("not-utf8", f"{what} is not valid UTF-8") from error
    require_printable(text, what)
    return text


def require_printable(text: str, what: str) -> None:
    """Raise LogError `control-character` if `text` has one below U+0020 besides the newline."""
    if any(character < " " and character != "\n" for character in text):
        raise LogError("control-character", f"{what} contains a control character")
