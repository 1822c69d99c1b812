# SPDX-License-Identifier: Apache-2.0
"""MANIFEST.json of a built pack: its name, version, engine range, news, and the SHA-256 of each of its files.

The form is closed: what is not written as `write_manifest` writes it is refused, so that one pack has one manifest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import yaml

from borderready.errors import Fault, RuleBaseError
from borderready.model import Message
from borderready.read.rule_base import SEALS, digest_digests
from borderready.read.rule_judge import whole_fault
from borderready.read.strict_yaml import parse_yaml
from borderready.read.tree import child_of
from borderready.read.version_range import is_range
from borderready.settings import PACK_NAME

MANIFEST, SIGNATURES = SEALS
PACK_FILE = "pack.yaml"
BUILT_IN = "cn"  # the one pack that needs no pack.yaml
_FORM = "pack/1"
_KEYS = ("borderready", "engine", "files", "name", "news", "version")
_NUMBER = "(?:0|[1-9][0-9]{0,8})"
_VERSION = re.compile(rf"{_NUMBER}(?:\.{_NUMBER}){{0,3}}")
_DIGEST = re.compile("[0-9a-f]{64}")
_MAX_NAME = 40
_MAX_TOLD = 5  # files that are named where many differ
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}


@dataclass(frozen=True, slots=True, kw_only=True)
class PackManifest:
    """What a built pack says of itself.

    Attributes:
        engine: Versions of the program that can read it, such as `>=1.0,<2`; None for all.
        news: The section of NEWS.md about this version.
        files: For each file its SHA-256 in hexadecimal digits; MANIFEST.json and SIGNATURES.json are none of them.
    """

    name: str
    version: str
    engine: str | None
    news: str
    files: Mapping[str, str]

    @property
    def digest(self) -> str:
        """The digest that reports give for this pack."""
        return digest_digests(self.files)


def write_manifest(manifest: PackManifest) -> bytes:
    """Return the one way to write a manifest: sorted keys, one file a line."""
    data = {
        "borderready": _FORM,
        "engine": manifest.engine,
        "files": dict(manifest.files),
        "name": manifest.name,
        "news": manifest.news,
        "version": manifest.version,
    }
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def read_manifest(contents: Mapping[str, bytes], *, file: str) -> PackManifest:
    """Return the manifest of a built pack once it agrees with every file; raises RuleBaseError.

    Args:
        contents: All files, with MANIFEST.json.
        file: The zip or folder, for the sentences.
    """
    if MANIFEST not in contents:
        raise refusal(file, "packs.no_manifest", hint="packs.no_manifest_hint")
    manifest = parse_manifest(contents[MANIFEST], file=file)
    faults = list(_disagreements(manifest, contents, file))
    if faults:
        raise RuleBaseError(faults[:_MAX_TOLD])
    return manifest


def parse_manifest(content: bytes, *, file: str) -> PackManifest:
    """Return what MANIFEST.json says, judged for its form alone; raises RuleBaseError."""
    data = parse_json(content, file=file, part=MANIFEST)
    if not isinstance(data, dict) or sorted(data) != sorted(_KEYS) or data["borderready"] != _FORM:
        raise _malformed(file, f"keys other than {', '.join(_KEYS)}, or not {_FORM}")
    name, version, engine, news, files = (data[key] for key in ("name", "version", "engine", "news", "files"))
    if not isinstance(name, str) or not is_name(name):
        raise _malformed(file, f"name: {name!r:.60}")
    if not isinstance(version, str) or not is_version(version):
        raise _malformed(file, f"version: {version!r:.60}")
    if engine is not None and not (isinstance(engine, str) and is_range(engine)):
        raise _malformed(file, f"engine: {engine!r:.60}")
    if not isinstance(news, str):
        raise _malformed(file, "news")
    if not isinstance(files, dict) or not all(
        isinstance(own, str) and _DIGEST.fullmatch(own) for own in files.values()
    ):
        raise _malformed(file, "files")
    manifest = PackManifest(name=name, version=version, engine=engine, news=news, files=files)
    try:
        is_own = write_manifest(manifest) == content
    except UnicodeEncodeError:  # half a character, which JSON can escape
        is_own = False
    if not is_own:
        raise _malformed(file, "not written as pack build writes it")
    return manifest


def parse_json(content: bytes, *, file: str, part: str) -> Any:
    """Return the JSON of a seal, without keys that stand twice; raises RuleBaseError."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) != len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise refusal(file, "packs.malformed", {"part": part, "reason": str(error)[:120]}) from error


