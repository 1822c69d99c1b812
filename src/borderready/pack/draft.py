# SPDX-License-Identifier: Apache-2.0
"""New files for a pack: a pack of one's own with an example, one rule with its cases, one instrument.

What only a person can say is left as `TODO`, which the lint `unfinished` refuses: nothing is made up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from borderready.model import Texts
from borderready.pack.form.content import Content, write_content

TODO = "TODO"
_TODO_IN: Mapping[str, str] = {
    "en": f"{TODO} say it in English",
    "vi": f"{TODO} viết câu này bằng tiếng Việt",
    "zh": f"{TODO} 请用中文书写",
}
_NOTHING: Mapping[str, Content] = {}
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
# A path without selectors.
_STEPS = re.compile(r"[a-z_]+(\.[a-z_]+)*")
# What the cases of a rule must hold, where it is not a pass, a fail and an unknown.
_EXPECTED: Mapping[str, tuple[str, ...]] = {"attested": ("pass", "fail", "manual"), "tell": ("manual",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """A rule as far as it is told.

    Attributes:
        path: `vn/durian-fresh/box-weight`; origin and product of what the rule applies to are taken from it.
        pack: Name that the id begins with, None for a bare id.
        texts: For `title`, `says` and `fix` what is told in each language.
        options: Options of the check kind, every scalar as text.
        given: Paths that must have a value, or the rule does not apply.
    """

    path: str
    pack: str | None
    texts: Mapping[str, Mapping[str, str]]
    area: str
    each: str
    basis: str
    severity: str
    acts: str
    consequence: str
    check: str
    field: str
    start: str
    instrument: str
    locator: str
    seen: str
    checked: str
    options: Mapping[str, Content]
    witnesses: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentDraft:
    """An instrument as far as it is told; what is empty is left out, or marked where it must be there."""

    id: str
    title: Mapping[str, str]
    kind: str
    issuer: str
    number: str = ""
    issued: str = ""
    in_force: str = ""
    url: str = ""
    url_state: str = ""


def texts_or_todo(told: Mapping[str, str]) -> Mapping[str, Content]:
    """Return a text in the three languages, with a mark for each that is not told."""
    return {language: told.get(language) or todo for language, todo in _TODO_IN.items()}


def draft_rule(draft: RuleDraft) -> Mapping[str, str]:
    """Return the files of a rule: itself and its cases."""
    origin, product, _ = draft.path.split("/")
    applies: dict[str, Content] = {}
    if origin != "any":
        applies["origin"] = [origin.upper()]
    if product != "any":
        applies["product"] = [product]
    if draft.given:
        applies["given"] = list(draft.given)
    source: dict[str, Content] = {
        "instrument": draft.instrument,
        "locator": draft.locator or TODO,
        "seen": draft.seen,
        "checked": draft.checked,
    }
    if draft.witnesses:
        source["witnesses"] = list(draft.witnesses)
    wording: dict[str, Content] = {
        "start": draft.start,
        "options": draft.options,
        "says": texts_or_todo(draft.texts.get("says", {})),
        "fix": texts_or_todo(draft.texts.get("fix", {})),
        "source": source,
    }
    rule: dict[str, Content] = {
        "id": draft.path if draft.pack is None else f"{draft.pack}:{draft.path}",
        "title": texts_or_todo(draft.texts.get("title", {})),
        "area": draft.area,
        "applies_to": applies,
        "each": draft.each,
        "basis": draft.basis,
        "severity": draft.severity,
        "acts": draft.acts,
        "consequence": draft.consequence,
        "check": draft.check,
        "field": draft.field,
        "wordings": [wording],
    }
    return _written({f"{draft.path}.yaml": rule, f"{draft.path}.cases.yaml": _cases(draft)})


def _written(contents: Mapping[str, Content]) -> dict[str, str]:
    return {path: write_content(content, path=path) for path, content in contents.items()}


def _cases(draft: RuleDraft) -> Sequence[Content]:
    """Return a case for each status that the rule must have one for, and one on the day before it starts."""
    before = (date.fromisoformat(draft.start) - timedelta(days=1)).isoformat()
    told = {
        "pass": (f"{TODO} name what meets it, and give it", _NOTHING),
        "fail": (f"{TODO} name what does not meet it, and give it", _NOTHING),
        "manual": (f"{TODO} name what a person must look at", _NOTHING),
        "unknown": ("nothing is given", _NOTHING),
        "upcoming": (f"{TODO} give what does not meet it, the day before", _NOTHING),
        "not-applicable": ("the day before", _NOTHING),
        **_cases_of_bound(draft),
    }
    expected = [(status, draft.start) for status in _EXPECTED.get(draft.check, ("pass", "fail", "unknown"))]
    expected.append(("not-applicable" if draft.check == "tell" else "upcoming", before))
    return [
        {"name": told[status][0], "date": day, "given": told[status][1], "expect": status} for status, day in expected
    ]


def _cases_of_bound(draft: RuleDraft) -> Mapping[str, tuple[str, Content]]:
    """Return name and content of the cases that follow from a plain bound of a plain field; none of any other rule."""
    is_plain = draft.check == "limit" and len(draft.options) == 1 and not draft.given
    name, bound = next(iter(draft.options.items())) if is_plain else ("", "")
    steps = draft.field.split(".")
    is_own = draft.each == "shipment" or steps[0] not in ("shipment", "parties", "documents", "attestations")
    if name not in ("max", "min") or not isinstance(bound, str) or not is_own or not _STEPS.fullmatch(draft.field):
        return {}
    if not _NUMBER.fullmatch(bound):
        return {}
    last_digit = Decimal(1).scaleb(-len(bound.partition(".")[2]))
    beyond = format(Decimal(bound) + (last_digit if name == "max" else -last_digit), "f")
    side = "above" if name == "max" else "below"
    return {
        "pass": ("at the limit", _nested(steps, bound)),
        "fail": (f"{side} the limit", _nested(steps, beyond)),
        "upcoming": (f"{side} the limit, the day before", _nested(steps, beyond)),
    }


def _nested(steps: Sequence[str], value: str) -> Content:
    content: Content = value
    for step in reversed(steps):
        content = {step: content}
    return content


def draft_instrument(draft: InstrumentDraft) -> Mapping[str, str]:
    """Return the file of an instrument."""
    written: dict[str, Content] = {
        "id": draft.id,
        "title": texts_or_todo(draft.title),
        "number": draft.number,
        "kind": draft.kind,
        "issuer": draft.issuer or TODO,
        "issued": draft.issued,
        "in_force": draft.in_force,
        "url": draft.url,
        "url_state": draft.url_state or ("not-opened" if draft.url else "unknown"),
    }
    return _written({f"instruments/{draft.id}.yaml": {key: value for key, value in written.items() if value}})


def draft_pack(name: str, title: Texts, *, extends: str | None, engine: str, version: str, day: str) -> dict[str, str]:
    """Return the files of a new pack, whole and ready to be tested: one invented example, which says that it is one.

    Args:
        name: Name of the pack.
        title: What it is.
        extends: The pack that it extends, with a range of versions; None for one that stands alone.
        engine: Version of the program that it is made with.
        version: Its own version.
        day: The day on which it is made, ISO text.
    """
    handbook = f"{name}-handbook"
    pack: dict[str, Content] = {"name": name, "title": _plain(title)}
    if extends is not None:
        pack["extends"] = extends
    pack["engine"] = f">={engine}"
    contents: dict[str, Content] = {
        "pack.yaml": pack,
        f"instruments/{handbook}.yaml": _example_instrument(handbook, name),
        "any/any/example-seal.yaml": _example_rule(name, handbook, day),
        "any/any/example-seal.cases.yaml": _example_cases(),
    }
    if extends is None:
        contents["products.yaml"] = {"groups": {}, "products": {}}
    return {
        **_written(contents),
        "VERSION": f"{version}\n",
        "NEWS.md": f"# News of {name}\n\nNewest first: what changes, for the person who ships.\n\n## {version}\n\n"
        f"- The pack begins, with one invented example ({name}:any/any/example-seal).\n",
        "README.md": _README.format(name=name, title=title.en, base=extends or "no other pack"),
    }


def _plain(texts: Texts) -> Mapping[str, Content]:
    return {"en": texts.en, "vi": texts.vi, "zh": texts.zh}


def _example_instrument(handbook: str, name: str) -> Mapping[str, Content]:
    return {
        "id": handbook,
        "title": {
            "en": f"Handbook of {name} (example, invented)",
            "vi": f"Sổ tay của {name} (ví dụ, hư cấu)",
            "zh": f"{name} 手册（示例，虚构）",
        },
        "kind": "practice",
        "issuer": name,
        "url_state": "unknown",
        "note": "An invented example: put the texts that your own rules rest on in its place.",
    }


def _example_rule(name: str, handbook: str, day: str) -> Mapping[str, Content]:
    wording: Mapping[str, Content] = {
        "start": _EXAMPLE_START,
        "options": {},
        "says": {
            "en": "Example, invented: the seal of the truck or container is written down.",
            "vi": "Ví dụ, hư cấu: số niêm phong của xe hoặc container được ghi lại.",
            "zh": "示例（虚构）：记录车辆或集装箱的封志号。",
        },
        "fix": {
            "en": "Look at the seal and write its number down.",
            "vi": "Hãy xem niêm phong và ghi lại số.",
            "zh": "请查看封志并填写封志号。",
        },
        "source": {"instrument": handbook, "locator": "Example, invented", "seen": "memory", "checked": day},
    }
    return {
        "id": f"{name}:any/any/example-seal",
        "title": {
            "en": "Example, invented: seal written down",
            "vi": "Ví dụ, hư cấu: ghi số niêm phong",
            "zh": "示例（虚构）：填写封志号",
        },
        "area": "logistics",
        "applies_to": {},
        "each": "shipment",
        "basis": "arrival",
        "severity": "should",
        "acts": "exporter",
        "consequence": "none",
        "check": "present",
        "field": "shipment.transport.seal",
        "wordings": [wording],
        "note": "An invented example that only informs. Take it out once a rule of your own stands here.",
    }


_EXAMPLE_START = "2026-01-01"


def _example_cases() -> Sequence[Content]:
    sealed: Mapping[str, Content] = {"shipment": {"transport": {"seal": "EXAMPLE1"}}}
    unsealed: Mapping[str, Content] = {"shipment": {"transport": {"tractor": "29H-123.45"}}}
    return [
        {"name": "sealed", "date": _EXAMPLE_START, "given": sealed, "expect": "pass"},
        {"name": "a truck without a seal", "date": _EXAMPLE_START, "given": unsealed, "expect": "fail"},
        {"name": "no truck described", "date": _EXAMPLE_START, "given": _NOTHING, "expect": "unknown"},
        {"name": "without a seal, the day before", "date": "2025-12-31", "given": unsealed, "expect": "upcoming"},
    ]


_README = """\
# {title}

The pack `{name}` extends {base}. Its rules stand beside those of its base, under ids that begin with `{name}:`.

```
pack.yaml         name, base, and what is disabled of it, with reasons
VERSION           year.month.number; a new number for every release
NEWS.md           what changed, for the person who ships
instruments/      the texts that the rules rest on
<origin>/<product or group>/   rules, each with its cases beside it
```

It holds one invented example. Look at it, then write your own:

```
borderready pack new-instrument . ID
borderready pack new-rule . vn/durian-fresh/box-weight
borderready pack lint .
borderready pack test .
borderready check manifest.yaml --rules .
```
"""
