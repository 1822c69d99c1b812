# SPDX-License-Identifier: Apache-2.0
"""`check --watch`: everything once, then whatever is saved, compared with all that was not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from borderready.batch.changed import Change, Look, look_at, watch
from borderready.cli.exits import ExitCode
from borderready.cli.few import Wish, are_few, check_few, check_names
from borderready.cli.inputs import tell_notice
from borderready.cli.others import Consignment
from borderready.cli.session import choose_language, make_console, make_layout
from borderready.errors import BorderreadyError, UsageError
from borderready.model import Manifest, Message
from borderready.read.manifest import STDIN

NOTHING_YET = ("batch.empty_folder", "batch.no_match")
# Gives the manifests that are meant; whether to tell what is kept out is for the caller to say.
FindNames = Callable[[bool], tuple[str, ...]]


def watch_names(find_names: FindNames, wish: Wish) -> int:
    """Check manifests, then each that is saved, until interrupted.

    What is wrong with the command ends it at once. What goes wrong later (a list of codes that is being written, a
    folder that is emptied) is told, and one goes on.
    """
    names = _found(find_names, is_first=True)
    if STDIN in names:
        raise UsageError(Message("watch.stdin"), Message("watch.stdin_hint"))
    before = look_at(names)
    if names:
        check_names(names, wish)
    else:
        tell_notice(Message("watch.nothing"), wish.settings)
    known = _Known()
    for change in watch(lambda: _found(find_names, is_first=False), before):
        try:
            _check(change, known, wish)
        except BorderreadyError as error:
            _tell(error, wish)
    return ExitCode.INTERRUPTED


def _found(find_names: FindNames, *, is_first: bool) -> tuple[str, ...]:
    """Return the manifests there are; none where a folder is empty, which need not stay so."""
    try:
        return find_names(is_first)
    except UsageError as error:
        if is_first and error.faults[0].what.key not in NOTHING_YET:
            raise
        return ()


def _check(change: Change, known: _Known, wish: Wish) -> None:
    """Check what has changed; all there is where the report is a file, which is about all, or much has changed."""
    has_file = wish.output is not None or bool(wish.reports)
    if not has_file and are_few(change.changed, wish):
        if change.changed:
            changed = set(change.changed)
            beside = known.consignments_of([name for name in change.names if name not in changed])
            check_few(change.changed, wish, beside)
    elif change.names:
        check_names(change.names, wish)


class _Known:
    """What consignments use that are not checked anew; a file is read once until it looks different."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[Look, tuple[Consignment, ...]]] = {}

    def consignments_of(self, names: Sequence[str]) -> tuple[Consignment, ...]:
        """Return the consignments of files, in their order; what cannot be read holds none."""
        looks = look_at(names)
        held = {
            name: self._held[name] if name in self._held and self._held[name][0] == look else (look, _read(name))
            for name, look in looks.items()
        }
        self._held = held
        return tuple(one for _, consignments in held.values() for one in consignments)


def _read(name: str) -> tuple[Consignment, ...]:
    from borderready.batch.source import read_unit, units_of

    read = (result for unit in units_of({name: name}) for result in read_unit(unit))
    return tuple(Consignment.of(result) for result in read if isinstance(result, Manifest))


def _tell(error: BorderreadyError, wish: Wish) -> None:
    from borderready.report.terminal import print_fault, show

    console = make_console(stderr=True)
    layout = make_layout(console, choose_language(wish.settings.language))
    for fault in error.faults:
        print_fault(fault, layout)
    show(layout, console)
