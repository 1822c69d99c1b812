# SPDX-License-Identifier: Apache-2.0
"""A house pack over the program's own rule base. The firm, its handbook and its rules are invented."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

TIGHTER, ADDED, DISABLED = "acme:any/durian/cadmium", "acme:any/any/seal-form", "vn/fresh-fruit/packhouse-code-format"
REASON = "Our scanner reads the code from the GACC list itself"
HOUSE: Mapping[str, str] = {
    "pack.yaml": f"""\
name: acme
title: {{en: House rules of Acme, vi: Quy tắc riêng của Acme, zh: Acme 内部规则}}
extends: cn >=2026.11
engine: ">=0.1"
disables:
  - rule: {DISABLED}
    reason: {REASON}
""",
    "VERSION": "2026.11.0\n",
    "instruments/acme-handbook.yaml": """\
id: acme-handbook
title: {en: Handbook of Acme (invented), vi: Sổ tay của Acme (hư cấu), zh: Acme 手册（虚构）}
kind: practice
issuer: Acme
url_state: unknown
""",
    "any/durian/cadmium.yaml": """\
id: acme:any/durian/cadmium
title: {en: Cadmium in durian of the house, vi: Cadimi trong sầu riêng của công ty, zh: 公司榴莲中的镉}
area: food-safety
applies_to:
  product: [durian]
  given: ["results[analyte=cadmium]"]
each: lab-report
basis: arrival
severity: must
acts: exporter
consequence: none
check: limit
field: results[analyte=cadmium]
wordings:
  - start: 2026-06-01
    options: {max: 0.02, unit: mg/kg}
    says:
      en: Cadmium in durian of the house is at most 0.02 mg/kg.
      vi: Cadimi trong sầu riêng của công ty không quá 0,02 mg/kg.
      zh: 公司榴莲中的镉不超过0.02 mg/kg。
    fix: {en: Sell it elsewhere., vi: Hãy bán ở thị trường khác., zh: 改销其他市场。}
    source: {instrument: acme-handbook, locator: Section 2, seen: primary, checked: 2026-11-20}
""",
    "any/durian/cadmium.cases.yaml": """\
- name: at the limit
  date: 2026-06-01
  given: {results: [{analyte: cadmium, part: pulp, value: 0.02, unit: mg/kg}]}
  expect: pass
- name: above the limit
  date: 2026-06-01
  given: {results: [{analyte: cadmium, part: pulp, value: 21, unit: ug/kg}]}
  expect: fail
- name: without a unit
  date: 2026-06-01
  given: {results: [{analyte: cadmium, part: pulp, value: 0.01}]}
  expect: unknown
- name: above the limit, the day before
  date: 2026-05-31
  given: {results: [{analyte: cadmium, part: pulp, value: 21, unit: ug/kg}]}
  expect: upcoming
- name: a report on another substance
  date: 2026-06-01
  given: {results: [{analyte: lead, part: pulp, value: 0.01, unit: mg/kg}]}
  expect: not-applicable
""",
    "any/any/seal-form.yaml": """\
id: acme:any/any/seal-form
title: {en: Form of the seal, vi: Định dạng số niêm phong, zh: 封志号格式}
area: logistics
applies_to: {given: [shipment.transport.seal]}
each: shipment
basis: arrival
severity: should
acts: carrier
consequence: none
check: matches
field: shipment.transport.seal
wordings:
  - start: 2026-01-01
    options: {pattern: "AC[0-9]{6}"}
    says: {en: The seal is one of Acme., vi: Niêm phong là của Acme., zh: 封志为Acme的封志。}
    fix: {en: Seal it again., vi: Niêm phong lại., zh: 请重新加封。}
    source: {instrument: acme-handbook, locator: Section 1, seen: primary, checked: 2026-11-20}
""",
    "any/any/seal-form.cases.yaml": """\
- {name: a seal of Acme, date: 2026-01-01, given: {shipment: {transport: {seal: AC123456}}}, expect: pass}
- {name: another seal, date: 2026-01-01, given: {shipment: {transport: {seal: VN1}}}, expect: fail}
- {name: the day before, date: 2025-12-31, given: {shipment: {transport: {seal: VN1}}}, expect: upcoming}
- {name: no seal, date: 2026-01-01, given: {}, expect: not-applicable}
- {name: a seal that cannot be read, date: 2026-01-01, given: {shipment: {transport: {seal: AC}}}, expect: fail}
""",
}


def write_house(folder: Path, *replaced: tuple[str, str, str], more: Mapping[str, str] | None = None) -> Path:
    """Write the pack into `folder`/acme: some text replaced (file, old, new), and more files."""
    files = {**HOUSE, **(more or {})}
    for file, old, new in replaced:
        assert files[file].count(old) == 1, f"{old!r} stands {files[file].count(old)} times in {file}"
        files[file] = files[file].replace(old, new)
    for name, text in files.items():
        path = folder / "acme" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder / "acme"
