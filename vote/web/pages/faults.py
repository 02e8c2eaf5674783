"""Faults of an assembly's files, as a host reads them: where to look, and what to put right."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vote.service.errors import Fault
from vote.web.languages import SOURCE
from vote.web.languages import gettext as _
from vote.web.pages import fault_words

_STEP = re.compile(r"([a-z_@-]+)(?:\[(\d+)\])?")
_ROLL_LINE = re.compile(r"roll\.csv line (\d+)")
_TABLE = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?")


@dataclass(frozen=True, slots=True)
class ShownFault:
    """`file` and `line` (None where there is no single line); `place` as the file calls it.

    `detail` is the English sentence behind a translation, which may say more.
    """

    file: str
    line: int | None
    place: str
    message: str
    language: str
    detail: str | None

    @property
    def at(self) -> str:
        if self.line is None:
            return self.file
        return _("%(file)s, line %(line)s", file=self.file, line=self.line)


def show(faults: tuple[Fault, ...], toml: str | None = None) -> list[ShownFault]:
    """The faults in the order of the files and their lines; `toml` is the text to look in."""
    return sorted(
        (_show(fault, toml) for fault in faults), key=lambda each: (each.file, each.line or 0)
    )


def _show(fault: Fault, toml: str | None) -> ShownFault:
    language, message = fault_words.say(fault)
    said = (message, language, fault.message if language != SOURCE else None)
    roll = _ROLL_LINE.match(fault.where)
    if roll:
        return ShownFault("roll.csv", int(roll[1]), "", *said)
    if fault.where.startswith(("roll.csv", "photos/", "votes.csv")):
        return ShownFault(fault.where, None, "", *said)
    line = find(toml, fault.where) if toml else None
    return ShownFault("assembly.toml", line, fault.where, *said)


def find(toml: str, where: str) -> int | None:
    """The line (from 1) of a place such as "questions[2].candidates[0].photo".

    The key's own line if it is written, else the header of the table that lacks it.
    """
    steps = [(name, int(index or 0)) for name, index in _STEP.findall(where)]
    if not steps:
        return None
    seen: dict[str, int] = {}
    found, inside = None, ""
    for number, text in enumerate(toml.splitlines(), start=1):
        header = _TABLE.match(text)
        if header:
            inside = _path(header[1] == "[[", header[2], seen)
            if _covers(inside, steps):
                found = number
        elif found and _covers(inside, steps[:-1]) and _is_key(text, inside, steps):
            return number
    return found


def _path(is_array: bool, name: str, seen: dict[str, int]) -> str:
    """The place of a table's header, its arrays numbered from 0; `seen` counts them."""
    parts: list[str] = []
    for step in name.split("."):
        here = ".".join([*parts, step])
        if is_array and step == name.rsplit(".", 1)[-1] and len(parts) == name.count("."):
            seen[here] = seen.get(here, -1) + 1
            for inner in [key for key in seen if key.startswith(f"{here}[")]:
                del seen[inner]
        parts.append(f"{step}[{seen[here]}]" if here in seen else step)
    return ".".join(parts)


def _covers(table: str, steps: list[tuple[str, int]]) -> bool:
    """Whether the table is the first steps of the way, or all of them."""
    way = [(name, int(index or 0)) for name, index in _STEP.findall(table)]
    return bool(way) and way == steps[: len(way)]


def _is_key(text: str, table: str, steps: list[tuple[str, int]]) -> bool:
    depth = len(_STEP.findall(table))
    return (
        depth < len(steps)
        and re.match(rf"\s*{re.escape(steps[depth][0])}\s*[=.]", text) is not None
    )
