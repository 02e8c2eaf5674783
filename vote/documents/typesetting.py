"""From blocks to a PDF: bytes in, bytes out.

PDF/A-3a (for the archives, the data attached) and PDF/UA-1 (tagged, for screen readers), fonts of
our own embedded. No network, no fonts of the system, no clock: the same document gives the same
bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Final

import typst

from vote.documents.page import Block

_STANDARDS: Final[list[Any]] = ["a-3a", "ua-1"]


class DocumentError(Exception):
    """A document that could not be set; the message is the typesetter's."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the PDF."""

    name: str
    media_type: str
    description: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """What is to be set. `running` stands at the head of each page, `footing` at its foot.

    `date` (UTC) is the only time in it; `author` whoever answers for it, or "".
    """

    title: str
    language: str
    date: datetime
    author: str
    running: str
    footing: str
    blocks: Sequence[Block]
    warning: str = ""
    attached: Attached | None = None
    landscape: bool = False


def typeset(document: Document) -> bytes:
    """The PDF.

    A letter that none of our fonts has (they have the Latin, Greek and Cyrillic ones) would make
    it break PDF/UA: then the PDF is tagged all the same, but claims no standard.

    :raises DocumentError: the typesetter failed
    """
    try:
        return _compile(document, _STANDARDS)
    except typst.TypstError:
        pass  # the standard forbids something in the text: the letters, most often
    try:
        return _compile(document, [])
    except typst.TypstError as error:
        raise DocumentError(str(error)) from error


def _compile(document: Document, standards: list[Any]) -> bytes:
    made = typst.compile(
        _template(),
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(_plain(document))},
        pdf_standards=standards,
    )
    if not isinstance(made, bytes):
        raise DocumentError("the typesetter gave no file")
    return made


def _plain(document: Document) -> dict[str, Any]:
    date, attached = document.date, document.attached
    return {
        "title": document.title,
        "language": document.language,
        "date": [date.year, date.month, date.day, date.hour, date.minute, date.second],
        "author": document.author,
        "running": document.running,
        "footing": document.footing,
        "warning": document.warning,
        "landscape": document.landscape,
        "blocks": list(document.blocks),
        "attached": attached
        and {
            "name": attached.name,
            "media_type": attached.media_type,
            "description": attached.description,
            "content": attached.content.decode("utf-8"),
        },
    }


@cache
def _template() -> bytes:
    return resources.files("vote.documents").joinpath("document.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """Ours, and those inside the typesetter (Greek and Cyrillic, fixed width)."""
    with resources.as_file(resources.files("vote.documents").joinpath("fonts")) as folder:
        return typst.Fonts(include_system_fonts=False, font_paths=[folder])
