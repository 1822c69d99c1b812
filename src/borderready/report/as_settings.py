# SPDX-License-Identifier: Apache-2.0
"""Settings with their origins, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from borderready.model import Message
from borderready.report.show import clean
from borderready.report.terminal import Layout
from borderready.settings import DEFAULT, KEYS, Setting, Settings

Json = Mapping[str, object]
_LONGEST_CELLS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown: the settings of a run, or those for one manifest by the name that the user gave it."""

    settings: Settings
    manifest: str | None
    is_excluded: bool


def render_settings(shown: Shown) -> Json:
    """Return settings as JSON, in the order of the documentation."""
    return {
        "borderready": "config/1",
        "file": shown.settings.file,
        "manifest": shown.manifest,
        "excluded": shown.is_excluded,
        "settings": [
            {"key": key, "value": list(value) if isinstance(value, tuple) else value, "origin": origin}
            for key, value, origin in _settings(shown.settings)
        ],
        "trust": {
            name: {"keys": list(trust.keys), "threshold": trust.threshold}
            for name, trust in sorted(shown.settings.trust.items())
        },
    }


def print_settings(shown: Shown, layout: Layout) -> None:
    """Print one setting a line: key, value, origin."""
    settings = shown.settings
    found = Message("config.file", {"file": settings.file or ""}) if settings.file else Message("config.no_file")
    layout.add_wrapped(Text(layout.say(found), "bold"))
    if shown.manifest is not None:
        key = "config.manifest_excluded" if shown.is_excluded else "config.manifest"
        layout.add_wrapped(Text(layout.say(Message(key, {"file": shown.manifest}))))
    elif settings.overrides:
        layout.add_wrapped(Text(layout.say(Message("config.has_overrides", {"count": str(len(settings.overrides))}))))
    rows = [(key, _write(value, layout), origin) for key, value, origin in _settings(settings)]
    key_cells = max(cell_len(key) for key, _, _ in rows)
    value_cells = min(_LONGEST_CELLS, max(cell_len(value) for _, value, _ in rows))
    for key, value, origin in rows:
        gap = " " * max(value_cells - cell_len(value), 0)
        told = layout.word("config.default") if origin == DEFAULT else clean(origin)
        layout.add(Text.assemble((f"{key:<{key_cells}}", "cyan"), f"  {value}{gap}  ", (told, "dim")))
    for name, trust in sorted(settings.trust.items()):
        args = {"name": name, "threshold": str(trust.threshold), "keys": " ".join(trust.keys)}
        layout.add_wrapped(Text(layout.say(Message("config.trusted", args))))


def _settings(settings: Settings) -> Iterator[tuple[str, Setting | None, str]]:
    for key in KEYS:
        yield key, getattr(settings, key.replace("-", "_")), settings.origins[key]


def _write(value: Setting | None, layout: Layout) -> str:
    if value is None or value == ():
        return layout.word("config.none")
    return clean(", ".join(value)) if isinstance(value, tuple) else clean(str(value))
