# SPDX-License-Identifier: Apache-2.0
"""What a schema cannot say of a rule: its id is its path, starts descend, paths parse, links lead somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set

from borderready.errors import Fault
from borderready.model import Message, Path, Rule, RuleId, Value
from borderready.paths import parse_path, write_path
from borderready.read.rule import as_mapping, as_text, as_tuple
from borderready.read.strict_yaml import Document
from borderready.read.tree import locate

# Options of check kinds that are paths into a manifest.
PATH_OPTIONS = ("of", "with", "not_before", "not_after", "since", "match", "unless_at")


def judge_rule(data: Mapping[str, Value], document: Document, path: str, *, pack: str | None = None) -> list[Fault]:
    """Return what is wrong with the id, the starts and the paths of a typed rule file.

    With the name of a `pack` the id is that name, a colon, and the path.
    """
    faults: list[Fault] = []
    found, stem = as_text(data["id"]), path.removesuffix(".yaml")
    if pack is None and found != stem:
        faults.append(fault_at(document, path, ("id",), "pack.id_path", {"id": found}))
    elif pack is not None and found != f"{pack}:{stem}":
        args = {"id": found, "wanted": f"{pack}:{stem}"}
        faults.append(fault_at(document, path, ("id",), "extend.id", args))
    starts = [as_text(as_mapping(wording)["start"]) for wording in as_tuple(data["wordings"])]
    for index in range(1, len(starts)):
        if starts[index] >= starts[index - 1]:
            args = {"start": starts[index], "above": starts[index - 1]}
            faults.append(fault_at(document, path, ("wordings", index, "start"), "pack.starts", args))
    applies = as_mapping(data["applies_to"])
    places: list[tuple[Path, str]] = [(("field",), as_text(data["field"]))]
    for kind in ("when", "unless"):
        places += [(("applies_to", kind, where), where) for where in as_mapping(applies.get(kind, {}))]
    for kind in ("given", "absent"):
        entries = as_tuple(applies.get(kind, ()))
        places += [(("applies_to", kind, index), as_text(where)) for index, where in enumerate(entries)]
    for number, wording in enumerate(as_tuple(data["wordings"])):
        places += _option_paths(as_mapping(wording).get("options", {}), ("wordings", number, "options"))
    for place, text in places:
        try:
            parse_path(text)
        except ValueError as error:
            faults.append(fault_at(document, path, place, "pack.path", {"path": text, "reason": str(error)}))
    return faults


def _option_paths(options: Value, place: Path) -> list[tuple[Path, str]]:
    """Return the options of a wording that are paths, each with its place."""
    found: list[tuple[Path, str]] = []
    for name, value in options.items() if isinstance(options, Mapping) else ():
        if name in PATH_OPTIONS:
            if isinstance(value, str):
                found.append(((*place, name), value))
            elif isinstance(value, Mapping):
                found += [((*place, name, column), str(inner)) for column, inner in value.items()]
            elif isinstance(value, tuple):
                found += [((*place, name, index), str(inner)) for index, inner in enumerate(value)]
    return found


def judge_patterns(
    problem_of: Callable[[str], str | None], options: tuple[Mapping[str, Value], ...], document: Document, path: str
) -> list[Fault]:
    """Return the patterns of wordings that could take more than linear time, or that are none."""
    faults = []
    for index, given in enumerate(options):
        pattern = given.get("pattern")
        problem = problem_of(pattern) if isinstance(pattern, str) else None
        if problem is not None:
            place = ("wordings", index, "options", "pattern")
            faults.append(fault_at(document, path, place, "pack.pattern", {"problem": problem}))
    return faults


def broken_links(
    rule: Rule,
    *,
    rules: Set[RuleId],
    base: Set[str],
    goods: Set[str] | None,
    instruments: Set[str],
    tables: Set[str],
) -> Iterator[tuple[Path, str, dict[str, str]]]:
    """Yield what a rule names that is not there: the place, the key of the message, and its arguments.

    A rule displaces only `rules` of its own pack: those of the `base` are loosened by nothing but `disables`.
    """
    for index, name in enumerate(rule.scope.products):
        if goods is not None and name not in goods:
            yield ("applies_to", "product", index), "pack.no_product", {"product": name}
    for kind, links in (("overrides", rule.overrides), ("replaces", rule.replaces)):
        for index, link in enumerate(links):
            if link not in rules:
                yield (kind, index), "extend.displaces" if link in base else "pack.no_rule", {"rule": link}
    for index, wording in enumerate(rule.wordings):
        if wording.source.instrument not in instruments:
            args = {"instrument": wording.source.instrument}
            yield ("wordings", index, "source", "instrument"), "pack.no_instrument", args
        besides = wording.options.get("besides", ())
        named = [("table", wording.options.get("table"))]
        named += [("besides", name) for name in (besides if isinstance(besides, tuple) else ())]
        for option, table in named:
            if isinstance(table, str) and table not in tables:
                yield ("wordings", index, "options", option), "pack.no_table", {"table": table}


def whole_fault(file: str, what: Message, hint: Message | None = None) -> Fault:
    """Return a fault of a whole file."""
    return Fault(file=file, span=None, path="", what=what, hint=hint)


def fault_at(document: Document, file: str, path: Path, key: str, args: Mapping[str, str]) -> Fault:
    """Return a fault at a place of a document."""
    span = locate(document.root, path)
    line = document.lines[span.line - 1] if span.line <= len(document.lines) else None
    return Fault(file=file, span=span, path=write_path(path), what=Message(key, args), line_text=line)
