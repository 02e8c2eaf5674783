"""An assembly as the folder that it was made of, to be kept, changed or added elsewhere."""

from __future__ import annotations

import io
import zipfile

from vote.service import overview, proceedings
from vote.service.errors import Refusal
from vote.service.folder import AssemblyFolder, write_zip
from vote.service.house import House
from vote.service.law import Definition, Election


def zipped(house: House, assembly: str) -> bytes:
    """`assembly.toml`, `roll.csv` and `photos/` in a zip."""
    definition = overview.view(house, assembly).definition
    with house.database.reading() as session:
        roll = proceedings.roll_bytes(session, assembly)
    folder = AssemblyFolder(definition, (), _photos(house, definition))
    return _with_roll(write_zip(folder), roll)


def _photos(house: House, definition: Definition) -> dict[str, bytes]:
    """The portraits that are there, by their path."""
    found = {}
    for question in definition.questions:
        candidates = question.candidates if isinstance(question, Election) else ()
        for path in (each.photo for each in candidates if each.photo):
            try:
                name = path.removeprefix("photos/")
                found[path] = overview.photo(house, definition.assembly.id, name)
            except Refusal:  # it could not be shown when the assembly came in
                continue
    return found


def _with_roll(content: bytes, roll: bytes) -> bytes:
    """The same zip with the roll in it."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in given.namelist():
            made.writestr(name, roll if name == "roll.csv" else given.read(name))
    return target.getvalue()
