# SPDX-License-Identifier: Apache-2.0
"""Results that hold any text in every place where a manifest or a pack can put one."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from borderready.errors import Fault
from borderready.model import Finding, Force, Message, Outcome, Report, Span, Status, Subject, Texts
from borderready.report.stream import Unread
from tests.report.streams import check_files

# Any character, and often those that some format acts on.
ANY_TEXT = st.text(
    st.one_of(st.sampled_from("\"'`|<>&%:,;=+-@\\[](){}#*_~!$\r\n\t\x00\x1b\ud800\ufeff\u2028"), st.characters()),
    min_size=1,
    max_size=40,
)
SAMPLES = (
    '=HYPERLINK("https://harbour.invalid")',
    "%0A::error::owned",
    "::error file=a,line=1::owned\n::warning::x",
    "]]></failure></testcase><x a=\"'&",
    "| a | <script>alert(1)</script> | [x](https://harbour.invalid) ![y](z) www.harbour.invalid `c` $x$",
    "{0} [link](1) \ud800 \x00 \ufffe",
)


def hostile_report(text: str, status: Status = Status.FAIL, force: Force = Force.BLOCKS) -> Report:
    """Return the report of a real manifest whose every text is this one."""
    [report] = check_files(["not-ready.yaml"])
    assert isinstance(report, Report)
    texts = Texts(en=text, vi=text, zh=text)
    finding = _spoil(report.findings[0], text, texts, status, force)
    data = {**report.manifest.data, "reference": text, "parties": {"exporter": {"name": text}}}
    manifest = replace(report.manifest, file=text.replace("\0", "") or "x", data=data)
    return replace(report, manifest=manifest, findings=(finding, finding._replace(force=Force.WARNS)))


def _spoil(finding: Finding, text: str, texts: Texts, status: Status, force: Force) -> Finding:
    assert finding.wording is not None
    source = replace(finding.wording.source, locator=text)
    wording = replace(finding.wording, says=texts, fix=texts, source=source)
    outcome = Outcome(status=status, path=("lots", 0), found=text, expected=text)
    return finding._replace(
        rule=replace(finding.rule, title=texts),
        wording=wording,
        subject=Subject(kind="lot", id=text, path=("lots", 0)),
        outcome=outcome,
        force=force,
    )


def hostile_unread(text: str) -> Unread:
    """Return a manifest that was not read, with this text in its name and its fault."""
    span = Span(line=1, column=1, end_line=1, end_column=2)
    what = Message("type.unknown_key", {"key": text})
    file = text.replace("\0", "") or "x"
    return Unread(file=file, index=0, sha256="", faults=(Fault(file=file, span=span, path=text, what=what),))
