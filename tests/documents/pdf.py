"""What a reader, a screen reader and an archive see of a PDF."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import Any

from pypdf import PdfReader


def reader(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content), strict=True)


@cache
def text(content: bytes) -> str:
    """All its text, on one line, with plain spaces."""
    pages = " ".join(page.extract_text() for page in reader(content).pages)
    return " ".join(pages.replace("\u200b", "").split())


@cache
def compact(content: bytes) -> str:
    """The same without any space: for what may be broken over lines."""
    return "".join(text(content).split())


def xmp(content: bytes) -> str:
    """Its metadata, in XML."""
    root: Any = reader(content).trailer["/Root"]
    return str(root["/Metadata"].get_data().decode())


def fonts(content: bytes) -> Iterator[tuple[str, bool]]:
    """(name, whether it is embedded) of every font on every page."""
    for page in reader(content).pages:
        resources: Any = page["/Resources"]
        for font in resources.get("/Font", {}).values():
            [descendant] = font.get_object()["/DescendantFonts"]
            descriptor = descendant.get_object()["/FontDescriptor"]
            name = str(font.get_object()["/BaseFont"])
            yield name, "/FontFile2" in descriptor or "/FontFile3" in descriptor


def structure(content: bytes) -> list[str]:
    """The kinds of its tagged elements, in reading order."""
    root: Any = reader(content).trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]
    return list(_kinds(root))


def _kinds(element: Any) -> Iterator[str]:
    element = element.get_object()
    if isinstance(element, list):
        for child in element:
            yield from _kinds(child)
    elif isinstance(element, dict):
        if "/S" in element:
            yield str(element["/S"])
        if "/K" in element:
            yield from _kinds(element["/K"])
