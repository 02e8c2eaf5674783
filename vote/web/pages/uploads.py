"""What a host uploaded: a zip of the folder, or its files one by one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from vote.service.errors import Refusal
from vote.service.folder import AssemblyFolder, from_files, read_zip
from vote.web.pages.forms import Upload

_TOML = "assembly.toml"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Either the zip as it came, or the files by their names in an assembly's folder."""

    archive: bytes | None
    files: Mapping[str, bytes]

    def read(self) -> AssemblyFolder:
        """The assembly in it. Raises Refusal, or DefinitionError with every fault."""
        return from_files(self.files) if self.archive is None else read_zip(self.archive)

    def toml(self) -> str | None:
        """`assembly.toml` as it was sent, to find the lines of its faults in."""
        content = self.files.get(_TOML) if self.archive is None else _from_zip(self.archive)
        return None if content is None else content.decode("utf-8-sig", "replace")


def collect(form: Upload) -> Uploaded:
    """What was chosen in the form. Raises Refusal where nothing was."""
    if form.archive.data:
        return Uploaded(form.archive.data.read(), {})
    files = {
        name: field.data.read()
        for name, field in ((_TOML, form.toml), ("roll.csv", form.roll))
        if field.data
    }
    for photo in form.photos.data or ():
        if photo.filename:
            files[f"photos/{PurePosixPath(photo.filename).name}"] = photo.read()
    if not files:
        raise Refusal("nothing-chosen", "Choose the files of an assembly first.")
    return Uploaded(None, files)


def _from_zip(archive: bytes) -> bytes | None:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        tops = [name for name in opened.namelist() if PurePosixPath(name).name == _TOML]
        return opened.read(min(tops, key=len)) if tops else None
