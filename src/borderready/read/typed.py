# SPDX-License-Identifier: Apache-2.0
"""Trees of text to typed values, by the schema: the only place where a scalar gets a type."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

import yaml

from borderready.errors import Fault
from borderready.model import Message, Path, Value
from borderready.paths import write_path
from borderready.read.shape import FREE, Shape, walk_keys
from borderready.read.strict_yaml import MAX_FAULTS
from borderready.read.tree import Node, is_plain, span_of

WHOLE = re.compile(r"[-+]?[0-9]{1,30}")
DECIMAL = re.compile(r"[-+]?(?:[0-9]{1,30})(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,2})?")
# Groups of three behind one kind of separator, and then perhaps another kind before decimals.
_GROUPED = re.compile(r"([-+]?[1-9][0-9]{0,2}([,. '_])[0-9]{3}(?:\2[0-9]{3})*)((?!\2)[.,][0-9]+)?")
_WITH_UNIT = re.compile(r"([-+]?[0-9][0-9.,'_ ]*?)\s*([^\W\d_][^\d]*|%)")
_DIGITS = re.compile(r"[0-9]+")
_THOUSANDS = re.compile(r"[0-9]{3}(?:\.[0-9]+)?")
AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_OTHER_DAY = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})")
NULL = frozenset(("", "~", "null", "Null", "NULL"))
TRUTH = {"true": True, "false": False, "True": True, "False": False, "TRUE": True, "FALSE": False}
_YES = {
    **dict.fromkeys(("true", "yes", "y", "on", "1", "có", "đúng", "是", "有"), "true"),
    **dict.fromkeys(("false", "no", "n", "off", "0", "không", "sai", "否", "无", "没有"), "false"),
}


@dataclass(slots=True)
class Typed:
    """What typing gives: the value, the faults, and which paths were left out for a fault."""

    faults: list[Fault] = field(default_factory=list)
    left_out: set[Path] = field(default_factory=set)

    @property
    def is_full(self) -> bool:
        """Tell whether there are so many faults that no more are looked for."""
        return len(self.faults) >= MAX_FAULTS


class _Bad:
    """Stands for a place that could not be typed."""


_BAD = _Bad()
Place = Callable[[Node, Path, Message, Message | None], Fault]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typer:
    """Types one document: names its file in faults, and knows where every key of the format belongs."""

    file: str
    index: int
    lines: Sequence[str]
    root: Shape

    def type_document(self, node: Node) -> tuple[Value, Typed]:
        """Return the typed document and all faults of type; what has a fault is left out."""
        typed = Typed()
        value = self._type(node, self.root, (), typed)
        return ({} if isinstance(value, _Bad) else value), typed

    def _fault(self, typed: Typed, node: Node, path: Path, what: Message, hint: Message | None) -> _Bad:
        typed.faults.append(self.fault_at(node, path, what, hint))
        typed.left_out.add(path)
        return _BAD

    def fault_at(self, node: Node, path: Path, what: Message, hint: Message | None) -> Fault:
        """Return a fault at a node."""
        span = span_of(node)
        return Fault(
            file=self.file,
            span=span,
            path=write_path(path),
            what=what,
            hint=hint,
            line_text=self.lines[span.line - 1] if span.line <= len(self.lines) else None,
            document=self.index,
        )

    def _type(self, node: Node, shape: Shape, path: Path, typed: Typed) -> Value | _Bad:
        if isinstance(node, yaml.MappingNode):
            if shape.kind not in ("mapping", "free"):
                return self._wrong(typed, node, path, shape, "mapping")
            return self._type_mapping(node, shape, path, typed)
        if isinstance(node, yaml.SequenceNode):
            if shape.kind not in ("sequence", "free"):
                return self._wrong(typed, node, path, shape, "sequence")
            items = shape.items or FREE
            members = (
                _BAD if typed.is_full else self._type(member, items, (*path, i), typed)
                for i, member in enumerate(node.value)
            )
            # What is left out keeps its place, so that the others keep theirs.
            return tuple(() if isinstance(member, _Bad) else member for member in members)
        return self._type_scalar(node, shape, path, typed)

    def _type_mapping(self, node: yaml.MappingNode, shape: Shape, path: Path, typed: Typed) -> Value:
        value: dict[str, Value] = {}
        given = {key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)}
        for key, inner in node.value:
            if typed.is_full:
                break
            if not isinstance(key, yaml.ScalarNode) or key.value in value or key.value == "<<":
                continue  # told by strict_yaml
            name = key.value
            inner_shape = shape.properties.get(name, shape.extra if shape.kind == "mapping" else FREE)
            if inner_shape is None:
                if not self._split_number(typed, node, key, inner, path):
                    self._unknown_key(typed, key, shape, (*path, name), given)
                continue
            result = self._type(inner, inner_shape, (*path, name), typed)
            if not isinstance(result, _Bad):
                value[name] = result
        return value

    def _split_number(
        self, typed: Typed, node: yaml.MappingNode, key: yaml.ScalarNode, inner: Node, path: Path
    ) -> bool:
        """Tell of `{net_kg: 16,200}`, where YAML reads 16 and a key 200 without a value, and of `{value: 0,05}`."""
        if not _DIGITS.fullmatch(key.value) or not isinstance(inner, yaml.ScalarNode) or inner.value:
            return False
        keys = [one for one, _ in node.value]
        position = keys.index(key)
        before = node.value[position - 1][1] if position else None
        if not isinstance(before, yaml.ScalarNode) or not WHOLE.fullmatch(before.value):
            return False
        what = Message("type.not_number", {"found": f"{before.value},{key.value}"})
        hint = Message("type.comma_hint", {"text": f"{before.value}.{key.value}"})
        if _THOUSANDS.fullmatch(key.value) and before.value.lstrip("+-0"):
            hint = Message("type.grouped_hint", {"text": before.value + key.value})
        self._fault(typed, key, (*path, key.value), what, hint)
        number = next((one for one in keys if node.value[keys.index(one)][1] is before), key)
        typed.left_out.add((*path, number.value))
        return True

    def _unknown_key(self, typed: Typed, key: yaml.ScalarNode, shape: Shape, path: Path, given: set[str]) -> None:
        name = key.value
        near = get_close_matches(name.lower().replace("-", "_").replace(" ", "_"), shape.properties, n=1, cutoff=0.6)
        hint: Message | None = None
        if near:
            hint = Message("type.did_you_mean", {"name": near[0]})
            if near[0] not in given:
                typed.left_out.add((*path[:-1], near[0]))
        else:
            homes = [keys for keys in walk_keys(self.root) if keys[-1] == name]
            if homes:
                hint = Message("type.belongs", {"path": ".".join(homes[0])})
            elif shape.properties:
                hint = Message("type.known_keys", {"keys": ", ".join(list(shape.properties)[:12])})
        typed.faults.append(self.fault_at(key, path, Message("type.unknown_key", {"key": name}), hint))

    def _type_scalar(self, node: yaml.ScalarNode, shape: Shape, path: Path, typed: Typed) -> Value | _Bad:
        text: str = node.value
        plain = is_plain(node)
        if plain and text in NULL and shape.kind != "free":
            what = Message("type.empty", {"key": str(path[-1]) if path else ""})
            return self._fault(typed, node, path, what, Message("type.empty_hint"))
        match shape.kind:
            case "text" | "free":
                return text
            case "day":
                return self._type_day(node, path, typed)
            case "truth":
                if plain and text in TRUTH:
                    return TRUTH[text]
                meant = _YES.get(text.lower())
                hint = Message("type.truth_hint", {"meant": meant}) if meant else Message("type.truth_hint_bare")
                return self._fault(typed, node, path, Message("type.not_truth", {"found": text}), hint)
            case "whole" | "decimal":
                return self._type_number(node, shape, path, typed)
            case _:
                return self._wrong(typed, node, path, shape, "scalar")

    def _type_number(self, node: yaml.ScalarNode, shape: Shape, path: Path, typed: Typed) -> Value | _Bad:
        text = node.value
        if is_plain(node):
            if shape.kind == "whole" and WHOLE.fullmatch(text):
                return int(text)
            if shape.kind == "decimal" and AMBIGUOUS.fullmatch(text) and path and str(path[-1]).endswith("_kg"):
                # In Viet Nam 16.200 kg are sixteen tonnes; nobody weighs a lot to the gram.
                args = {"whole": text.replace(".", ""), "decimal": text.rstrip("0").rstrip(".")}
                hint = Message("type.ambiguous_hint", args)
                return self._fault(typed, node, path, Message("type.ambiguous", {"found": text}), hint)
            if shape.kind == "decimal" and DECIMAL.fullmatch(text):
                number = Decimal(text)
                return int(number) if WHOLE.fullmatch(text) else number
        key = "type.not_whole" if shape.kind == "whole" else "type.not_number"
        return self._fault(typed, node, path, Message(key, {"found": text}), _number_hint(node, shape))

    def _type_day(self, node: yaml.ScalarNode, path: Path, typed: Typed) -> Value | _Bad:
        text: str = node.value
        match = _DAY.fullmatch(text)
        if match is not None:
            if not _is_day(int(match[1]), int(match[2]), int(match[3])):
                what = Message("type.no_such_day", {"found": text})
                return self._fault(typed, node, path, what, Message("type.no_such_day_hint"))
            return text
        other = _OTHER_DAY.fullmatch(text)
        hint = Message("type.day_hint")
        if other is not None and _is_day(int(other[3]), int(other[2]), int(other[1])):
            hint = Message("type.day_order_hint", {"day": f"{other[3]}-{int(other[2]):02}-{int(other[1]):02}"})
        return self._fault(typed, node, path, Message("type.not_day", {"found": text}), hint)

    def _wrong(self, typed: Typed, node: Node, path: Path, shape: Shape, found: str) -> _Bad:
        what = Message("type.wrong", words={"found": f"kind.{found}", "expected": f"kind.{shape.kind}"})
        hint = None
        if shape.kind == "mapping" and shape.properties:
            hint = Message("type.known_keys", {"keys": ", ".join(list(shape.properties)[:12])})
        elif shape.kind == "sequence":
            hint = Message("type.sequence_hint")
        return self._fault(typed, node, path, what, hint)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def is_day_text(text: str) -> bool:
    """Tell whether a text is a day of the calendar, year-month-day."""
    match = _DAY.fullmatch(text)
    return match is not None and _is_day(int(match[1]), int(match[2]), int(match[3]))


def _number_hint(node: yaml.ScalarNode, shape: Shape) -> Message:
    """Return how to write what was meant; never another number than the one that stands there."""
    text = node.value.strip()
    if not is_plain(node) and DECIMAL.fullmatch(text):
        return Message("type.unquote_hint", {"text": text})
    if text.startswith(("<", "≤")):
        return Message("type.less_than_hint")
    with_unit = _WITH_UNIT.fullmatch(text)
    number = with_unit[1].strip() if with_unit is not None else text
    meant = _meant(number)
    if meant is None or (shape.kind == "whole" and not WHOLE.fullmatch(meant)):
        return Message("type.number_hint", {"example": shape.example})
    if with_unit is not None:
        return Message("type.unit_hint", {"text": meant})
    return Message("type.grouped_hint" if _GROUPED.fullmatch(number) else "type.comma_hint", {"text": meant})


def _meant(number: str) -> str | None:
    """Return a number without separators of thousands and with a point, None where it is not clear which it is."""
    if DECIMAL.fullmatch(number):
        return number
    if _COMMA.fullmatch(number) and not _GROUPED.fullmatch(number):
        return number.replace(",", ".")
    grouped = _GROUPED.fullmatch(number)
    if grouped is None:
        return None
    whole, _, rest = grouped[1], grouped[2], grouped[3]
    return re.sub(r"[^0-9+-]", "", whole) + (f".{rest[1:]}" if rest else "")
