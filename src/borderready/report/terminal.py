# SPDX-License-Identifier: Apache-2.0
"""The terminal: where it is, which language it speaks, and the few shapes that all text output is made of.

Every text from a file goes through `clean` and into a Text, never into markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from borderready.errors import Fault
from borderready.i18n import say, word
from borderready.model import Instrument, Message, Span, Verdict
from borderready.report.show import Example, clean

LABEL_CELLS = 10
VERDICT_STYLE = {
    Verdict.READY: "bold green",
    Verdict.NOT_READY: "bold red",
    Verdict.UNDECIDED: "bold yellow",
    Verdict.INVALID: "bold red",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How to show: the console, the language, and where to look things up."""

    console: Console
    language: str
    instruments: Mapping[str, Instrument]
    example: Example
    verbose: bool = False

    def say(self, message: Message) -> str:
        """Return a message in the reader's language."""
        return clean(say(message, self.language))

    def word(self, key: str) -> str:
        """Return a text of the program in the reader's language."""
        return word(key, self.language)


def print_faults(file: str, faults: Sequence[Fault], layout: Layout, verdict: Verdict | None = Verdict.INVALID) -> None:
    """Print everything that is wrong with a file."""
    if verdict is not None:
        line = Text()
        line.append(layout.word(f"verdict.{verdict}"), VERDICT_STYLE[verdict])
        count = layout.say(Message("report.invalid", {"count": str(len(faults))}))
        line.append(f"  {clean(file)}: {count}")
        layout.console.print(line)
    for fault in faults:
        print_fault(fault, layout)


def print_fault(fault: Fault, layout: Layout, *, is_error: bool = True) -> None:
    """Print one fault: the place, the sentence, the line with a caret, and how to mend it."""
    line = Text()
    line.append(clean(fault.place), "bold")
    line.append(": ")
    line.append(
        f"{layout.word('cli.error' if is_error else 'cli.warning')}: ", "bold red" if is_error else "bold yellow"
    )
    line.append(layout.say(fault.what))
    layout.console.print(line, soft_wrap=True)
    if fault.span is not None and fault.line_text:
        print_source_line(fault.span, fault.line_text, layout, "")
    if fault.hint is not None:
        hint = Text.assemble((f"  {layout.word('cli.hint')}: ", "green"), layout.say(fault.hint))
        layout.console.print(hint, soft_wrap=True)


def print_pairs(pairs: Iterable[tuple[str, str]], layout: Layout) -> None:
    """Print labels and texts in two columns; a long text wraps inside its own."""
    labelled = [(layout.word(key), told) for key, told in pairs]
    cells = max([LABEL_CELLS, *(cell_len(label) + 2 for label, _ in labelled)])
    width = max(layout.console.width - cells - 3, 20)
    for label, told in labelled:
        for index, line in enumerate(Text(told).wrap(layout.console, width)):
            head = set_cell_size(label if index == 0 else "", cells)
            layout.console.print(
                Text.assemble("   ", (head, "cyan"), line), no_wrap=True, crop=False, overflow="ignore"
            )


def print_source_line(span: Span, line_text: str, layout: Layout, indent: str) -> None:
    """Print a line of the file with a caret below, cut to the width so that the place is seen."""
    text = clean(line_text)
    gutter = f"{indent}{span.line:>4} | "
    width = max(layout.console.width - cell_len(gutter), 20)
    start = min(len(clean(line_text[: span.column - 1])), len(text))
    length = span.end_column - span.column if span.end_line == span.line else len(text) - start
    text, start = _cut(text, start, width)
    caret = " " * cell_len(text[:start]) + "^" * max(1, min(cell_len(text[start : start + max(length, 1)]), width))
    layout.console.print(Text(f"{gutter}{text}"), no_wrap=True, crop=False, overflow="ignore")
    empty = f"{indent}     | "
    layout.console.print(
        Text.assemble(empty, (set_cell_size(caret, width).rstrip(), "bold red")),
        no_wrap=True,
        crop=False,
        overflow="ignore",
    )


def _cut(text: str, start: int, width: int) -> tuple[str, int]:
    """Return the part of a line that fits, and where the place then stands in it."""
    if cell_len(text) <= width:
        return text, start
    first = 0
    while cell_len(text[first:start]) > width * 2 // 3 - 3:
        first += 1
    head = "..." if first else ""
    shown = head + text[first:]
    if cell_len(shown) > width:
        while cell_len(shown) > width - 3:
            shown = shown[:-1]
        shown += "..."
    return shown, start - first + len(head)
