# SPDX-License-Identifier: Apache-2.0
"""What the tests of the reader share: texts of manifests, faults on one line each, and children that are not root."""

from __future__ import annotations

import os
import pickle
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from borderready.cli.session import kind_schemas
from borderready.errors import Fault
from borderready.model import Manifest, Message, RuleBase, Span, Value
from borderready.read.manifest import Invalid, parse_manifests
from borderready.read.rule_base import KindSchemas
from borderready.read.rule_cache import load_rule_base
from borderready.read.rule_cache_file import Goods

SMALLEST = "borderready: 1\nshipment: {origin: VN}\nlots: [{id: L1, product: durian-fresh}]\n"
KINDS: KindSchemas = kind_schemas()
# What ends a line for an editor and for YAML 1.2.
_LINE_END = re.compile("\r\n|[\n\r]")
_NOBODY = 65534
T = TypeVar("T")


def lot_text(*lines: str) -> str:
    """Return a manifest whose lot has these lines from line 6 on, each from column 5 on."""
    return "\n".join(
        (
            "borderready: 1",
            "shipment: {origin: VN}",
            "lots:",
            "  - id: L1",
            "    product: durian-fresh",
            *(f"    {line}" for line in lines),
            "",
        )
    )


def read_all(content: str | bytes) -> tuple[Manifest | Invalid, ...]:
    """Return what the reader makes of the content of a file `m.yaml`."""
    return parse_manifests(content.encode() if isinstance(content, str) else content, file="m.yaml")


def read_one(content: str | bytes) -> Mapping[str, Value]:
    """Return the typed data of a file with one manifest that has no fault."""
    (manifest,) = read_all(content)
    assert isinstance(manifest, Manifest), faults_in(content)
    return manifest.data


def read_lot(*lines: str) -> Mapping[str, Value]:
    """Return what these lines add to the typed data of a lot."""
    lots = read_one(lot_text(*lines))["lots"]
    assert isinstance(lots, tuple)
    assert isinstance(lots[0], Mapping)
    return {key: value for key, value in lots[0].items() if key not in ("id", "product")}


def faults_in(content: str | bytes) -> list[str]:
    """Return all faults of a file, each on one line; none when every manifest in it stands."""
    return [brief(fault) for result in read_all(content) if isinstance(result, Invalid) for fault in result.faults]


def faults_in_lot(*lines: str) -> list[str]:
    """Return the faults of a manifest whose lot has these lines from line 6, column 5 on."""
    return faults_in(lot_text(*lines))


def brief(fault: Fault) -> str:
    """Return a fault on one line: `7:13 lots[0].origin schema.pattern(found=vn) ? schema.pattern_hint(example=VN)`.

    A dot stands for no place or no path; the hint follows the question mark.
    """
    place = "." if fault.span is None else f"{fault.span.line}:{fault.span.column}"
    hint = "" if fault.hint is None else f" ? {_write(fault.hint)}"
    return f"{place} {fault.path or '.'} {_write(fault.what)}{hint}"


def _write(message: Message) -> str:
    args = ", ".join(f"{name}={value}" for name, value in {**message.args, **message.words}.items())
    return f"{message.key}({args})" if args else message.key


def kinds_of(value: Value) -> object:
    """Return typed data with the type of each scalar beside it: 1, true and Decimal(1) are equal and not the same."""
    if isinstance(value, Mapping):
        return {key: kinds_of(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(kinds_of(member) for member in value)
    return type(value).__name__, value


def lines_of(text: str) -> list[str]:
    """Return the lines of a text as an editor counts them."""
    return _LINE_END.split(text)


def outside(span: Span | None, text: str) -> str | None:
    """Return how a span leaves the text of its file, None when it lies within."""
    if span is None:
        return None
    lines = lines_of(text)
    if not 1 <= span.line <= span.end_line <= len(lines):
        return f"lines {span.line} to {span.end_line} of {len(lines)}"
    if not 1 <= span.column <= len(lines[span.line - 1]) + 1:
        return f"column {span.column} of a line of {len(lines[span.line - 1])}"
    # The end is exclusive, and a point at the end of a line is one column wide.
    if not 1 <= span.end_column <= len(lines[span.end_line - 1]) + 2:
        return f"end column {span.end_column} of a line of {len(lines[span.end_line - 1])}"
    if (span.end_line, span.end_column) < (span.line, span.column):
        return f"ends at {span.end_line}:{span.end_column}, before it starts"
    return None


def load(
    root: Path,
    *,
    cache_dir: Path | None = None,
    engine: str = "1.0.0",
    name: str = "small",
    goods: Goods | None = None,
) -> RuleBase:
    """Return the rule base of a pack folder, read anew unless a cache is named."""
    return load_rule_base(root, KINDS, cache_dir=cache_dir, engine=engine, name=name, goods=goods)


class Child(NamedTuple):
    """A process that answers one question."""

    pid: int
    reader: int


def start_child(question: Callable[[], object], *, folder: Path | None = None, unprivileged: bool = False) -> Child:
    """Fork a child that answers a question, from a folder; without privilege it is nobody where we are root.

    A folder that the child enters before it gives up being root needs no way to it that anyone may go.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return Child(pid, reader)
    try:
        os.close(reader)
        answer = _answer(question, folder, unprivileged=unprivileged)
        with os.fdopen(writer, "wb") as stream:
            stream.write(pickle.dumps(answer))
    finally:
        os._exit(0)  # never back into the test runner


def _answer(question: Callable[[], object], folder: Path | None, *, unprivileged: bool) -> tuple[bool, object]:
    try:
        if folder is not None:
            os.chdir(folder)
        if unprivileged and os.geteuid() == 0:
            os.setgroups([])
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)
        return True, question()
    except BaseException as error:  # noqa: BLE001  # told to the parent, never raised in a copy of the test runner
        return False, f"{type(error).__name__}: {error}"


def answer_of(child: Child) -> Any:
    """Return the answer of a child, once it has ended."""
    with os.fdopen(child.reader, "rb") as stream:
        content = stream.read()
    os.waitpid(child.pid, 0)
    assert content, "the child left without an answer"
    answered, answer = pickle.loads(content)
    assert answered, answer
    return answer


def ask_unprivileged(question: Callable[[], T], *, folder: Path) -> T:
    """Return the answer of a child that is bound by permissions, even when the tests run as root."""
    folder.chmod(0o755)
    answer: T = answer_of(start_child(question, folder=folder, unprivileged=True))
    return answer
