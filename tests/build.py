# SPDX-License-Identifier: Apache-2.0
"""Builders of the types of the core, without files, and of small packs on disk. Everything built here is invented.

Tests write plain lists and mappings; `freeze` turns them into what the reader gives: tuples and mappings, no floats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any

from hypothesis import settings
from jsonschema import Draft202012Validator

from borderready.checks import KINDS
from borderready.checks.context import Context
from borderready.core import groups_of
from borderready.fold import fold_code
from borderready.i18n import say_all
from borderready.model import (
    Condition,
    Entry,
    Event,
    Gap,
    Grade,
    Instrument,
    Manifest,
    Message,
    Notice,
    Outcome,
    PackId,
    Path,
    Product,
    Register,
    Row,
    Rule,
    RuleBase,
    RuleId,
    Scope,
    Severity,
    Source,
    Span,
    Table,
    Texts,
    Value,
    Wording,
)
from borderready.read.register import make_register as make_read_register
from borderready.subjects import Asked, subjects_of

Plain = Mapping[str, object]
NO_SYNONYMS: Mapping[str, Mapping[str, str]] = {}
# Laws hold for the same examples on every machine and leave no files; each test says how many it takes.
LAW = settings(deadline=None, database=None, derandomize=True)
SPAN = Span(line=1, column=1, end_line=1, end_column=2)


def freeze(value: object) -> Value:
    """Return plain test data as the reader would give it; a float is refused, as quantities are never floats."""
    if isinstance(value, Mapping):
        return {str(key): freeze(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(freeze(member) for member in value)
    if isinstance(value, (str, bool, int, Decimal)):
        return value
    raise TypeError(f"no value of a manifest: {value!r}")


def freeze_mapping(value: Plain) -> Mapping[str, Value]:
    """Return a plain mapping as the reader would give it."""
    return {key: freeze(member) for key, member in value.items()}


def make_texts(text: str = "Invented.") -> Texts:
    """Return one text in three languages."""
    return Texts(en=text, vi=f"vi: {text}", zh=f"zh: {text}")


def make_lot(**changes: object) -> dict[str, object]:
    """Return a lot as a manifest gives it."""
    return {"id": "L1", "product": "durian-fresh", **changes}


def make_data(**changes: object) -> dict[str, object]:
    """Return a whole manifest: from VN, of one lot, arriving on 2026-11-26."""
    shipment = {"origin": "VN", "dates": {"arrival": "2026-11-26"}}
    return {"borderready": 1, "reference": "T-1", "shipment": shipment, "lots": [make_lot()], **changes}


def make_manifest(data: Plain | None = None, **changes: Any) -> Manifest:
    """Return a manifest of plain data, as if read from t.yaml; every path stands on its first line."""
    manifest = Manifest(
        file="t.yaml",
        index=0,
        sha256="0" * 64,
        data=freeze_mapping(make_data() if data is None else data),
        locate=_locate,
        line_text=_line_text,
    )
    return replace(manifest, **changes)


def _locate(path: Path) -> Span:
    return SPAN


def _line_text(number: int) -> str:
    return ""


def make_source(**changes: Any) -> Source:
    """Return a source that was read, so that a must blocks."""
    source = Source(instrument="act-1", locator="Article 1", seen=Grade.PRIMARY, checked="2026-11-20")
    return replace(source, **changes)


def make_wording(start: str = "2024-01-01", *, options: Plain | None = None, **changes: Any) -> Wording:
    """Return a wording that binds from a day, with options as plain data."""
    wording = Wording(
        start=start,
        says=make_texts(f"As worded on {start}."),
        fix=make_texts("Mend it."),
        source=make_source(),
        options=freeze_mapping(options or {}),
    )
    return replace(wording, **changes)


def make_repeal(start: str) -> Wording:
    """Return a wording that ends a rule."""
    return make_wording(start, repealed=True, fix=None)


def make_scope(*conditions: Condition, **changes: Any) -> Scope:
    """Return a scope that takes everything, narrowed as asked."""
    return replace(Scope(conditions=conditions), **changes)


def make_rule(id: str = "vn/durian-fresh/variety", **changes: Any) -> Rule:  # noqa: A002  # the rule's own key
    """Return a rule that asks each lot for the variety Ri6 from 2024-01-01 on, measured on arrival."""
    rule = Rule(
        id=RuleId(id),
        title=make_texts(f"Title of {id}"),
        area="definition",
        scope=Scope(),
        each="lot",
        basis=Event.ARRIVAL,
        severity=Severity.MUST,
        acts="exporter",
        consequence="refused",
        check="one_of",
        field="variety",
        wordings=(make_wording(options={"values": ["Ri6"]}),),
    )
    return replace(rule, **changes)


def make_product(id: str, *groups: str, **changes: Any) -> Product:  # noqa: A002  # the product's own key
    """Return a product with its groups, the narrowest first."""
    product = Product(id=id, name=make_texts(id), scientific_names=(), hs_codes=(), groups=groups)
    return replace(product, **changes)


PRODUCTS: tuple[Product, ...] = (
    make_product("durian-fresh", "durian", "fresh-fruit"),
    make_product("durian-frozen", "durian", "frozen-fruit"),
    make_product("banana", "traditional-fruit", "fresh-fruit"),
    make_product("dragon-fruit", "traditional-fruit", "fresh-fruit"),
)


def make_instrument(id: str = "act-1", **changes: Any) -> Instrument:  # noqa: A002  # the instrument's own key
    """Return an instrument."""
    instrument = Instrument(
        id=id,
        title=make_texts(f"Act {id}"),
        number="No. 1 of 2024",
        issuer="GACC",
        issued="2023-12-01",
        url="https://www.example.org/act",
    )
    return replace(instrument, **changes)


def make_gap(id: str, **changes: Any) -> Gap:  # noqa: A002  # the gap's own key
    """Return something that is not known about every lane."""
    gap = Gap(
        id=id,
        origins=(),
        products=(),
        area="treatment",
        missing=make_texts(f"The text of {id} was not found."),
        look=make_texts("Ask."),
        instrument=None,
        locator=None,
    )
    return replace(gap, **changes)


def make_notice(id: str = "closed-1", **changes: Any) -> Notice:  # noqa: A002  # the notice's own key
    """Return a notice, read in its text: Huu Nghi is closed from 2024-02-10 until 2024-02-13."""
    notice = Notice(
        id=id,
        title=make_texts("Huu Nghi is closed."),
        kind="closed",
        gates=("huu-nghi",),
        origins=(),
        products=(),
        codes=(),
        start="2024-02-10",
        until="2024-02-13",
        source=make_source(instrument="board"),
    )
    return replace(notice, **changes)


def make_rule_base(*rules: Rule, **changes: Any) -> RuleBase:
    """Return a rule base of these rules that knows a few products and one instrument."""
    rule_base = RuleBase(
        pack=PackId(name="cn", version="2026.11.0", sha256="1" * 64),
        rules=rules,
        products={product.id: product for product in PRODUCTS},
        instruments={"act-1": make_instrument()},
        tables={},
        synonyms={},
    )
    return replace(rule_base, **changes)


def make_entry(code: str, **changes: Any) -> Entry:
    """Return a line of a register: a code that is active for every product and for ever."""
    entry = Entry(code=code, product=None, status="active", start=None, until=None, name=None, holder=None, line=2)
    return replace(entry, **changes)


def make_register(name: str, *entries: Entry, **changes: Any) -> Register:
    """Return a register of these lines, keyed as the reader keys them."""
    keyed: dict[str, tuple[Entry, ...]] = {}
    for entry in entries:
        code = fold_code(entry.code)
        keyed[code] = (*keyed.get(code, ()), entry)
    register = make_read_register(
        name=name, file=f"registers/{name}.csv", as_of="2026-11-01", source=None, sha256="2" * 64, entries=keyed
    )
    if "as_of" in changes:
        listings = tuple(replace(listing, as_of=changes["as_of"]) for listing in register.listings)
        register = replace(register, listings=listings)
    return replace(register, **changes)


def make_row(cells: Mapping[str, str], **changes: Any) -> Row:
    """Return a row that always held, and was read."""
    row = Row(cells=cells, start=None, until=None, source=make_source(instrument="table-act"), number=2)
    return replace(row, **changes)


def make_table(id: str, key: Sequence[str], *rows: Row, **changes: Any) -> Table:  # noqa: A002  # the table's own key
    """Return a table of these rows; its columns are text unless `kinds` says otherwise."""
    table = Table(id=id, title=make_texts(id), key=tuple(key), kinds={}, rows=rows)
    return replace(table, **changes)


def make_asked(
    data: Plain | None = None,
    *,
    each: str = "lot",
    index: int = 0,
    synonyms: Mapping[str, Mapping[str, str]] = NO_SYNONYMS,
) -> Asked:
    """Return one subject of a manifest, with its view: lot by lot, or the shipment, or documents of a type."""
    return subjects_of(make_manifest(data).data, synonyms)[each][index]


def make_context(
    data: Plain | None = None,
    *,
    each: str = "lot",
    index: int = 0,
    synonyms: Mapping[str, Mapping[str, str]] = NO_SYNONYMS,
    **changes: Any,
) -> Context:
    """Return what a check of one subject sees, on 2026-11-26."""
    asked = make_asked(data, each=each, index=index, synonyms=synonyms)
    context = Context(
        view=asked.view,
        day="2026-11-26",
        days={},
        groups=groups_of({product.id: product for product in PRODUCTS}),
        products=asked.products,
        registers={},
        tables={},
    )
    return context._replace(**changes)


def make_lot_context(**lot: object) -> Context:
    """Return what a check of a lot with these keys sees."""
    return make_context(make_data(lots=[make_lot(**lot)]))


def run_check(kind: str, context: Context, field: str, options: Plain) -> tuple[Outcome, ...]:
    """Run one check as the core does, and hold that every reason it gives can be said in all languages."""
    outcomes = KINDS[kind].check(context, field, freeze_mapping(options))
    for outcome in outcomes:
        if outcome.because is not None:
            say_all(outcome.because)
    return outcomes


def statuses_of(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the statuses of outcomes, in their order."""
    return [str(outcome.status) for outcome in outcomes]


