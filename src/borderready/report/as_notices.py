# SPDX-License-Identifier: Apache-2.0
"""Notices for a person, and as the YAML that a pack and `notice import` read."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.text import Text

from borderready.model import OWN_NOTICE, Grade, Message, Notice, Texts
from borderready.report.show import clean
from borderready.report.terminal import Layout, print_pairs


def print_notices(notices: Sequence[Notice], own: Collection[str], layout: Layout) -> None:
    """Print notices one under the other: the title, what it is about, from when until when; `own` are the user's."""
    for notice in notices:
        print_notice(notice, own, layout)
        layout.add()
    layout.add_wrapped(Text(layout.say(Message("notice.count", {"count": str(len(notices))})), "bold"))


def print_notice(notice: Notice, own: Collection[str], layout: Layout) -> None:
    """Print one notice."""
    head = Text(clean(notice.title.in_language(layout.language)), "bold")
    head.append(f"  {notice.id}", "dim")
    layout.add_wrapped(head)
    names = (*notice.gates, *notice.codes, *notice.products, *notice.origins)
    pairs = [
        ("notice.kind", layout.word(f"notice.kind.{notice.kind}")),
        ("notice.days", _days(notice, layout)),
        ("notice.names", clean(", ".join(names))),
    ]
    if notice.fix is not None:
        pairs.append(("report.mend", clean(notice.fix.in_language(layout.language))))
    pairs.append(("report.source", _source(notice, layout)))
    pairs.append(("notice.whose", layout.word("notice.own" if notice.id in own else "notice.pack")))
    print_pairs(pairs, layout)


def _days(notice: Notice, layout: Layout) -> str:
    key = "notice.from_on" if notice.until is None else "notice.from_until"
    return layout.say(Message(key, {"start": notice.start, "until": notice.until or ""}))


def _source(notice: Notice, layout: Layout) -> str:
    source = notice.source
    instrument = layout.instruments.get(source.instrument)
    if source.instrument == OWN_NOTICE:
        return clean(f"{layout.word('report.own_notice')}, {source.locator}")
    name = source.instrument
    if instrument is not None:
        name = instrument.number or instrument.title.in_language(layout.language)
    grade = layout.word(f"grade.{source.seen}")
    if source.seen is Grade.SECONDARY:
        grade += f" ({layout.say(Message('report.witnesses', {'count': str(len(source.witnesses))}))})"
    return clean(f"{name}, {source.locator}; {grade}")


def render_notices(notices: Sequence[Notice]) -> str:
    """Return notices as a YAML list of the form of a pack's notices/ (schemas/notices.schema.json)."""
    import yaml

    entries = [_entry(notice) for notice in notices]
    return yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=120)


def _entry(notice: Notice) -> dict[str, object]:
    names = {"gate": notice.gates, "origin": notice.origins, "product": notice.products, "code": notice.codes}
    source = notice.source
    entry: dict[str, object] = {
        "id": notice.id,
        "title": _texts(notice.title),
        "kind": notice.kind,
        "applies_to": {key: list(members) for key, members in names.items() if members},
        "start": notice.start,
    }
    entry.update({"open_ended": True} if notice.until is None else {"until": notice.until})
    if notice.fix is not None:
        entry["fix"] = _texts(notice.fix)
    cited: dict[str, object] = {"instrument": source.instrument, "locator": source.locator, "seen": str(source.seen)}
    if source.checked is not None:
        cited["checked"] = source.checked
    if source.witnesses:
        cited["witnesses"] = list(source.witnesses)
    return {**entry, "source": cited}


def _texts(texts: Texts) -> dict[str, str]:
    return {"en": texts.en, "vi": texts.vi, "zh": texts.zh}
