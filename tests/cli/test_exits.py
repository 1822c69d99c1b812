# SPDX-License-Identifier: Apache-2.0
"""Exit codes are the same for one manifest and for a thousand, and never a count."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.cli.exits import ExitCode, exit_code_of
from borderready.model import Verdict
from tests.command import MANIFESTS, run_here

VERDICTS = ("invalid", "not-ready", "ready", "undecided")
# Every mix of verdicts, and what a caller may rely on.
CODES = {
    ("ready",): 0,
    ("undecided",): 4,
    ("not-ready",): 1,
    ("invalid",): 1,
    ("ready", "undecided"): 4,
    ("not-ready", "ready"): 1,
    ("invalid", "ready"): 1,
    ("not-ready", "undecided"): 1,
    ("invalid", "undecided"): 1,
    ("invalid", "not-ready"): 1,
    ("not-ready", "ready", "undecided"): 1,
    ("invalid", "ready", "undecided"): 1,
    ("invalid", "not-ready", "ready"): 1,
    ("invalid", "not-ready", "undecided"): 1,
    ("invalid", "not-ready", "ready", "undecided"): 1,
}


def test_codes_are_those_of_the_design() -> None:
    assert {code.name: int(code) for code in ExitCode} == {
        "READY": 0,
        "NOT_READY": 1,
        "USAGE": 2,
        "NOTHING_CHECKED": 3,
        "UNDECIDED": 4,
        "UNTRUSTED_PACK": 5,
        "INTERNAL": 6,
        "INTERRUPTED": 130,
    }


def test_every_mix_is_listed_here() -> None:
    mixes = [mix for size in range(1, 5) for mix in combinations(VERDICTS, size)]
    assert sorted(CODES) == sorted(mixes)
    assert sorted(VERDICTS) == sorted(Verdict)


@pytest.mark.parametrize(("mix", "code"), CODES.items())
def test_command_leaves_with_the_code_of_the_mix(mix: tuple[str, ...], code: int, tmp_path: Path) -> None:
    files = [f"{verdict}.yaml" for verdict in mix]
    for order in (files, files[::-1]):
        assert run_here("check", *order, "--rules", "../pack", home=tmp_path, folder=MANIFESTS).code == code


@settings(max_examples=200)
@given(verdicts=st.lists(st.sampled_from(Verdict), min_size=1, max_size=40))
def test_code_depends_on_which_verdicts_there_are_and_on_nothing_else(verdicts: list[Verdict]) -> None:
    mix = tuple(sorted({str(verdict) for verdict in verdicts}))
    assert exit_code_of(verdicts) == CODES[mix]


def test_no_verdict_at_all_means_that_nothing_was_checked() -> None:
    assert exit_code_of([]) is ExitCode.NOTHING_CHECKED
