# SPDX-License-Identifier: Apache-2.0
"""Errors that reach the edge: a fault in a file is a value, and one base error carries faults to the command line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from borderready.model import Message, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with one file.

    Attributes:
        file: The name the user gave, or the path inside a pack.
        span: Where, or None when the fault concerns the whole file.
        path: Dotted place in the document, "" for the document itself.
        what: The sentence for the user.
        hint: The next thing to do, or None.
        line_text: The source line at the span, for the caret.
        document: Index of the YAML document in the file, from 0.
    """

    file: str
    span: Span | None
    path: str
    what: Message
    hint: Message | None = None
    line_text: str | None = None
    document: int = 0

    @property
    def place(self) -> str:
        """`file:line:column`, or the file alone."""
        if self.span is None:
            return self.file
        return f"{self.file}:{self.span.line}:{self.span.column}"


class BorderreadyError(Exception):
    """Base of all errors meant for the user; the command line turns each into one exit code."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("; ".join(f"{fault.place}: {fault.what.key}" for fault in self.faults))


class RuleBaseError(BorderreadyError):
    """A pack could not be read or trusted (exit code 5)."""


class RegisterError(BorderreadyError):
    """A register could not be read (exit code 2: it is the user's configuration)."""


class ConfigError(BorderreadyError):
    """A configuration, a file of waivers or a baseline cannot be read or used (exit code 2)."""


class KeepError(BorderreadyError):
    """What this machine keeps (registers, notices, ledger) cannot be read or written (exit code 2)."""


class ReaderLeftError(Exception):
    """Whoever read our output has left (`| head`); no OSError, so that no library between takes it for its own."""


class UsageError(BorderreadyError):
    """The command was called in a way that cannot work (exit code 2)."""

    def __init__(self, what: Message, hint: Message | None = None) -> None:
        super().__init__([Fault(file="borderready", span=None, path="", what=what, hint=hint)])
