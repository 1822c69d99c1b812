# SPDX-License-Identifier: Apache-2.0
"""A pack folder to a rule base; a broken pack is refused with the file, the line and the reason."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from borderready.errors import Fault, RuleBaseError
from borderready.i18n import LANGUAGES, say_all
from borderready.model import (
    Event,
    Grade,
    Instrument,
    Message,
    PackId,
    Product,
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
    Wording,
)
from borderready.read.rule_base import (
    default_rules_dir,
    digest_pack,
    list_pack_files,
    load_pack_files,
    read_pack,
)
from tests.build import PACK_FILES, RULE_FILE, make_pack, swap
from tests.command import ROOT, run_script
from tests.read.build import KINDS, ask_unprivileged, brief, load

RULE = PACK_FILES[RULE_FILE]
INSTRUMENT = PACK_FILES["instruments/act-1.yaml"]
TABLE = PACK_FILES["tables/bounds.yaml"]
ROWS = PACK_FILES["tables/bounds.csv"]
PRODUCTS = PACK_FILES["products.yaml"]
WORDING = RULE[RULE.index("  - start") :]


def _faults(root: Path) -> tuple[Fault, ...]:
    """Return why a pack is refused; each reason can be said in every language."""
    with pytest.raises(RuleBaseError) as raised:
        load(root)
    for fault in raised.value.faults:
        for message in (fault.what, fault.hint):
            if message is not None:
                texts = say_all(message)
                assert all(texts.in_language(language) for language in LANGUAGES)
    return raised.value.faults


def _told(root: Path) -> list[str]:
    return [f"{fault.file} {brief(fault)}" for fault in _faults(root)]


def _told_of_file(folder: Path, path: str, content: str | bytes | None) -> list[str]:
    return _told(make_pack(folder, files={path: content}))


def _told_of_rule(folder: Path, *pairs: tuple[str, str]) -> list[str]:
    """Return what is told of the rule with parts replaced, without its file name."""
    told = _told_of_file(folder, RULE_FILE, swap(RULE, *pairs))
    assert all(one.startswith(f"{RULE_FILE} ") for one in told), told
    return [one.removeprefix(f"{RULE_FILE} ") for one in told]


# a sound pack


def test_pack_is_read_whole(tmp_path: Path) -> None:
    root = make_pack(tmp_path)
    cells = {"product": "*", "analyte": "cadmium", "max": "0.05", "country": "VN", "state": "open", "hs": "0810"}
    more = {"product": "durian-fresh", "analyte": "lead", "max": "0.1", "country": "", "state": "", "hs": ""}
    kinds = {"product": "slug", "analyte": "slug", "max": "decimal", "country": "country", "state": "choice"}
    witnesses = ("Harbour Post", "Quay News")
    table = Table(
        id="bounds",
        title=Texts(en="Bounds", vi="Giới hạn", zh="限量"),
        key=("product", "analyte"),
        kinds={**kinds, "hs": "digits", "asked": "day", "remark": "text"},
        rows=(
            Row(
                cells={**cells, "asked": "2026-01-01", "remark": ""},
                start="2020-01-01",
                until=None,
                source=Source(instrument="act-1", locator="row 1", seen=Grade.PRIMARY),
                number=2,
            ),
            Row(
                cells={**more, "asked": "", "remark": "net, as sold"},
                start=None,
                until="2030-12-31",
                source=Source(instrument="act-1", locator="row 2", seen=Grade.SECONDARY, witnesses=witnesses),
                number=3,
            ),
        ),
    )
    rule = Rule(
        id=RuleId("vn/durian-fresh/variety"),
        title=Texts(en="Variety", vi="Giống", zh="品种"),
        area="definition",
        scope=Scope(origins=("VN",), products=("durian-fresh",)),
        each="lot",
        basis=Event.ARRIVAL,
        severity=Severity.MUST,
        acts="exporter",
        consequence="refused",
        check="one_of",
        field="variety",
        wordings=(
            Wording(
                start="2024-01-01",
                says=Texts(en="The variety is Ri6.", vi="Giống là Ri6.", zh="品种为Ri6。"),
                fix=Texts(en="Ship Ri6.", vi="Giao Ri6.", zh="改运Ri6。"),
                options={"values": ("Ri6",)},
                source=Source(
                    instrument="act-1", locator="Article 1", seen=Grade.PRIMARY, checked="2026-11-20", witnesses=()
                ),
            ),
        ),
    )
    product = Product(
        id="durian-fresh",
        name=Texts(en="Fresh durian", vi="Sầu riêng tươi", zh="鲜榴莲"),
        scientific_names=(),
        hs_codes=(),
        groups=("fresh-fruit",),
    )
    instrument = Instrument(
        id="act-1", title=Texts(en="Act", vi="Luật", zh="法"), number=None, issuer="GACC", issued=None, url=None
    )
    assert load(root, name="small") == RuleBase(
        pack=PackId(name="small", version="2026.11.0", sha256=digest_pack(load_pack_files(root))),
        rules=(rule,),
        products={"durian-fresh": product},
        instruments={"act-1": instrument},
        tables={"bounds": table},
        synonyms={},
    )


def test_rules_are_sorted_by_id(tmp_path: Path) -> None:
    names = ["vn/durian-fresh/zeta", "any/any/mid", "vn/any/alpha"]
    rules = {name: swap(RULE, ("id: vn/durian-fresh/variety", f"id: {name}")) for name in names}
    ids = [rule.id for rule in load(make_pack(tmp_path, rules=rules)).rules]
    assert ids == ["any/any/mid", "vn/any/alpha", "vn/durian-fresh/variety", "vn/durian-fresh/zeta"]


def test_rule_of_a_group_or_of_any_product_is_known(tmp_path: Path) -> None:
    for number, (product, products) in enumerate((("fresh-fruit", ("fresh-fruit",)), ("any", ()))):
        files = {RULE_FILE: swap(RULE, ("product: [durian-fresh]", f"product: [{product}]"))}
        (rule,) = load(make_pack(tmp_path / str(number), files=files)).rules
        assert rule.scope.products == products


def test_cases_news_and_hidden_files_are_no_rules(tmp_path: Path) -> None:
    files = {
        "vn/durian-fresh/variety.cases.yaml": "- broken: [",
        "NEWS.md": "# News",
        ".git/HEAD": "x",
        "vn/.hidden/rule.yaml": "[",
        "vn/durian-fresh/.variety.yaml": "[",
        "instruments/.act-2.yaml": "[",
    }
    assert load(make_pack(tmp_path / "with", files=files)) == load(make_pack(tmp_path / "without"))


def test_synonyms_stand_under_their_folded_words(tmp_path: Path) -> None:
    description = """\
