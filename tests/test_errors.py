# SPDX-License-Identifier: Apache-2.0
"""Faults say where they are, and one base error carries them to the edge."""

from __future__ import annotations

import pytest

from borderready.errors import BorderreadyError, Fault, RegisterError, RuleBaseError, UsageError
from borderready.model import Message, Span

AT = Fault(
    file="m.yaml",
    span=Span(line=27, column=88, end_line=27, end_column=100),
    path="lots[0].id",
    what=Message("read.syntax"),
)
WHOLE = Fault(file="m.yaml", span=None, path="", what=Message("read.missing"))


def test_a_fault_stands_at_file_line_and_column_or_at_the_file() -> None:
    assert (AT.place, WHOLE.place) == ("m.yaml:27:88", "m.yaml")


@pytest.mark.parametrize("kind", [BorderreadyError, RuleBaseError, RegisterError])
def test_an_error_keeps_all_its_faults(kind: type[BorderreadyError]) -> None:
    error = kind(fault for fault in (AT, WHOLE))
    assert error.faults == (AT, WHOLE)
    assert str(error) == "m.yaml:27:88: read.syntax; m.yaml: read.missing"
    assert isinstance(error, BorderreadyError)


def test_a_usage_error_is_one_fault_of_the_command() -> None:
    what, hint = Message("pack.no_rule", {"rule": "x"}), Message("read.empty_hint")
    assert UsageError(what, hint).faults == (Fault(file="borderready", span=None, path="", what=what, hint=hint),)
