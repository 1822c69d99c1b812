# SPDX-License-Identifier: Apache-2.0
"""The shape of a manifest: what the scopes of rules ask of it, and nothing else.

Scopes ask which fields are given, and of a few what stands there: the type of a paper, the product, the gate. Two
subjects of one shape are asked the same rules. Most trucks of an exporter have one shape.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from borderready.memory.mask import print_of
from borderready.memory.numbers import Numbers
from borderready.model import Rule, Value
from borderready.paths import Key, Picked, View, Where, parse_path
from borderready.scope import PLAIN_PATHS
from borderready.subjects import SHARED

# What rules are chosen by beside their conditions: of a lot its product, and its own origin.
_ALWAYS = (*PLAIN_PATHS, "lots.product", "lots.origin")


@dataclass(slots=True)
class Watch:
    """What scopes ask of a part of the manifest.

    Attributes:
        below: Of its keys.
        is_read: Whether they ask what stands there, and not only whether anything does.
    """

    below: dict[str, Watch] = field(default_factory=dict)
    is_read: bool = False

    def at(self, *keys: str) -> Watch:
        """Return what they ask further down."""
        watch = self
        for key in keys:
            watch = watch.below.setdefault(key, Watch())
        return watch


def watch_for(rules: Iterable[Rule]) -> Watch:
    """Return what the scopes of these rules ask of a manifest."""
    root = Watch()
    for path in _ALWAYS:
        root.at(*path.split(".")).is_read = True
    for name in SHARED:
        root.at(name)
    for rule in rules:
        for condition in rule.scope.conditions:
            steps = parse_path(condition.path)
            watch = root if str(steps[0]) in SHARED else root.at("lots" if rule.each == "lot" else "documents")
            for step in steps:
                if isinstance(step, Key):
                    watch = watch.at(step.name)
                elif isinstance(step, Where):
                    for key in step.keys:
                        watch.at(key).is_read = True
            watch.is_read = watch.is_read or condition.kind in ("when", "unless")
    return root


def shape_of(view: View, watch: Watch, numbers: Numbers) -> Hashable:
    """Return the shape of what a subject sees, of its own keys first."""
    own = watch.below["documents" if view.path[:1] == ("documents",) else "lots"]
    shapes: list[Hashable] = [_number_of(view.own, own, view, numbers)]
    for name in SHARED:
        value = view.shared.get(name)
        part = watch.below[name]
        shapes.append(None if value is None else _number_of(value, part, view, numbers))
    return tuple(shapes)


def _number_of(value: Value | Picked, watch: Watch, view: View, numbers: Numbers) -> int:
    """Return the number of the shape of a part; each part of a manifest is seen by many subjects."""
    known = view.common.shapes
    number = known.get(id(value))
    if number is None:
        if isinstance(value, tuple):
            shape: Hashable = tuple([_number_of(member, watch, view, numbers) for member in value])
        elif isinstance(value, Picked):
            shape = tuple([(index, _number_of(member, watch, view, numbers)) for index, member in value.members])
        else:
            shape = ("shape", _shape(value, watch))
        number = known[id(value)] = numbers.number_of(shape)
    return number


def _shape(value: Value, watch: Watch) -> Hashable:
    if isinstance(value, (str, int, Decimal)):  # before Mapping, which it takes long to be none of
        return print_of(value) if watch.is_read else 1
    if isinstance(value, tuple):
        return 0 if not value else ("[", *[_shape(member, watch) for member in value])
    if watch.is_read:
        return print_of(value)
    shapes: list[Hashable] = []
    for key, inner in value.items():
        below = watch.below.get(key)
        if below is not None:
            shapes.append(key)
            shapes.append((inner if below.is_read else 1) if type(inner) is str else _shape(inner, below))
    return tuple(shapes)
