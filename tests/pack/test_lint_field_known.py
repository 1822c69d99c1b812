# SPDX-License-Identifier: Apache-2.0
"""`field-known`: every path of a rule leads to a key that the manifest format has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import RULE_FILE, Replaced, lint_replaced

FIELD = "field: shipment.transport.seal"
LOT = (RULE_FILE, "each: shipment", "each: lot")
CERTIFICATE = (RULE_FILE, "each: shipment", "each: phytosanitary-certificate")


def _field(path: str) -> Replaced:
    return (RULE_FILE, FIELD, f"field: {path}")


def _check(kind: str, options: str) -> tuple[Replaced, ...]:
    return ((RULE_FILE, "check: present", f"check: {kind}"), (RULE_FILE, "options: {}", f"options: {options}"))


@pytest.mark.parametrize(
    ("replaced", "place", "told"),
    [
        ((_field("shipment.transport.seel"),), "11:8", "shipment.transport.seel: the manifest format has no 'seel'"),
        ((_field("quantity.net_kg"),), "11:8", "quantity.net_kg: the manifest format has no 'quantity'"),
        ((LOT, _field("lots[*].quantity")), "11:8", "lots[*].quantity: the manifest format has no 'lots'"),
        ((LOT, _field("issued")), "11:8", "issued: the manifest format has no 'issued'"),
        ((CERTIFICATE, _field("variety")), "11:8", "variety: the manifest format has no 'variety'"),
        ((_field("shipment[*].mode"),), "11:8", "shipment[*].mode: a selector stands where there is no list"),
        (
            (_field("documents[kind=contract].number"),),
            "11:8",
            "documents[kind=contract].number: the members of that list have no 'kind'",
        ),
        (
            ((RULE_FILE, "applies_to: {}", "applies_to: {when: {shipment.mod: [road]}}"),),
            "4:14",
            "shipment.mod: the manifest format has no 'mod'",
        ),
        (
            ((RULE_FILE, "applies_to: {}", "applies_to: {given: [shipment.transport.lorry]}"),),
            "4:14",
            "shipment.transport.lorry: the manifest format has no 'lorry'",
        ),
        (
            ((RULE_FILE, "applies_to: {}", "applies_to: {absent: [parties.owner]}"),),
            "4:14",
            "parties.owner: the manifest format has no 'owner'",
        ),
        (
            _check("same", "{with: [shipment.transport.seal, shipment.transport.seals]}"),
            "14:15",
            "shipment.transport.seals: the manifest format has no 'seals'",
        ),
        (
            (_field("shipment.dates.arrival"), *_check("within", "{not_before: shipment.dates.sailing}")),
            "14:27",
            "shipment.dates.sailing: the manifest format has no 'sailing'",
        ),
        (
            (LOT, _field("quantity.net_kg"), *_check("limit", "{max: 1, of: quantity.weight_kg}")),
            "14:27",
            "quantity.weight_kg: the manifest format has no 'weight_kg'",
        ),
    ],
)
def test_path_that_leads_nowhere_is_an_error_at_its_place(
    replaced: tuple[Replaced, ...], place: str, told: str, tmp_path: Path
) -> None:
    [(severity, at, text)] = lint_replaced(tmp_path, *replaced)
    assert (severity, at) == ("error", f"{RULE_FILE}:{place}")
    assert text.startswith(f"field-known: {told}")


@pytest.mark.parametrize(
    "replaced",
    [
        (_field("lots[*].quantity.net_kg"),),
        (_field("documents[type=lab-report].results[analyte=cadmium][part=pulp].value"),),
        (LOT, _field("orchards[*].code")),
        (LOT, _field("documents[type=contract].number")),
        (LOT, _field("shipment.route.entry")),
        (CERTIFICATE, _field("containers[*]")),
        (CERTIFICATE, _field("lots[*].variety")),
        ((RULE_FILE, "applies_to: {}", 'applies_to: {when: {shipment.mode: [road]}, given: ["lots[*].variety"]}'),),
        _check("same", "{with: [shipment.transport.container]}"),
        (_field("shipment.dates.arrival"), *_check("within", "{since: shipment.dates.departure, max_days: 3}")),
    ],
)
def test_path_that_leads_somewhere_is_clean(replaced: tuple[Replaced, ...], tmp_path: Path) -> None:
    assert lint_replaced(tmp_path, *replaced) == []
