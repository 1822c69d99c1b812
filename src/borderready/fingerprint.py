# SPDX-License-Identifier: Apache-2.0
"""The fingerprint of a finding: the same for the same finding of the same consignment, wherever its lines stand.

It knows the rule, the wording, the subject and the place below it, and the consignment by its reference; only where
there is none, by file and index. What was found is no part of it, nor is a line.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from borderready.model import Finding, Manifest, Status
from borderready.paths import write_outcome_path, write_path

LENGTH = 32


def fingerprint_of(finding: Finding, manifest: Manifest, ordinal: int = 0) -> str:
    """Return 32 hexadecimal digits; `ordinal` counts findings of a manifest that are alike in all that goes in."""
    reference = manifest.reference
    parts = [
        finding.rule.id,
        finding.wording.start if finding.wording is not None else "",
        finding.subject.kind,
        finding.subject.id,
        ["reference", reference] if reference is not None else ["file", manifest.file, manifest.index],
        path_below_subject(finding),
        ordinal,
    ]
    return sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def fingerprints_of(findings: Sequence[Finding], manifest: Manifest) -> tuple[str, ...]:
    """Return the fingerprint of each finding, in their order, "" of what passes; no two of the others are equal."""
    seen = Counter[str]()
    named = []
    for finding in findings:
        if finding.outcome.status is Status.PASS:
            named.append("")
            continue
        first = fingerprint_of(finding, manifest)
        named.append(fingerprint_of(finding, manifest, seen[first]) if seen[first] else first)
        seen[first] += 1
    return tuple(named)


def path_below_subject(finding: Finding) -> str:
    """Return the place of a finding below its lot or document, so that another lot above it changes nothing."""
    whole = write_outcome_path(finding.outcome)
    above = write_path(finding.subject.path)
    if not above or not whole.startswith(above):
        return whole
    rest = whole[len(above) :]
    return rest.removeprefix(".") if rest[:1] in ("", ".", "[") else whole
