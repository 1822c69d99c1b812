# SPDX-License-Identifier: Apache-2.0
"""The terminal: where it is, which language it speaks, and the few shapes that all text output is made of.

Every text from a file goes through `clean` and into a Text, never into markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from borderready.errors import Fault, ReaderLeftError
from borderready.i18n import say, word
from borderready.model import Instrument, Message, Span, Verdict
from borderready.report.show import Fill, clean, is_clean
from borderready.report.written import keep

# Lines by the width, the language, and the labels and texts of which they were made.
Laid: TypeAlias = "dict[tuple[int, str, tuple[tuple[str, str], ...]], tuple[Text, ...]]"
LABEL_CELLS = 10
_LONGEST_SHOWN = 400
_MEASURE = Console(width=80)  # wrapping asks a console only for tab stops and the like
VERDICT_STYLE = {
    Verdict.READY: "bold green",
    Verdict.NOT_READY: "bold red",
    Verdict.UNDECIDED: "bold yellow",
    Verdict.INVALID: "bold red",
}


class PipeConsole(Console):
    """A console that tells of a reader who has left (`| head`) by an exception, and leaves the rest to its caller."""

    def on_broken_pipe(self) -> None:
        """Raise what rich would turn into an exit."""
        raise ReaderLeftError


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How to show: how wide, in which language, and where to look things up; and the lines laid out so far.

    A report is laid out line by line and shown at once: rich takes as long for one line as for a thousand.

    Attributes:
        laid: Pairs that were laid out before; manifests are told much the same.
    """

    width: int
    language: str
    instruments: Mapping[str, Instrument]
    fill: Fill
    verbose: bool = False
    lines: list[Text] = field(default_factory=list)
    laid: Laid = field(default_factory=dict)

    def say(self, message: Message) -> str:
        """Return a message in the reader's language."""
        return clean(say(message, self.language))

    def word(self, key: str) -> str:
        """Return a text of the program in the reader's language."""
        return word(key, self.language)

    def add(self, line: Text | str = "") -> None:
        """Add one line as it is, however long."""
        text = line if isinstance(line, Text) else Text(line)
        # A last look: whatever text came here uncleaned cannot act either.
        self.lines.append(text if is_clean(text.plain) else Text(clean(text.plain)))

    def add_wrapped(self, line: Text, indent: str = "") -> None:
        """Add a text in as many lines as it needs."""
        whole = line if is_clean(line.plain) else Text(clean(line.plain))
        for part in wrap(whole, self.width - cell_len(indent)):
            self.add(Text.assemble(indent, part) if indent else part)


def show(layout: Layout, console: Console) -> None:
    """Show all lines laid out so far, and forget them."""
    if layout.lines:
        console.print(Text("\n").join(layout.lines), soft_wrap=True)
        layout.lines.clear()


def captured(layout: Layout, colour: str | None) -> str:
    """Return all lines laid out so far as they would be shown, and forget them.

    Args:
        layout: The lines.
        colour: A colour system of rich (`standard`, `256`, `truecolor`, `windows`), None for plain text.
    """
    if colour is None:  # what rich would write, in half the time
        written = "".join(f"{line.plain}\n" for line in layout.lines)
        layout.lines.clear()
        return written
    buffer = StringIO()
    console = Console(
        file=buffer,
        markup=False,
        highlight=False,
        emoji=False,
        width=layout.width,
        color_system=colour,  # type: ignore[arg-type]  # rich names its systems in a type of its own
        force_terminal=True,
        no_color=False,
    )
    show(layout, console)
    return buffer.getvalue()


def wrap(line: Text, width: int) -> Sequence[Text]:
    """Return a text cut into lines of at most so many cells."""
    width = max(width, 20)
    if cell_len(line.plain) <= width:
        return (line,)
    return list(line.wrap(_MEASURE, width))


def print_faults(file: str, faults: Sequence[Fault], layout: Layout) -> None:
    """Print everything that is wrong with a manifest."""
    line = Text()
    line.append(layout.word(f"verdict.{Verdict.INVALID}"), VERDICT_STYLE[Verdict.INVALID])
    count = layout.say(Message("report.invalid", {"count": str(len(faults))}))
    line.append(f"  {clean(file)}: {count}")
    layout.add(line)
    for fault in faults:
        print_fault(fault, layout)


_LABEL_STYLE = {"cli.error": "bold red", "cli.warning": "bold yellow", "cli.notice": "bold cyan"}


def print_fault(
    fault: Fault, layout: Layout, *, is_error: bool = True, label: str | None = None, lint: str | None = None
) -> None:
    """Print one fault: the place, the sentence, the line with a caret, and how to mend it.

    `label` says what it is where that is neither an error nor a warning, `lint` which rule of ours it breaks.
    """
    key = label or ("cli.error" if is_error else "cli.warning")
    line = Text()
    line.append(clean(fault.place), "bold")
    line.append(": ")
    line.append(f"{layout.word(key)}: ", _LABEL_STYLE[key])
    line.append(layout.say(fault.what))
    if lint is not None:
        line.append(f" [{lint}]", "dim")
    layout.add(line)
    if fault.span is not None and fault.line_text:
        print_source_line(fault.span, fault.line_text, layout, "")
    if fault.hint is not None:
        hint = Text.assemble((f"  {layout.word('cli.hint')}: ", "green"), layout.say(fault.hint))
        layout.add(hint)


def print_pairs(pairs: Iterable[tuple[str, str]], layout: Layout) -> None:
    """Print labels and texts in two columns; a long text wraps inside its own."""
    key = (layout.width, layout.language, tuple(pairs))
    lines = layout.laid.get(key)
    if lines is None:
        lines = keep(layout.laid, key, _lay_pairs(key[-1], layout))
    layout.lines.extend(lines)


def _lay_pairs(pairs: tuple[tuple[str, str], ...], layout: Layout) -> tuple[Text, ...]:
    labelled = [(layout.word(key), told) for key, told in pairs]
    cells = max([LABEL_CELLS, *(cell_len(label) + 2 for label, _ in labelled)])
    alone = replace(layout, lines=[])
    for label, told in labelled:
        for index, line in enumerate(wrap(Text(told), layout.width - cells - 3)):
            alone.add(Text.assemble("   ", (set_cell_size("" if index else label, cells), "cyan"), line))
    return tuple(alone.lines)


def print_source_line(span: Span, line_text: str, layout: Layout, indent: str) -> None:
    """Print a line of the file with a caret below, cut to the width so that the place is seen."""
    first = max(span.column - 1 - _LONGEST_SHOWN, 0)
    line_text = line_text[first : first + 2 * _LONGEST_SHOWN]  # a line may be the whole file
    column = span.column - 1 - first
    text = clean(line_text)
    gutter = f"{indent}{span.line:>4} | "
    width = max(layout.width - cell_len(gutter), 20)
    start = min(len(clean(line_text[:column])), len(text))
    length = span.end_column - span.column if span.end_line == span.line else len(text) - start
    text, start = _cut(text, start, width)
    caret = " " * cell_len(text[:start]) + "^" * max(1, min(cell_len(text[start : start + max(length, 1)]), width))
    layout.add(f"{gutter}{text}")
    empty = f"{indent}     | "
    layout.add(Text.assemble(empty, (set_cell_size(caret, width).rstrip(), "bold red")))


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
