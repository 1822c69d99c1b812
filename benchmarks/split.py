# SPDX-License-Identifier: Apache-2.0
"""What one manifest costs, part by part, in one process that meets each manifest once, as a run does."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import yaml
from manifests import text_of

from borderready import __version__
from borderready.cli.run_ledger import Noted, known_of
from borderready.cli.session import load_rules
from borderready.core import check_shipment
from borderready.model import Manifest, Report
from borderready.read.manifest import parse_manifests, placeholder_of
from borderready.read.strict_yaml import UntypedLoader
from borderready.report.formats import FORMATS
from borderready.report.stream import Format, RunInfo
from borderready.report.told import tell

S = TypeVar("S")
T = TypeVar("T")
BATCHES = 10


def measure_split(count: int) -> None:
    """Print the milliseconds of each part, the least of ten batches of so many manifests; two before are left out."""
    rule_base = load_rules(None)
    info = RunInfo(
        engine=__version__, language="en", instruments=rule_base.instruments, fill=placeholder_of, pack=rule_base.pack
    )
    gc.freeze()
    gc.disable()
    costs: dict[str, list[float]] = {}

    def go(part: str, act: Callable[[S], T], each: Sequence[S]) -> list[T]:
        start = time.perf_counter()
        results = [act(one) for one in each]
        costs.setdefault(part, []).append((time.perf_counter() - start) / len(each) * 1000)
        return results

    for batch in range(BATCHES + 2):
        texts = [text_of(number) for number in range(batch * count, (batch + 1) * count)]
        go("composing with PyYAML's C parser: the floor", _compose, texts)
        read = go("reading: that, judging, typing, validating", _read, texts)
        manifests = [manifest for manifest in read if isinstance(manifest, Manifest)]
        go("what it uses", known_of, manifests)
        reports = go(
            "checking",
            lambda manifest: check_shipment(manifest, rule_base, history=Noted(None), tells_passes=False),
            manifests,
        )
        for name, form in FORMATS.items():
            go(f"as {name}", partial(_write, form, info), reports)
        go("for the summary", lambda report: tell(report, "en"), reports)
        if batch == 1:
            costs.clear()
    for part, every in costs.items():
        print(f"{min(every):6.2f} ms  {part}")


def _write(form: Format, info: RunInfo, report: Report) -> object:
    return form.item(report, info)


def _compose(text: str) -> object:
    return yaml.compose(text, Loader=UntypedLoader)


def _read(text: str) -> object:
    return parse_manifests(text.encode(), file="m.yaml")[0]