id: synonyms
title: {en: Synonyms, vi: Từ đồng nghĩa, zh: 同义词}
key: [kind, synonym]
columns:
  kind: {kind: text, says: Kind of word.}
  id: {kind: slug, says: Word of the rules.}
  synonym: {kind: text, says: The same elsewhere.}
"""
    header = "kind,id,synonym,start,until,instrument,locator,seen,witnesses\n"
    row = "analyte,cadmium,{},,,act-1,names,memory,\n"
    files = {"tables/synonyms.yaml": description, "tables/synonyms.csv": header + row.format("Ｃｄ") + row.format("镉")}
    rule_base = load(make_pack(tmp_path, files=files))
    assert rule_base.synonyms == {"analyte": {"cd": "cadmium", "镉": "cadmium", "cadmium": "cadmium"}}


# the folder and its digest


def test_pack_files_are_listed_by_their_path(tmp_path: Path) -> None:
    assert list_pack_files(make_pack(tmp_path)) == tuple(sorted(PACK_FILES))


def test_digest_covers_every_file_that_can_change_an_answer(tmp_path: Path) -> None:
    digests = {
        load(make_pack(tmp_path / str(number), files=files)).pack.sha256
        for number, files in enumerate(
            (
                {},
                {"VERSION": "2026.11.1\n"},
                {RULE_FILE: RULE + "note: A note.\n"},
                {RULE_FILE: RULE + "# comment\n"},
                {"products.yaml": PRODUCTS + "# comment\n"},
                {"instruments/act-1.yaml": INSTRUMENT + "# comment\n"},
                {"tables/bounds.yaml": TABLE + "# comment\n"},
                {"tables/bounds.csv": ROWS + "*,tin,250,,,,,,,,act-1,row 3,memory,\n"},
            )
        )
    }
    assert len(digests) == 8


def test_digest_does_not_depend_on_the_folder_or_the_order_of_files(tmp_path: Path) -> None:
    first, second = make_pack(tmp_path / "a"), make_pack(tmp_path / "b")
    assert load(first) == load(second)
    contents = load_pack_files(first)
    assert digest_pack(contents) == digest_pack({name: contents[name] for name in sorted(contents, reverse=True)})


def test_digest_keeps_name_and_content_apart() -> None:
    assert len({digest_pack({"a": b"bc"}), digest_pack({"ab": b"c"}), digest_pack({"a": b"b", "c": b""})}) == 3


def test_data_is_what_the_digest_was_taken_of(tmp_path: Path) -> None:
    """A file that changes between two reads must not give an answer under the digest of the old one."""
    root = make_pack(tmp_path)
    contents = load_pack_files(root)
    before = read_pack(contents, KINDS)
    (root / "tables/bounds.csv").write_text(swap(ROWS, ("0.05", "5000")), "utf-8")
    (root / RULE_FILE).write_text(swap(RULE, ("values: [Ri6]", "values: [Monthong]")), "utf-8")
    assert read_pack(contents, KINDS) == before


# the pack that comes with the program


def test_rules_of_this_checkout_are_found() -> None:
    assert default_rules_dir() == ROOT / "rules"
    assert (default_rules_dir() / "VERSION").is_file()


def test_rules_of_an_installed_package_come_first(tmp_path: Path) -> None:
    """A wheel ships them inside the package."""
    site = tmp_path / "site"
    shutil.copytree(ROOT / "src" / "borderready", site / "borderready", ignore=shutil.ignore_patterns("__pycache__"))
    script = "from borderready.read.rule_base import default_rules_dir; print(default_rules_dir())"
    found = {"PYTHONPATH": os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])}
    without = run_script(script, home=tmp_path, environment=found)
    assert (without.out.strip(), without.err) == (str(tmp_path / "rules"), "")
    make_pack(site / "borderready").rename(site / "borderready" / "rules")
    within = run_script(script, home=tmp_path, environment=found)
    assert (within.out.strip(), within.err) == (str(site / "borderready" / "rules"), "")


# a folder that is no pack


def test_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert _faults(tmp_path / "pack") == (
        Fault(
            file=str(tmp_path / "pack"),
            span=None,
            path="",
            what=Message("pack.unreadable", {"reason": "No such file or directory"}),
            hint=Message("pack.unreadable_hint"),
        ),
    )


def test_file_in_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pack").write_text("x", "utf-8")
    (told,) = _told(tmp_path / "pack")
    assert told == f"{tmp_path}/pack . . pack.unreadable(reason=Not a directory) ? pack.unreadable_hint"


def test_folder_without_version_is_refused(tmp_path: Path) -> None:
    root = make_pack(tmp_path, files={"VERSION": None})
    assert _told(root) == [f"{root} . . pack.no_version(folder={root}) ? pack.unreadable_hint"]


@pytest.mark.parametrize("content", ["", "\n", "  \n"])
def test_pack_whose_version_says_nothing_is_refused(content: str, tmp_path: Path) -> None:
    """A report names the version, so that it can be proved later."""
    assert [fault.file for fault in _faults(make_pack(tmp_path, files={"VERSION": content}))] == ["VERSION"]


def test_pack_without_products_is_refused(tmp_path: Path) -> None:
    assert _told_of_file(tmp_path, "products.yaml", None)[0] == "products.yaml . . pack.no_products"


def test_folder_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    make_pack(tmp_path).chmod(0)
    told = ask_unprivileged(lambda: _told(Path("pack")), folder=tmp_path)
    (tmp_path / "pack").chmod(0o700)
    assert told == ["pack . . pack.unreadable(reason=Permission denied) ? pack.unreadable_hint"]


def test_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    root = make_pack(tmp_path)
    (root / "vn/durian-fresh/gone.yaml").symlink_to(root / "nowhere")
    (fault,) = _faults(root)
    assert fault.what == Message("pack.unreadable", {"reason": "No such file or directory"})
    assert fault.file.endswith("vn/durian-fresh/gone.yaml")


# a broken rule


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("check: one_of", "check: one_off", "10:8 check schema.enum(found=one_off, allowed="),
        ("area: definition", "area: weather", "3:7 area schema.enum(found=weather, allowed="),
        ("basis: arrival", "basis: dawn", "6:8 basis schema.enum(found=dawn, allowed="),
        ("severity: must", "severity: may", "7:11 severity schema.enum(found=may, allowed="),
        ("area: definition\n", "", "1:1 . schema.required(key=area) ? schema.required_hint(line=area: access)"),
        ("each: lot", "eech: lot", "5:1 eech type.unknown_key(key=eech) ? type.did_you_mean(name=each)"),
        ("each: lot", "each: lot\neach: lot", "6:1 each read.duplicate(key=each, line=5)"),
        ("each: lot", "each:\tlot\n\tbasis: arrival", "6:1 . read.tab ? read.tab_hint"),
        ("zh: 品种}", "zh: ''}", "2:37 title.zh schema.too_few"),
        (", zh: 品种}", "}", "2:8 title schema.required(key=zh)"),
        ("seen: primary", "seen: sure", "17:59 wordings[0].source.seen schema.enum(found=sure, allowed="),
        ("start: 2024-01-01", "start: 2024-02-30", "13:12 wordings[0].start type.no_such_day(found=2024-02-30)"),
        ("start: 2024-01-01", "start: 01/02/2024", "13:12 wordings[0].start type.not_day(found=01/02/2024)"),
        ("wordings:\n", "wordings: [\n", "13:3 . read.syntax("),
        ("values: [Ri6]", "value: [Ri6]", "14:15 wordings[0].options.value type.unknown_key(key=value)"),
        ("values: [Ri6]", "values: []", "14:23 wordings[0].options.values schema.too_few"),
        ("values: [Ri6]", "values: Ri6", "14:23 wordings[0].options.values type.wrong("),
        ("{values: [Ri6]}", "{values: [Ri6], need: most}", "14:36 wordings[0].options.need schema.enum("),
        ("{values: [Ri6]}", "5", "14:14 wordings[0].options type.wrong(found=kind.scalar, expected=kind.mapping)"),
        ("    options: {values: [Ri6]}\n", "", "13:5 wordings[0].options schema.required(key=values)"),
        ("field: variety", "field: Variety", "11:8 field pack.path(path=Variety, reason="),
        ("field: variety", "field: orchards[*]].code", "11:8 field pack.path(path=orchards[*]].code, reason="),
        ("field: variety", "field: a..b", "11:8 field pack.path(path=a..b, reason="),
        ("field: variety", 'field: ""', "11:8 field schema.too_few"),
    ],
)
def test_broken_rule_is_refused_with_line_and_reason(old: str, new: str, told: str, tmp_path: Path) -> None:
    (found, *_) = _told_of_rule(tmp_path, (old, new))
    assert found.startswith(told)


@pytest.mark.parametrize("kind", ["when", "unless"])
def test_bad_path_of_a_condition_on_values_is_refused(kind: str, tmp_path: Path) -> None:
    (told,) = _told_of_rule(tmp_path, ("product: [durian-fresh]", f"product: [durian-fresh], {kind}: {{'a[': [x]}}"))
    assert "pack.path(path=a[, reason='a[' is not a key" in told
    assert told.startswith("4:")


@pytest.mark.parametrize("kind", ["given", "absent"])
def test_bad_path_of_a_condition_on_presence_is_refused(kind: str, tmp_path: Path) -> None:
    (told,) = _told_of_rule(tmp_path, ("product: [durian-fresh]", f"product: [durian-fresh], {kind}: [mode, 'a[']"))
    assert "pack.path(path=a[, reason='a[' is not a key" in told
    assert told.startswith("4:")


@pytest.mark.parametrize(
    ("check", "options"),
    [
        ("within", "{not_after: 'a['}"),
        ("within", "{not_before: 'a['}"),
        ("within", "{since: 'a[', min_days: 1}"),
        ("same", "{with: ['a[']}"),
        ("limit", "{max: 1, of: 'a['}"),
        ("listed", "{table: bounds, match: {analyte: 'a['}, column: state, pass: [open]}"),
    ],
)
def test_bad_path_of_an_option_is_refused(check: str, options: str, tmp_path: Path) -> None:
    """Else the rule could never run, and every manifest would be undecided."""
    (told,) = _told_of_rule(tmp_path, ("check: one_of", f"check: {check}"), ("{values: [Ri6]}", options))
    assert told.startswith("14:")
    assert "pack.path(path=a[" in told


@pytest.mark.parametrize(
    "pattern",
    ["A+", "A*", "A{2,}", "A{,5}B{3,}", "(AB){2}", "(AB)?", "(?=A)", "(?P<a>A)", r"(A)\1", "A{0,65}", "[A", "A)"],
)
def test_pattern_that_could_take_long_or_is_none_is_refused(pattern: str, tmp_path: Path) -> None:
    told = _told_of_rule(
        tmp_path, ("check: one_of", "check: matches"), ("{values: [Ri6]}", f"{{pattern: '{pattern}'}}")
    )
    assert len(told) == 1
    assert told[0].startswith("14:24 ")
    assert " pack.pattern(problem=" in told[0]


def test_bounded_pattern_is_taken(tmp_path: Path) -> None:
    text = swap(
        RULE, ("check: one_of", "check: matches"), ("{values: [Ri6]}", "{pattern: 'VN-[A-Z]{2,6}-[0-9]{1,64}'}")
    )
    (rule,) = load(make_pack(tmp_path, files={RULE_FILE: text})).rules
    assert rule.wordings[0].options == {"pattern": "VN-[A-Z]{2,6}-[0-9]{1,64}"}


@pytest.mark.parametrize("above", ["2024-01-01", "2023-12-31", "1999-01-01"])
def test_starts_that_do_not_descend_are_refused(above: str, tmp_path: Path) -> None:
    newest = swap(WORDING, ("2024-01-01", above))
    text = RULE.replace(WORDING, newest + WORDING)
    told = _told_of_file(tmp_path, RULE_FILE, text)
    assert len(told) == 1
    assert told[0].startswith(f"{RULE_FILE} 18:12 ")
    assert told[0].endswith(f" pack.starts(start=2024-01-01, above={above})")


def test_starts_that_descend_are_taken(tmp_path: Path) -> None:
    text = RULE.replace(WORDING, swap(WORDING, ("2024-01-01", "2024-01-02")) + WORDING)
    (rule,) = load(make_pack(tmp_path, files={RULE_FILE: text})).rules
    assert [wording.start for wording in rule.wordings] == ["2024-01-02", "2024-01-01"]


def test_repealed_wording_has_no_options(tmp_path: Path) -> None:
    (told,) = _told_of_rule(tmp_path, ("    options:", "    repealed: true\n    options:"))
    assert told.startswith("15:5 ")
    assert told.endswith(" pack.repealed_options")


def test_repeal_without_options_is_taken(tmp_path: Path) -> None:
    text = swap(RULE, ("    options: {values: [Ri6]}\n", "    repealed: true\n"))
    (rule,) = load(make_pack(tmp_path, files={RULE_FILE: text})).rules
    assert (rule.wordings[0].repealed, rule.wordings[0].options) == (True, {})


def test_id_that_is_not_the_path_is_refused(tmp_path: Path) -> None:
    told = _told_of_rule(tmp_path, ("id: vn/durian-fresh/variety", "id: vn/durian-fresh/varieties"))
    assert told == ["1:5 id pack.id_path(id=vn/durian-fresh/varieties)"]


def test_rule_in_the_folder_of_another_is_refused(tmp_path: Path) -> None:
    told = _told(make_pack(tmp_path, rules={"th/durian-fresh/variety": RULE}))
    assert told == ["th/durian-fresh/variety.yaml 1:5 id pack.id_path(id=vn/durian-fresh/variety)"]


def test_paths_of_faults_are_written_in_one_way(tmp_path: Path) -> None:
    """As in a manifest: `wordings[0].source.instrument`."""
    root = make_pack(tmp_path, files={RULE_FILE: swap(RULE, ("instrument: act-1", "instrument: act-9"))})
    assert [fault.path for fault in _faults(root)] == ["wordings[0].source.instrument"]


# links


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("product: [durian-fresh]", "product: [durian-fres]", ("4:38", "pack.no_product(product=durian-fres)")),
        ("instrument: act-1", "instrument: act-9", ("17:26", "pack.no_instrument(instrument=act-9)")),
        ("check: one_of", "check: one_of\noverrides: [any/any/x]", ("11:13", "pack.no_rule(rule=any/any/x)")),
        ("check: one_of", "check: one_of\nreplaces: [any/any/x]", ("11:12", "pack.no_rule(rule=any/any/x)")),
    ],
)
def test_link_to_nothing_is_refused(old: str, new: str, told: tuple[str, str], tmp_path: Path) -> None:
    (found,) = _told_of_rule(tmp_path, (old, new))
    place, _, what = found.split(" ", 2)
    assert (place, what) == told


@pytest.mark.parametrize(
    ("check", "options", "column"),
    [
        ("limit", "{table: boundz}", 22),
        ("listed", "{table: boundz, match: {analyte: variety}, column: state, pass: [open]}", 22),
    ],
)
def test_link_to_a_table_that_is_not_there_is_refused(check: str, options: str, column: int, tmp_path: Path) -> None:
    (found,) = _told_of_rule(tmp_path, ("check: one_of", f"check: {check}"), ("{values: [Ri6]}", options))
    place, _, what = found.split(" ", 2)
    assert (place, what) == (f"14:{column}", "pack.no_table(table=boundz)")


def test_product_of_an_unknown_group_is_refused(tmp_path: Path) -> None:
    told = _told_of_file(tmp_path, "products.yaml", swap(PRODUCTS, ("groups: [fresh-fruit]", "groups: [fruit]")))
    assert len(told) == 1
    assert told[0].startswith("products.yaml 7:14 products.durian-fresh.groups")
    assert told[0].endswith(" pack.no_group(group=fruit)")


def test_row_that_cites_an_instrument_that_is_not_there_is_refused(tmp_path: Path) -> None:
    rows = swap(ROWS, ("act-1,row 2", "act-9,row 2"))
    (fault,) = _faults(make_pack(tmp_path, files={"tables/bounds.csv": rows}))
    assert fault.what == Message("pack.no_instrument", {"instrument": "act-9"})
    assert (fault.file, fault.span) == ("tables/bounds.csv", Span(line=3, column=1, end_line=3, end_column=2))


# one fault is told once


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("instruments/act-1.yaml", swap(INSTRUMENT, ("kind: law", "kind: lawn"))),
        ("instruments/act-1.yaml", INSTRUMENT + "x: [\n"),
        ("products.yaml", swap(PRODUCTS, ("form: fresh", "form: Fresh"))),
    ],
)
def test_broken_file_is_not_told_as_missing_by_all_that_name_it(path: str, content: str, tmp_path: Path) -> None:
    assert {fault.file for fault in _faults(make_pack(tmp_path, files={path: content}))} == {path}


def test_broken_rule_is_not_told_as_missing_by_those_that_name_it(tmp_path: Path) -> None:
    broken = swap(RULE, ("id: vn/durian-fresh/variety", "id: any/any/x"), ("field: variety", "field: '['"))
    linked = swap(RULE, ("check: one_of", "check: one_of\noverrides: [any/any/x]"))
    root = make_pack(tmp_path, rules={"any/any/x": broken}, files={RULE_FILE: linked})
    assert [fault.file for fault in _faults(root)] == ["any/any/x.yaml"]


# files that hold something else


@pytest.mark.parametrize("path", [RULE_FILE, "instruments/act-1.yaml", "products.yaml", "tables/bounds.yaml"])
@pytest.mark.parametrize("content", ["", "# nothing\n", "a text\n"], ids=["empty", "comments", "text"])
def test_file_without_keys_is_refused(path: str, content: str, tmp_path: Path) -> None:
    assert f"{path} . . pack.one_document" in _told_of_file(tmp_path, path, content)


@pytest.mark.parametrize("path", [RULE_FILE, "instruments/act-1.yaml", "products.yaml", "tables/bounds.yaml"])
def test_second_document_in_a_file_is_refused(path: str, tmp_path: Path) -> None:
    told = _told_of_file(tmp_path, path, f"{PACK_FILES[path]}---\n{PACK_FILES[path]}")
    assert any(one.startswith(f"{path} ") and one.endswith("pack.one_document") for one in told)


@pytest.mark.parametrize("path", [RULE_FILE, "instruments/act-1.yaml", "products.yaml", "tables/bounds.yaml"])
def test_list_in_place_of_keys_is_refused(path: str, tmp_path: Path) -> None:
    told = _told_of_file(tmp_path, path, "- id: x\n")
    assert any(one.startswith(f"{path} 1:1 . type.wrong(found=kind.sequence, expected=kind.mapping)") for one in told)


@pytest.mark.parametrize("path", [RULE_FILE, "instruments/act-1.yaml", "products.yaml", "tables/bounds.yaml"])
def test_file_that_is_not_utf8_is_refused(path: str, tmp_path: Path) -> None:
    told = _told_of_file(tmp_path, path, b"id: caf\xe9\n")
    assert f"{path} 1:8 . read.not_utf8(byte=0xe9) ? read.save_utf8_hint" in told


def test_instrument_whose_id_is_not_its_file_is_refused(tmp_path: Path) -> None:
    files = {"instruments/act-2.yaml": swap(INSTRUMENT, ("id: act-1", "id: act-3"))}
    assert _told(make_pack(tmp_path, files=files)) == ["instruments/act-2.yaml 1:5 id pack.id_path(id=act-3)"]


def test_table_whose_id_is_not_its_file_is_refused(tmp_path: Path) -> None:
    files = {"tables/bounds.yaml": swap(TABLE, ("id: bounds", "id: boundz"))}
    assert _told(make_pack(tmp_path, files=files)) == ["tables/bounds.yaml 1:5 id pack.id_path(id=boundz)"]


def test_synonyms_with_other_columns_are_refused(tmp_path: Path) -> None:
    files = {"tables/synonyms.yaml": swap(TABLE, ("id: bounds", "id: synonyms")), "tables/synonyms.csv": ROWS}
    assert {fault.file for fault in _faults(make_pack(tmp_path, files=files))} == {"tables/synonyms.yaml"}


GAP = """\
- id: first-gap
  applies_to: {origin: [VN]}
  area: documents
  missing: {en: Unknown., vi: Chưa rõ., zh: 未知。}
  look: {en: Ask., vi: Hỏi., zh: 询问。}
