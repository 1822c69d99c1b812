# SPDX-License-Identifier: Apache-2.0
"""What a shell is offered when its user presses the tabulator."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import run_process


def _offered(line: str, home: Path) -> list[str]:
    """Return what bash would offer behind a line that is not finished."""
    words = line.split(" ")
    ran = run_process(
        home=home,
        environment={
            "_BORDERREADY_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
        },
    )
    assert (ran.code, ran.err) == (0, "")
    return ran.out.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("borderready che", ["check"]),
        ("borderready check --for", ["--format"]),
        (
            "borderready check m.yaml --format ",
            ["text", "json", "ndjson", "sarif", "junit", "github", "gitlab", "csv", "markdown"],
        ),
        ("borderready explain vn/durian-fresh/orchard-co", ["vn/durian-fresh/orchard-code"]),
        ("borderready check m.yaml --why-not any/any/market-acc", ["any/any/market-access"]),
        ("borderready rules --product durian-f", ["durian-fresh", "durian-frozen"]),
        ("borderready explain no/such/rule", []),
    ],
)
def test_shell_is_offered_what_fits(line: str, offered: list[str], tmp_path: Path) -> None:
    assert _offered(line, tmp_path) == offered
