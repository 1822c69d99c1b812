# SPDX-License-Identifier: Apache-2.0
"""pack.yaml: what a pack of one's own is called, which pack it extends, and what it disables of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from borderready.errors import Fault, RuleBaseError
from borderready.model import Disabled, PackId, Path, RuleId, Texts, Value
from borderready.read.base_names import BaseNames
from borderready.read.notice import near_hint
from borderready.read.pack_manifest import BUILT_IN, PACK_FILE
from borderready.read.rule import as_mapping, as_text, as_tuple, make_texts, maybe_text
from borderready.read.rule_base import type_file
from borderready.read.rule_judge import fault_at
from borderready.read.schema import in_order
from borderready.read.strict_yaml import Document
from borderready.read.tree import locate
from borderready.read.version_range import is_within
from borderready.read.waiver import MIN_REASON_CELLS, has_substance

MAX_HINTS = 20  # looking for the nearest of a thousand ids takes its time


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFile:
    """A pack.yaml whose form is right; whether its base is the right one is judged where that is known.

    Attributes:
        base: Name of the pack that it extends, None for a pack that stands alone.
        base_versions: Range of that pack's version, "" for any.
    """

    name: str
    title: Texts
    base: str | None
    base_versions: str
    disables: tuple[Disabled, ...]
    document: Document

    def fault(self, place: Path, key: str, args: Mapping[str, str]) -> Fault:
        """Return a fault at a place of the file."""
        return fault_at(self.document, PACK_FILE, place, key, args)


def read_pack_file(content: bytes, *, engine: str | None = None) -> PackFile:
    """Return a typed pack.yaml; raises RuleBaseError with all faults, also where the engine is out of its range."""
    value, document, faults = type_file("pack", content, file=PACK_FILE)
    if value is None or document is None:
        raise RuleBaseError(faults)
    data = as_mapping(value)
    base, _, versions = as_text(data.get("extends", "")).partition(" ")
    name = as_text(data["name"])
    file = PackFile(
        name=name,
        title=make_texts(data["title"]),
        base=base or None,
        base_versions=versions.strip(),
        disables=tuple(
            _make_disabled(name, as_mapping(entry), locate(document.root, ("disables", index)).line)
            for index, entry in enumerate(as_tuple(data.get("disables", ())))
        ),
        document=document,
    )
    own = _judge(data, file, engine)
    if own:
        raise RuleBaseError(in_order(own))
    return file


def _make_disabled(pack: str, data: Mapping[str, Value], line: int) -> Disabled:
    return Disabled(
        pack=pack,
        rule=RuleId(as_text(data["rule"])),
        reason=as_text(data["reason"]),
        until=maybe_text(data, "until"),
        line=line,
    )


def _judge(data: Mapping[str, Value], file: PackFile, engine: str | None) -> list[Fault]:
    """Return what a schema cannot say."""
    faults: list[Fault] = []
    if file.name == BUILT_IN and file.base is not None:
        faults.append(file.fault(("name",), "extend.reserved", {"name": file.name}))
    bounds = maybe_text(data, "engine")
    if bounds is not None and engine is not None and not is_within(engine, bounds):
        faults.append(file.fault(("engine",), "extend.engine", {"engine": engine, "range": bounds}))
    if file.disables and file.base is None:
        faults.append(file.fault(("disables",), "extend.nothing_to_disable", {}))
    seen: set[str] = set()
    for index, one in enumerate(file.disables):
        if one.rule in seen:
            faults.append(file.fault(("disables", index, "rule"), "extend.disabled_twice", {"rule": one.rule}))
        seen.add(one.rule)
        if not has_substance(one.reason):
            args = {"reason": one.reason, "least": str(MIN_REASON_CELLS)}
            faults.append(file.fault(("disables", index, "reason"), "waiver.reason", args))
    return faults


def judge_base(file: PackFile, base: PackId, names: BaseNames) -> list[Fault]:
    """Return what is wrong between a pack and its base: the version, and what cannot be disabled."""
    faults: list[Fault] = []
    if file.base_versions and not is_within(base.version, file.base_versions):
        args = {"name": base.name, "version": base.version, "range": file.base_versions}
        faults.append(file.fault(("extends",), "extend.base_version", args))
    for index, one in enumerate(file.disables):
        place = ("disables", index, "rule")
        if one.rule not in names.rules:
            fault = file.fault(place, "extend.disables_nothing", {"rule": one.rule, "base": base.name})
            hint = near_hint(one.rule, names.rules) if len(faults) < MAX_HINTS else None
            faults.append(replace(fault, hint=hint))
        elif one.rule in names.never:
            faults.append(file.fault(place, "extend.never", {"rule": one.rule}))
    return faults
