# SPDX-License-Identifier: Apache-2.0
"""Files of waivers, and baselines, to waivers; what cannot be read, or says too little to be judged, is a fault."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path as FilePath

from borderready.errors import ConfigError, Fault
from borderready.model import BASELINE_REASON, Message, Path, RuleId, Status, Value, Waiver, WaiverKind
from borderready.read.rule import as_mapping, as_text, as_tuple
from borderready.read.rule_base import type_file
from borderready.read.rule_judge import fault_at, whole_fault
from borderready.read.schema import fits, in_order
from borderready.read.strict_yaml import MAX_BYTES, Document
from borderready.read.tree import locate

MIN_REASON_CELLS = 10  # a Chinese character counts as two, as it does on a screen
_SCOPE = ("reference", "exporter", "lot", "path")
_EMPTY_WORDS = frozenset("todo tbd fixme xxx na n/a none nil null test temp temporary waiver waived later ok".split())
BASELINE = "baseline/1"
MAX_BASELINE_BYTES = 64 * 1024 * 1024


def read_waivers(path: FilePath, *, shown_as: str) -> tuple[tuple[Waiver, ...], str]:
    """Return the waivers of a file and the digest of its bytes; raises ConfigError with everything wrong with it.

    A last day that is no day does not keep a file from loading: such a waiver has no `until` and never holds.
    """
    content = _load(path, shown_as, MAX_BYTES)
    if not content.strip():
        raise ConfigError([whole_fault(shown_as, Message("waiver.empty"), Message("waiver.empty_hint"))])
    value, document, faults = type_file("waivers", content, file=shown_as)
    if value is None or document is None:
        raise ConfigError(faults)
    entries = [as_mapping(entry) for entry in as_tuple(value)]
    own = [fault for index, entry in enumerate(entries) for fault in _judge(entry, index, document, shown_as)]
    own += _same_ids(entries, document, shown_as)
    if own:
        raise ConfigError(in_order(own))
    waivers = (_make(entry, locate(document.root, (index,)).line, shown_as) for index, entry in enumerate(entries))
    return tuple(waivers), sha256(content).hexdigest()


def _load(path: FilePath, shown_as: str, most_bytes: int) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(most_bytes + 1)
    except OSError as error:
        what = Message("waiver.unreadable", {"reason": error.strerror or str(error)})
        raise ConfigError([whole_fault(shown_as, what, Message("waiver.unreadable_hint"))]) from error
    if len(content) > most_bytes:
        raise ConfigError([whole_fault(shown_as, Message("waiver.too_large"))])
    return content


def _judge(entry: Mapping[str, Value], index: int, document: Document, file: str) -> list[Fault]:
    """Return what a schema cannot say: a scope that is none or two, a reason or an owner without substance."""
    faults: list[Fault] = []
    named = [key for key in _SCOPE if key in entry]
    if not named and "scope" not in entry:
        faults.append(fault_at(document, file, (index, "rule"), "waiver.no_scope", {}))
    if named and "scope" in entry:
        faults.append(fault_at(document, file, (index, "scope"), "waiver.two_scopes", {"keys": ", ".join(named)}))
    for key in (*named, "id", "owner"):
        if key in entry and not as_text(entry[key]).strip():
            faults.append(fault_at(document, file, (index, key), "waiver.blank", {"key": key}))
    if not has_substance(as_text(entry["reason"])):
        args = {"reason": as_text(entry["reason"]), "least": str(MIN_REASON_CELLS)}
        faults.append(fault_at(document, file, (index, "reason"), "waiver.reason", args))
    return faults


def has_substance(reason: str) -> bool:
    """Tell whether a reason says something: ten cells or more, and not only words such as todo."""
    folded = " ".join(unicodedata.normalize("NFKC", reason).casefold().split())
    cells = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in folded)
    words = {word.strip(".,;:!?()[]-") for word in folded.split()} - {""}
    letters = {char for char in folded if char.isalpha()}
    return cells >= MIN_REASON_CELLS and len(letters) > 3 and not words <= _EMPTY_WORDS


def _same_ids(entries: list[Mapping[str, Value]], document: Document, file: str) -> list[Fault]:
    seen: set[str] = set()
    faults = []
    for index, entry in enumerate(entries):
        name = entry.get("id")
        if isinstance(name, str) and name in seen:
            place: Path = (index, "id")
            faults.append(fault_at(document, file, place, "waiver.same_id", {"id": name}))
        seen.add(str(name))
    return faults


def _make(entry: Mapping[str, Value], line: int, file: str) -> Waiver:
    def given(key: str) -> str | None:
        return as_text(entry[key]).strip() if key in entry else None

    until = as_text(entry["until"]).strip()
    return Waiver(
        file=file,
        line=line,
        id=given("id"),
        rule=RuleId(as_text(entry["rule"])),
        reason=" ".join(as_text(entry["reason"]).split()),
        owner=given("owner"),
        until=until if _is_day(until) else None,
        written_until=until,
        reference=given("reference"),
        exporter=given("exporter"),
        lot=given("lot"),
        path=given("path"),
    )


def _is_day(text: str) -> bool:
    """Tell whether a text is a day written year-month-day, and no other of the forms that Python takes."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def read_baseline(path: FilePath, *, shown_as: str) -> tuple[tuple[Waiver, ...], str]:
    """Return the entries of a baseline as waivers, and the digest of its bytes; raises ConfigError."""
    content = _load(path, shown_as, MAX_BASELINE_BYTES)
    value = _as_written(content)
    if value is None:
        value = _by_hand(content, shown_as)
    lines: dict[str, int] = {}
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        before, found, rest = line.partition('"fingerprint"')
        if found:
            lines.setdefault(rest.split('"')[1] if rest.count('"') > 1 else before, number)
    entries = (as_mapping(entry) for entry in as_tuple(as_mapping(value)["entries"]))
    waivers = tuple(
        Waiver(
            kind=WaiverKind.BASELINE,
            file=shown_as,
            line=lines.get(as_text(entry["fingerprint"]), 1),
            rule=RuleId(as_text(entry["rule"])),
            reason=BASELINE_REASON,
            reference=as_text(entry["reference"]) if "reference" in entry else None,
            fingerprint=as_text(entry["fingerprint"]),
            status=Status(as_text(entry["status"])),
        )
        for entry in entries
    )
    return waivers, sha256(content).hexdigest()


