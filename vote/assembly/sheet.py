"""Reading a CSV file of ours: a header, then rows, every fault with its line number."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vote.assembly.errors import DefinitionError, Fault

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the line on which it begins (from 1), and its cells by column, without the
    spaces around them; a column that the file leaves out is empty."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


class Sheet:
    """The rows of a file, and the faults found so far."""

    def __init__(self, name: str, data: bytes, columns: Sequence[str], optional: str = "") -> None:
        """:param columns: the header; ``optional`` is the one column that may be left out"""
        self.name = name
        self._faults: list[tuple[int, Fault]] = []
        self._columns = tuple(columns)
        self._optional = optional
        self.rows: tuple[Row, ...] = tuple(self._read(data))

    def fault(self, code: str, line: int, message: str, /, **params: str | int) -> None:
        """Note a fault on a line."""
        fault = Fault(code, f"{self.name} line {line}", message, params)
        self._faults.append((line, fault))

    @property
    def faulty(self) -> bool:
        """Whether there is a fault."""
        return bool(self._faults)

    def refusal(self) -> DefinitionError:
        """Every fault, in the order of the lines, for the caller to raise."""
        in_order = sorted(self._faults, key=lambda noted: noted[0])
        return DefinitionError(fault for _, fault in in_order)

    def _read(self, data: bytes) -> Iterator[Row]:
        lines = self._decode(data.removeprefix(_BOM))
        numbered = self._parse(lines)
        first, header = next(numbered, (1, []))
        columns = [cell.strip() for cell in header]
        if not self._header(first, columns):
            return
        for line, cells in numbered:
            row = self._row(line, columns, cells)
            if row is not None:
                yield row

    def _decode(self, data: bytes) -> list[str]:
        lines = []
        for number, line in enumerate(data.split(b"\n"), start=1):
            try:
                lines.append(line.decode("utf-8") + "\n")
            except UnicodeDecodeError:
                self.fault("encoding", number, "this line is not UTF-8.")
                lines.append(line.decode("utf-8", "replace") + "\n")
        return lines

    def _parse(self, lines: list[str]) -> Iterator[tuple[int, list[str]]]:
        """The rows that are not empty, each with the line on which it begins."""
        reader = csv.reader(lines, strict=True)
        line = 1
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                self.fault("csv", line, f"this is not CSV: {error}.")
                return
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1

    def _header(self, line: int, columns: list[str]) -> bool:
        """Every column once, in any order."""
        wanted = set(self._columns)
        if (
            len(columns) == len(set(columns))
            and wanted - {self._optional} <= set(columns) <= wanted
        ):
            return True
        header = ",".join(self._columns)
        self.fault("header", line, f'the header must be "{header}".', header=header)
        return False

    def _row(self, line: int, columns: list[str], cells: list[str]) -> Row | None:
        left_out = len(columns) - len(cells)
        if left_out == 1 and columns[-1] == self._optional:
            cells = [*cells, ""]
        elif left_out:
            self.fault(
                "cells",
                line,
                f"this row has {len(cells)} cells where the header has {len(columns)}.",
                cells=len(cells),
                columns=len(columns),
            )
            return None
        found = dict.fromkeys(self._columns, "")
        for column, cell in zip(columns, cells, strict=True):
            found[column] = cell.strip()
            if not found[column].isprintable():
                self.fault("unprintable", line, f'"{column}" has a character that cannot be shown.')
        return Row(line, found)
