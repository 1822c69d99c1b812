# SPDX-License-Identifier: Apache-2.0
"""What the user brings: a manifest as read, registers of codes, and what other consignments used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from borderready.model.word import Path, Span, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One consignment as read: the typed shipment, and how to find each part of it in the file.

    Attributes:
        file: The name the user gave; never made absolute.
        index: Which document of the file, from 0.
        sha256: Digest of the bytes of the file.
        data: The typed document (see Value); every key is one of the manifest schema.
        locate: Gives the span of a path; a path that does not exist gives its nearest parent's key.
        line_text: Gives the text of a line, from 1.
    """

    file: str
    index: int
    sha256: str
    data: Mapping[str, Value]
    locate: Callable[[Path], Span]
    line_text: Callable[[int], str]

    @property
    def reference(self) -> str | None:
        """The exporter's own reference of the consignment."""
        reference = self.data.get("reference")
        return reference if isinstance(reference, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a register: the status of a code between two days, both inclusive.

    Attributes:
        code: As written on the list.
        product: Product or group it is listed for, None for any.
        status: `active`, `suspended`, `delisted`, or `unseen` where no copy of the list speaks for these days.
        start: First day, None for since ever.
        until: Last day, None for until further notice.
        holder: Who holds the code.
        line: Line or row in the file, 0 where it came from none.
        origin: ISO country code, None for any.
        market: ISO country code of the importing country, None for China.
        area_ha: Registered area.
    """

    code: str
    product: str | None
    status: str
    start: str | None
    until: str | None
    name: str | None
    holder: str | None
    line: int
    origin: str | None = None
    market: str | None = None
    area_ha: Decimal | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list that a register is made of, such as the durian orchards of Viet Nam; None stands for any.

    Attributes:
        as_of: The day the list was published or fetched, None when nobody said.
        sha256: Digest of its content.
        codes: How many codes it holds.
        market: ISO country code of the importing country, None for China.
    """

    origin: str | None
    product: str | None
    as_of: str | None
    source: str | None
    sha256: str
    codes: int
    market: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One row of a list as published: what it says of a code, before it is known what earlier copies said.

    Attributes:
        row: Its number in the file.
        code: As written, in NFKC and without space around it.
        product: Product or group that the row names, None where it names none or any.
        status: `active`, `suspended` or `delisted`.
        start: First day of the status, None where the row does not say.
        until: Last day, None where the row does not say.
    """

    row: int
    code: str
    product: str | None = None
    status: str = "active"
    start: str | None = None
    until: str | None = None
    name: str | None = None
    holder: str | None = None
    address: str | None = None
    area_ha: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Codes that the user brings, such as the orchards on GACC's lists.

    Attributes:
        name: The name by which rules ask for it, such as `gacc-orchards`.
        file: The file it came from, as the user would name it.
        as_of: The day of the oldest of its lists, None when one does not say.
        entries: Entries by folded code.
        names: Entries by folded name.
        sorted_codes: Gives every folded code in order; asked only when a code is looked for in vain.
        listings: The lists it is made of. A product that none of them is about is not decided by it.
    """

    name: str
    file: str
    as_of: str | None
    source: str | None
    sha256: str
    entries: Mapping[str, tuple[Entry, ...]]
    names: Mapping[str, tuple[Entry, ...]]
    sorted_codes: Callable[[], Sequence[str]] = field(compare=False)
    listings: tuple[Listing, ...]


class Use(NamedTuple):
    """One use of a paper, a container or a code by a consignment.

    Attributes:
        kind: A document type, `container` or `orchard`.
        key: Folded number or code.
        reference: The consignment's own reference.
        file: The manifest it stood in, as the user named it.
        start: Day that orders uses: departure for papers and containers, harvest (else packing) for orchards.
        until: Day of arrival.
        net_kg: Net weight of the lots that the paper covers, or of the fruit from the orchard.
        lots: How many lots that is.
        place: Gates of exit and entry, `huu-nghi > youyiguan`.
        exporter: Name of the exporter.
        issuer: Folded name of who numbered the paper, None where it is not said or nobody did.
    """

    kind: str
    key: str
    reference: str
    file: str
    start: str | None
    until: str | None
    net_kg: Decimal | None
    lots: int
    place: str
    exporter: str
    issuer: str | None = None
