"""Changing a rule of a definition by its path, for "what if"."""

from collections.abc import Mapping
from typing import Any, Final

from vote.assembly.errors import refuse
from vote.assembly.tree import Tree

_NUMBERS: Final = frozenset(
    ("seats", "max_choices", "min", "max", "count", "threshold", "convocation", "per_holder")
)
_LISTS: Final = frozenset(("tie_break", "languages"))
_FLAGS: Final = frozenset(("in_each_college", "same_college"))
_EITHER: Final = {"more_than": "at_least", "at_least": "more_than"}


def change(tables: Tree, settings: Mapping[str, object]) -> Tree:
    """The tables with each path set to its value; the tables given are changed in place.

    :raises DefinitionError: ("unknown-setting") for a path that leads nowhere
    """
    for path, value in settings.items():
        *way, key = path.split(".")
        table: Any = tables
        for step in way:
            table = _enter(table, step, path)
        if not isinstance(table, dict) or not key:
            raise _nowhere(path)
        _set(table, key, value)
    return tables


def _enter(table: object, step: str, path: str) -> object:
    """The table within: by key, or by id (or position, counted from 0) in a list."""
    if isinstance(table, dict) and step:
        inner = table.get(step)
        if inner is None or isinstance(inner, str | bool):
            inner = table[step] = {}  # [quorum] that there was not; quorum = "none"
        return inner
    if isinstance(table, list):
        for position, entry in enumerate(table):
            if isinstance(entry, dict) and step in (entry.get("id"), str(position)):
                return entry
    raise _nowhere(path)


def _set(table: dict[str, object], key: str, value: object) -> None:
    if value is None:
        table.pop(key, None)
        return
    table.pop(_EITHER.get(key, ""), None)
    table[key] = _typed(key, value)


def _typed(key: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    if key in _NUMBERS and value.isascii() and value.isdecimal():
        return int(value)
    if key in _LISTS:
        return [part.strip() for part in value.split(",")]
    if key in _FLAGS and value in ("true", "false"):
        return value == "true"
    return value


def _nowhere(path: str) -> Exception:
    return refuse("unknown-setting", path, f'"{path}" is not a rule of this assembly.', path=path)
