# SPDX-License-Identifier: Apache-2.0
"""What the formats share: where a finding points, what to insert, and text that cannot act on a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import lru_cache
from hashlib import sha256

from borderready.model import Finding, Missing, Notice, Path
from borderready.paths import Each, Key, Where, parse_path

# Control characters, and those that turn the direction of writing: shown as codes, never sent to a terminal.
_DANGEROUS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]")
# Halves of a character, which come from file names that are no UTF-8, and what is no character at all.
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufffe\uffff]")
# Lists of codes and laboratories change every month; the dossier suggests thirty days.
OLD_REGISTER_DAYS = 30
Fill = Callable[[tuple[str, ...]], str]


def clean(text: str) -> str:
    """Return text with every character that could act on a terminal shown as its code."""
    if text.isprintable():  # nearly all is, and nothing that acts on a terminal
        return text
    return _DANGEROUS.sub(lambda match: f"\\u{ord(match.group()):04x}", text).replace("\t", " ")


def plain(text: str) -> str:
    """Return clean text that every encoding of Unicode and XML can write: what no character stands for is its code."""
    if text.isprintable():
        return text
    return _NO_CHARACTER.sub(lambda match: f"\\u{ord(match.group()):04x}", clean(text))


def clip(text: str, most: int) -> str:
    """Return text of at most so many characters; what was cut off is shown as `...`."""
    return text if len(text) <= most else text[: most - 3] + "..."


def is_clean(text: str) -> bool:
    """Tell whether a text holds nothing that could act on a terminal."""
    return text.isprintable() or _DANGEROUS.search(text) is None


# Left alone by json.dumps, but able to act on a terminal, or half a character.
_ESCAPE = re.compile("[\ud800-\udfff\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]")


def write_json(value: object) -> str:
    """Return JSON text, indented, with its keys in the order given and nothing that acts on a terminal."""
    return escape_json(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def write_json_line(value: object) -> str:
    """Return JSON text on one line, without its end, otherwise as write_json does."""
    return escape_json(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def escape_json(written: str) -> str:
    """Return JSON in which whatever acts on a terminal, or is half a character, is its code."""
    if written.isprintable():
        return written
    return _ESCAPE.sub(lambda match: f"\\u{ord(match.group()):04x}", written)


def insertion(missing: Missing, fill: Fill) -> str:
    """Return the line to insert below the parent of what is missing, such as `box: {fruit_name: 榴莲 Durian}`.

    What is missing from a list is written as a member of it: `- {type: contract}`.
    """
    return _insertion(tuple([step for step in missing.parent if isinstance(step, str)]), missing.steps, fill)


@lru_cache(maxsize=4096)  # a thousand manifests lack the same
def _insertion(above: tuple[str, ...], steps: str, fill: Fill) -> str:
    if not steps.startswith("["):
        return _write(parse_path(steps), above, fill)
    member = _write(parse_path(f"x{steps}")[1:], above, fill)
    return f"- {member[1:-1]}"


def _write(steps: tuple[Key | Each | Where, ...], above: tuple[str, ...], fill: Fill) -> str:
    if not steps:
        return fill(above)
    step, rest = steps[0], steps[1:]
    if isinstance(step, Key):
        inner = _write(rest, (*above, step.name), fill)
        is_nested = bool(rest) and isinstance(rest[0], Key)
        return f"{step.name}: {{{inner}}}" if is_nested else f"{step.name}: {inner}"
    inner = _write(rest, above, fill)
    if isinstance(step, Each):
        return f"[{{{inner}}}]" if rest else inner
    given = ", ".join(f"{key}: {value}" for key, value in step.conditions)
    return f"[{{{given}, {inner}}}]" if rest else f"[{{{given}}}]"


def related_paths(finding: Finding) -> tuple[Path, ...]:
    """Return the other places that a finding compares with, each once."""
    return tuple(dict.fromkeys(finding.outcome.related))


def digest_notices(notices: Sequence[Notice]) -> str | None:
    """Return the digest of what notices say, whatever their order; None where there are none."""
    if not notices:
        return None
    said = sorted(json.dumps(asdict(notice), sort_keys=True, ensure_ascii=True) for notice in notices)
    return sha256("\n".join(said).encode()).hexdigest()
