# SPDX-License-Identifier: Apache-2.0
"""The tables of limits hold what the dossier holds: every row of its limits.csv, with its number, edition and goods.

The dossier lies beside the checkout where the rule base is written (`../shared/dossier`) and nowhere else; without it
the tests of this file ask only what needs no dossier.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from borderready.checks.limit import UNITS_PER_MG_KG
from borderready.checks.look_up import find_row
from borderready.cli.session import kind_schemas
from borderready.core import groups_of
from borderready.fold import fold
from borderready.model import PackId, Row, RuleBase
from borderready.read.rule_base import assemble, load_pack_files, read_pack

ROOT = Path(__file__).resolve().parents[1]
LIMITS = ROOT.parent / "shared" / "dossier" / "limits.csv"
TABLES = {"GB 2763": "pesticides", "GB 2762": "contaminants", "GB 2760": "additives"}
DAYS = {"2021": "2025-12-31", "2022": "2025-12-31", "2024": "2026-11-26", "2025": "2026-11-26", "2026": "2026-11-26"}
# The parts under which a result may be looked up; a row for any part answers to each.
PARTS = ("whole", "pulp")
# Words of the dossier for goods that the pack knows under other words.
PRODUCTS: Mapping[str, tuple[str, ...]] = {
    "rice-milled": ("rice",),
    "frozen-fruit": ("durian-frozen", "frozen-fruit-other"),
    "dried-fruit": ("dried-fruit-other", "longan-dried", "lychee-dried"),
    "any-fresh-fruit": ("durian-fresh", "mango", "orange"),
    "fruit-fresh-surface-treated": ("durian-fresh", "mango", "orange"),
    "any-food": ("durian-frozen", "longan", "tea"),
    "starch": ("tapioca-starch",),
    "nuts": ("cashew",),
    "spice": ("pepper", "star-anise"),
    "fish": ("fish-frozen", "pangasius"),
    "fish-carnivorous": ("gb2762-carnivorous-fish",),
    "tuna": ("tuna-frozen",),
    "shrimp": ("shrimp-frozen", "live-shrimp", "lobster-frozen"),
    "crab": ("crab-frozen", "live-crab"),
    "bivalves": ("bivalve-frozen",),
    "squid": ("squid-frozen",),
}
# Goods of the dossier that the pack has no product for, and why a row of theirs is not looked up.
NO_PRODUCT: Mapping[str, str] = {
    "aquatic-other": "held by the rows of cephalopods, the one kind of other aquatic animals that the pack has",
    "crab-freshwater": "the crabs of the pack are sea crabs",
    "canned-food": "held by the row of canned fruit, the one canned food that the pack has",
}
# Rows (by line of limits.csv, the header is line 1) that are not in the tables as they stand, and why.
ELSEWHERE: Mapping[tuple[int, str], str] = {
    (438, "fish"): "frozen fish of no named kind may be carnivorous: any/aquatic/methylmercury warns at this number",
}
# What a pack needs for its tables to be read.
_FILES = ("VERSION", "products.yaml")
_FOLDERS = ("tables/", "instruments/")


@cache
def rule_base() -> RuleBase:
    """Return the tables and products of the pack, without its rules."""
    root = ROOT / "rules"
    contents = load_pack_files(root, wants=lambda name: name in _FILES or name.startswith(_FOLDERS))
    return assemble(read_pack(contents, kind_schemas()), PackId(name="cn", version="0", sha256=""))


def dossier() -> list[tuple[int, dict[str, str]]]:
    """Return the rows of limits.csv with their lines; none where there is no dossier."""
    if not LIMITS.exists():
        return []
    with LIMITS.open(encoding="utf-8", newline="") as file:
        return list(enumerate(csv.DictReader(file), 2))


def analyte_of(row: Mapping[str, str]) -> str:
    """Return the substance that a name of the dossier stands for in the pack."""
    return rule_base().synonyms["analyte"][fold(row["substance_en"])]


def number_of(row: Row) -> Fraction | None:
    """Return the limit of a row in mg/kg; None where it has none."""
    if not row.cells["limit"]:
        return None
    return Fraction(row.cells["limit"]) / Fraction(UNITS_PER_MG_KG[row.cells["unit"]])


def look_up(table: str, product: str, analyte: str, day: str) -> list[Row]:
    """Return the rows that a result for this product finds, in each part that it may name."""
    chain = groups_of(rule_base().products).get(product, (product,))
    rows = [
        find_row(rule_base().tables[table], {"product": chain, "analyte": (analyte,), "part": (part,)}, day)
        for part in PARTS
    ]
    return [row for row in rows if row is not None]


needs_dossier = pytest.mark.skipif(not LIMITS.exists(), reason="the dossier lies beside its maintainers' checkout")
each_row = pytest.mark.parametrize(
    ("line", "row"), dossier(), ids=lambda value: "" if isinstance(value, dict) else None
)
# Two rows bear no number: what is used as needed, and what is not permitted at all.
each_number = pytest.mark.parametrize(
    ("line", "row"),
    [(line, row) for line, row in dossier() if row["limit_mg_kg"] not in ("", "not-permitted")],
    ids=lambda value: "" if isinstance(value, dict) else None,
)


@needs_dossier
@each_row
def test_every_row_of_the_dossier_is_in_its_table(line: int, row: dict[str, str]) -> None:
    """The substance, the number, the edition and the words of the standard for the goods are those of the dossier."""
    text = row["limit_mg_kg"]
    limit = None if text in ("", "not-permitted") else Fraction(text)
    edition = "2008" if text == "not-permitted" else row["edition"]
    found = [
        held
        for held in rule_base().tables[TABLES[row["standard"]]].rows
        if held.cells["analyte"] == analyte_of(row)
        and held.cells["commodity"] == row["commodity_or_category_zh"]
        and held.cells["edition"] == edition
        and number_of(held) == limit
    ]
    assert found, f"limits.csv:{line} is in no row of {TABLES[row['standard']]}"


@needs_dossier
@each_number
def test_a_result_finds_the_number_of_the_dossier(line: int, row: dict[str, str]) -> None:
    """A result for the goods that the dossier names finds this row, whatever group or part its row is written for."""
    for name in row["applies_to_slugs"].split(";"):
        if (line, name) in ELSEWHERE or name in NO_PRODUCT:
            continue
        for product in PRODUCTS.get(name, (name,)):
            found = look_up(TABLES[row["standard"]], product, analyte_of(row), DAYS[row["edition"]])
            numbers = {number_of(held) for held in found}
            assert numbers == {Fraction(row["limit_mg_kg"])}, f"limits.csv:{line}: {product}"


@needs_dossier
def test_the_numbers_of_contaminants_hold_in_both_editions() -> None:
    """The list of changes of 2025 leaves all these foods as they were, but for bird's nest."""
    rows = rule_base().tables["contaminants"].rows
    keys = {
        edition: {
            tuple(row.cells[name] for name in ("product", "analyte", "part", "limit", "unit"))
            for row in rows
            if row.cells["edition"] == edition
        }
        for edition in ("2022", "2025")
    }
    assert {key[0] for key in keys["2025"] - keys["2022"]} == {"birds-nest-edible"}
    assert keys["2022"] <= keys["2025"]


