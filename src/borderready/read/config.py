# SPDX-License-Identifier: Apache-2.0
"""The configuration: found upwards from the working folder, read from borderready.toml or pyproject.toml.

Looking for it costs a few looks at the disk; tomllib is loaded only where there is one.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from borderready.errors import ConfigError, Fault
from borderready.model import Message, Span
from borderready.settings import (
    KEYS,
    OVERRIDABLE,
    PATHS,
    ConfigFile,
    Given,
    Override,
    Setting,
    Trust,
    is_pack_named,
    judge_setting,
    judge_trust,
    unknown_key,
)

OWN = "borderready.toml"
SHARED = "pyproject.toml"
_TABLE = "tool.borderready"
# A table, a dotted key or an inline table that could be ours; most pyproject.toml need not be parsed to see it is not.
_MENTIONS = re.compile(rb"^[ \t]*\[*[ \t]*[\"']?tool[\"']?[ \t]*(?:\]|=|\.[ \t]*[\"']?borderready\b)", re.MULTILINE)
_AT = re.compile(r"\(at line ([0-9]+), column ([0-9]+)\)")


def find_config(folder: str) -> FilePath | None:
    """Return the configuration for a folder: in it or the nearest above it, up to one with .git, or to the root.

    borderready.toml comes before pyproject.toml; one that has no table [tool.borderready] is passed over.
    """
    above = os.path.abspath(folder)
    while True:
        own, shared = os.path.join(above, OWN), os.path.join(above, SHARED)
        if os.path.isfile(own):
            return FilePath(own)
        if os.path.isfile(shared) and _is_ours(FilePath(shared)):
            return FilePath(shared)
        parent = os.path.dirname(above)
        if parent == above or os.path.exists(os.path.join(above, ".git")):
            return None
        above = parent


def _is_ours(path: FilePath) -> bool:
    """Tell whether a pyproject.toml has our table; one that cannot be read or parsed is its owner's business."""
    try:
        content = path.read_bytes()
        if not _MENTIONS.search(content):
            return False
        import tomllib

        tool = tomllib.loads(content.decode("utf-8-sig")).get("tool")
    except (OSError, ValueError):
        return False
    return isinstance(tool, Mapping) and "borderready" in tool


def read_config(path: FilePath, *, working_folder: str) -> ConfigFile:
    """Return a configuration; raises ConfigError with everything that is wrong with it.

    Args:
        path: The file; where its name is pyproject.toml only the table [tool.borderready] is read.
        working_folder: Absolute; the paths in the result are relative to it.
    """
    import tomllib

    root = os.path.dirname(os.path.abspath(path))
    shown = _seen_from(working_folder, os.path.abspath(path))
    try:
        text = path.read_bytes().decode("utf-8-sig")
        data: Any = tomllib.loads(text)
    except OSError as error:
        what = Message("config.unreadable", {"reason": error.strerror or str(error)})
        raise ConfigError([Fault(file=shown, span=None, path="", what=what)]) from error
    except UnicodeDecodeError as error:
        what = Message("config.not_utf8")
        raise ConfigError([Fault(file=shown, span=None, path="", what=what)]) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_syntax_fault(str(error), shown)]) from error
    table = ""
    if path.name == SHARED:
        table = _TABLE
        tool = data.get("tool", {})
        data = tool.get("borderready") if isinstance(tool, Mapping) else None
    if not isinstance(data, Mapping):
        what = Message("config.no_table", {"table": _TABLE})
        raise ConfigError([Fault(file=shown, span=None, path="", what=what)])
    reader = _Reader(shown, table, text.splitlines(), _seen_from(working_folder, root), root)
    values = reader.read_values(data, (*KEYS, "overrides", "trust"), table, 0)
    overrides = reader.read_overrides(data.get("overrides", []))
    trust = reader.read_trust(data.get("trust", {}))
    if reader.faults:
        raise ConfigError(reader.faults)
    return ConfigFile(file=shown, root=root, values=values, overrides=overrides, trust=trust)


def _seen_from(folder: str, path: str) -> str:
    """Return a path relative to a folder, with slashes; as it is where there is no way from one to the other."""
    try:
        return os.path.relpath(path, folder).replace(os.sep, "/")
    except ValueError:  # another drive
        return path.replace(os.sep, "/")


def _syntax_fault(reason: str, file: str) -> Fault:
    match = _AT.search(reason)
    span = None
    if match is not None:
        line, column = int(match[1]), int(match[2])
        span = Span(line=line, column=column, end_line=line, end_column=column + 1)
    told = _AT.sub("", reason).strip()
    return Fault(file=file, span=span, path="", what=Message("config.syntax", {"reason": told}))


