# SPDX-License-Identifier: Apache-2.0
"""What the linter says of a pack, in the formats of other tools: JSON, SARIF 2.1.0, annotations of GitHub."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from borderready.errors import Fault
from borderready.i18n import say, word
from borderready.model import Message
from borderready.report.github_part import NOTICE, SHOWN, annotation, data_of
from borderready.report.sarif_part import SCHEMA, location_of, text_of
from borderready.report.show import plain, write_json

PAGE = "docs/lints.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One remark: the id of the lint, how bad it is, and the fault, whose file is named as the user would open it."""

    lint: str
    is_error: bool
    fault: Fault

    @property
    def level(self) -> str:
        """`error` or `warning`."""
        return "error" if self.is_error else "warning"


def title_of(lint: str, language: str) -> str:
    """Return what a lint holds, in a sentence."""
    return word(f"lint.title.{lint}", language)


def remarks_json(remarks: Sequence[Remark], *, files: int, language: str) -> str:
    """Return remarks as JSON; `files` is how many files were looked at."""
    return write_json(
        {
            "borderready": "lint/1",
            "files": files,
            "errors": sum(remark.is_error for remark in remarks),
            "warnings": sum(not remark.is_error for remark in remarks),
            "findings": [_plain(remark, language) for remark in remarks],
        }
    )


def _plain(remark: Remark, language: str) -> dict[str, object]:
    fault = remark.fault
    return {
        "lint": remark.lint,
        "level": remark.level,
        "file": fault.file,
        "location": fault.span._asdict() if fault.span is not None else None,
        "path": fault.path,
        "message": say(fault.what, language),
        "hint": say(fault.hint, language) if fault.hint is not None else None,
        "page": f"{PAGE}#{remark.lint}",
    }


def remarks_sarif(remarks: Sequence[Remark], *, engine: str, language: str) -> str:
    """Return remarks as SARIF: one run, whose rules are the lints that found something."""
    rules = [
        {
            "id": lint,
            "shortDescription": {"text": title_of(lint, language)},
            "help": {"text": text_of(f"{word(f'lint.hint.{lint}', language)} ({PAGE}#{lint})")},
        }
        for lint in dict.fromkeys(remark.lint for remark in remarks)
    ]
    results = [
        {
            "ruleId": remark.lint,
            "level": remark.level,
            "message": {"text": text_of(plain("; ".join(_sentences(remark, language))))},
            "locations": [location_of(remark.fault.file, remark.fault.span)],
        }
        for remark in remarks
    ]
    driver = {"name": "borderready pack lint", "version": engine, "semanticVersion": engine, "language": language}
    run = {"columnKind": "unicodeCodePoints", "tool": {"driver": {**driver, "rules": rules}}, "results": results}
    return write_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def remarks_github(remarks: Sequence[Remark], *, language: str) -> str:
    """Return remarks as annotations: as many of each kind as GitHub shows, one of each lint before a second of any."""
    lines: list[str] = []
    left_out = 0
    for level in ("error", "warning"):
        ranked = _one_of_each_first([remark for remark in remarks if remark.level == level])
        left_out += max(len(ranked) - SHOWN, 0)
        for remark in ranked[:SHOWN]:
            fault, title = remark.fault, f"{title_of(remark.lint, language)} [{remark.lint}]"
            told = [plain(sentence) for sentence in _sentences(remark, language)]
            lines.append(annotation(level, 0, remark.lint, fault.file, fault.span, title, told).text)
    if left_out:
        args = {"count": str(left_out), "most": str(SHOWN)}
        lines.append(f"::{NOTICE} title=borderready::{data_of(say(Message('run.left_out', args), language))}\n")
    return "".join(lines)


def _one_of_each_first(remarks: Sequence[Remark]) -> list[Remark]:
    seen: set[str] = set()
    first: list[Remark] = []
    others: list[Remark] = []
    for remark in remarks:
        (others if remark.lint in seen else first).append(remark)
        seen.add(remark.lint)
    return [*first, *others]


def _sentences(remark: Remark, language: str) -> Iterator[str]:
    yield say(remark.fault.what, language)
    if remark.fault.hint is not None:
        yield say(remark.fault.hint, language)
