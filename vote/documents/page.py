"""The blocks that a document is laid out from; `document.typ` knows each kind.

Texts are data and never markup: nothing that an assembly or a member wrote is interpreted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

Block = dict[str, Any]
Cell = Any  # a text, a number, or one of the cells below
Tone = Literal["for", "against", "neutral", "notice"]


def heading(level: int, text: str, *, language: str | None = None) -> Block:
    """A heading of level 2, 3 or 4."""
    return {"kind": "heading", "level": level, "text": text, "lang": language}


def title(kicker: str, words: str) -> Block:
    """The document's title, the one heading of level 1: what it is, and of what."""
    return {"kind": "title", "kicker": kicker, "text": words}


def text(words: str, *, small: bool = False, language: str | None = None) -> Block:
    """A paragraph."""
    return {"kind": "text", "text": words, "small": small, "lang": language}


def rule(said: Sequence[str]) -> Block:
    """The sentences of a rule; they stay on the page of what follows."""
    return {"kind": "rule", "text": " ".join(said)}


def prose(nodes: Sequence[Any], language: str) -> Block:
    """A text of the assembly (`markdown.parse`), set apart, in its own language."""
    return {"kind": "prose", "nodes": list(nodes), "lang": language}


def facts(rows: Sequence[tuple[str, str | None]]) -> Block:
    """Labels and values; None leaves a line to write on."""
    return {"kind": "facts", "rows": [{"label": label, "value": value} for label, value in rows]}


def codes(rows: Sequence[tuple[str, str]]) -> Block:
    """Labels with hashes and keys."""
    return {"kind": "codes", "rows": [{"label": label, "code": code} for label, code in rows]}


def listed(items: Sequence[str]) -> Block:
    """A numbered list."""
    return {"kind": "list", "items": list(items)}


def notice(words: str, tone: Tone = "notice") -> Block:
    """Something that must not be missed."""
    return {"kind": "notice", "text": words, "tone": tone}


def verdict(
    word: str, tone: Tone, detail: str, *, value: float | None = None, mark: float | None = None
) -> Block:
    """What was decided; where there is a `value` (0 to 1), with a bar and its threshold `mark`."""
    return {
        "kind": "verdict",
        "word": word,
        "tone": tone,
        "detail": detail,
        "value": value,
        "mark": mark,
    }


def column(title: str, *, width: float = 0, figures: bool = False) -> Block:
    """A column of a table: its part of the width (0: as much as it needs); figures stand right."""
    return {"title": title, "width": width, "figures": figures}


def table(
    columns: Sequence[Block], rows: Sequence[Sequence[Cell]], *, last_is_sum: bool = False
) -> Block:
    """A table with one row of headers."""
    return {
        "kind": "table",
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "sum": last_is_sum,
    }


def parts(*pieces: tuple[str, int]) -> Cell:
    """A cell with a small bar: pieces ("for", 12) side by side, together the whole width."""
    return {"cell": "parts", "pieces": [{"tone": tone, "size": size} for tone, size in pieces]}


def strong(words: str) -> Cell:
    """A cell in bold."""
    return {"cell": "strong", "text": words}


def code(words: str) -> Cell:
    """A cell with a hash."""
    return {"cell": "code", "text": words}


def noted(words: str, note: str) -> Cell:
    """A cell with a smaller second line."""
    return {"cell": "noted", "text": words, "note": note}


def picture(
    svg: bytes, alternative: str, beside: Sequence[Block], *, centimetres: float = 2.6
) -> Block:
    """A picture of that width, and the blocks that stand beside it."""
    return {
        "kind": "picture",
        "svg": svg.decode(),
        "alternative": alternative,
        "beside": list(beside),
        "width": centimetres,
    }


def groups(letters: Sequence[str]) -> Block:
    """A code in groups that can be read aloud and compared, set apart."""
    return {"kind": "groups", "groups": list(letters)}


def signatures(rows: Sequence[tuple[str, str | None]], name: str, signature: str) -> Block:
    """A place to sign for each role; None leaves a line for the name."""
    people = [{"role": role, "name": person} for role, person in rows]
    return {"kind": "signatures", "rows": people, "name": name, "signature": signature}


def together(*blocks: Block) -> Block:
    """Blocks that stay on one page."""
    return {"kind": "together", "blocks": list(blocks)}


def to_write(*labels: str) -> Block:
    """Labels, each with a line to write on, side by side."""
    return {"kind": "to_write", "labels": list(labels)}
