# SPDX-License-Identifier: Apache-2.0
"""Invented manifests of the design's size (one lot, three documents, some 60 lines), half of them with a fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from borderready.model import Manifest
from borderready.read.manifest import parse_manifests

TEMPLATE = """\
borderready: 1
reference: BM-2026-{n:06}
shipment:
  origin: VN
  mode: road
  channel: general-trade
  route: {{exit: huu-nghi, entry: youyiguan, transit: []}}
  transport: {{tractor: 29H-{plate:03}.45, trailer: 29R-{plate:03}.23, container: {container}, seal: VN{n:07}}}
  dates: {{departure: 2026-11-25, arrival: 2026-11-26, declaration: 2026-11-26}}
parties:
  exporter: {{name: "Invented Fruit {firm} Co., Ltd.", address: Krong Pac, tax_code: {tax}}}
  importer: {{name: Guoxian Import Export, gacc_filing: 4500123456}}
lots:
  - id: L1
    product: durian-fresh
    scientific_name: Durio zibethinus
    hs_code: 0810600000
    variety: Ri6
    quantity: {{packages: 900, net_kg: 16200, gross_kg: 17100}}
    dates: {{harvested: 2026-11-20, packed: 2026-11-22}}
    orchards: [{{code: VN-DLOR-{orchard:04}, area_ha: 12.5}}]
    packhouse: {{code: VN-DLPH-{packhouse:03}}}
    packaging: {{material: carton, new: true, wood: {{present: true, ispm15: VN-045 HT}}}}
    labels:
      box: {{languages: [zh, en], fruit_name: 榴莲 Durian, origin: Viet Nam, orchard: VN-DLOR-{orchard:04},
        packhouse: VN-DLPH-{packhouse:03}}}
      pallet: {{text: {phrase}}}
    inspection: {{sampled_packages: 20, pests_found: [], soil: false, leaves: false, date: 2026-11-23}}
    treatments: []
documents:
  - type: phytosanitary-certificate
    number: PC-{n:06}
    issued: 2026-11-24
    covers: [L1]
    containers: [{certified}]
    additional_declaration: >-
      This fruit is in compliance with the Protocol of Phytosanitary Requirements for the Export of Fresh Durian from
      Vietnam to China, and is free from the quarantine pests of concern to China.
  - {{type: certificate-of-origin, form: E, number: VN-CN 26/02/{n:06}, issued: 2026-11-24, origin_criterion: WO}}
  - type: lab-report
    number: Q3-{n:06}
    laboratory: quatest-3
    issued: 2026-11-23
    covers: [L1]
    results:
      - {{analyte: auramine-o, part: husk, detected: false}}
      - {{analyte: auramine-o, part: pulp, detected: false}}
      - {{analyte: cadmium, part: pulp, value: {cadmium}, unit: mg/kg}}
attestations:
  - {{what: orchard-gap, by: packhouse, evidence: gap-cert.pdf}}
"""
_LETTERS = (31, 13, 23, 32)  # T, C, L and U


def container_of(number: int) -> str:
    """Return a container number with its check digit (ISO 6346)."""
    digits = [*_LETTERS, *map(int, f"{number % 1_000_000:06}")]
    check = sum(digit * 2**place for place, digit in enumerate(digits)) % 11 % 10
    return f"TCLU{number % 1_000_000:06}{check}"


def fault_of(n: int) -> str | None:
    """Return what is wrong with the manifest of a number; None with every other one."""
    return None if n % 2 else ("container", "phrase", "cadmium")[n // 2 % 3]


def text_of(n: int) -> str:
    """Return the manifest of a number; every other one has a fault: a container, a phrase, or too much cadmium."""
    fault = fault_of(n)
    return TEMPLATE.format(
        n=n,
        plate=n % 1000,
        firm=n % 150,
        tax=6001000000 + n % 150,
        orchard=n % 700,
        packhouse=n % 90,
        container=container_of(n),
        certified=container_of(n + 1 if fault == "container" else n),
        phrase="Exported to somewhere" if fault == "phrase" else "输往中华人民共和国",
        cadmium="0.081" if fault == "cadmium" else "0.021",
    )


def shared_text_of(n: int) -> str:
    """Return the same manifest, of fruit from the one orchard and under the one permit that all have."""
    permit = "documents:\n  - {type: quarantine-permit, number: QP-2026-1, issued: 2026-11-01, net_kg: 40000000}\n"
    return text_of(n).replace(f"VN-DLOR-{n % 700:04}", "VN-DLOR-0000").replace("documents:\n", permit)


def write_folder(folder: Path, count: int, make: Callable[[int], str] = text_of) -> list[Path]:
    """Write so many manifests, a file each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{n:06}.yaml" for n in range(count)]
    for n, path in enumerate(paths):
        path.write_text(make(n), "utf-8")
    return paths


def lines(count: int) -> Iterator[str]:
    """Return so many manifests as JSON, a line each."""
    for n in range(count):
        (manifest,) = parse_manifests(text_of(n).encode(), file="m.yaml")
        assert isinstance(manifest, Manifest), manifest
        yield json.dumps(manifest.data, ensure_ascii=False, default=float)
