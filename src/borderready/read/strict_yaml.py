# SPDX-License-Identifier: Apache-2.0
"""Bytes to trees of text with spans: YAML 1.2 without its traps.

PyYAML's C composer gives nodes with marks; scalars stay text here, whatever they look like. Refused, each with a place:
what is not UTF-8, NUL and other control characters, tabs where YAML wants spaces, duplicate keys, tags, merge keys,
keys that are not plain text, nesting over 50, aliases that multiply, documents over 10 MiB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import yaml

from borderready.errors import Fault
from borderready.model import Message, Path, Span
from borderready.paths import write_path
from borderready.read.tree import Lines, Node, is_plain, place_of, point, span_of, split_lines

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 50
MAX_ALIASED_NODES = 10_000
MAX_FAULTS = 1_000  # of one document; a file of more is another kind of file, and is not read to its end
MAX_RESUMED = 1_000  # documents that cannot be read, before the rest of the file is left
_BOM = b"\xef\xbb\xbf"
# Control characters; and the separators that YAML 1.1 took for line ends though no editor shows them as such.
_BAD_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_MARKER = re.compile(r"(?<![^\r\n])---(?=[ \t\r\n]|\Z)")
_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_TAB_INDENT = re.compile(r"^( *)\t", re.MULTILINE)
_TAG = re.compile(r"(?:&\S+\s+)?(!\S*)")
# What could begin a tag, an anchor or an alias; a text that has none of them needs no look at each node for them.
_SPECIAL = re.compile(r"(?:!|[&*](?=\S))(?<![^\s\[{,:?-].)")
_KEY_IN_LINE = re.compile(r"^\s*[\w\"'-]+:\s+[^\s\"'{\[|>].*?:(\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One YAML document of a file.

    Attributes:
        root: The composed node; None when the document holds nothing.
        index: Which document of the file, from 0.
        lines: The lines of the file, without their ends.
        is_judged: Whether duplicate keys and the like have been looked for.
    """

    root: Node | None
    index: int
    lines: Sequence[str]
    is_judged: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The documents of a file that could be composed, and what is wrong with the file."""

    documents: tuple[Document, ...]
    faults: tuple[Fault, ...]
    lines: Sequence[str]


def parse_yaml(content: bytes, *, file: str, is_trusting: bool = False) -> Parsed:
    """Return the documents of a file as trees of text, and all faults of its form; never raises for bad input.

    A document that cannot be read leaves the others standing: the file is then read again document by document. Of one
    that is typed without a hitch nobody need ask for duplicate keys: with `is_trusting` judge() is left to the caller.
    """
    text, fault = _decode(content, file)
    if text is None:
        return Parsed(documents=(), faults=(fault,) if fault else (), lines=())
    lines = Lines(text)
    documents: list[Document] = []
    faults: list[Fault] = []
    start: int | None = 0
    count = resumed = 0
    while start is not None and resumed <= MAX_RESUMED:
        piece = _parse_piece(text, start, file, lines, first=count, is_trusting=is_trusting)
        documents.extend(piece.documents)
        faults.extend(piece.faults)
        count += len(piece.documents) + 1
        resumed += 1
        start = piece.resume
    if start is not None:
        left = _at(file, lines, place_of(text, start), "read.left", {"most": str(MAX_RESUMED)}, "read.more_hint")
        faults.append(replace(left, document=count))
    return Parsed(documents=tuple(documents), faults=tuple(faults), lines=lines)


def text_of(content: bytes) -> str:
    """Return the text whose characters the marks of the nodes count, for content that parse_yaml found no fault in."""
    text = content.removeprefix(_BOM).decode("utf-8")
    return _PAIR.sub(_join_pair, text) if text.lstrip().startswith(("{", "[")) else text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """What a file holds from some place on, up to its end or to the first document that cannot be read.

    Attributes:
        resume: Where the document after the bad one begins; None at the end of the file.
    """

    documents: tuple[Document, ...]
    faults: tuple[Fault, ...]
    resume: int | None = None


def _parse_piece(text: str, start: int, file: str, lines: Sequence[str], *, first: int, is_trusting: bool) -> _Piece:
    """Return the documents from a place of a file on; the first is numbered `first`."""
    bad = _forbidden_character(text, start, file, lines)
    end = len(text)
    if bad is not None:
        end = max((m.start() for m in _MARKER.finditer(text, start) if m.start() <= bad[0]), default=start)
    # As many empty lines as stand before it keep the places of a piece those of the file.
    piece = "\n" * (len(split_lines(text[:start])) if start else 0) + text[start:end]
    is_plain_text = _SPECIAL.search(piece) is None
    documents: list[Document] = []
    faults: list[Fault] = []
    for composed in _compose_all(piece, file, lines):
        number = first + len(documents)
        if isinstance(composed, Fault):
            resume = _next_document(text, start, documents[-1] if documents else None)
            return _Piece(
                documents=tuple(documents), faults=(*faults, replace(composed, document=number)), resume=resume
            )
        is_judged = not (is_trusting and is_plain_text)
        document = Document(root=composed, index=number, lines=lines, is_judged=is_judged)
        if is_judged and not (is_plain_text and _is_simple(composed)):
            faults.extend(_judge_tree(document, file))
        documents.append(document)
    if bad is None:
        return _Piece(documents=tuple(documents), faults=tuple(faults))
    place, fault = bad
    resume = next((m.start() for m in _MARKER.finditer(text, start) if m.start() > place), None)
    told = replace(fault, document=first + len(documents))
    return _Piece(documents=tuple(documents), faults=(*faults, told), resume=resume)


def _next_document(text: str, start: int, good: Document | None) -> int | None:
    """Return where the document after the bad one begins.

    The bad one begins behind the last good one, or where the piece begins; its own marker is not the next one's.
    """
    line = len(split_lines(text[:start])) if start else 0
    opened = good is None and _has_text(
        text[start : next((m.start() for m in _MARKER.finditer(text, start)), len(text))]
    )
    end_of_good = good.root.end_mark.line if good is not None and good.root is not None else line
    at = start
    for marker in _MARKER.finditer(text, start):
        line += len(split_lines(text[at : marker.start()]))
        at = marker.start()
        if line < end_of_good:
            continue
        if opened:
            return marker.start()
        opened = True
    return None


def _has_text(text: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in split_lines(text))


def _decode(content: bytes, file: str) -> tuple[str | None, Fault | None]:
    if len(content) > MAX_BYTES:
        return None, _whole(file, "read.too_large", {"mib": str(MAX_BYTES // 1024**2)}, "read.too_large_hint")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or (len(content) >= 4 and content[:4].count(0) == 2):
        return None, _whole(file, "read.utf16", {}, "read.save_utf8_hint")
    content = content.removeprefix(_BOM)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        span = place_of(before, len(before))
        what = Message("read.not_utf8", {"byte": f"0x{content[error.start]:02x}"})
        line = split_lines(f"{before}x")[-1][:-1]
        line += split_lines(content[error.start : error.start + 60].decode("latin-1"))[0]
        return None, Fault(
            file=file, span=span, path="", what=what, hint=Message("read.save_utf8_hint"), line_text=line
        )
    return text, None


def _join_pair(match: re.Match[str]) -> str:
    """Return the escape of YAML for a character that JSON writes as two."""
    high, low = int(match[1], 16), int(match[2], 16)
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"


def _forbidden_character(text: str, start: int, file: str, lines: Sequence[str]) -> tuple[int, Fault] | None:
    """Return where the first character stands that no file may hold, and the fault."""
    bad = _BAD_CHARACTER.search(text, start)
    has_tabs = "\t" in text and not text.lstrip().startswith(("{", "["))  # JSON may have them
    tab = _TAB_INDENT.search(text, start) if has_tabs else None
    if bad is not None and (tab is None or bad.start() < tab.end()):
        key = "read.nul" if bad.group() == "\x00" else "read.control"
        code = {"code": f"U+{ord(bad.group()):04X}"}
        return bad.start(), _at(file, lines, place_of(text, bad.start()), key, code, "read.control_hint")
    if tab is not None:
        return tab.end() - 1, _at(file, lines, place_of(text, tab.end() - 1), "read.tab", {}, "read.tab_hint")
    return None


class UntypedLoader(yaml.CSafeLoader):
    """A composer that gives no scalar a type: what PyYAML would resolve is thrown away here anyhow."""

    def resolve(self, *_: object) -> str:
        return "tag:yaml.org,2002:str"

    def descend_resolver(self, *_: object) -> None:
        return None

    def ascend_resolver(self) -> None:
        return None


def _compose_all(text: str, file: str, lines: Sequence[str]) -> Iterator[Node | Fault | None]:
    is_json = text.lstrip().startswith(("{", "["))
    loader = UntypedLoader(_PAIR.sub(_join_pair, text) if is_json else text)
    try:
        while loader.check_node():
            yield loader.get_node()  # type: ignore[misc]  # the stubs say Node; it is one of the three kinds
    except yaml.MarkedYAMLError as error:
        yield _syntax_fault(error, file, lines)
    except yaml.YAMLError as error:
        yield _whole(file, "read.syntax", {"problem": str(error).split("\n")[0]}, "read.syntax_hint")
    finally:
        loader.dispose()


def _syntax_fault(error: yaml.MarkedYAMLError, file: str, lines: Sequence[str]) -> Fault:
    mark = error.problem_mark or error.context_mark
    span = point(mark.line + 1, mark.column + 1) if mark is not None else None
    problem = error.problem or error.context or ""
    hint = "read.syntax_hint"
    line = lines[span.line - 1] if span is not None and span.line <= len(lines) else ""
    if "mapping values are not allowed" in problem and _KEY_IN_LINE.match(line):
        hint = "read.colon_hint"
    elif "alias" in problem:
        hint = "read.alias_hint"
    elif "nesting depth" in problem:
        return _at(file, lines, span, "read.too_deep", {"most": str(MAX_DEPTH)}, "read.too_deep_hint")
    elif "cannot start any token" in problem:
        hint = "read.quote_hint"
    elif "block end" in problem or "indent" in problem:
        hint = "read.indent_hint"
    return _at(file, lines, span, "read.syntax", {"problem": problem}, hint)


def _is_simple(root: Node | None) -> bool:
    """Tell whether a tree without tags and aliases is one that _judge_tree would find nothing wrong with."""
    level: list[Node] = [] if root is None or isinstance(root, yaml.ScalarNode) else [root]
    for _ in range(MAX_DEPTH):
        if not level:
            return True
        below: list[Node] = []
        for node in level:
            if isinstance(node, yaml.MappingNode):
                keys = {key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)}
                if len(keys) < len(node.value) or "<<" in keys:
                    return False
                below.extend(value for _, value in node.value if not isinstance(value, yaml.ScalarNode))
            elif isinstance(node, yaml.SequenceNode):
                below.extend(member for member in node.value if not isinstance(member, yaml.ScalarNode))
        level = below
    return False


def judge(document: Document, file: str) -> tuple[Fault, ...]:
    """Return what a trusting reader left unsaid: duplicate keys, merge keys, too many levels."""
    if document.is_judged or _is_simple(document.root):
        return ()
    return tuple(_judge_tree(document, file))


def _judge_tree(document: Document, file: str) -> list[Fault]:
    """Return duplicate keys, tags, merge keys and multiplying aliases of a document."""
    if document.root is None:
        return []
    faults: list[Fault] = []
    seen: set[int] = set()
    aliased = 0
    stack: list[tuple[Node, Path, int, bool]] = [(document.root, (), 1, False)]
    while stack and len(faults) < MAX_FAULTS:
        node, path, depth, in_alias = stack.pop()
        in_alias = in_alias or id(node) in seen
        aliased += in_alias
        if depth > MAX_DEPTH or aliased > MAX_ALIASED_NODES:
            key = "read.alias_bomb" if in_alias else "read.too_deep"
            args = {"most": str(MAX_ALIASED_NODES if in_alias else MAX_DEPTH)}
            return [*faults, _fault_at(document, file, node, path, key, args, f"{key}_hint")]
        seen.add(id(node))
        tag_fault = _judge_tag(document, file, node, path)
        if tag_fault is not None:
            faults.append(tag_fault)
        if isinstance(node, yaml.MappingNode):
            faults.extend(_judge_keys(document, file, node, path))
            stack.extend(
                (value, (*path, str(key.value)), depth + 1, in_alias)
                for key, value in reversed(node.value)
                if isinstance(key, yaml.ScalarNode)
            )
        elif isinstance(node, yaml.SequenceNode):
            members = list(enumerate(node.value))
            stack.extend((member, (*path, index), depth + 1, in_alias) for index, member in reversed(members))
    return faults


def _judge_tag(document: Document, file: str, node: Node, path: Path) -> Fault | None:
    """Refuse explicit tags: nothing in a file may choose a type. They begin a node, or stand behind its anchor."""
    begins_with_key = isinstance(node, yaml.MappingNode) and not node.flow_style and node.value
    if begins_with_key and node.value[0][0].start_mark.index == node.start_mark.index:
        return None  # what stands here is the key's
    if node.start_mark.line >= len(document.lines):
        return None
    tag = _TAG.match(document.lines[node.start_mark.line], node.start_mark.column)
    if tag is None:
        return None
    return _fault_at(document, file, node, path, "read.tag", {"tag": tag[1]}, "read.tag_hint")


def _judge_keys(document: Document, file: str, node: yaml.MappingNode, path: Path) -> list[Fault]:
    faults: list[Fault] = []
    first: dict[str, yaml.ScalarNode] = {}
    for key, _ in node.value:
        if len(faults) >= MAX_FAULTS:
            break
        tag_fault = _judge_tag(document, file, key, path)
        if tag_fault is not None:
            faults.append(tag_fault)
        if not isinstance(key, yaml.ScalarNode):
            faults.append(_fault_at(document, file, key, path, "read.key_not_text", {}, "read.key_not_text_hint"))
        elif key.value == "<<" and is_plain(key):
            faults.append(_fault_at(document, file, key, path, "read.merge", {}, "read.merge_hint"))
        elif key.value in first:
            args = {"key": key.value, "line": str(first[key.value].start_mark.line + 1)}
            faults.append(
                _fault_at(document, file, key, (*path, key.value), "read.duplicate", args, "read.duplicate_hint")
            )
        else:
            first[key.value] = key
    return faults


def _whole(file: str, key: str, args: dict[str, str], hint: str) -> Fault:
    return Fault(file=file, span=None, path="", what=Message(key, args), hint=Message(hint))


def _at(file: str, lines: Sequence[str], span: Span | None, key: str, args: dict[str, str], hint: str) -> Fault:
    if span is not None and lines and span.line > len(lines):  # the end of the file: behind its last line
        span = point(len(lines), len(lines[-1]) + 1)
    line = lines[span.line - 1] if span is not None and span.line <= len(lines) else None
    return Fault(file=file, span=span, path="", what=Message(key, args), hint=Message(hint, args), line_text=line)


def _fault_at(
    document: Document, file: str, node: Node, path: Path, key: str, args: dict[str, str], hint: str
) -> Fault:
    span = span_of(node)
    line = document.lines[span.line - 1] if span.line <= len(document.lines) else None
    return Fault(
        file=file,
        span=span,
        path=write_path(path),
        what=Message(key, args),
        hint=Message(hint, args),
        line_text=line,
        document=document.index,
    )
