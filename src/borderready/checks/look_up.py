# SPDX-License-Identifier: Apache-2.0
"""Finding a row of a table: by its key, by the day, and by the narrowest match."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set

from borderready.fold import fold, fold_code, fold_scientific
from borderready.model import Row, Table

MOST_ANSWERS = 4096  # of one table, kept for manifests that ask the same


def find_row(table: Table, asked: Mapping[str, tuple[str, ...]], day: str | None) -> Row | None:
    """Return the narrowest row that matches on a day.

    Args:
        table: The table; its key says which columns matter.
        asked: For each key column the accepted words, the narrowest first (a product, then its groups).
        day: The day on which the row must hold; None takes any day.

    Returns:
        None when no row matches. An exact word is narrower than a group, a group narrower than `*`; of rows equally
        narrow the one that starts last wins, then the first in the file.
    """
    key = (day, *(asked.get(column, ()) for column in table.key))
    if key not in table.answers:
        if len(table.answers) >= MOST_ANSWERS:
            table.answers.clear()
        table.answers[key] = _find_row(table, asked, day)
    return table.answers[key]


def _find_row(table: Table, asked: Mapping[str, tuple[str, ...]], day: str | None) -> Row | None:
    best: tuple[tuple[int, ...], str, Row] | None = None
    folded = {column: _folded(table, column, asked.get(column, ())) for column in table.key}
    for row in _likely_rows(table, folded):
        if day is not None and not _holds(row, day):
            continue
        ranks: list[int] = []
        for column in table.key:
            rank = _rank(table, row, column, folded[column])
            if rank == -1:
                break
            ranks.append(rank)
        else:
            found = tuple(ranks)
            is_later = best is not None and found == best[0] and (row.start or "") > best[1]
            if best is None or is_later or _narrower(found, best[0]):
                best = (found, row.start or "", row)
    return best[2] if best is not None else None


def cells_of(table: Table, column: str) -> Set[str]:
    """Return what stands in a column, as it is written."""
    if column not in table.cells:
        table.cells[column] = frozenset(row.cells[column] for row in table.rows if column in row.cells)
    return table.cells[column]


def find_rows(table: Table, asked: Mapping[str, tuple[str, ...]]) -> list[Row]:
    """Return every row, of any day, that matches the columns asked for; columns left out match anything."""
    folded = {column: _folded(table, column, words) for column, words in asked.items()}
    return [
        row
        for row in _likely_rows(table, folded)
        if all(_rank(table, row, column, words) != -1 for column, words in folded.items())
    ]


def _likely_rows(table: Table, folded: Mapping[str, tuple[str, ...]]) -> Sequence[Row]:
    """Return the rows that can match, in their order: those of the column whose words are rarest."""
    fewest: list[int] | None = None
    for column, words in folded.items():
        kind = table.kinds.get(column, "text")
        places = _places(table, column)
        cells = dict.fromkeys(cell for word in words for cell in _cells_for(word, kind))
        found = [place for cell in ("*", *cells) for place in places.get(cell, ())]
        if fewest is None or len(found) < len(fewest):
            fewest = found
    return table.rows if fewest is None else [table.rows[place] for place in sorted(fewest)]


def _places(table: Table, column: str) -> Mapping[str, list[int]]:
    places = table.places.get(column)
    if places is None:
        fold_as = _FOLDS.get(table.kinds.get(column, "text"), fold)
        places = table.places[column] = {}
        for place, row in enumerate(table.rows):
            cell = row.cells.get(column, "")
            places.setdefault(cell if cell == "*" else fold_as(cell), []).append(place)
    return places


def _cells_for(word: str, kind: str) -> Iterable[str]:
    """Return the folded cells that match a word, as _rank compares them."""
    if kind == "digits":
        return (word[:length] for length in range(len(word) + 1))
    return (word, word.split(" ")[0]) if kind == "scientific-name" else (word,)


def _holds(row: Row, day: str) -> bool:
    return (row.start is None or row.start <= day) and (row.until is None or day <= row.until)


_FOLDS: Mapping[str, Callable[[str], str]] = {
    "scientific-name": fold_scientific,
    "code": fold_code,
    "digits": fold_code,
}


def _folded(table: Table, column: str, words: tuple[str, ...]) -> tuple[str, ...]:
    fold_as = _FOLDS.get(table.kinds.get(column, "text"), fold)
    return tuple(fold_as(word) for word in words)


def _rank(table: Table, row: Row, column: str, asked: tuple[str, ...]) -> int:
    """Return how far down the list of words the cell stands (0 is narrowest), 1000 for `*`, -1 for no match.

    Digits match from the left: a row of eight digits answers for the ten- and thirteen-digit codes below it.
    """
    cell = row.cells.get(column, "")
    if cell == "*":
        return 1000
    kind = table.kinds.get(column, "text")
    folded = _FOLDS.get(kind, fold)(cell)
    if folded in asked:
        return asked.index(folded)
    for rank, word in enumerate(asked):
        if kind == "digits" and word.startswith(folded):
            return rank
        # "Musa sp." in a table folds to the genus and stands for each of its species.
        if kind == "scientific-name" and " " not in folded and word.split(" ")[0] == folded:
            return rank
    return -1


def _narrower(left: tuple[int, ...], right: tuple[int, ...]) -> bool:
    return sum(left) < sum(right) or (sum(left) == sum(right) and left < right)
