# SPDX-License-Identifier: Apache-2.0
"""The types that flow between the wings: frozen, without lists or dicts, in the words of the design."""

from __future__ import annotations

import dataclasses
import inspect

import pytest

from borderready import model
from borderready.model import Finding, Force, Grade, Outcome, Source, Status, Subject, Texts, Verdict
from tests.build import make_data, make_manifest, make_rule, make_source, make_wording

TYPES = [member for _, member in inspect.getmembers(model, dataclasses.is_dataclass)]


def make_finding(*, wording: model.Wording | None, source: Source | None) -> Finding:
    return Finding(
        rule=make_rule(),
        wording=wording,
        subject=Subject(kind="lot", id="L1", path=("lots", 0)),
        outcome=Outcome(status=Status.FAIL, source=source),
        force=Force.BLOCKS,
    )


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: str(kind.__name__))
def test_every_type_is_frozen_and_holds_no_list_dict_set_or_float(kind: type) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]  # set by the decorator
    assert "__slots__" in vars(kind)
    for field in dataclasses.fields(kind):
        assert isinstance(field.type, str)
        if not field.init:  # what is worked out when first asked for: no part of what the type says
            assert (field.compare, field.repr) == (False, False)
            continue
        words = field.type.replace("[", " ").replace("]", " ").replace(",", " ").split()
        assert not {"list", "dict", "set", "float", "Any"} & set(words)


def test_the_closed_sets_are_those_of_the_design() -> None:
    assert [str(status) for status in Status] == [
        "pass",
        "fail",
        "unknown",
        "manual",
        "not-applicable",
        "upcoming",
        "waived",
        "error",
    ]
    assert [str(verdict) for verdict in Verdict] == ["ready", "not-ready", "undecided", "invalid"]
    assert [str(force) for force in Force] == ["blocks", "warns", "informs"]
    assert [str(grade) for grade in Grade] == ["primary", "secondary", "memory"]


def test_a_text_speaks_three_languages() -> None:
    texts = Texts(en="durian", vi="sầu riêng", zh="榴莲")
    assert [texts.in_language(language) for language in ("en", "vi", "zh")] == ["durian", "sầu riêng", "榴莲"]


def test_the_reference_of_a_manifest_is_its_text_or_none() -> None:
    assert make_manifest(make_data(reference="AP-1")).reference == "AP-1"
    assert make_manifest({"borderready": 1}).reference is None


def test_the_source_of_a_finding_is_that_of_the_row_that_decided_else_of_the_wording() -> None:
    wording, row = make_wording(), make_source(instrument="table-act")
    assert make_finding(wording=wording, source=row).source == row
    assert make_finding(wording=wording, source=None).source == wording.source
    assert make_finding(wording=None, source=None).source is None
    assert make_finding(wording=wording, source=None).status is Status.FAIL
