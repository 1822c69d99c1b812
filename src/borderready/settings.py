# SPDX-License-Identifier: Apache-2.0
"""Settings: the command line over the environment over the file over what the program takes, each with its origin.

Pure: what was typed, set and written goes in, and settings or everything wrong with them come out. The published form
of the file is schemas/config.schema.json; a test holds the two to the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import TypeAlias

from borderready.errors import Fault
from borderready.model import Message, Span

Setting: TypeAlias = str | int | tuple[str, ...]
DEFAULT = "default"
PREFIX = "BORDERREADY_"
LISTS = ("select", "ignore", "exclude", "waivers")
PATHS = ("registers", "ledger", "notices", "rules", "baseline", "cache")
WHOLES: Mapping[str, int] = {"jobs": 0, "timeout": 1}  # with the least that each may be
WORDS: Mapping[str, tuple[str, ...]] = {"fail-on": ("blocking", "warning"), "language": ("en", "vi", "zh")}
OVERRIDABLE = ("select", "ignore", "fail-on", "registers")
# 32 bytes in base64, in the one way that its last character allows.
PUBLIC_KEY = re.compile("ed25519:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
PACK_NAME = re.compile("[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_OPTIONS: Mapping[str, str] = {"language": "--lang", "repository": "--from", "repository-pack": "NAME"}
# Variables of ours that are no settings.
_OTHER_VARIABLES = ("CONFIG", "DEBUG")
_NEAR_CUTOFF = 0.6
_NEAR_VARIABLE_CUTOFF = 0.8  # others may have variables of such a beginning, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A value and where it stands: `borderready.toml:3`, the name of a variable or of an option."""

    value: Setting
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Other values for the manifests that one of the patterns fits."""

    paths: tuple[str, ...]
    values: Mapping[str, Given]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Whose signatures packs of one name need.

    Attributes:
        keys: Public keys as they are written: `ed25519:` and 44 characters.
        threshold: How many of them must have signed.
    """

    keys: tuple[str, ...]
    threshold: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFile:
    """A configuration as read, its paths already as the working folder sees them.

    Attributes:
        file: As it is shown: relative to the working folder.
        root: Its folder, absolute; patterns are relative to it, and no output names it.
        trust: By the name of a pack.
    """

    file: str
    root: str
    values: Mapping[str, Given]
    overrides: tuple[Override, ...]
    trust: Mapping[str, Trust] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds for a run, or for one manifest of it (settings_for).

    Attributes:
        select: Ids, folders and areas of rules; None for all.
        jobs: Processes; 0 for one for each core.
        timeout: Seconds for one manifest, None for as long as it takes.
        repository: Address or folder from which packs are updated.
        repository_pack: Name of the pack that is updated; None for the rule base of the program.
        origins: For each key where its value came from.
        file: The configuration, None where there is none.
        root: Its absolute folder.
        trust: Whose signatures packs need, by their name; without one a pack needs none.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    fail_on: str = "blocking"
    registers: str | None = None
    ledger: str | None = None
    notices: str | None = None
    rules: str | None = None
    language: str | None = None
    format: str = "text"
    jobs: int = 0
    timeout: int | None = None
    exclude: tuple[str, ...] = ()
    waivers: tuple[str, ...] = ()
    baseline: str | None = None
    cache: str | None = None
    repository: str | None = None
    repository_pack: str | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    trust: Mapping[str, Trust] = field(default_factory=dict)
    file: str | None = None
    root: str | None = None


_NOT_KEYS = ("origins", "overrides", "trust", "file", "root")
KEYS = tuple(each.name.replace("_", "-") for each in fields(Settings) if each.name not in _NOT_KEYS)


def resolve_settings(
    command_line: Mapping[str, Setting | None], environment: Mapping[str, str], file: ConfigFile | None
) -> Settings | tuple[Fault, ...]:
    """Return the settings of a run, or everything that is wrong with what was typed and set.

    Args:
        command_line: By key; None for an option that was not given.
        environment: Every variable; an empty one counts as not set.
        file: The configuration, if there is one; already judged.
    """
    chosen: dict[str, Given] = dict(file.values) if file is not None else {}
    faults = list(_judge_variables(environment))
    for key in KEYS:
        variable = variable_of(key)
        text = environment.get(variable, "").strip()
        typed = command_line.get(key)
        for value, origin in ((_parse(key, text), variable), (typed, option_of(key))):
            if value is None or value == "":
                continue
            problem = judge_setting(key, value)
            if problem is not None:
                place = origin if origin == variable else "borderready"
                faults.append(Fault(file=place, span=None, path="", what=problem))
            chosen[key] = Given(value=value, origin=origin)
    if faults:
        return tuple(faults)
    settings = _apply(Settings(origins=dict.fromkeys(KEYS, DEFAULT)), chosen)
    if file is None:
        return settings
    return replace(settings, overrides=file.overrides, trust=file.trust, file=file.file, root=file.root)


def variable_of(key: str) -> str:
    """Return the name of the variable for a key: `fail-on` gives BORDERREADY_FAIL_ON."""
    return PREFIX + key.upper().replace("-", "_")


def option_of(key: str) -> str:
    """Return the option for a key."""
    return _OPTIONS.get(key, f"--{key}")


