# SPDX-License-Identifier: Apache-2.0
"""`link-cycle`: `overrides` and `replaces` form no circle, and displace only rules asked of the same subject."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import CASES_FILE, CLEAN, RULE_FILE, lint_files

END = "seen: primary, checked: 2026-11-20}\n"


def _pack(**links: str) -> dict[str, str]:
    """Return a pack of rules any/any/a, any/any/b ..., each with a line at its end."""
    files = {name: text for name, text in CLEAN.items() if name not in (RULE_FILE, CASES_FILE)}
    for name, line in links.items():
        files[f"any/any/{name}.yaml"] = (
            CLEAN[RULE_FILE]
            .replace("any/any/seal", f"any/any/{name}")
            .replace("wordings:\n", f"{line}\nwordings:\n" if line else "wordings:\n")
        )
        files[f"any/any/{name}.cases.yaml"] = CLEAN[CASES_FILE]
    return files


def _sentences(root: Path, files: dict[str, str]) -> list[tuple[str, str, str]]:
    return [found for found in lint_files(root, files) if "link-cycle" in found[2]]


@pytest.mark.parametrize("kind", ["overrides", "replaces"])
def test_circle_is_an_error_at_every_rule_of_it(kind: str, tmp_path: Path) -> None:
    files = _pack(
        a=f"{kind}: [any/any/b]", b=f"{kind}: [any/any/c]", c=f"{kind}: [any/any/a]", d=f"{kind}: [any/any/a]"
    )
    assert _sentences(tmp_path, files) == [
        ("error", f"any/any/{name}.yaml:12:1", f"link-cycle: '{kind}' leads back to this rule") for name in "abc"
    ]


def test_rule_that_displaces_itself_is_an_error(tmp_path: Path) -> None:
    assert _sentences(tmp_path, _pack(a="overrides: [any/any/a]")) == [
        ("error", "any/any/a.yaml:12:1", "link-cycle: 'overrides' leads back to this rule")
    ]


def test_rule_that_displaces_one_of_another_subject_is_an_error(tmp_path: Path) -> None:
    files = _pack(a="overrides: [any/any/b]", b="")
    files["any/any/b.yaml"] = files["any/any/b.yaml"].replace("each: shipment", "each: lot")
    assert _sentences(tmp_path, files) == [
        (
            "error",
            "any/any/a.yaml:12:13",
            "link-cycle: any/any/b is asked of each lot, this rule of each shipment",
        )
    ]


def test_rule_of_a_document_type_may_displace_one_of_every_document_but_not_the_other_way(tmp_path: Path) -> None:
    files = _pack(a="overrides: [any/any/b]", b="")
    for name, each in (("a", "packing-list"), ("b", "document")):
        files[f"any/any/{name}.yaml"] = files[f"any/any/{name}.yaml"].replace("each: shipment", f"each: {each}")
    assert _sentences(tmp_path / "right", files) == []
    for name, each in (("a", "document"), ("b", "packing-list")):
        file = f"any/any/{name}.yaml"
        files[file] = (
            files[file].replace("each: packing-list", f"each: {each}").replace("each: document", f"each: {each}")
        )
    assert [sentence for _, _, sentence in _sentences(tmp_path / "wrong", files)] == [
        "link-cycle: any/any/b is asked of each packing-list, this rule of each document"
    ]


def test_chain_is_clean(tmp_path: Path) -> None:
    """Two ways to the same rule are no circle."""
    files = _pack(a="overrides: [any/any/b, any/any/c]", b="overrides: [any/any/c]", c="replaces: [any/any/a]")
    assert _sentences(tmp_path, files) == []
