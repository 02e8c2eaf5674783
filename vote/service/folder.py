"""An assembly as a folder or a zip: `assembly.toml`, `roll.csv`, `photos/`."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from vote.assembly.definition import Definition, from_toml, to_toml
from vote.assembly.errors import Fault
from vote.assembly.model import Election
from vote.assembly.roll import Member, encode_roll, parse_roll
from vote.service.errors import Unreadable

MAX_FILE = 32 * 1024 * 1024
MAX_ALL = 128 * 1024 * 1024
MAX_PHOTO = 2 * 1024 * 1024
MAX_FILES = 2000
_PHOTO_TYPES = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/webp": b"RIFF",
}


@dataclass(frozen=True, slots=True)
class AssemblyFolder:
    """What a host wrote: the definition, the roll, and the portraits by their path.

    `warnings`: portraits that cannot be shown. They are left out.
    """

    definition: Definition
    roll: tuple[Member, ...]
    photos: Mapping[str, bytes]
    warnings: tuple[Fault, ...] = ()


def read_folder(folder: Path) -> AssemblyFolder:
    """Read an assembly's folder. Raises Unreadable or DefinitionError with every fault."""
    if not folder.is_dir():
        raise Unreadable("no-such-folder", "{folder} is not a folder.", {"folder": str(folder)})
    names = ["assembly.toml", "roll.csv"]
    photos = folder / "photos"
    if photos.is_dir():
        names += [f"photos/{path.name}" for path in sorted(photos.iterdir()) if path.is_file()]
    return from_files({name: _read(folder / name) for name in names if (folder / name).is_file()})


def _read(path: Path) -> bytes:
    if path.stat().st_size > MAX_FILE:
        raise _too_large(path.name)
    return path.read_bytes()


def read_zip(content: bytes) -> AssemblyFolder:
    """Read the same from a zip; a single folder around the files is tolerated."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MAX_FILES or sum(each.file_size for each in members) > MAX_ALL:
                raise _too_large("zip")
            root = _common_root([member.filename for member in members])
            files = {member.filename[len(root) :]: archive.read(member) for member in members}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise Unreadable(
            "not-a-zip", "This file cannot be read as a zip. Make it again."
        ) from error
    return from_files(files)


def _common_root(names: list[str]) -> str:
    tops = [name for name in names if PurePosixPath(name).name == "assembly.toml"]
    shortest = min(tops, key=len, default="assembly.toml")
    return shortest.removesuffix("assembly.toml")


def from_files(files: Mapping[str, bytes]) -> AssemblyFolder:
    """Read the files of an assembly by their names."""
    for needed in ("assembly.toml", "roll.csv"):
        if needed not in files:
            raise Unreadable(
                "file-missing",
                "The assembly's folder has no file “{file}”. Add it and try again.",
                {"file": needed},
            )
    definition = from_toml(_text(files["assembly.toml"]))
    photos, warnings = _usable_photos(definition, files)
    roll = parse_roll(files["roll.csv"], definition)
    return AssemblyFolder(definition, roll, photos, warnings)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            "not-utf-8", "assembly.toml is not UTF-8 text. Save it as UTF-8 and try again."
        ) from error


def _usable_photos(
    definition: Definition, photos: Mapping[str, bytes]
) -> tuple[Mapping[str, bytes], tuple[Fault, ...]]:
    """The portraits that can be shown, and what is wrong with the others: none stops a vote."""
    usable = {}
    faults = []
    for path in _wanted_photos(definition):
        content = photos.get(path)
        if content is None:
            faults.append(_photo_fault(path, "photo-missing", "The portrait is not there."))
        elif len(content) > MAX_PHOTO:
            faults.append(_photo_fault(path, "photo-too-large", "It is larger than 2 MB."))
        elif photo_type(content) is None:
            faults.append(_photo_fault(path, "photo-type", "It is not JPEG, PNG or WebP."))
        else:
            usable[path] = content
    return usable, tuple(faults)


def _wanted_photos(definition: Definition) -> list[str]:
    return [
        candidate.photo
        for question in definition.questions
        if isinstance(question, Election)
        for candidate in question.candidates
        if candidate.photo is not None
    ]


def _photo_fault(path: str, code: str, message: str) -> Fault:
    return Fault(code, path, message, {})


def photo_type(content: bytes) -> str | None:
    """The media type of a portrait by its first bytes; None for anything else."""
    for media_type, magic in _PHOTO_TYPES.items():
        if content.startswith(magic):
            return media_type
    return None


def _too_large(name: str) -> Unreadable:
    return Unreadable("file-too-large", "{file} is too large to be read.", {"file": name})


def write_zip(folder: AssemblyFolder) -> bytes:
    """The same files again, as a zip: importing it gives the same assembly."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("assembly.toml", to_toml(folder.definition))
        archive.writestr("roll.csv", encode_roll(folder.roll))
        for path, content in sorted(folder.photos.items()):
            archive.writestr(path, content)
    return buffer.getvalue()