def say_options(kind: str, options: Plain) -> Texts:
    """Return in three languages what the options of a kind ask."""
    message: Message = KINDS[kind].say(freeze_mapping(options))
    return say_all(message)


def takes_options(kind: str, options: Plain) -> bool:
    """Tell whether the schema of a kind accepts these options."""
    return bool(Draft202012Validator(KINDS[kind].options).is_valid(options))


# The files of a small pack, by their path in it: one rule, one product, one instrument, one table of each kind of cell.
RULE_FILE = "vn/durian-fresh/variety.yaml"
PACK_FILES: Mapping[str, str] = {
    "VERSION": "2026.11.0\n",
    "products.yaml": """\
groups:
  fresh-fruit: {en: Fresh fruit, vi: Trái cây tươi, zh: 鲜果}
products:
  durian-fresh:
    name: {en: Fresh durian, vi: Sầu riêng tươi, zh: 鲜榴莲}
    form: fresh
    groups: [fresh-fruit]
""",
    "instruments/act-1.yaml": """\
id: act-1
title: {en: Act, vi: Luật, zh: 法}
kind: law
issuer: GACC
url_state: unknown
""",
    "tables/bounds.yaml": """\
id: bounds
title: {en: Bounds, vi: Giới hạn, zh: 限量}
key: [product, analyte]
columns:
  product: {kind: slug, says: Product.}
  analyte: {kind: slug, says: Substance.}
  max: {kind: decimal, says: Highest amount in mg/kg.}
  country: {kind: country, optional: true, says: Origin.}
  state: {kind: choice, values: [open, closed], optional: true, says: Whether it holds.}
  hs: {kind: digits, optional: true, says: Commodity code.}
  asked: {kind: day, optional: true, says: Day of the inquiry.}
  remark: {kind: text, optional: true, says: Remark.}
""",
    "tables/bounds.csv": """\
product,analyte,max,country,state,hs,asked,remark,start,until,instrument,locator,seen,witnesses
*,cadmium,0.05,VN,open,0810,2026-01-01,,2020-01-01,,act-1,row 1,primary,
durian-fresh,lead,0.1,,,,,"net, as sold",,2030-12-31,act-1,row 2,secondary,Harbour Post; Quay News
""",
    RULE_FILE: """\
id: vn/durian-fresh/variety
title: {en: Variety, vi: Giống, zh: 品种}
area: definition
applies_to: {origin: [VN], product: [durian-fresh]}
each: lot
basis: arrival
severity: must
acts: exporter
consequence: refused
check: one_of
field: variety
wordings:
  - start: 2024-01-01
    options: {values: [Ri6]}
    says: {en: The variety is Ri6., vi: Giống là Ri6., zh: 品种为Ri6。}
    fix: {en: Ship Ri6., vi: Giao Ri6., zh: 改运Ri6。}
    source: {instrument: act-1, locator: Article 1, seen: primary, checked: 2026-11-20}
""",
}


def swap(text: str, *pairs: tuple[str, str]) -> str:
    """Return a text with parts replaced; each part to replace must stand there once."""
    for old, new in pairs:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def make_pack(
    folder: FilePath,
    *,
    rules: Mapping[str, str | None] | None = None,
    files: Mapping[str, str | bytes | None] | None = None,
) -> FilePath:
    """Write a small pack into `folder`/pack and return it.

    Args:
        folder: An empty folder of the test's own.
        rules: Rule files by id; they stand beside the one in PACK_FILES, or in its place.
        files: Any files by path, to be added, changed or (None) left out.
    """
    changed: dict[str, str | bytes | None] = {**PACK_FILES, **(files or {})}
    changed.update({f"{name}.yaml": text for name, text in (rules or {}).items()})
    for name, content in changed.items():
        if content is not None:
            path = folder / "pack" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder / "pack"
