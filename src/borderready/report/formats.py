# SPDX-License-Identifier: Apache-2.0
"""The formats in which a run can be written, by the name that `--format` and `--report` take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from borderready.report.stream import Format

# Where each stands. A module is loaded when its format is asked for: who reads text needs no XML.
_PLACES: Mapping[str, tuple[str, str]] = {
    "text": ("run_text", "FORMAT"),
    "json": ("as_json", "FORMAT"),
    "ndjson": ("as_json", "NDJSON"),
    "sarif": ("as_sarif", "FORMAT"),
    "junit": ("as_junit", "FORMAT"),
    "github": ("as_github", "FORMAT"),
    "gitlab": ("as_gitlab", "FORMAT"),
    "csv": ("as_csv", "FORMAT"),
    "markdown": ("as_markdown", "FORMAT"),
}


class _Formats(Mapping[str, Format]):
    """Gives a format, and loads its module on the way."""

    def __getitem__(self, name: str) -> Format:
        module, attribute = _PLACES[name]
        form: Format = getattr(import_module(f"borderready.report.{module}"), attribute)
        return form

    def __contains__(self, name: object) -> bool:
        return name in _PLACES

    def __iter__(self) -> Iterator[str]:
        return iter(_PLACES)

    def __len__(self) -> int:
        return len(_PLACES)


FORMATS: Mapping[str, Format] = _Formats()