@needs_dossier
def test_the_dossier_names_no_goods_that_nothing_explains() -> None:
    known = {*rule_base().products, *PRODUCTS, *NO_PRODUCT, "aquatic-product", "fish-product"}
    named = {name for _, row in dossier() for name in row["applies_to_slugs"].split(";")}
    assert named <= known
    assert {name for _, name in ELSEWHERE} <= named


def test_rows_that_the_dossier_adds_in_its_facts_are_there() -> None:
    held = {
        (row.cells["product"], row.cells["analyte"], row.cells["limit"])
        for row in rule_base().tables["contaminants"].rows
        if row.until is None
    }
    assert held >= {
        ("fruit-juice-berry", "lead", "0.05"),
        ("cranberry", "lead", "0.2"),
        ("gooseberry", "lead", "0.2"),
        ("gb2762-pickled-vegetable", "lead", "0.5"),
        ("alfonsino", "methylmercury", "1.5"),
        ("shark", "methylmercury", "1.6"),
        ("marlin", "methylmercury", "1.7"),
    }


def test_a_replaced_limit_does_not_outlive_its_edition() -> None:
    """Lychee had 0.1 mg/kg of pyraclostrobin until the last day of February 2026, and has 0.5 since."""
    for day, limit in (("2026-02-28", "0.1"), ("2026-03-01", "0.5")):
        assert [row.cells["limit"] for row in look_up("pesticides", "lychee", "pyraclostrobin", day)] == [limit]


