"""Writing TOML 1.0: what ``tomllib`` reads back as the same tables."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime


def write(tables: Mapping[str, object]) -> str:
    """The tables as a TOML file, ending in a newline.

    Understood: tables, lists, texts, whole numbers, booleans, dates and local times. Keys are
    bare (letters, digits, "-", "_").
    """
    return "\n".join(_table(tables, ())).lstrip("\n") + "\n"


def _table(table: Mapping[str, object], path: tuple[str, ...]) -> Iterator[str]:
    """First the plain keys, then the tables that have a heading of their own."""
    for key, value in table.items():
        if not _headed(value, path):
            yield f"{key} = {_value(value)}"
    for key, value in table.items():
        if _headed(value, path):
            yield from _headings(value, (*path, key))


def _headed(value: object, path: tuple[str, ...]) -> bool:
    if isinstance(value, Mapping):
        return not path
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _headings(value: object, path: tuple[str, ...]) -> Iterator[str]:
    name = ".".join(path)
    if isinstance(value, Mapping):
        yield ""
        yield f"[{name}]"
        yield from _table(value, path)
    elif isinstance(value, list):
        for entry in value:
            yield ""
            yield f"[[{name}]]"
            yield from _table(entry, path)


def _value(value: object) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key} = {_value(entry)}" for key, entry in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, Sequence):
        return f"[{', '.join(_value(entry) for entry in value)}]"
    raise TypeError(f"TOML has no {type(value).__name__}")


def _text(text: str) -> str:
    """A basic string, over several lines if the text has several; JSON's escapes are TOML's."""
    quoted = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    if "\n" not in text:
        return quoted
    inner = quoted[1:-1].replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\\\")
    return f'"""\n{inner}"""'