class _Reader:
    """Judges the tables of one file and gathers faults; knows the lines, since tomllib forgets them."""

    def __init__(self, file: str, table: str, lines: list[str], base: str, root: str) -> None:
        self.file, self.table, self.lines, self.base, self.root = file, table, lines, base, root
        self.faults: list[Fault] = []

    def read_values(self, data: Mapping[str, Any], known: tuple[str, ...], table: str, number: int) -> dict[str, Given]:
        """Return the values of the known keys of a table, which is the `number`th of its name."""
        values: dict[str, Given] = {}
        for key, found in data.items():
            if key in ("overrides", "paths", "trust") and key in known:
                continue
            line = self.line_of(table, number, key)
            span = Span(line=line, column=1, end_line=line, end_column=len(key) + 1) if line else None
            line_text = self.lines[line - 1] if line else None
            if key not in known:
                offered = tuple(sorted(known))
                self.faults.append(unknown_key(key, offered, file=self.file, span=span, path=key, line_text=line_text))
                continue
            value = tuple(found) if isinstance(found, list) else found
            problem = judge_setting(key, value)
            if problem is not None:
                self.faults.append(Fault(file=self.file, span=span, path=key, what=problem, line_text=line_text))
                continue
            values[key] = Given(value=self.resolve(key, value), origin=f"{self.file}:{line}" if line else self.file)
        return values

    def read_overrides(self, found: object) -> tuple[Override, ...]:
        """Return the overrides, each with its patterns."""
        if not isinstance(found, list) or not all(isinstance(entry, Mapping) for entry in found):
            self.faults.append(Fault(file=self.file, span=None, path="overrides", what=Message("config.overrides")))
            return ()
        table = f"{self.table}.overrides".lstrip(".")
        overrides = []
        for number, entry in enumerate(found):
            values = self.read_values(entry, ("paths", *OVERRIDABLE), table, number)
            paths = entry.get("paths")
            patterns = tuple(paths) if isinstance(paths, list) else ()
            if not patterns or judge_setting("exclude", patterns) is not None:
                what = Message("config.no_paths", {"number": str(number + 1)})
                self.faults.append(Fault(file=self.file, span=None, path=f"overrides[{number}].paths", what=what))
                continue
            overrides.append(Override(paths=patterns, values=values))
        return tuple(overrides)

    def read_trust(self, found: object) -> dict[str, Trust]:
        """Return whose signatures packs need, by the name of the pack."""
        if not isinstance(found, Mapping):
            self.faults.append(Fault(file=self.file, span=None, path="trust", what=Message("config.trust")))
            return {}
        trust: dict[str, Trust] = {}
        for name, entry in found.items():
            problem = judge_trust(name, entry)
            if problem is None:
                trust[name] = Trust(keys=tuple(entry["keys"]), threshold=entry.get("threshold", 1))
                continue
            line = self.line_of(f"{self.table}.trust.{name}".lstrip("."), 0, "keys")
            span = Span(line=line, column=1, end_line=line, end_column=5) if line else None
            line_text = self.lines[line - 1] if line else None
            hint = Message("config.trust_hint")
            where = f"trust.{name}"
            self.faults.append(
                Fault(file=self.file, span=span, path=where, what=problem, hint=hint, line_text=line_text)
            )
        return trust

    def resolve(self, key: str, value: Setting) -> Setting:
        """Return a value as the working folder sees it: paths are written relative to the file."""
        is_path = key in PATHS or (key == "repository" and "://" not in str(value))
        if is_path and isinstance(value, str):
            if key == "rules" and is_pack_named(value) and not os.path.lexists(os.path.join(self.root, value)):
                return value
            return self._seen(value)
        if key == "waivers" and isinstance(value, tuple):
            return tuple(map(self._seen, value))
        return value

    def _seen(self, written: str) -> str:
        return posixpath.normpath(posixpath.join(self.base, os.path.expanduser(written).replace(os.sep, "/")))

    def line_of(self, table: str, number: int, key: str) -> int | None:
        """Return the line of a key in the `number`th table of a name, None where it cannot be told for sure.

        tomllib gives no lines; two lines that look like the key (one of them inside a long text) give none either.
        """
        begins = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""")
        header = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?")
        current, seen, found = "", -1 if table else 0, []
        for index, line in enumerate(self.lines, start=1):
            head = header.fullmatch(line)
            if head is not None:
                current = re.sub(r"[\s\"']", "", head[1])
                seen += current == table
            elif current == table and seen == number and begins.match(line):
                found.append(index)
        return found[0] if len(found) == 1 else None
