# SPDX-License-Identifier: Apache-2.0
"""`language`: each text is in its language: zh has Chinese characters, vi Vietnamese letters, no two are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from borderready.model import Path, Rule, Texts
from borderready.pack.lint.finding import LintFinding, remark_at, remark_notice
from borderready.pack.view import PackView

ID = "language"
_LATIN = re.compile("[A-Za-z]")
_HAN = re.compile("[\u4e00-\u9fff]")
_VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)
_LONGEST_TITLE = 70


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield texts that are not in their language, and titles too long for a line."""
    for rule in pack.rule_base.rules:
        for place, texts in _texts(rule):
            for problem in problems(texts):
                yield remark_at(pack, ID, f"{rule.id}.yaml", place, problem)
        if len(rule.title.en) > _LONGEST_TITLE:
            yield remark_at(pack, ID, f"{rule.id}.yaml", ("title", "en"), f"longer than {_LONGEST_TITLE} characters")
    for name, instrument in pack.rule_base.instruments.items():
        for problem in problems(instrument.title):
            yield remark_at(pack, ID, f"instruments/{name}.yaml", ("title",), problem)
    for name, product in pack.rule_base.products.items():
        for problem in problems(product.name):
            yield remark_at(pack, ID, "products.yaml", ("products", name, "name"), problem)
    for notice in pack.rule_base.notices:
        told = [("title", notice.title), *([("fix", notice.fix)] if notice.fix is not None else [])]
        for key, texts in told:
            for problem in problems(texts):
                yield remark_notice(pack, ID, notice.id, key, problem)


def _texts(rule: Rule) -> Iterator[tuple[Path, Texts]]:
    yield ("title",), rule.title
    for index, wording in enumerate(rule.wordings):
        yield ("wordings", index, "says"), wording.says
        if wording.fix is not None:
            yield ("wordings", index, "fix"), wording.fix


def problems(texts: Texts) -> Iterator[str]:
    """Yield what is wrong with a text in three languages."""
    for language, text in (("en", texts.en), ("vi", texts.vi)):
        if not _LATIN.search(text):
            yield f"{language} has no Latin letters"
    if not _HAN.search(texts.zh):
        yield "zh has no Chinese characters"
    if len(texts.vi) > 25 and not _VIETNAMESE.search(texts.vi):
        yield "vi has no Vietnamese letters"
    if len({texts.en, texts.vi, texts.zh}) < 3 and len(texts.en) > 25:
        yield "two languages have the same text"
