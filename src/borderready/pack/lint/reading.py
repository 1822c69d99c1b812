# SPDX-License-Identifier: Apache-2.0
"""What the reader of packs refuses, as findings of the linter: each kind of fault has an id and a page like a lint's.

A pack that cannot be read is judged no further: what its files say is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from borderready.errors import Fault
from borderready.pack.lint.finding import LintFinding

YAML, SCHEMA, UNKNOWN_KEY, ID_PATH, STARTS = "yaml", "schema", "unknown-key", "id-path", "starts"
LINK, FIELD_PATH, PATTERN, TABLE_CELL, NOTICE = "link", "field-path", "pattern", "table-cell", "notice"
EXTENDS = "extends"
IDS = (YAML, SCHEMA, UNKNOWN_KEY, ID_PATH, STARTS, LINK, FIELD_PATH, PATTERN, TABLE_CELL, NOTICE, EXTENDS)
_OF_KEYS: Mapping[str, str] = {
    "type.unknown_key": UNKNOWN_KEY,
    "pack.id_path": ID_PATH,
    "extend.id": ID_PATH,
    "pack.starts": STARTS,
    "pack.no_rule": LINK,
    "pack.no_product": LINK,
    "pack.no_instrument": LINK,
    "pack.no_table": LINK,
    "pack.no_group": LINK,
    "pack.path": FIELD_PATH,
    "pack.pattern": PATTERN,
    "pack.key_column": TABLE_CELL,
    "pack.own_column": TABLE_CELL,
    "pack.synonyms": TABLE_CELL,
    "waiver.reason": EXTENDS,
}
_OF_BEGINNINGS: Mapping[str, str] = {"read.": YAML, "pack.table_": TABLE_CELL, "notice.": NOTICE, "extend.": EXTENDS}


def lint_faults(faults: Iterable[Fault]) -> tuple[LintFinding, ...]:
    """Return the faults of a pack that could not be read as findings, in the order of its files."""
    found = [LintFinding(lint=id_of(fault), is_error=True, fault=fault) for fault in faults]
    return tuple(sorted(found, key=lambda f: (f.fault.file, f.fault.span.line if f.fault.span else 0, f.lint)))


def id_of(fault: Fault) -> str:
    """Return the id of the kind of fault; what has none of its own is one of the schema."""
    key = fault.what.key
    begun = (lint for beginning, lint in _OF_BEGINNINGS.items() if key.startswith(beginning))
    return _OF_KEYS.get(key) or next(begun, SCHEMA)