def _as_written(content: bytes) -> Value | None:
    """Return a baseline that is what `baseline` writes, JSON without a fault, None of anything else."""
    try:
        value = json.loads(content, object_pairs_hook=_once_each)
    except (ValueError, RecursionError):
        return None
    if not fits("baseline", value):
        return None
    return {**value, "entries": tuple(value["entries"])}


def _once_each(pairs: list[tuple[str, Value]]) -> Mapping[str, Value]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a key stands there twice")
    return value


def _by_hand(content: bytes, shown_as: str) -> Value:
    """Return a baseline that somebody has edited; raises ConfigError with everything wrong with it."""
    if len(content) > MAX_BYTES:
        raise ConfigError([whole_fault(shown_as, Message("baseline.form"), Message("baseline.form_hint"))])
    value, _, faults = type_file("baseline", content, file=shown_as) if content.strip() else (None, None, ())
    if value is None:
        what, hint = Message("baseline.form"), Message("baseline.form_hint")
        raise ConfigError(faults or [whole_fault(shown_as, what, hint)])
    return value


def write_baseline(entries: Iterable[Waiver]) -> str:
    """Return a baseline as text, one entry a line, sorted by consignment, rule and fingerprint; equal ones once."""
    lines = {
        (entry.reference or "", entry.rule, entry.fingerprint or "", str(entry.status)): json.dumps(
            {
                "fingerprint": entry.fingerprint,
                "status": entry.status,
                "rule": entry.rule,
                **({"reference": entry.reference} if entry.reference else {}),
            },
            ensure_ascii=False,
        )
        for entry in entries
    }
    body = ",\n".join(lines[key] for key in sorted(lines))
    return f'{{"borderready": "{BASELINE}", "entries": [\n{body}\n]}}\n'