"""


def test_gaps_of_one_id_are_refused(tmp_path: Path) -> None:
    assert [gap.id for gap in load(make_pack(tmp_path / "one", files={"gaps/vn.yaml": GAP})).gaps] == ["first-gap"]
    told = _told(make_pack(tmp_path / "two", files={"gaps/vn.yaml": GAP + GAP}))
    assert len(told) == 1
    assert told[0].startswith("gaps/vn.yaml 6:7 ")
    assert told[0].endswith(" pack.same_gap(id=first-gap)")


def test_all_faults_of_a_pack_are_told_at_once(tmp_path: Path) -> None:
    other = swap(RULE, ("id: vn/durian-fresh/variety", "id: any/any/x"), ("each: lot", "each: box"))
    files = {
        "instruments/act-2.yaml": swap(INSTRUMENT, ("id: act-1", "id: act-2"), ("kind: law", "kind: lawn")),
        "tables/bounds.csv": swap(ROWS, ("0.05", "little")),
        RULE_FILE: swap(RULE, ("start: 2024-01-01", "start: soon")),
        "any/any/x.yaml": other,
    }
    assert sorted(fault.place for fault in _faults(make_pack(tmp_path, files=files))) == [
        "any/any/x.yaml:5:7",
        "instruments/act-2.yaml:3:7",
        "tables/bounds.csv:2:1",
        "vn/durian-fresh/variety.yaml:13:12",
    ]
