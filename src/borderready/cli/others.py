# SPDX-License-Identifier: Apache-2.0
"""What `check` knows of other consignments: those of the same run, and those of a ledger."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from borderready.across import base_use, identity_of, uses_of
from borderready.cli.session import make_console, make_layout
from borderready.fold import fold
from borderready.histories import History, make_histories
from borderready.model import Compared, Manifest, Message, Report, Use


@dataclass(frozen=True, slots=True)
class Consignment:
    """What tells a consignment from others, and what it uses."""

    identity: str
    uses: tuple[Use, ...]

    @staticmethod
    def of(manifest: Manifest) -> Consignment:
        """Return what a manifest is and uses."""
        identity = identity_of(manifest)
        return Consignment(identity, uses_of(manifest.data, identity, manifest.file))


@dataclass(frozen=True, slots=True)
class Others:
    """The other consignments of each manifest of a run.

    Attributes:
        histories: Gives by identity what others used; None where nothing else is known.
        where: Where others are known from.
    """

    histories: Callable[[str], History] | None
    where: tuple[Compared, ...]

    @staticmethod
    @contextlib.contextmanager
    def of(manifests: Sequence[Manifest], ledger: Path | None, beside: Sequence[Consignment] = ()) -> Iterator[Others]:
        """Give what a run knows of others; a ledger shows one state from the first check to the last.

        Args:
            manifests: Those that are checked; of several with one reference the last one stands.
            ledger: As in open_ledger.
            beside: Consignments that are not checked now, but compared with.
        """
        lasting = {fold(one.identity): one for one in (*beside, *map(Consignment.of, manifests))}
        identities = lasting.keys()
        if ledger is None and len(identities) < 2:
            yield Others(None, ())
            return
        uses = [use for one in lasting.values() for use in one.uses]
        if ledger is None:
            yield Others(make_histories(uses), (Compared.RUN,))
            return
        from borderready.keep.ledger import open_ledger

        with open_ledger(ledger, shown_as=str(ledger)) as opened:
            kept = opened.uses if opened is not None else None
            where = (Compared.RUN, Compared.LEDGER) if len(identities) > 1 else (Compared.LEDGER,)
            yield Others(make_histories(uses, kept), where)

    def history_of(self, manifest: Manifest) -> History | None:
        """Return what all others than this consignment used, None where none are known."""
        return self.histories(identity_of(manifest)) if self.histories is not None else None


def remark_doubles(manifests: Sequence[Manifest], language: str) -> None:
    """Tell on standard error of references that stand in several manifests of a run."""
    found: dict[str, list[Manifest]] = {}
    for manifest in manifests:
        found.setdefault(fold(identity_of(manifest)), []).append(manifest)
    remark_doubles_of(
        {
            identity_of(members[0]): [f"{member.file}#{member.index}" for member in members]
            for members in found.values()
            if len(members) > 1
        },
        language,
    )


def remark_doubles_of(places: Mapping[str, Sequence[str]], language: str) -> None:
    """Tell on standard error of references, each with the places where it stands."""
    for reference, files in places.items():
        _remark(Message("ledger.same_reference", {"reference": reference, "files": ", ".join(files)}), language)


def remark_nameless(places: Sequence[str], language: str) -> None:
    """Tell on standard error which consignments a ledger cannot hold for want of a reference."""
    for place in places:
        _remark(Message("ledger.no_reference", {"file": place}), language)


def record_run(reports: Sequence[Report], ledger: Path, language: str) -> None:
    """Record the consignments of a run in one change; what has no reference is told and left out."""
    from borderready.keep.ledger import Entry, record

    entries = []
    for report in reports:
        manifest = report.manifest
        if manifest.reference is None:
            _remark(Message("ledger.no_reference", {"file": identity_of(manifest)}), language)
            continue
        base = base_use(manifest.data, manifest.reference, manifest.file)
        entry = Entry(
            reference=manifest.reference,
            file=manifest.file,
            sha256=manifest.sha256,
            day=base.start,
            exporter=base.exporter,
            verdict=str(report.verdict),
        )
        entries.append((entry, uses_of(manifest.data, manifest.reference, manifest.file)))
    if entries:
        record(ledger, entries, shown_as=str(ledger))


def _remark(message: Message, language: str) -> None:
    from rich.text import Text

    from borderready.report.show import clean
    from borderready.report.terminal import show

    console = make_console(stderr=True)
    layout = make_layout(console, language)
    layout.add_wrapped(Text(clean(layout.say(message))))
    show(layout, console)
