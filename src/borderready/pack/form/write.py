# SPDX-License-Identifier: Apache-2.0
"""Trees of entries to text: the one way in which a file of a pack is written.

What fits on a line stands on it, between brackets; else each entry has its own line, two spaces in. Texts stand without
quotes where YAML allows it; longer ones are filled below their key, of words that stand together.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from borderready.pack.form.kinds import is_block
from borderready.pack.form.tree import Entry, File, Many, Text, Value

WIDTH = 118
# Without quotes these are numbers, truths or nothing to YAML, or to whoever reads it next.
_SPECIAL = re.compile(
    r"[-+]?(?:[0-9][0-9_]*)?\.?[0-9]*(?:[eE][-+]?[0-9]+)?|0[xob][0-9a-fA-F]+|[-+]?\.(?:inf|nan)", re.IGNORECASE
)
_WORDS = frozenset(("", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "<<", "="))
_FIRST = re.compile(r"[-?:](?:\s|$)|[,\[\]{}#&*!|>'\"%@`]")
_FIRST_IN_FLOW = re.compile(r":|-(?:[\s,\[\]{}]|$)")
_INNER = re.compile(r": | #|:$|\s$|^\s|[\t\n]")
_IN_FLOW = re.compile(r"[,\[\]{}?]|:(?=[,\[\]{}])")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_BREAK = re.compile(r"(?<=\S) (?=\S)")  # where a text may go on in another line
Steps = tuple[str, ...]


def is_special(value: str) -> bool:
    """Tell whether a text means something else without quotes than with them."""
    return value.lower() in _WORDS or _SPECIAL.fullmatch(value) is not None


def write_file(file: File, kind: str | None) -> str:
    """Return the text of a file of a kind."""
    lines = [*file.head]
    root = file.root
    if isinstance(root, Text):
        lines.append(_inline(root, in_flow=False))
    elif not root.entries:
        lines.append("{}" if root.is_mapping else "[]")
    else:
        lines.extend(_block(root, 0, (), kind))
    return "\n".join([*lines, *file.foot]) + "\n"


def _block(many: Many, indent: int, steps: Steps, kind: str | None) -> Iterator[str]:
    pad = " " * indent
    for entry in many.entries:
        yield from (pad + comment for comment in entry.above)
        yield from _entry(entry, indent, (*steps, entry.key.value if entry.key else "*"), kind)
        yield from (pad + comment for comment in entry.below)


def _entry(entry: Entry, indent: int, steps: Steps, kind: str | None) -> Iterator[str]:
    pad = " " * indent
    lead = f"{pad}{_inline(entry.key, in_flow=False)}:" if entry.key is not None else f"{pad}-"
    beside = f"  {entry.beside}" if entry.beside else ""
    value = entry.value
    flat = _flat(value, is_inner=False)
    may_be_flat = not isinstance(value, Many) or not value.entries or not is_block(kind, steps)
    if flat is not None and may_be_flat and (len(lead) + 1 + len(flat) <= WIDTH or not _can_grow(value)):
        yield f"{lead} {flat}{beside}" if flat else f"{lead}{beside}"
        return
    if isinstance(value, Text):
        yield from _long_text(value.value, lead, beside, indent, is_member=entry.key is None)
    elif (members := _members(value)) is not None:
        yield f"{lead}{beside}"
        yield from _filled_list(members, " " * (indent + 2))
    elif entry.key is None:
        first, *rest = _block(value, indent + 2, steps, kind)
        yield f"{lead} {first[indent + 2 :]}"  # the dash takes the place of the indent
        yield from rest
    else:
        yield f"{lead}{beside}"
        yield from _block(value, indent + 2, steps, kind)


def _can_grow(value: Value) -> bool:
    """Tell whether a value that does not fit on its line can be written on several."""
    if isinstance(value, Many):
        return bool(value.entries)
    text = value.value
    is_clean = not _CONTROL.search(text) and text == text.strip()
    return is_clean and _BREAK.search(text) is not None and not (value.is_bare and is_special(text))


def _long_text(value: str, lead: str, beside: str, indent: int, *, is_member: bool) -> Iterator[str]:
    """Yield a text on lines below its key: as it is where it has lines of its own, else filled."""
    pad = " " * (indent + 2)
    if "\n" in value:
        keep = "" if value.endswith("\n") and not value.endswith("\n\n") else "-" if not value.endswith("\n") else "+"
        yield f"{lead} |{keep}{beside}"
        lines = value.split("\n")
        yield from (pad + line if line else "" for line in (lines[:-1] if lines[-1] == "" else lines))
        return
    is_bare = _is_bare(value, in_flow=False)
    filled = _fill(value, WIDTH - len(pad))
    if is_member and is_bare:
        yield f"{lead} {filled[0]}{beside if len(filled) == 1 else ''}"
        filled = filled[1:]
    elif is_bare:
        yield f"{lead}{beside}"
    else:
        yield f"{lead} >-{beside}"
    yield from (pad + line for line in filled)


def _fill(text: str, width: int) -> list[str]:
    """Return the words of a text on lines; only single spaces between words are places to break."""
    lines: list[str] = []
    for word in _BREAK.split(text):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _members(value: Many) -> list[str] | None:
    """Return the members of a list of texts, each on one line; None for any other value."""
    texts = [entry.value for entry in value.entries if isinstance(entry.value, Text)]
    if value.is_mapping or len(texts) < len(value.entries) or _flat(value, is_inner=True) is None:
        return None
    return [_inline(text, in_flow=True) for text in texts]


def _filled_list(members: list[str], pad: str) -> Iterator[str]:
    lines = [f"{pad}[{members[0]}"]
    for member in members[1:]:
        if len(lines[-1]) + 2 + len(member) + 1 <= WIDTH:
            lines[-1] += f", {member}"
        else:
            lines[-1] += ","
            lines.append(f"{pad} {member}")
    yield from lines[:-1]
    yield f"{lines[-1]}]"


def _flat(value: Value, *, is_inner: bool) -> str | None:
    """Return a value on one line, None where it has comments inside or lines of its own."""
    if isinstance(value, Text):
        if "\n" in value.value and not is_inner and _can_be_literal(value.value):
            return None
        return _inline(value, in_flow=is_inner)
    parts = []
    for entry in value.entries:
        flat = _flat(entry.value, is_inner=True)
        if flat is None or entry.above or entry.beside or entry.below or _has_lines(entry.value):
            return None
        if entry.key is None:
            parts.append(flat)
        else:
            parts.append(
                f"{_inline(entry.key, in_flow=True)}: {flat}" if flat else f"{_inline(entry.key, in_flow=True)}:"
            )
    inner = ", ".join(parts)
    return f"{{{inner}}}" if value.is_mapping else f"[{inner}]"


def _has_lines(value: Value) -> bool:
    return isinstance(value, Text) and "\n" in value.value and _can_be_literal(value.value)


def _can_be_literal(value: str) -> bool:
    return not _CONTROL.search(value) and not value.startswith((" ", "\n")) and bool(value.strip())


def _inline(text: Text, *, in_flow: bool) -> str:
    """Return a scalar on one line: bare where YAML allows it, else between the quotes that need no escapes."""
    value = text.value
    if is_special(value):
        if text.is_bare:
            return value
    elif _is_bare(value, in_flow=in_flow):
        return value
    if ("\\" in value or '"' in value) and not _CONTROL.search(value) and "\n" not in value:
        return "'" + value.replace("'", "''") + "'"
    quoted = json.dumps(value, ensure_ascii=False)
    return _CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", quoted)


def _is_bare(value: str, *, in_flow: bool) -> bool:
    if not value or is_special(value) or _FIRST.match(value) or _INNER.search(value) or _CONTROL.search(value):
        return False
    if value.startswith(("---", "...")):
        return False
    return not in_flow or (_IN_FLOW.search(value) is None and _FIRST_IN_FLOW.match(value) is None)
