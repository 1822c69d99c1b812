# SPDX-License-Identifier: Apache-2.0
"""The store of registers: what a copy changes, what a check finds there, and that an exported file answers alike."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from borderready.errors import KeepError, UsageError
from borderready.keep.database import open_to_read, open_to_write
from borderready.keep.register_act import do_act, find_code, find_list, forget_list
from borderready.keep.register_copy import Brought, Changes, Taken, last_changes, take_into
from borderready.keep.register_lookup import open_registers
from borderready.keep.registers import FILE, FORM, Key, find_lists
from borderready.keep.spans import Act
from borderready.model import Entry, Listed, Listing, Register
from borderready.read.register import read_registers
from borderready.report.as_register import render_register

DURIAN = Key(kind="orchard", origin="VN", product="durian-fresh")


def rows(*codes: str) -> tuple[Listed, ...]:
    return tuple(Listed(row=number, code=code) for number, code in enumerate(codes, 2))


def brought(listed: Sequence[Listed], as_of: str, key: Key = DURIAN, *, since: str | None = None) -> Brought:
    digest = f"{hash(tuple(listed)) & 0xFFFFFFFF:x}"
    return Brought(
        key=key,
        rows=listed,
        as_of=as_of,
        since=since,
        source=f"list of {as_of}",
        file="list.csv",
        sha256=digest,
        asked=f"{since}",
    )


def take(path: Path, one: Brought, *, force: bool = False) -> Taken:
    with open_to_write(path, FORM, shown_as=FILE) as connection:
        return take_into(connection, one, force=force)


def act(path: Path, what: str, code: str, start: str, **where: str) -> None:
    made = Act(what=what, code=code, start=start, until=None, source="a letter")
    named = {"kind": None, "origin": None, "product": None, **where}
    with open_to_write(path, FORM, shown_as=FILE) as connection:
        do_act(connection, made, kind=named["kind"], origin=named["origin"], product=named["product"])


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_to_read(path, FORM, shown_as=FILE)
    assert connection is not None
    with closing(connection):
        yield connection


def refusal(path: Path, one: Brought) -> str:
    """Return why a copy is refused, and see that nothing changed."""
    with reading(path) as connection:
        before = find_lists(connection)
    with pytest.raises(UsageError) as raised:
        take(path, one)
    with reading(path) as connection:
        assert find_lists(connection) == before
    return raised.value.faults[0].what.key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / FILE


def test_the_first_copy_adds_every_code(path: Path) -> None:
    assert take(path, brought(rows("A-1", "A-2"), "2026-11-01")) == Taken(
        key=DURIAN,
        how="imported",
        as_of="2026-11-01",
        last=None,
        rows=2,
        codes=2,
        changes=Changes(before=0, after=2, added=("A-1", "A-2"), dropped=(), suspended=(), resumed=()),
        overruled=(),
    )


def test_a_later_copy_tells_what_changed(path: Path) -> None:
    take(path, brought(rows("A-1", "A-2", "A-3", "A-4", "A-5"), "2026-11-01"))
    listed = (*rows("A 1", "A-3", "A-4", "A-6"), Listed(row=6, code="A-5", status="suspended"))
    taken = take(path, brought(listed, "2026-11-20"))
    expected = Changes(before=5, after=4, added=("A-6",), dropped=("A-2",), suspended=("A-5",), resumed=())
    assert (taken.how, taken.last, taken.changes) == ("imported", "2026-11-01", expected)
    with reading(path) as connection:
        assert last_changes(connection, find_list(connection, "orchard/vn/durian-fresh")) == expected


def test_the_same_copy_again_changes_nothing(path: Path) -> None:
    one = brought(rows("A-1", "A-2"), "2026-11-01")
    take(path, one)
    content = dump(path)
    taken = take(path, one)
    assert (taken.how, taken.changes, dump(path)) == ("same", None, content)


def test_another_copy_of_the_same_day_takes_its_place_when_forced(path: Path) -> None:
    take(path, brought(rows("A-1", "A-2"), "2026-10-01"))
    take(path, brought(rows("A-2", "A-3"), "2026-11-01"))
    other = brought(rows("A-1", "A-2", "A-4"), "2026-11-01")
    assert refusal(path, other) == "keep.list.same_day"
    taken = take(path, other, force=True)
    assert taken.how == "replaced"
    assert taken.changes == Changes(before=2, after=3, added=("A-4",), dropped=(), suspended=(), resumed=())
    straight = path.with_name("straight.sqlite")
    take(straight, brought(rows("A-1", "A-2"), "2026-10-01"))
    take(straight, other)
    assert answers(path) == answers(straight)


def test_an_older_copy_is_refused(path: Path) -> None:
    take(path, brought(rows("A-1"), "2026-11-01"))
    assert refusal(path, brought(rows("A-1"), "2026-10-31")) == "keep.list.older"


@pytest.mark.parametrize(("left", "is_refused"), [(7, False), (6, True)])
def test_a_list_that_shrinks_by_more_than_thirty_percent_is_refused(path: Path, left: int, is_refused: bool) -> None:
    codes = [f"A-{number}" for number in range(10)]
    take(path, brought(rows(*codes), "2026-11-01"))
    smaller = brought(rows(*codes[:left]), "2026-11-20")
    if is_refused:
        assert refusal(path, smaller) == "keep.list.shrunk"
    assert take(path, smaller, force=is_refused).changes == Changes(
        before=10, after=left, added=(), dropped=tuple(codes[left:]), suspended=(), resumed=()
    )


def test_lists_of_other_products_origins_and_markets_stand_apart(path: Path) -> None:
    take(path, brought(rows("A-1", "A-2"), "2026-11-01"))
    take(path, brought(rows("A-1"), "2026-11-10", replace(DURIAN, product="any")))
    take(path, brought(rows("A-1"), "2026-11-11", replace(DURIAN, market="US")))
    with open_registers(path) as registers:
        (register,) = registers.values()
        assert [(one.product, one.market, one.as_of, one.codes) for one in register.listings] == [
            (None, "CN", "2026-11-10", 1),
            ("durian-fresh", "CN", "2026-11-01", 2),
            ("durian-fresh", "US", "2026-11-11", 1),
        ]
        assert (register.name, len(register.entries), register.as_of) == ("gacc-orchards", 2, "2026-11-01")
        assert {(entry.product, entry.market) for entry in register.entries["A1"]} == {
            (None, "CN"),
            ("durian-fresh", "CN"),
            ("durian-fresh", "US"),
        }


def test_a_check_finds_codes_and_names(path: Path) -> None:
    listed = Listed(
        row=2,
        code="QT 3",
        name="Quatest Three",
        holder="Q",
        address="Saigon",
        area_ha=Decimal("1.50"),
        start="2024-01-01",
    )
    take(path, brought([listed], "2026-11-01", replace(DURIAN, kind="laboratory")))
    entry = Entry(
        code="QT 3",
        product="durian-fresh",
        status="active",
        start="2024-01-01",
        until=None,
        name="Quatest Three",
        holder="Q",
        line=0,
        origin="VN",
        market="CN",
        area_ha=Decimal("1.50"),
        address="Saigon",
    )
    with open_registers(path) as registers:
        register = registers["gacc-laboratories"]
        assert dict(register.entries) == {"QT3": (entry,)}
        assert dict(register.names) == {"quatest three": (entry,)}
        assert list(register.sorted_codes()) == ["QT3"]
        assert "QT4" not in register.entries
        assert "quatest" not in register.names
        assert register.listings == (
            Listing(
                origin="VN",
                product="durian-fresh",
                as_of="2026-11-01",
                source="list of 2026-11-01",
                sha256=register.listings[0].sha256,
                codes=1,
                market="CN",
            ),
        )


def test_without_a_store_there_are_no_registers(path: Path) -> None:
    with open_registers(path) as registers:
        assert registers == {}
    assert not path.parent.exists()


def test_a_check_sees_one_state_while_a_copy_is_imported(path: Path) -> None:
    take(path, brought(rows("A-1"), "2026-11-01"))
    with open_registers(path) as registers:
        take(path, brought(rows("A-1", "A-2"), "2026-11-20"))
        assert "A2" not in registers["gacc-orchards"].entries
    with open_registers(path) as registers:
        assert "A2" in registers["gacc-orchards"].entries


def test_a_look_up_that_fails_is_a_fault_of_the_store(path: Path) -> None:
    """Not the error of a rule, which would leave the others to answer as if the list were read."""
    take(path, brought(rows(*(f"A-{number}" for number in range(5000))), "2026-11-01"))
    content = bytearray(path.read_bytes())
    size = len(content)
    content[size // 4 :] = b"\xa5" * (size - size // 4)
    path.write_bytes(content)
    with pytest.raises(KeepError) as raised:
        look_up_all(path)
    assert raised.value.faults[0].what.key == "keep.damaged"


def test_digests_are_those_of_the_content(path: Path, tmp_path: Path) -> None:
    """Not of the order in which lists came, nor of copies that were replaced."""
    other = tmp_path / "other.sqlite"
    banana = replace(DURIAN, product="banana")
    take(path, brought(rows("A-1"), "2026-11-01"))
    take(path, brought(rows("B-1"), "2026-11-02", banana))
    take(other, brought(rows("B-1"), "2026-11-02", banana))
    take(other, brought(rows("A-9"), "2026-11-01"))
    take(other, brought(rows("A-1"), "2026-11-01"), force=True)
    with open_registers(path) as one, open_registers(other) as two:
        assert one["gacc-orchards"].sha256 == two["gacc-orchards"].sha256
        before = one["gacc-orchards"].sha256
    act(path, "suspend", "A-1", "2026-11-05")
    with open_registers(path) as one:
        assert one["gacc-orchards"].sha256 != before


# the user's own acts


def test_an_act_outlives_a_copy_and_the_copy_tells_so(path: Path) -> None:
    take(path, brought(rows("A-1", "A-2"), "2026-11-01"))
    act(path, "suspend", "a1", "2026-11-10")
    taken = take(path, brought(rows("A-1", "A-2"), "2026-11-20"))
    assert taken.overruled == ("A-1",)
    assert spans(path, "A-1") == [
        ("unseen", None, "2026-10-31"),
        ("active", "2026-11-01", "2026-11-09"),
        ("suspended", "2026-11-10", None),
    ]


def test_a_copy_that_still_shows_a_suspension_outweighs_an_older_resume(path: Path) -> None:
    listed = [Listed(row=2, code="A-1", status="suspended")]
    take(path, brought(listed, "2026-11-01"))
    act(path, "resume", "A-1", "2026-11-10")
    assert spans(path, "A-1")[1:] == [("suspended", "2026-11-01", "2026-11-09"), ("active", "2026-11-10", None)]
    take(path, brought(listed, "2026-11-20"))
    assert spans(path, "A-1")[1:] == [
        ("suspended", "2026-11-01", "2026-11-09"),
        ("active", "2026-11-10", "2026-11-19"),
        ("suspended", "2026-11-20", None),
    ]


@pytest.mark.parametrize(
    ("what", "code", "where", "key"),
    [
        ("suspend", "A-9", {}, "keep.act.no_code"),
        ("suspend", "A-1", {"product": "mango"}, "keep.act.no_code"),
        ("suspend", "A-1", {}, "keep.act.several"),
        ("resume", "A-1", {"product": "banana"}, "keep.act.idle"),
    ],
)
def test_an_act_on_no_code_on_several_or_for_nothing_is_refused(
    path: Path, what: str, code: str, where: dict[str, str], key: str
) -> None:
    take(path, brought(rows("A-1"), "2026-11-01"))
    take(path, brought(rows("A-1"), "2026-11-01", replace(DURIAN, product="banana")))
    with pytest.raises(UsageError) as raised:
        act(path, what, code, "2026-11-05", **where)
    assert raised.value.faults[0].what.key == key


def test_a_forgotten_list_leaves_nothing_behind(path: Path) -> None:
    take(path, brought(rows("B-1"), "2026-11-01", replace(DURIAN, product="banana")))
    before = dump(path)
    take(path, brought(rows("A-1"), "2026-11-01"))
    act(path, "suspend", "A-1", "2026-11-05")
    with open_to_write(path, FORM, shown_as=FILE) as connection:
        forget_list(connection, find_list(connection, "orchard/VN/durian-fresh"))
    assert dump(path) == before


# what is exported answers alike


A_DAY = st.integers(0, 40).map(lambda n: (date(2026, 10, 1) + timedelta(days=n)).isoformat())
TEXT = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
KEYS = st.builds(
    Key,
    kind=st.sampled_from(["orchard", "laboratory"]),
    origin=st.sampled_from(["VN", "TH"]),
    product=st.sampled_from(["durian-fresh", "any"]),
    market=st.sampled_from(["CN", "US"]),
)
LISTED = st.builds(
    Listed,
    row=st.just(2),
    code=st.sampled_from(["A-1", "a 1", "A-2", "A-3", "B/1"]),
    status=st.sampled_from(["active", "suspended", "delisted"]),
    start=st.none() | A_DAY,
    until=st.none(),
    name=st.none() | TEXT,
    holder=st.none() | TEXT,
    address=st.none() | TEXT,
    area_ha=st.none() | st.decimals(0, 1000, places=2),
)
COPIES = st.lists(
    st.tuples(
        KEYS, A_DAY, st.lists(LISTED, min_size=1, max_size=4, unique_by=lambda one: one.code.upper().replace(" ", "-"))
    ),
    min_size=1,
    max_size=6,
)
ACTS = st.lists(st.tuples(st.sampled_from(["suspend", "resume", "delist"]), st.sampled_from(["A-1", "A-2"]), A_DAY))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(copies=COPIES, acts=ACTS)
def test_an_exported_folder_answers_as_the_store(
    copies: list[tuple[Key, str, list[Listed]]], acts: list[tuple[str, str, str]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, path = Path(name), Path(name) / "data" / FILE
        for key, as_of, listed in copies:
            try:
                take(path, brought(listed, as_of, key), force=True)
            except UsageError as error:
                assert error.faults[0].what.key == "keep.list.older"  # noqa: PT017
        for what, code, start in acts:
            try:
                act(path, what, code, start)
            except UsageError:
                continue
        with open_registers(path) as registers:
            for register in registers.values():
                (folder / f"{register.name}.csv").write_text(render_register(register), "utf-8", newline="")
            assert plain(read_registers(folder, shown_as="r")) == plain(registers)


def plain(registers: object) -> object:
    """Return registers as values that can be compared: all but the file, its digest and its lines."""
    assert hasattr(registers, "values")
    return [_plain(register) for register in registers.values()]


def _plain(register: Register) -> object:
    return (
        register.name,
        register.as_of,
        register.source,
        {code: [replace(entry, line=0) for entry in same] for code, same in register.entries.items()},
        {code: [replace(entry, line=0) for entry in same] for code, same in register.names.items()},
        list(register.sorted_codes()),
        len(register.entries),
        [replace(listing, sha256="") for listing in register.listings],
    )


def look_up_all(path: Path) -> None:
    with open_registers(path) as registers:
        for number in range(5000):
            _ = registers["gacc-orchards"].entries[f"A{number}"]


def answers(path: Path) -> object:
    with open_registers(path) as registers:
        return plain(registers)


def spans(path: Path, code: str) -> list[tuple[str, str | None, str | None]]:
    with open_registers(path) as registers, reading(path) as connection:
        assert find_code(connection, code)
        entries = registers["gacc-orchards"].entries[code.replace("-", "")]
        return [(entry.status, entry.start, entry.until) for entry in entries]


def dump(path: Path) -> list[str]:
    """Return what stands in the tables, but for the counters that SQLite keeps."""
    with reading(path) as connection:
        return [line for line in connection.iterdump() if "sqlite_sequence" not in line]
