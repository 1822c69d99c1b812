# SPDX-License-Identifier: Apache-2.0
"""`says`: mandated words, compared after folding case, width, marks and white space; no word is forgiven."""

from __future__ import annotations

import pytest

from borderready.model import Message, Missing, Outcome, Status
from tests.build import make_lot_context, run_check, say_options, statuses_of, takes_options

CHINESE = "输往中华人民共和国"
ENGLISH = "Exported to the People's Republic of China"


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (CHINESE, "pass"),
        (ENGLISH, "pass"),
        ("Exported to the People’s Republic of China", "pass"),
        ("EXPORTED TO THE\nPEOPLE'S REPUBLIC\nOF CHINA", "pass"),
        ("Ｅｘｐｏｒｔｅｄ　ｔｏ　ｔｈｅ　Ｐｅｏｐｌｅ’ｓ　Ｒｅｐｕｂｌｉｃ　ｏｆ　Ｃｈｉｎａ", "pass"),
        (f"榴莲 Durian - {ENGLISH} - 900 boxes", "pass"),
        ("输往 中华人民共和国。", "pass"),
        ("输往\n中华人民\n共和国", "pass"),
        ("输往中国", "fail"),
        ("中华人民共和国", "fail"),
        ("Exported to People's Republic of China", "fail"),
        ("Export to the People's Republic of China", "fail"),
        ("Exported to the Republic of China", "fail"),
        ("", "fail"),
    ],
)
def test_one_of_the_phrases_stands_in_the_text(found: str, status: str) -> None:
    context = make_lot_context(labels={"pallet": {"text": found}})
    outcomes = run_check("says", context, "labels.pallet.text", {"any_of": [CHINESE, ENGLISH]})
    assert outcomes == (
        Outcome(
            status=Status(status),
            path=("lots", 0, "labels", "pallet", "text"),
            found=found,
            expected=f"{CHINESE} / {ENGLISH}",
        ),
    )


@pytest.mark.parametrize(
    ("found", "lacking"),
    [
        ("This fruit meets the Protocol and is free of any quarantine pest of concern to China.", []),
        ("free of QUARANTINE  PEST; protocol; china", []),
        ("This fruit is free of any quarantine pest.", ["protocol", "China"]),
        ("nothing", ["protocol", "quarantine pest", "China"]),
    ],
)
def test_all_of_the_phrases_stand_in_the_text(found: str, lacking: list[str]) -> None:
    context = make_lot_context(statement=found)
    (outcome,) = run_check("says", context, "statement", {"all_of": ["protocol", "quarantine pest", "China"]})
    assert outcome == Outcome(
        status=Status.FAIL if lacking else Status.PASS,
        path=("lots", 0, "statement"),
        found=found,
        expected="protocol + quarantine pest + China",
        because=Message("check.says.lacking", {"phrases": ", ".join(lacking)}) if lacking else None,
    )


def test_vietnamese_diacritics_count() -> None:
    options = {"any_of": ["Xuất khẩu sang Trung Quốc"]}
    assert statuses_of(run_check("says", make_lot_context(t="XUẤT KHẨU SANG TRUNG QUỐC"), "t", options)) == ["pass"]
    decomposed = "Xua\u0302\u0301t kha\u0302\u0309u sang Trung Quo\u0302\u0301c"
    assert statuses_of(run_check("says", make_lot_context(t=decomposed), "t", options)) == ["pass"]
    assert statuses_of(run_check("says", make_lot_context(t="Xuat khau sang Trung Quoc"), "t", options)) == ["fail"]


def test_an_absent_text_is_unknown() -> None:
    missing = Missing(parent=("lots", 0), steps="labels.pallet.text", is_last=False)
    assert run_check("says", make_lot_context(), "labels.pallet.text", {"any_of": [CHINESE]}) == (
        Outcome(status=Status.UNKNOWN, path=("lots", 0), missing=missing),
    )


@pytest.mark.parametrize(
    ("options", "is_taken"),
    [
        ({"any_of": ["x"]}, True),
        ({"all_of": ["x", "y"]}, True),
        ({}, False),
        ({"any_of": []}, False),
        ({"any_of": [""]}, False),
        ({"any_of": ["x"], "all_of": ["y"]}, False),
        ({"none_of": ["x"]}, False),
    ],
)
def test_options_are_checked(options: dict[str, object], is_taken: bool) -> None:
    assert takes_options("says", options) is is_taken


def test_it_says_what_it_asks() -> None:
    assert say_options("says", {"any_of": ["x", "y"]}).en == "the words: x / y"
    assert say_options("says", {"all_of": ["x", "y"]}).en == "all these words: x + y"
