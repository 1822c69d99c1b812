# SPDX-License-Identifier: Apache-2.0
"""The frozen types that flow between the wings; a package of leaves that imports nothing of ours.

A *manifest* describes a *shipment* of *lots*; a *rule* has dated *wordings*; the outcome of one rule for one subject is
a *finding*; the outcome for the whole manifest is a *verdict*.
"""

from __future__ import annotations

from borderready.model.answer import Finding, LeftOut, Missing, Outcome, Report, Subject
from borderready.model.law import (
    OWN_NOTICE,
    Condition,
    Disabled,
    Gap,
    Instrument,
    Notice,
    PackId,
    Product,
    Row,
    Rule,
    RuleBase,
    RuleName,
    Scope,
    Source,
    Table,
    Wording,
)
from borderready.model.shipment import Entry, Listed, Listing, Manifest, Register, Use
from borderready.model.waiver import BASELINE_REASON, Waiver, WaiverFile, WaiverKind
from borderready.model.word import (
    Compared,
    Event,
    Force,
    Grade,
    Message,
    Path,
    RuleId,
    Severity,
    Span,
    Status,
    Texts,
    Value,
    Verdict,
    path_of_rule,
)

__all__ = [
    "BASELINE_REASON",
    "OWN_NOTICE",
    "Compared",
    "Condition",
    "Disabled",
    "Entry",
    "Event",
    "Finding",
    "Force",
    "Gap",
    "Grade",
    "Instrument",
    "LeftOut",
    "Listed",
    "Listing",
    "Manifest",
    "Message",
    "Missing",
    "Notice",
    "Outcome",
    "PackId",
    "Path",
    "Product",
    "Register",
    "Report",
    "Row",
    "Rule",
    "RuleBase",
    "RuleId",
    "RuleName",
    "Scope",
    "Severity",
    "Source",
    "Span",
    "Status",
    "Subject",
    "Table",
    "Texts",
    "Use",
    "Value",
    "Verdict",
    "Waiver",
    "WaiverFile",
    "WaiverKind",
    "Wording",
    "path_of_rule",
]