def test_a_food_that_a_category_excepts_finds_no_row() -> None:
    for product, analyte in (
        ("melon", "imidacloprid"),
        ("melon", "cyhalothrin"),
        ("melon", "pyraclostrobin"),
        ("tomato", "clothianidin"),
        ("tomato", "pyraclostrobin"),
        ("eggplant", "emamectin-benzoate"),
        ("eggplant", "pyraclostrobin"),
    ):
        assert look_up("pesticides", product, analyte, "2026-11-26") == []


def test_only_what_a_second_report_confirms_for_the_food_itself_can_block() -> None:
    """Rows of a category, and rows that no bulletin confirms, have one witness and so can only warn."""
    products = rule_base().products
    blocking = [row for row in rule_base().tables["pesticides"].rows if len(row.source.witnesses) > 1]
    assert len(blocking) == 16
    assert {row.cells["product"] for row in blocking} <= set(products)
    assert all("category" not in row.cells["note"] for row in blocking)


@pytest.mark.parametrize("table", ["pesticides", "contaminants", "contaminant-screening", "additives"])
def test_numbers_can_be_compared(table: str) -> None:
    """Each limit is above nothing and in a unit that the check can convert; only additives may have none."""
    for row in rule_base().tables[table].rows:
        if row.cells["limit"]:
            assert Fraction(row.cells["limit"]) > 0, row.number
            assert row.cells["unit"] in UNITS_PER_MG_KG, row.number
        else:
            assert row.cells["kind"] in ("as-needed", "not-permitted"), row.number


@pytest.mark.parametrize("table", ["pesticides", "contaminants", "additives"])
def test_no_key_has_two_numbers_on_one_day(table: str) -> None:
    rows = rule_base().tables[table].rows
    keyed: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        keyed.setdefault(tuple(row.cells[name] for name in ("product", "analyte", "part")), []).append(row)
    for same in keyed.values():
        for start in {row.start for row in same}:
            on_day = {row.cells["limit"] for row in same if row.start == start}
            assert len(on_day) == 1, same[0].number


def test_tables_are_as_long_as_they_were_written() -> None:
    lengths = {name: len(rule_base().tables[name].rows) for name in TABLES.values()}
    assert lengths == {"pesticides": 437, "contaminants": 143, "additives": 27}


def test_every_substance_has_an_english_and_a_chinese_name() -> None:
    names: dict[str, set[str]] = {}
    for name, analyte in rule_base().synonyms["analyte"].items():
        names.setdefault(analyte, set()).add(name)
    for table in ("pesticides", "contaminants", "additives", "microbiology", "other-analytes"):
        for row in rule_base().tables[table].rows:
            own = names.get(row.cells["analyte"], set())
            assert any(name.isascii() and any(c.isalpha() for c in name) for name in own), row.cells["analyte"]
            assert any("\u4e00" <= c <= "\u9fff" for name in own for c in name), row.cells["analyte"]


@needs_dossier
def test_names_and_numbers_of_the_dossier_lead_to_their_substance() -> None:
    words = rule_base().synonyms["analyte"]
    for line, row in dossier():
        wanted = analyte_of(row)
        given = [row["substance_zh"], *row["cas"].split(";")]
        for name in (word.strip() for word in given):
            # Both kinds of arsenic have one number, which stands for the total.
            if name and not (name == "7440-38-2" and wanted == "inorganic-arsenic"):
                assert words[fold(name)] == wanted, f"limits.csv:{line}: {name}"


def test_goods_with_codes_and_names_are_asked_for_them() -> None:
    """The rules on commodity codes and species of goods other than fresh fruit name all goods that have rows."""
    groups = groups_of(rule_base().products)
    fresh = {name for name, chain in groups.items() if "fresh-fruit" in chain}
    for table, rule in (("hs-codes", "commodity-code"), ("scientific-names", "species-name")):
        with_rows = {row.cells["product"] for row in rule_base().tables[table].rows} - fresh
        scope = (ROOT / "rules/any/any" / f"{rule}.yaml").read_text("utf-8").split("applies_to:")[1].split("each:")[0]
        assert set(re.findall(r"[a-z0-9-]+", scope)) - {"product"} == with_rows, rule
