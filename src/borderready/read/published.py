# SPDX-License-Identifier: Apache-2.0
"""What the rows of a published list say of their codes; a list with one bad row is not read at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from borderready.errors import Fault, RegisterError, UsageError
from borderready.fold import fold_code
from borderready.model import Listed, Message, Product
from borderready.read.cell import read_day, read_status
from borderready.read.columns import Columns, find_cell, find_columns, is_heading
from borderready.read.country_word import find_country
from borderready.read.grid import fault_at, name_some
from borderready.read.product_words import find_products, is_any
from borderready.read.sheet import Sheet

ANY = "any"
MOST_FAULTS_SHOWN = 50
_MAX_CODE_CHARACTERS = 64
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_DIGIT = re.compile(r"\d")
_AREA = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,2})|\.([0-9]{1,6}))?")
_AREA_UNIT = re.compile(r"\s*(ha|hectares?|公顷)\.?$", re.IGNORECASE)
_LIST_OF_PRODUCTS = re.compile(r"[,;/、，；\n|]| và | and |和")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is said to be.

    Attributes:
        has_names: Whether its codes may be words without a digit, as those of laboratories.
        product: The only product that is wanted, `any` for a list that stands for all, None to go by its column.
        mapped: By field the column that the user names.
    """

    origin: str
    market: str
    product: str | None
    has_names: bool
    mapped: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A list as read.

    Attributes:
        rows: By product, or `any`, the rows of the codes that stand for it; no two contradict each other.
        notes: What the user must be told.
    """

    rows: Mapping[str, tuple[Listed, ...]]
    notes: tuple[Message, ...]


@dataclass(slots=True)
class _Reading:
    sheet: Sheet
    columns: Columns
    wanted: Wanted
    products: Mapping[str, Product]
    rows: dict[str, list[Listed]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    left: dict[str, list[int]] = field(default_factory=dict)
    words: dict[str, tuple[str, ...] | Message] = field(default_factory=dict)

    def fault(self, row: int, key: str, args: Mapping[str, str] | None = None) -> None:
        self.faults.append(fault_at(self.sheet.file, key, args, row=row))


def read_published(sheet: Sheet, *, wanted: Wanted, products: Mapping[str, Product]) -> Published:
    """Return what a list says; raises RegisterError with all bad rows (of many, the first and how many more)."""
    columns = find_columns(sheet.rows, mapped=wanted.mapped, file=sheet.file)
    if not isinstance(columns, Columns):
        raise RegisterError(columns)
    if wanted.product is None and "product" not in columns.places:
        raise UsageError(Message("list.no_product", {"file": sheet.file}), Message("list.no_product_hint"))
    reading = _Reading(sheet, columns, wanted, products)
    for row, cells in sheet.rows[columns.first :]:
        has_digit = _DIGIT.search(find_cell(cells, columns, "code")) is not None
        if has_digit or not is_heading(cells, columns):
            _read_row(reading, row, cells)
    rows, repeated = _without_repeats(reading)
    if reading.faults:
        raise RegisterError(_first(reading.faults, sheet.file))
    if not any(rows.values()):
        raise RegisterError([fault_at(sheet.file, "list.nothing", {"left": str(sum(map(len, reading.left.values())))})])
    notes = (*sheet.notes, *columns.notes, *_left_notes(reading), *repeated)
    return Published(rows=rows, notes=notes)


def _read_row(reading: _Reading, row: int, cells: Sequence[str]) -> None:
    tidy = {name: _tidy(cells[place]) for name, place in reading.columns.places.items() if place < len(cells)}

    def cell(name: str) -> str:
        return tidy.get(name, "")

    for name, own in (("origin", reading.wanted.origin), ("market", reading.wanted.market)):
        if cell(name) and not _is_ours(reading, row, name, cell(name), own):
            return
    words = _products(reading, row, cell("product"))
    if not words:
        return
    before = len(reading.faults)
    _judge_code(reading, row, cell("code"))
    status = read_status(cell("status")) if cell("status") else "active"
    if status is None:
        reading.fault(row, "list.status", {"cell": cell("status")})
    days = {name: read_day(cell(name)) if cell(name) else None for name in ("start", "until")}
    for name, day in days.items():
        if day is None and cell(name):
            reading.fault(row, "list.day", {"column": name, "cell": cell(name)})
    if days["start"] and days["until"] and days["until"] < days["start"]:
        reading.fault(row, "register.span", {"start": days["start"], "until": days["until"]})
    area = _read_area(cell("area_ha")) if cell("area_ha") else None
    if area is None and cell("area_ha"):
        reading.fault(row, "register.area_ha", {"cell": cell("area_ha")})
    if len(reading.faults) > before or status is None:
        return
    for word in words:
        listed = Listed(
            row=row,
            code=cell("code"),
            product=None if word == ANY else word,
            status=status,
            start=days["start"],
            until=days["until"],
            name=cell("name") or None,
            holder=cell("holder") or None,
            address=cell("address") or None,
            area_ha=area,
        )
        reading.rows.setdefault(word, []).append(listed)


def _tidy(cell: str) -> str:
    """Return a cell in one line and one Unicode form, without control characters."""
    if cell.isascii() and cell.isprintable() and "  " not in cell:
        return cell.strip()
    text = unicodedata.normalize("NFKC", cell)
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text).split())


def _judge_code(reading: _Reading, row: int, code: str) -> None:
    if not fold_code(code):
        return reading.fault(row, "register.empty_code")
    args = {"code": code[:_MAX_CODE_CHARACTERS]}
    if len(code) > _MAX_CODE_CHARACTERS:
        return reading.fault(row, "list.code_long", {**args, "most": str(_MAX_CODE_CHARACTERS)})
    if not (code.isascii() and code.isprintable()) and any(unicodedata.category(c).startswith("C") for c in code):
        return reading.fault(row, "list.code_control", args)
    if reading.wanted.has_names:
        return None
    if _HAN.search(code):
        return reading.fault(row, "list.code_words", args)
    if not _DIGIT.search(code):
        return reading.fault(row, "list.code_digit", args)
    return None


def _is_ours(reading: _Reading, row: int, name: str, cell: str, own: str) -> bool:
    """Tell whether a row is about the country that was asked for; another is left out, an unknown one is a fault."""
    country = find_country(cell)
    if country is None and cell.casefold() not in (own.casefold(),):
        reading.fault(row, f"list.{name}", {"cell": cell})
        return False
    if country not in (None, own):
        reading.left.setdefault(cell, []).append(row)
        return False
    return True


def _products(reading: _Reading, row: int, cell: str) -> tuple[str, ...]:
    """Return the products that a row is taken for; none, and a fault or a note, where it is not taken."""
    only = reading.wanted.product
    if only is not None and (not cell or only == ANY):
        return (only,)
    if not cell:
        reading.fault(row, "list.product_empty")
        return ()
    if cell not in reading.words:
        reading.words[cell] = _resolve(cell, only, reading.products)
    found = reading.words[cell]
    if isinstance(found, Message):
        reading.faults.append(fault_at(reading.sheet.file, found.key, found.args, row=row))
        return ()
    if not found:
        reading.left.setdefault(cell, []).append(row)
    return found


def _resolve(cell: str, only: str | None, products: Mapping[str, Product]) -> tuple[str, ...] | Message:
    """Return the products of a cell, of which `only` is wanted; or the fault of a word that says too little."""
    whole = find_products(cell, products)
    parts = (
        [cell] if whole or is_any(cell) else [part.strip() for part in _LIST_OF_PRODUCTS.split(cell) if part.strip()]
    )
    taken: list[str] = []
    for part in parts:
        candidates = (ANY,) if is_any(part) else find_products(part, products)
        if not candidates:
            return Message("list.product_unknown", {"cell": part})
        if only is not None:
            taken += [only] if any(_concerns(word, only, products) for word in candidates) else []
        elif len(candidates) > 1:
            return Message("list.product_several", {"cell": part, "products": ", ".join(candidates)})
        else:
            taken += candidates
    return tuple(dict.fromkeys(taken))


def _concerns(word: str, only: str, products: Mapping[str, Product]) -> bool:
    """Tell whether a product or group, or any, speaks of the wanted product or group."""
    if word in (ANY, only):
        return True
    return any({word, only} <= {name, *product.groups} for name, product in products.items() if name in (word, only))


def _read_area(cell: str) -> Decimal | None:
    found = _AREA.fullmatch(_AREA_UNIT.sub("", cell))
    if found is None:
        return None
    whole, short, long = found.groups()
    return Decimal(f"{whole}.{short or long}" if short or long else whole)


def _without_repeats(reading: _Reading) -> tuple[dict[str, tuple[Listed, ...]], list[Message]]:
    """Return the rows with those that stand twice once; rows of a code that contradict each other are faults."""
    kept: dict[str, tuple[Listed, ...]] = {}
    pairs: list[str] = []
    for word, rows in reading.rows.items():
        by_code: dict[str, list[Listed]] = {}
        for row in rows:
            same = by_code.setdefault(fold_code(row.code), [])
            twin = next((other for other in same if _is_twin(other, row)), None)
            other = next((other for other in same if _overlaps(other, row)), None)
            if twin is not None:
                pairs.append(f"{twin.row} = {row.row}")
            elif other is not None:
                reading.fault(row.row, "list.contradicts", {"code": row.code, "row": str(other.row)})
            else:
                same.append(row)
        kept[word] = tuple(row for same in by_code.values() for row in same)
    told = [Message("list.repeated", {"count": str(len(pairs)), "rows": name_some(pairs)})] if pairs else []
    return kept, told


def _is_twin(left: Listed, right: Listed) -> bool:
    return replace(left, row=0, code=fold_code(left.code)) == replace(right, row=0, code=fold_code(right.code))


def _overlaps(left: Listed, right: Listed) -> bool:
    """Tell whether two rows of a code speak for one day; a row without a start may speak for any."""
    if left.start is None or right.start is None:
        return True
    first, second = sorted((left, right), key=lambda row: row.start or "")
    return first.until is None or (second.start or "") <= first.until


def _left_notes(reading: _Reading) -> Iterable[Message]:
    for cell, rows in sorted(reading.left.items()):
        args = {"cell": cell, "count": str(len(rows)), "rows": name_some([str(row) for row in rows])}
        yield Message("list.left", args)


def _first(faults: Sequence[Fault], file: str) -> list[Fault]:
    ordered = sorted(faults, key=lambda fault: fault.span.line if fault.span is not None else 0)
    shown = ordered[:MOST_FAULTS_SHOWN]
    if len(ordered) > len(shown):
        shown.append(fault_at(file, "list.more", {"count": str(len(ordered) - len(shown))}))
    return shown
