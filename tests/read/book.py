# SPDX-License-Identifier: Apache-2.0
"""Workbooks for the tests: those a program writes, and those only a hand writes."""

from __future__ import annotations

import zipfile
from pathlib import Path

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def hand_written(rows: str, *, before: str = "", after: str = "", shared: str | None = None) -> dict[str, str]:
    """Return the members of a workbook of one worksheet with these rows, and with XML before and after them."""
    texts = f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>' if shared else ""
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships {_RELATIONS}><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {_RELATIONS}><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>{texts}</Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="List" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>",
    }
    return {**members, "xl/sharedStrings.xml": f"<sst {MAIN}>{shared}</sst>"} if shared else members


def pack(path: Path, members: dict[str, str]) -> Path:
    """Write members into a zip file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path
