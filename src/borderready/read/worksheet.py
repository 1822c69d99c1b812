# SPDX-License-Identifier: Apache-2.0
"""What the XML of one worksheet says that its values do not: how far it reaches, errors, formulas, merged cells.

A reader of values would make room for every cell between the first and the last, and take a formula that nobody has
computed for an empty cell; so this is looked at before.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from borderready.model import Message
from borderready.read.grid import MAX_COLUMNS, MAX_ROWS, MAX_TOLD, cell_name, column_number, refusal

# What a reader of values may make room for; a list of 200,000 rows and 6 columns has 1.2 million.
MAX_CELLS = 1_300_000
# A spreadsheet allows 32,767.
MAX_CELL_CHARACTERS = 131_072
MAX_MERGED = 200_000
MAX_CHARACTERS = 48 * 1024 * 1024
_DIGITS = "0123456789"
_TRUE = ("1", "true", "on")
Place = tuple[int, int]
PAD_DIGITS = 64


def pad_key(row: int, column: int) -> int:
    """Return a cell as one number that grows with its place, with room for the digits."""
    return (row * MAX_COLUMNS + column - 1) * PAD_DIGITS


@dataclass(slots=True, kw_only=True)
class Filled:
    """Listens whether a worksheet holds anything."""

    depth: int = 0
    found: bool = False

    def start(self, name: str, _attributes: Mapping[str, str]) -> None:
        self.depth += 1
        if self.depth == 5 and name in ("v", "is"):
            self.found = True

    def text(self, text: str) -> None:
        """What it holds is not asked here."""

    def end(self, _name: str) -> None:
        self.depth -= 1


@dataclass(slots=True, kw_only=True)
class SharedText:
    """Listens to the table of texts that cells share: how long each is, not what it says."""

    file: str
    lengths: array[int] = field(default_factory=lambda: array("L"))
    total: int = 0
    length: int = 0
    in_text: bool = False

    def start(self, name: str, _attributes: Mapping[str, str]) -> None:
        if name == "si":
            self.length = 0
        self.in_text = name == "t"

    def text(self, text: str) -> None:
        if self.in_text:
            self.length += len(text)
            self.total += len(text)
            if self.total > MAX_CHARACTERS // 2:
                raise refusal(self.file, "sheet.too_much_text")

    def end(self, name: str) -> None:
        self.in_text = False
        if name == "si":
            self.lengths.append(self.length)
            if len(self.lengths) > 2 * MAX_CELLS:
                raise refusal(self.file, "sheet.too_much_text")


@dataclass(slots=True, kw_only=True)
class Worksheet:
    """Listens to one worksheet; rows and columns count from 1.

    Attributes:
        lengths: How long each shared text is.
        zeros: By style, how many digits it shows where it fills up with zeros.
        errors: The first cells that hold an error, and which.
        uncomputed: The first cells with a formula that has no stored value.
        formulas: How many formulas there are.
        merged: First and last row and the first column of merged cells that span several rows.
        padded: Numbers that their format shows with zeros in front, in their order: `pad_key` plus the digits shown.
        hidden_rows: How many rows are hidden.
        hidden_columns: First and last columns that are hidden.
    """

    file: str
    lengths: Sequence[int] = ()
    zeros: Mapping[int, int] = field(default_factory=dict)
    errors: list[tuple[Place, str]] = field(default_factory=list)
    uncomputed: list[Place] = field(default_factory=list)
    formulas: int = 0
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    padded: array[int] = field(default_factory=lambda: array("Q"))
    hidden_rows: int = 0
    hidden_columns: list[Place] = field(default_factory=list)

    path: list[str] = field(default_factory=list)
    tables: int = 0
    row: int = 0
    row_text: str = "0"
    column: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    has_formula: bool = False
    has_value: bool = False
    cell_characters: int = 0
    parts: list[str] = field(default_factory=list)
    top: int = 0
    bottom: int = 0
    left: int = MAX_COLUMNS
    right: int = 0
    characters: int = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        path = self.path
        path.append(name)
        depth = len(path)
        if depth == 4 and name == "c":
            self._start_cell(attributes)
        elif depth == 5 and path[3] == "c":
            if name == "f":
                self.has_formula = True
            elif name in ("v", "is"):
                self.has_value = True
        elif depth == 3:
            self._start_third(name, attributes)
        if depth == 2 and name == "sheetData":
            self.tables += 1
        # Whoever reads the values afterwards must find cells where we found them, and no others.
        if self.tables > 1 or (name in _AT and path[1:2] == _TABLE and _AT[name] != path):
            raise self._damage(name)

    def _start_third(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            self._start_row(attributes)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "col" and attributes.get("hidden") in _TRUE:
            if len(self.hidden_columns) > MAX_COLUMNS:
                raise self._damage("cols")
            self.hidden_columns.append((self._number(attributes, "min"), self._number(attributes, "max")))

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        row = self._number(attributes, "r") if "r" in attributes else self.row + 1
        if not self.row < row <= MAX_ROWS:
            raise self._damage(f"row {row}")
        self.row, self.row_text, self.column = row, str(row), 0
        if attributes.get("hidden") in _TRUE:
            self.hidden_rows += 1

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        column = self.column + 1
        reference = attributes.get("r")
        if reference is not None:
            letters = reference.rstrip(_DIGITS)
            if letters not in self.columns:
                # 0 lies before every column and is refused below.
                self.columns[letters] = (column_number(letters) if letters.isupper() else None) or 0
            column = self.columns[letters]
            if reference != letters + self.row_text:
                raise self._damage(reference)
        if not self.column < column <= MAX_COLUMNS:
            raise self._damage(reference or f"{self.row}:{column}")
        self.column = column
        self.attributes = attributes
        self.has_formula = self.has_value = False
        self.cell_characters = 0
        self.parts.clear()

    def text(self, text: str) -> None:
        path = self.path
        if len(path) > 4 and path[3] == "c" and path[-1] in ("v", "t"):
            self.parts.append(text)
            self.cell_characters += len(text)
            if self.cell_characters > MAX_CELL_CHARACTERS:
                raise refusal(self.file, "sheet.too_much_text")

    def end(self, name: str) -> None:
        if name == "c" and len(self.path) == 4:
            self._end_cell("".join(self.parts))
        self.path.pop()

    def _end_cell(self, text: str) -> None:
        if self.has_formula:
            self.formulas += 1
        if not self.has_value:
            if self.has_formula:
                self._tell_uncomputed()
            return
        self._reach()
        kind = self.attributes.get("t", "n")
        if kind == "s":
            self.characters += self._shared_length(text)
        elif kind == "e":
            if len(self.errors) < MAX_TOLD:
                self.errors.append(((self.row, self.column), text[:20]))
        else:
            self.characters += len(text)
        if self.characters > MAX_CHARACTERS:
            raise refusal(self.file, "sheet.too_much_text")
        # Excel stores the empty text that a formula gives as such.
        if self.has_formula and not text and kind != "str":
            self._tell_uncomputed()
        if kind == "n" and text and self.zeros and "s" in self.attributes:
            digits = self.zeros.get(self._number(self.attributes, "s"))
            if digits is not None:
                self.padded.append(pad_key(self.row, self.column) + digits)

    def _tell_uncomputed(self) -> None:
        if len(self.uncomputed) < MAX_TOLD:
            self.uncomputed.append((self.row, self.column))

    def _reach(self) -> None:
        self.top = self.top or self.row
        self.bottom = self.row
        self.left = min(self.left, self.column)
        self.right = max(self.right, self.column)
        # Rows above the first are given as empty ones.
        if self.bottom * (self.right - self.left + 1) > MAX_CELLS:
            last = cell_name(self.row, self.right)
            raise refusal(
                self.file,
                "sheet.too_wide",
                {"last": last, "most": str(MAX_CELLS)},
                hint=Message("sheet.too_wide_hint", {"last": last}),
            )

    def _shared_length(self, text: str) -> int:
        digits = text.strip()
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 9) or int(digits) >= len(self.lengths):
            raise self._damage(f"{cell_name(self.row, self.column)}: {text[:20]}")
        return self.lengths[int(digits)]

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top, left = self._place(first)
        bottom, _right = self._place(last or first)
        if bottom > top:
            self.merged.append((top, bottom, left))
        if len(self.merged) > MAX_MERGED:
            raise self._damage("mergeCells")

    def _place(self, reference: str) -> Place:
        letters = reference.rstrip(_DIGITS)
        digits = reference[len(letters) :]
        column = column_number(letters)
        if column is None or not digits or len(digits) > 7:
            raise self._damage(reference)
        return int(digits), column

    def _number(self, attributes: Mapping[str, str], name: str) -> int:
        text = attributes.get(name, "")
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise self._damage(f"{name}={text[:20]}")
        return int(text)

    def _damage(self, what: str) -> Exception:
        reason = {"reason": f"worksheet, {what}"}
        return refusal(self.file, "sheet.damaged", reason, hint=Message("sheet.damaged_hint"))


# Where alone these may stand, within the table of cells.
_TABLE = ["sheetData"]
_AT = {
    "sheetData": ["worksheet", "sheetData"],
    "row": ["worksheet", "sheetData", "row"],
    "c": ["worksheet", "sheetData", "row", "c"],
}