def _parse(key: str, text: str) -> Setting | None:
    """Return the value that a variable holds; lists are separated by commas."""
    if key in LISTS:
        return tuple(part.strip() for part in text.split(",") if part.strip()) or None
    if key in WHOLES and re.fullmatch("[0-9]{1,9}", text):
        return int(text)
    return text


def _judge_variables(environment: Mapping[str, str]) -> list[Fault]:
    """Return a fault for each variable that is nearly one of ours; what only begins alike is somebody else's."""
    known = {*(variable_of(key).removeprefix(PREFIX) for key in KEYS), *_OTHER_VARIABLES}
    faults = []
    for name in sorted(environment):
        own = name.removeprefix(PREFIX)
        if own == name or own in known:
            continue
        near = get_close_matches(own.upper().replace("-", "_"), sorted(known), n=1, cutoff=_NEAR_VARIABLE_CUTOFF)
        if near:
            hint = Message("type.did_you_mean", {"name": PREFIX + near[0]})
            what = Message("config.unknown_variable", {"name": name})
            faults.append(Fault(file="borderready", span=None, path="", what=what, hint=hint))
    return faults


def judge_setting(key: str, value: object) -> Message | None:
    """Return what is wrong with the value of a known key, or None. A list is a tuple here."""
    if key in LISTS:
        if not isinstance(value, tuple) or not all(isinstance(part, str) and part.strip() for part in value):
            return Message("config.not_list", {"key": key})
        return Message("config.empty_select") if key == "select" and not value else None
    if key in WHOLES:
        if isinstance(value, bool) or not isinstance(value, int) or value < WHOLES[key]:
            return Message("config.not_whole", {"key": key, "least": str(WHOLES[key])})
        return None
    if not isinstance(value, str) or not value.strip():
        return Message("config.not_text", {"key": key})
    if key == "language" and value not in WORDS[key]:
        return Message("cli.no_lang", {"lang": value})
    if key in WORDS and value not in WORDS[key]:
        return Message("schema.enum", {"found": value, "allowed": ", ".join(WORDS[key])})
    return None


def judge_trust(name: str, value: object) -> Message | None:
    """Return what is wrong with the table [trust.NAME], or None."""
    if not PACK_NAME.fullmatch(name):
        return Message("config.trust_name", {"name": name})
    if not isinstance(value, Mapping) or not {"keys"} <= set(value) <= {"keys", "threshold"}:
        return Message("config.trust_table", {"name": name})
    keys, threshold = value["keys"], value.get("threshold", 1)
    if not isinstance(keys, (list, tuple)) or not keys:
        return Message("config.trust_keys", {"name": name})
    for key in keys:
        if not isinstance(key, str) or not PUBLIC_KEY.fullmatch(key):
            return Message("config.trust_key", {"name": name, "key": str(key)})
    if len(set(keys)) < len(keys):
        return Message("config.trust_twice", {"name": name})
    if isinstance(threshold, bool) or not isinstance(threshold, int) or not 1 <= threshold <= len(keys):
        return Message("config.trust_threshold", {"name": name, "keys": str(len(keys))})
    return None


def is_pack_named(text: str) -> bool:
    """Tell whether a text can be the name of a pack, with or without a version: `acme`, `cn@2026.11.0`."""
    return PACK_NAME.fullmatch(text.partition("@")[0]) is not None


def unknown_key(
    key: str, known: tuple[str, ...], *, file: str, span: Span | None, path: str, line_text: str | None
) -> Fault:
    """Return the fault for a key that nobody knows, with the nearest one that is known."""
    near = get_close_matches(key.lower().replace("_", "-"), known, n=1, cutoff=_NEAR_CUTOFF)
    hint = Message("type.did_you_mean", {"name": near[0]}) if near else None
    if hint is None:
        hint = Message("type.known_keys", {"keys": ", ".join(known)})
    what = Message("type.unknown_key", {"key": key})
    return Fault(file=file, span=span, path=path, what=what, hint=hint, line_text=line_text)


def _apply(settings: Settings, chosen: Mapping[str, Given]) -> Settings:
    changes: dict[str, object] = {key.replace("-", "_"): given.value for key, given in chosen.items()}
    origins = {**settings.origins, **{key: given.origin for key, given in chosen.items()}}
    return replace(settings, **changes, origins=origins)  # type: ignore[arg-type]  # judged by judge_setting


def settings_for(settings: Settings, place: str) -> Settings:
    """Return the settings for one manifest: its overrides stand above the file, below environment and command line.

    Args:
        settings: Those of the run.
        place: The manifest, relative to the folder of the configuration, with slashes.
    """
    for override in settings.overrides:
        if any(is_fit(pattern, place) for pattern in override.paths):
            own = {key: given for key, given in override.values.items() if not _is_outside(settings.origins[key])}
            settings = _apply(settings, own)
    return settings


def _is_outside(origin: str) -> bool:
    return origin.startswith(("--", PREFIX))


def is_fit(pattern: str, place: str) -> bool:
    """Tell whether a pattern fits a file: `*` within a folder, `**` across folders; a folder holds what is below it.

    A pattern without a slash fits a name in any folder.
    """
    return _compiled(pattern).fullmatch(place) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    inner = pattern.removeprefix("./").rstrip("/")
    parts = ["" if "/" in pattern.rstrip("/") else r"(?:.*/)?"]
    for token in re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", inner):
        parts.append({"**/": r"(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(token) or re.escape(token))
    return re.compile("".join(parts) + r"(?:/.*)?", re.DOTALL)
