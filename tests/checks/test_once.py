# SPDX-License-Identifier: Apache-2.0
"""`once`: the number of a paper stands in no other consignment."""

from __future__ import annotations

from borderready.histories import History, Others
from borderready.model import Force, Message, Missing, Outcome, Status, Use
from tests.build import make_context, make_data, run_check, say_options, statuses_of, takes_options
from tests.test_across import USE

OTHER = USE._replace(kind="phytosanitary-certificate", key="PC42", reference="B-2", file="b.yaml")
AT = ("documents", 0, "number")


def history_of(*uses: Use) -> History:
    return lambda kind, key, _: Others.of(use for use in uses if (use.kind, use.key) == (kind, key))


def judge(history: History | None, **paper: object) -> tuple[Outcome, ...]:
    data = make_data(documents=[{"type": "phytosanitary-certificate", **paper}])
    return run_check("once", make_context(data, each="phytosanitary-certificate", history=history), "number", {})


def test_a_number_of_its_own_passes() -> None:
    assert judge(history_of(OTHER), number="PC-43") == (Outcome(status=Status.PASS, path=AT, found="PC-43"),)


def test_a_number_that_another_consignment_bears_fails_and_names_it() -> None:
    others = {"number": "pc 42", "others": "B-2 (b.yaml, 2026-11-25)"}
    assert judge(history_of(OTHER), number="pc 42") == (
        Outcome(
            status=Status.FAIL,
            path=AT,
            found="pc 42",
            because=Message("check.once.used", others),
            fix=Message("check.once.fix", {"reference": "B-2"}),
        ),
    )


def test_the_same_number_of_another_type_of_paper_passes() -> None:
    assert statuses_of(judge(history_of(OTHER._replace(kind="lab-report")), number="PC-42")) == ["pass"]


def test_another_issuer_only_warns() -> None:
    (outcome,) = judge(history_of(OTHER._replace(issuer="office two")), number="PC-42", issuer="Office One")
    assert (outcome.status, outcome.at_most, outcome.fix) == (Status.FAIL, Force.WARNS, None)
    (outcome,) = judge(history_of(OTHER._replace(issuer="office one")), number="PC-42", issuer="OFFICE ONE")
    assert (outcome.status, outcome.at_most) == (Status.FAIL, Force.BLOCKS)


def test_of_many_others_the_last_three_are_named() -> None:
    many = history_of(*(OTHER._replace(reference=f"B-{number}", start=None) for number in range(5)))
    (outcome,) = judge(many, number="PC-42")
    assert outcome.because is not None
    assert outcome.because.args["others"] == "(+2) ... B-2 (b.yaml), B-3 (b.yaml), B-4 (b.yaml)"


def test_where_others_are_not_known_nothing_is_said() -> None:
    assert judge(None, number="PC-42") == ()


def test_a_paper_without_a_number_is_unknown() -> None:
    (outcome,) = judge(history_of(OTHER), issued="2026-11-24")
    assert outcome.missing == Missing(parent=("documents", 0), steps="number", is_last=True)


def test_it_takes_no_options_and_says_itself() -> None:
    assert takes_options("once", {}) and not takes_options("once", {"kind": "lab-report"})
    assert say_options("once", {}).en == "in no other consignment"
