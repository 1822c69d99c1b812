# SPDX-License-Identifier: Apache-2.0
"""The frozen types that flow between the wings; a package of leaves that imports nothing of ours.

A *manifest* describes a *shipment* of *lots*; a *rule* has dated *wordings*; the outcome of one rule for one subject is
a *finding*; the outcome for the whole manifest is a *verdict*.
"""

from __future__ import annotations

from borderready.model.answer import Finding, Missing, Outcome, Report, Subject
from borderready.model.law import (
    Condition,
    Gap,
    Instrument,
    Notice,
    PackId,
    Product,
    Row,
    Rule,
    RuleBase,
    Scope,
    Source,
    Table,
    Wording,
)
from borderready.model.shipment import Entry, History, Listed, Listing, Manifest, Register, Use
from borderready.model.word import (
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
)

__all__ = [
    "Condition",
    "Entry",
    "Event",
    "Finding",
    "Force",
    "Gap",
    "Grade",
    "History",
    "Instrument",
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
    "Wording",
]
