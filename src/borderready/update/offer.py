# SPDX-License-Identifier: Apache-2.0
"""What a repository offers: packs with version and engine range, and which of them suits this machine. Pure.

A version is one to four numbers with dots (`2026.11.0`); a range is comparisons with commas, all of which hold
(`>=0.1,<2`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_NUMBER = "(?:0|[1-9][0-9]{0,8})"
NAME = re.compile("(?=.{1,40}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
VERSION = re.compile(rf"{_NUMBER}(?:\.{_NUMBER}){{0,3}}")
_COMPARISON = re.compile(rf"\s*(>=|<=|==|!=|>|<)({VERSION.pattern})\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One version of a pack.

    Attributes:
        name: `cn`.
        version: `2026.11.0`.
        engine: Versions of the program that can read it; None for all.
        news: What is new, in the words of its makers.
    """

    name: str
    version: str
    engine: str | None = None
    news: str = ""

    @property
    def file(self) -> str:
        """The name of its zip."""
        return f"{self.name}-{self.version}.zip"


def make_pack(fields: object) -> Pack | None:
    """Return the pack that fields of somebody else's making describe; None where they do not describe one."""
    if not isinstance(fields, Mapping):
        return None
    name, version, engine, news = (fields.get(key) for key in ("name", "version", "engine", "news"))
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return None
    if not isinstance(version, str) or not VERSION.fullmatch(version):
        return None
    if engine is not None and not (isinstance(engine, str) and read_range(engine)):
        return None
    return Pack(name=name, version=version, engine=engine, news=news if isinstance(news, str) else "")


def order_of(version: str) -> tuple[int, ...]:
    """Return what versions are put in order by; `1.0` and `1.0.0` are the same."""
    numbers = [int(part) for part in version.split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def read_range(text: str) -> tuple[tuple[str, str], ...] | None:
    """Return the comparisons of a range; None where it cannot be understood."""
    found = [_COMPARISON.fullmatch(part) for part in text.split(",")]
    return tuple((match[1], match[2]) for match in found if match is not None) if all(found) else None


def fits(engine: str | None, version: str) -> bool:
    """Tell whether a version of the program lies in a range; nothing lies in one that cannot be understood."""
    if engine is None:
        return True
    comparisons = read_range(engine)
    return comparisons is not None and all(_holds(order_of(version), sign, order_of(of)) for sign, of in comparisons)


def _holds(ours: tuple[int, ...], sign: str, other: tuple[int, ...]) -> bool:
    answers = {
        ">=": ours >= other,
        "<=": ours <= other,
        "==": ours == other,
        "!=": ours != other,
        ">": ours > other,
        "<": ours < other,
    }
    return answers[sign]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is best for a machine.

    Attributes:
        newest: The newest version that the program can read; None where it can read none.
        too_new: The newest version of all, where the program cannot read it.
        between: Versions above the one in use up to the newest, newest first, for their news.
        is_offered: The version in use is still offered.
    """

    newest: Pack | None
    too_new: Pack | None
    between: tuple[Pack, ...]
    is_offered: bool


def choose(packs: Iterable[Pack], name: str, *, engine: str, current: str | None) -> Choice:
    """Return the newest version of a pack that suits a version of the program, beside the one in use."""
    ordered = sorted((pack for pack in packs if pack.name == name), key=lambda pack: order_of(pack.version))
    suiting = [pack for pack in ordered if fits(pack.engine, engine)]
    newest = suiting[-1] if suiting else None
    too_new = ordered[-1] if ordered and ordered[-1] is not newest else None
    floor = order_of(current) if current is not None else ()
    return Choice(
        newest=newest,
        too_new=too_new,
        between=tuple(pack for pack in reversed(suiting) if order_of(pack.version) > floor),
        is_offered=current is not None and any(order_of(pack.version) == floor for pack in ordered),
    )
