# SPDX-License-Identifier: Apache-2.0
"""Text that cannot act on a terminal, and the line to insert where something is missing."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from borderready.model import Missing
from borderready.report.show import clean, insertion

# Of the categories of Unicode: control characters, and the formats that turn the direction of writing.
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@settings(max_examples=300)
@given(text=st.text())
@example(text="\x1b[31m\x9b31m\x07\x08\x7f\x85\u2028\u2029\u202e\ufeff\t\r\n\0")
def test_clean_text_holds_no_character_that_acts(text: str) -> None:
    acting = [c for c in clean(text) if unicodedata.category(c) in ("Cc", "Zl", "Zp") or c in BIDI]
    assert acting == []


@settings(max_examples=300)
@given(text=st.text(st.characters(exclude_categories=("Cc", "Cf", "Zl", "Zp", "Cs"))))
def test_text_that_does_not_act_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_every_character_that_acts_or_stands_for_none_is_looked_for() -> None:
    """Text that Python calls printable is taken as it is, so nothing of these may be printable."""
    odd = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") or c in BIDI]
    assert [c for c in (*odd, "\ufeff", "\ufffe", "\uffff") if c.isprintable()] == []


def test_character_that_acts_is_shown_as_its_code() -> None:
    assert clean("a\x1b[31mb\u202ec\td") == "a\\u001b[31mb\\u202ec d"


@pytest.mark.parametrize(
    ("parent", "steps", "line"),
    [
        (("shipment",), "mode", "mode: <shipment.mode>"),
        (("lots", 0), "labels.box.fruit_name", "labels: {box: {fruit_name: <lots.labels.box.fruit_name>}}"),
        (("lots", 0, "labels", "box"), "fruit_name", "fruit_name: <lots.labels.box.fruit_name>"),
        (("lots", 0), "orchards[*].code", "orchards: [{code: <lots.orchards.code>}]"),
        ((), "documents[type=contract]", "documents: [{type: contract}]"),
        ((), "documents[type=contract].number", "documents: [{type: contract, number: <documents.number>}]"),
        (
            (),
            "documents[type=lab-report].results[analyte=cadmium][part=pulp].value",
            "documents: [{type: lab-report, results: [{analyte: cadmium, part: pulp, "
            "value: <documents.results.value>}]}]",
        ),
    ],
)
def test_line_to_insert_leads_to_what_is_missing(parent: tuple[str | int, ...], steps: str, line: str) -> None:
    missing = Missing(parent=parent, steps=steps, is_last=False)
    assert insertion(missing, lambda path: f"<{'.'.join(path)}>") == line


def test_line_to_insert_is_yaml_that_the_manifest_format_takes() -> None:
    """With the example of the schema where the value belongs."""
    import yaml

    missing = Missing(parent=("lots", 0), steps="orchards[*].code", is_last=False)
    inserted = yaml.safe_load(insertion(missing, lambda _: "VN-QYOR-0001"))
    assert inserted == {"orchards": [{"code": "VN-QYOR-0001"}]}
    assert re.fullmatch(r"orchards: \[\{code: .*\}\]", insertion(missing, lambda _: "..."))
