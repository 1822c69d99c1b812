# SPDX-License-Identifier: Apache-2.0
"""What makes a finding the same finding tomorrow: its rule, wording, subject and place, and never a line number."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256

from borderready.model import Finding, Manifest, Report, Status
from borderready.paths import write_outcome_path, write_path


def fingerprint(finding: Finding, manifest: Manifest, *, ordinal: int = 0) -> str:
    """Return 64 hexadecimal digits that name a finding, whatever lines are added around it.

    They stay the same when the manifest is moved to another file (if it has a reference), when the lot or document
    that it is about gets another number, and when what was found changes. They change with the wording: new law is a
    new finding. The day of checking, the force and the status do not count.

    Args:
        finding: What is named.
        manifest: The manifest that it is about.
        ordinal: How many equal findings of the manifest stand before it.
    """
    subject = finding.subject
    consignment = manifest.reference or f"{manifest.file}#{manifest.index}"
    start = finding.wording.start if finding.wording is not None else ""
    parts = [finding.rule.id, start, subject.kind, subject.id, consignment, _place(finding)]
    if ordinal:
        parts.append(str(ordinal))
    return sha256(json.dumps(parts).encode()).hexdigest()


def fingerprints(report: Report) -> tuple[str, ...]:
    """Return the fingerprint of each finding of a report, in their order; no two of a manifest are equal.

    A finding that passes has none (""), so that what passes never renames what does not.
    """
    seen = Counter[str]()
    named = []
    for finding in report.findings:
        if finding.status is Status.PASS:
            named.append("")
            continue
        plain = fingerprint(finding, report.manifest)
        named.append(fingerprint(finding, report.manifest, ordinal=seen[plain]) if seen[plain] else plain)
        seen[plain] += 1
    return tuple(named)


def _place(finding: Finding) -> str:
    """Return the dotted place seen from the subject, so that the number of a lot or document is not in it."""
    place = write_outcome_path(finding.outcome)
    own = write_path(finding.subject.path)
    if own and (place == own or place.startswith((f"{own}.", f"{own}["))):
        return f"~{place.removeprefix(own)}"
    return place