def _disagreements(manifest: PackManifest, contents: Mapping[str, bytes], file: str) -> Iterator[Fault]:
    """Yield what of the files and the manifest do not agree."""
    there = {name for name in contents if name not in SEALS}
    for name in sorted(there - set(manifest.files)):
        yield fault(file, "packs.stray", {"name": name})
    for name in sorted(set(manifest.files) - there):
        yield fault(file, "packs.lacking", {"name": name})
    for name in sorted(there & set(manifest.files)):
        if sha256(contents[name]).hexdigest() != manifest.files[name]:
            yield fault(file, "packs.altered", {"name": name})
    version = version_of(contents)
    if version != manifest.version:
        yield fault(file, "packs.other_version", {"found": version, "said": manifest.version})
    name = name_of(contents)
    if name != manifest.name and not (PACK_FILE not in contents and manifest.name == BUILT_IN):
        yield fault(file, "packs.other_name", {"found": name, "said": manifest.name})


def version_of(contents: Mapping[str, bytes]) -> str:
    """Return what VERSION says, "" where there is none."""
    return contents.get("VERSION", b"").decode("utf-8", "replace").strip()


def name_of(contents: Mapping[str, bytes]) -> str:
    """Return the name in pack.yaml; a pack without one is `cn`."""
    return said_of(contents, "name") or BUILT_IN


def said_of(contents: Mapping[str, bytes], key: str) -> str | None:
    """Return a word of pack.yaml as it is written, None where there is none."""
    if PACK_FILE not in contents:
        return None
    parsed = parse_yaml(contents[PACK_FILE], file=PACK_FILE)
    if parsed.faults:
        raise RuleBaseError(parsed.faults)
    root = parsed.documents[0].root if parsed.documents else None
    found = child_of(root, key) if isinstance(root, yaml.MappingNode) else None
    return found[1].value if found is not None and isinstance(found[1], yaml.ScalarNode) else None


def is_name(text: str) -> bool:
    """Tell whether a text can name a pack: small letters, digits, single hyphens."""
    return len(text) <= _MAX_NAME and PACK_NAME.fullmatch(text) is not None and text not in RESERVED


def is_version(text: str) -> bool:
    """Tell whether a text is a version: one to four numbers with dots, such as 2026.11.0."""
    return _VERSION.fullmatch(text) is not None


def rank_of(version: str) -> tuple[int, ...]:
    """Return what versions are ordered by; 1.2 and 1.2.0 are equal."""
    numbers = [int(part) for part in version.split(".")]
    return tuple(numbers + [0] * (4 - len(numbers)))


def fault(file: str, key: str, args: Mapping[str, str] | None = None, hint: str | None = None) -> Fault:
    """Return a fault of a whole pack."""
    given = dict(args or {})
    return whole_fault(file, Message(key, given), Message(hint, given) if hint is not None else None)


def refusal(file: str, key: str, args: Mapping[str, str] | None = None, hint: str | None = None) -> RuleBaseError:
    """Return the error that refuses a pack for one reason."""
    return RuleBaseError([fault(file, key, args, hint)])


def _malformed(file: str, reason: str) -> RuleBaseError:
    return refusal(file, "packs.malformed", {"part": MANIFEST, "reason": reason})
